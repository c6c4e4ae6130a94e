from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tricorn.catalogue"
    label = "catalogue"
