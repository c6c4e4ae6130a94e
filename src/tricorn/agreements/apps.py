from django.apps import AppConfig

from tricorn.journal import triggers


class AgreementsConfig(AppConfig):
    name = "tricorn.agreements"
    label = "agreements"

    def ready(self) -> None:
        from tricorn.agreements import outgoing
        from tricorn.agreements.everyone import known_of_all
        from tricorn.journal.reactors import register
        from tricorn.standing.portrait import register_of_all

        register_of_all("agreements", known_of_all)
        triggers.keep("agreements_version", "agreements_clause", "agreements_signature")
        triggers.keep("agreements_agreedstep")
        triggers.keep("agreements_entitlement", "agreements_entitlement_services")
        triggers.keep("agreements_version_services", "agreements_wording", "agreements_assent")
        triggers.keep("agreements_workoutcome")
        register("agreement files", outgoing.KINDS, outgoing.react)
