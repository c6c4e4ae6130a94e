from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tricorn.files"
    label = "files"
