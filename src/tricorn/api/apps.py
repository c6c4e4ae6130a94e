from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tricorn.api"
    label = "api"
