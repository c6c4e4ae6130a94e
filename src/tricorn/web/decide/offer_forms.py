"""The forms of an offer: ask for a change, decline, give the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements.plain import CHOICES, period
from tricorn.agreements.verbs import Wanted
from tricorn.agreements.verbs.answers import FIELDS, LONGEST, item_of
from tricorn.engine.agreement import PER, Agreement
from tricorn.web.decide.offer_shown import FIELDS as NAMES

Made = Callable[[Agreement], forms.Field]
SHARES = ("share", "below")


def reason_field(label: Any, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": missing},
    )


def _text(hint: Any = "", longest: int = 40) -> Made:
    return lambda content: forms.CharField(required=False, max_length=longest, help_text=hint)


def _percent(content: Agreement) -> forms.Field:
    return forms.DecimalField(
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("In per cent, such as 95 or 99.5."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _amount(content: Agreement) -> forms.Field:
    return forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=14,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _whole(content: Agreement) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=widget)


def _day(content: Agreement) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, widget=widget)


def _hours(content: Agreement) -> forms.Field:
    return forms.ChoiceField(required=False, choices=[(each, each) for each in content.hours])


def _per(content: Agreement) -> forms.Field:
    return forms.ChoiceField(required=False, choices=[(each, period(each)) for each in PER])


def _running(content: Agreement) -> forms.Field:
    return forms.ChoiceField(required=False, choices=list(CHOICES["running"].items()))


def _words(content: Agreement) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    return forms.CharField(required=False, max_length=200, widget=widget)


LENGTH = _text(_("Such as “3 months” or “14 days”."))
# How each field of a counter-offer is filled in, in the order of asking.
MADE: Mapping[str, Made] = {
    "target": _text(_("Such as “4h” or “30m” of service hours, or “2d” for service days.")),
    "share": _percent,
    "amount": _amount,
    "percent": _percent,
    "below": _percent,
    "at_most": _whole,
    "at": _text(_("Such as “80 %” of the time, “2h before”, “late” or “4h after”.")),
    "hours": _hours,
    "per": _per,
    "within": LENGTH,
    "words": _words,
    "from": _day,
    "to": _day,
    "notice": LENGTH,
    "renews": LENGTH,
    "running": _running,
}


@dataclass(frozen=True)
class Place:
    """What a change is asked of: one item of a text, by the names that the text knows it by.

    in_words  Something that is not in the text yet: there is no field for it.
    """

    content: Agreement
    part: str
    item: str
    in_words: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.part, self.item


class ChangeForm(forms.Form):
    """What one item should be instead, and why; a field left as it is asks for nothing.

    Errors  BadInput when there is no such item in the text.
    """

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        row = item_of(place.content.to_data(), place.part, place.item)
        self.now: dict[str, str] = {}
        for name, made in MADE.items():
            if place.in_words or name not in FIELDS[place.part]:
                continue
            if not _is_said(place.part, name, row):
                continue
            field = made(place.content)
            self.now[name] = _shown(name, row.get(name, UNSAID.get(name, "")))
            said = str(NAMES[name])
            field.label = said[:1].upper() + said[1:]
            field.initial = self.now[name]
            if name == "hours" and len(place.content.hours) < 2:
                continue
            self.fields[name] = field
        self.fields["reason"] = reason_field(
            _("What would you have otherwise, and why?"),
            _("The reason is missing. Say why, so that the other side can meet it."),
        )

    def wanted(self) -> list[Wanted]:
        """Return one change asked for each field that is otherwise; without any, one in words."""
        part, item, reason = self.place.part, self.place.item, self.cleaned_data["reason"]
        changed = [
            Wanted(part, item, reason, name, _written(name, value))
            for name, value in self.cleaned_data.items()
            if name != "reason" and _is_other(_written(name, value), self.now[name], name)
        ]
        return changed or [Wanted(part, item, reason)]


UNSAID = {"running": "stay"}


def _is_said(part: str, name: str, row: Mapping[str, Any]) -> bool:
    """Whether the item has such a field; what belongs to any item may also be added."""
    return name in row or part == "agreement" or (part, name) == ("clause", "share")


def _shown(name: str, value: Any) -> str:
    """Return a value of the text as the form has it: shares in per cent."""
    if value in (None, ""):
        return ""
    if name in SHARES:
        return f"{(Decimal(str(value)) * 100).normalize():f}"
    return str(value)


def _written(name: str, value: Any) -> str:
    """Return a value of the form as the text has it."""
    if value is None or value == "":
        return ""
    if name in SHARES:
        return f"{(Decimal(value) / 100).normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value).strip()


def _is_other(value: str, now: str, name: str) -> bool:
    if not value:
        return False
    if name in (*SHARES, "amount", "percent"):
        was = Decimal(now or "-1")
        return Decimal(value) != (was / 100 if name in SHARES else was)
    return value != now


class DeclineForm(forms.Form):
    """Why an option is declined; it stays on file."""

    reason = reason_field(
        _("Why not?"), _("The reason is missing. It stays on file with the price and the date.")
    )


class CodeForm(forms.Form):
    """The one-time code from the mail."""

    code = forms.CharField(
        label=_("The code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 8}
        ),
        error_messages={"required": _("The code is missing. It has six digits.")},
    )


def kept(form: forms.Form, problem: Exception) -> None:
    """Put a refusal beside the field that it is about, or over the form."""
    field = str(getattr(problem, "facts", {}).get("field", ""))
    form.add_error(field if field in form.fields else None, gettext(str(problem)))
