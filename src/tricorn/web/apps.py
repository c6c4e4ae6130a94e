from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tricorn.web"
    label = "web"
