from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tricorn.notices"
    label = "notices"
