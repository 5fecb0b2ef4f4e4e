from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "banso.insight.metrics"
    label = "metrics"
