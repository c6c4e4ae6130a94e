"""The forms of problems: what is known, what solved it, whom to tell."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.tickets.models import Problem, Ticket
from tricorn.tickets.verbs import Described
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import TextField
from tricorn.web.desk.outage_forms import LinkForm


class ProblemForm(forms.Form):
    """What is known of a problem."""

    title = TextField(
        label=_("What goes wrong, in a line?"),
        max_length=200,
        help_text=_("Words that the people who report it use too: by these it is found again."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write in a line what goes wrong.")},
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        label=_("Services in which it shows"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the services in which it shows.")},
    )
    cause = TextField(
        label=_("Cause, once it is understood"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    workaround = TextField(
        label=_("Workaround: what helps until it is solved"),
        required=False,
        help_text=_("As one says it to the person: it can be put into an answer. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    is_known_error = forms.BooleanField(
        label=_("It is a known error: offer the workaround on tickets that are alike"),
        required=False,
    )
    ticket = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, services=services)

    def described(self) -> Described:
        """Return what a valid form says."""
        given = self.cleaned_data
        return Described(
            title=given["title"],
            services=tuple(given["services"]),
            cause=given["cause"],
            workaround=given["workaround"],
            is_known_error=given["is_known_error"],
        )

    @staticmethod
    def filled(problem: Problem) -> dict[str, Any]:
        """Return what the boxes hold for a problem."""
        names = ("title", "cause", "workaround", "is_known_error")
        return {
            **{name: getattr(problem, name) for name in names},
            "services": [each.pk for each in problem.services.all()],
        }


class SolveForm(forms.Form):
    text = TextField(
        label=_("What solved it?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write what solved it.")},
    )


class TellForm(forms.Form):
    """Which open tickets to resolve, and with which words."""

    tickets = forms.TypedMultipleChoiceField(
        label=_("Whom to tell"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ticket.")},
    )
    text = TextField(
        label=_("What do they read?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write what fixed it, for the people to read.")},
    )

    def __init__(self, *args: Any, tickets: list[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), f"{each.ref} {each.summary}") for each in tickets]
        fill_choices(self, tickets=choices)


class CausedForm(LinkForm):
    """A ticket by its reference."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ref"].label = gettext("A ticket that it caused")


class ProblemOfTicketForm(forms.Form):
    """A problem by its reference."""

    problem = TextField(
        label=_("Which problem?"),
        max_length=20,
        widget=forms.TextInput(attrs={"size": 10, "placeholder": "P-3", "autocomplete": "off"}),
        error_messages={"required": _("Give the reference of a problem, like P-3.")},
    )

    def clean_problem(self) -> int:
        text = str(self.cleaned_data["problem"]).strip().upper().removeprefix("P-")
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise forms.ValidationError(gettext("Give the reference of a problem, like P-3."))
        return int(text)
