from django.apps import AppConfig

from tricorn.journal import triggers


class StandingConfig(AppConfig):
    name = "tricorn.standing"
    label = "standing"

    def ready(self) -> None:
        triggers.keep("standing_answer")
