from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "tricorn.demo"
    label = "demo"
