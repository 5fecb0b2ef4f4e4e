from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "banso.work"
    label = "work"
