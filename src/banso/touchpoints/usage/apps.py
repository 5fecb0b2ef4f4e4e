from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "banso.touchpoints.usage"
    label = "usage"
