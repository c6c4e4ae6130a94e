from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tricorn.parties"
    label = "parties"
