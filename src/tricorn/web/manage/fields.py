"""Fields that several forms of Manage share: a day, a person by name or address, a currency."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.parties.models import Person
from tricorn.parties.reads import person_meant

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


class DayField(forms.DateField):
    """A day between 1900 and 2200, chosen in the browser's calendar or typed as 2026-05-04."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], required=False, **kwargs)
        self.error_messages["invalid"] = _("This is no date of the calendar. Write it 2026-05-04.")
        self.validators += [
            MinValueValidator(FIRST_DAY, _("This is too long ago.")),
            MaxValueValidator(LAST_DAY, _("This is too far away.")),
        ]


class PersonField(forms.CharField):
    """Somebody on record, by mail address or whole name; `clean` returns the person or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        return the_person(words) if words else None


class CurrencyField(forms.RegexField):
    """Three letters."""

    def __init__(self) -> None:
        super().__init__(
            regex=r"^[A-Za-z]{3}$",
            label=_("Currency"),
            required=False,
            help_text=_("Three letters, like EUR."),
            error_messages={"invalid": _("Three letters, like EUR.")},
            widget=forms.TextInput(attrs={"size": 4, "maxlength": 3}),
        )


def row_number(words: str) -> int | None:
    """Return the number of a row as an address or a hidden field sends it; None if it is none."""
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 16 else None


def the_person(words: str) -> Person:
    """Return the one person that these words mean, or say why it is not one."""
    found = person_meant(words)
    if len(found) == 1:
        return found[0]
    said = {"words": words[:80]}
    if found:
        raise forms.ValidationError(
            gettext("Several people are called “%(words)s”. Write the mail address.") % said
        )
    raise forms.ValidationError(
        gettext("Nobody is known as “%(words)s”. Add them under People first.") % said
    )


def begin_of(day: date | None, zone: str) -> datetime | None:
    """Return the moment a day begins in a zone; nothing for no day."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)) if day else None


def end_of(day: date | None, zone: str) -> datetime | None:
    """Return the moment a day is over, so that the day itself still counts."""
    return begin_of(day + timedelta(days=1), zone) if day else None
