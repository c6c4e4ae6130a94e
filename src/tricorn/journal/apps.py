from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tricorn.journal"
    label = "journal"
