from django.apps import AppConfig

from tricorn.journal import triggers


class AgreementsConfig(AppConfig):
    name = "tricorn.agreements"
    label = "agreements"

    def ready(self) -> None:
        triggers.keep("agreements_version", "agreements_clause", "agreements_signature")
        triggers.keep("agreements_wording", "agreements_assent")
