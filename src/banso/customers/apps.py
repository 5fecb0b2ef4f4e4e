from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "banso.customers"
    label = "customers"
