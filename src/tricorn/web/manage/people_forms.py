"""The forms of a person's page: one per deed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.roles.facts import FACTS
from tricorn.parties.models import Organisation, Person
from tricorn.standing.models import MAY, RECORDED_BY_HAND
from tricorn.web.manage.fields import CurrencyField, DayField, PersonField

DUTY_NAMES = {"desk": _("works at the desk"), "manage": _("manages")}
MAY_NAMES = {
    "accept": _("accept delivered work"),
    "admit": _("say who may use services"),
    "approve": _("approve charges"),
    "decide": _("decide on offers"),
    "sign": _("sign agreements"),
}
# What follows a person's name, for facts that the engine's table words as a count.
FACT_NAMES = {
    **FACTS,
    "mutual": _("told the provider something of their own, or was told"),
    "alternative": FACTS["exit"],
}


def _services() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("For which service?"),
        queryset=Service.objects.filter(is_retired=False),
        required=False,
        empty_label=_("all services"),
    )


class PersonForm(forms.Form):
    """A name, and an address for who is to sign in."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        help_text=_("They sign in with it. Without one they cannot sign in."),
        widget=forms.EmailInput,
    )


class NewPersonForm(PersonForm):
    """And where they belong, when that is known."""

    organisation = forms.ModelChoiceField(
        label=_("Belongs to"),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=_("nowhere yet"),
    )


class JoinForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.all(), empty_label=None
    )
    title = forms.CharField(label=_("As what?"), max_length=120, required=False)
    since = DayField(label=_("Since"), help_text=_("Left empty: from now on."))


class DutyForm(forms.Form):
    duty = forms.ChoiceField(label=_("Duty"), choices=list(DUTY_NAMES.items()))
    service = _services()


class Between(forms.Form):
    """From one day to another, both included; left empty: from now on, without an end."""

    since = DayField(label=_("From"), help_text=_("Left empty: from now on."))
    until = DayField(label=_("To, that day included"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before it begins. Choose a later day."))
        return data


class FactForm(Between):
    """What no record of the program shows yet, and how one knows."""

    kind = forms.ChoiceField(
        label=_("What holds?"), choices=[(kind, FACT_NAMES[kind]) for kind in RECORDED_BY_HAND]
    )
    service = _services()
    words = forms.CharField(
        label=_("How do you know?"),
        max_length=200,
        help_text=_("For example: minutes of the board, 4 May 2026."),
        error_messages={"required": _("Say how you know: a document, a minute, a conversation.")},
    )
    field_order = ("kind", "service", "words", "since", "until")


class Limits(forms.Form):
    """How far an authority reaches, and who stands in."""

    up_to = forms.DecimalField(
        label=_("Up to which amount?"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty: without a limit."),
    )
    currency = CurrencyField()
    deputy = PersonField(
        label=_("Deputy"), required=False, help_text=_("Their name or mail address.")
    )


class ChangeForm(Limits):
    """Another limit, deputy or end of one authority; what is left empty is taken away."""

    row = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    until = DayField(label=_("Until"), help_text=_("Left empty: without an end."))


class AuthorityForm(Limits, Between):
    """Who may decide what for whom, within which limits."""

    may = forms.MultipleChoiceField(
        label=_("May"),
        choices=[(each, MAY_NAMES[each]) for each in MAY],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )
    organisation = forms.ModelChoiceField(
        label=_("for"), queryset=Organisation.objects.all(), empty_label=None
    )
    service = _services()
    field_order = ("may", "organisation", "service", "up_to", "currency", "deputy")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("up_to") is not None and not data.get("currency") and not self.errors:
            self.add_error("currency", _("In which currency is the amount?"))
        return data


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("First password"),
        max_length=200,
        strip=False,
        help_text=_("At least ten characters. Tell it to them in person."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def sends_mail() -> bool:
    """Whether letters leave the house: then everybody signs in by code, and chooses a password alone."""
    return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def must_type(person: Person) -> None:
    """Refuse to type a password for somebody who can choose one that nobody else knows."""
    if sends_mail():
        raise BadInput(
            f"{person} signs in by a mailed code and sets a password on the page “About me”. "
            "Nobody else knows it then.",
            password="",
        )
