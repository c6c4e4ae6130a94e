from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "tricorn.automation"
    label = "automation"

    def ready(self) -> None:
        from tricorn.automation.jobs import react
        from tricorn.automation.running import KINDS, is_anything_on
        from tricorn.journal.reactors import register

        register("rules", KINDS, react, is_anything_on)
