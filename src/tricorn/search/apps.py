from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tricorn.search"
    label = "search"
