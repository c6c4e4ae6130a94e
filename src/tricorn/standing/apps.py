from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "tricorn.standing"
    label = "standing"
