from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "tricorn.insight"
    label = "insight"
