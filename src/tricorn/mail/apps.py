from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "tricorn.mail"
    label = "mail"

    def ready(self) -> None:
        from tricorn.journal.reactors import register
        from tricorn.mail.reactor import KINDS, react

        register("mail", KINDS, react)
