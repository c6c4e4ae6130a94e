from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tricorn.parties"
    label = "parties"

    def ready(self) -> None:
        from tricorn.parties.verbs.found import PERSONS
        from tricorn.search.kinds import register

        register("person", PERSONS)
