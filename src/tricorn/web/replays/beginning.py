"""The form for trying something on our own tickets: whose, which months, and what holds today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.insight.month import Month
from tricorn.insight.replays.sources import Counted, Source
from tricorn.parties.models import Organisation
from tricorn.web.choices import fill_choices
from tricorn.web.decide.shown import month_name

USUAL_MONTHS = 12
NAME = _("What is it called?")


def name_field() -> forms.CharField:
    return forms.CharField(
        label=NAME,
        required=False,
        max_length=120,
        help_text=_("For example: Saturdays for Mail."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class BeginForm(forms.Form):
    """Which months of one source, and of a house's source whose tickets."""

    first = forms.ChoiceField(label=_("From"))
    last = forms.ChoiceField(label=_("To, this month included"))
    client = forms.TypedChoiceField(
        label=_("Whose tickets"), required=False, coerce=int, empty_value=None
    )
    name = name_field()

    def __init__(
        self, *args: Any, source: Source, clients: Sequence[Organisation], **kwargs: Any
    ) -> None:
        months = source.months[-USUAL_MONTHS:]
        kwargs["initial"] = {
            "first": str(months[0].month) if months else "",
            "last": str(months[-1].month) if months else "",
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        choices = [(str(each.month), said(each)) for each in source.months]
        fill_choices(self, first=choices, last=choices)
        if clients:
            people = [(str(each.pk), str(each)) for each in clients]
            fill_choices(self, client=[("", gettext("everybody's")), *people])
        else:
            del self.fields["client"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("first", "last"):
            if data.get(name):
                data[name] = Month.parse(data[name])
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("The last month comes before the first. Turn them round."))
        elif data.get("first") and data.get("last"):
            data["first_on"] = data["first"].day
            data["last_on"] = data["last"].plus(1).day - timedelta(days=1)
        return data


def said(counted: Counted) -> str:
    """Return "October 2026, 312 tickets"; without the number where it would be about too few."""
    name = month_name(counted.month)
    if counted.tickets is None:
        return name
    tickets = ngettext("%(n)d ticket", "%(n)d tickets", counted.tickets) % {"n": counted.tickets}
    return gettext("%(month)s, %(tickets)s") % {"month": name, "tickets": tickets}


def blame(form: forms.Form, problem: BadInput) -> None:
    """Put a refusal beside the field that it speaks of, else above the form."""
    field = str(problem.facts.get("field", ""))
    form.add_error(field if field in form.fields else None, str(problem))
