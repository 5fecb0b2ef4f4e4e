from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "banso.insight.health"
    label = "health"
