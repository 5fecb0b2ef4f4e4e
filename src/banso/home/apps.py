from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "banso.home"
    label = "home"
