from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "tricorn.automation"
    label = "automation"
