from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "tricorn.web"
    label = "web"

    def ready(self) -> None:
        """Say what to do about an empty box; a form that knows better has a sentence of its own."""
        Field.default_error_messages["required"] = _("Please fill this in.")
