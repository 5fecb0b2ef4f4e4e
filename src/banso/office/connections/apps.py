from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "banso.office.connections"
    label = "connections"
