from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "tricorn.mail"
    label = "mail"
