from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "tricorn.knowledge"
    label = "knowledge"
