"""The form of service hours: a week as one types it, holidays, other dates; and back to text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.countries import countries, subdivisions
from tricorn.engine.errors import BadCalendar
from tricorn.engine.hours import Hours
from tricorn.engine.hours.spec import DAY_NAMES, bad
from tricorn.engine.hours.zones import known_zones
from tricorn.web.choices import fill_choices

DAYS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
ALL_DAY = "00:00-24:00"
# "2026-12-24 Christmas Eve", "2026-12-31 08:00-10:00, 11:00-12:00 Short day"
LINE = re.compile(r"(\S+)\s*(.*)", re.DOTALL)
SPAN = r"\d{1,2}:\d\d(?::\d\d)?\s*[-–]\s*\d{1,2}:\d\d(?::\d\d)?"
SPANS = re.compile(rf"({SPAN}(?:\s*,\s*{SPAN})*)\s*(.*)", re.DOTALL)
PLACE = re.compile(r"(closed|open)\[(\d+)\]|weekly\.(\w+)|holidays\.(\w+)|(zone|weekly)")
MOST_DATES = 2000


class HoursForm(forms.Form):
    """What one types about service hours. `hours` after `is_valid` is the engine's value."""

    name = forms.CharField(
        label=_("What are these hours called?"),
        max_length=120,
        help_text=_("For example: business days 8 to 20."),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("An IANA name like Europe/Berlin. The windows below are local times there."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    always = forms.BooleanField(label=_("Open day and night, all days"), required=False)
    country = forms.ChoiceField(
        label=_("Closed on the public holidays of"),
        required=False,
    )
    subdivision = forms.ChoiceField(label=_("Part of the country"), required=False)
    closed = forms.CharField(
        label=_("Closed on other dates"),
        required=False,
        strip=True,
        max_length=100_000,
        help_text=_("One date a line, with its name if you want: 2026-12-24 Christmas Eve"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    opened = forms.CharField(
        label=_("Other windows on some dates"),
        required=False,
        max_length=100_000,
        help_text=_(
            "One date a line with its windows; they replace the week and the holidays: "
            "2026-12-31 08:00-12:00 New Year's Eve"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    hours: Hours | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, name in DAYS.items():
            self.fields[key] = forms.CharField(
                label=name,
                required=False,
                max_length=400,
                widget=forms.TextInput(
                    attrs={"placeholder": _("closed"), "autocomplete": "off", "size": 24}
                ),
            )
        fill_choices(self, country=[("", _("No country")), *countries()])
        country = str(self["country"].value() or "")
        parts = subdivisions(country)
        fill_choices(self, subdivision=[("", _("the whole country")), *parts])

    @property
    def days(self) -> list[forms.BoundField]:
        """The seven fields of the week, Monday first."""
        return [self[name] for name in DAY_NAMES]

    def clean(self) -> dict[str, Any]:
        """Build the hours; what contradicts itself is said at the field that says it."""
        data = super().clean() or {}
        if set(self.errors) - {"name"}:
            return data
        try:
            self.hours = Hours.from_data(self._spec(data))
        except BadCalendar as problem:
            self._blame(problem)
        return data

    def _spec(self, data: dict[str, Any]) -> dict[str, Any]:
        windows = {day: _split(data.get(day, "")) for day in DAY_NAMES}
        if data["always"]:
            windows = {day: [ALL_DAY] for day in DAY_NAMES}
        spec: dict[str, Any] = {
            "zone": data["zone"].strip(),
            "weekly": windows,
            "closed": [_closed(line) for line in _lines(data["closed"], "closed")],
            "open": [
                _opened(line, f"open[{k}]") for k, line in enumerate(_lines(data["opened"], "open"))
            ],
        }
        if data["country"]:
            spec["holidays"] = {"country": data["country"]}
            if data["subdivision"]:
                spec["holidays"]["subdivision"] = data["subdivision"]
        return spec

    def _blame(self, problem: BadCalendar) -> None:
        """Put the refusal beside its field; for a list of dates it names the line."""
        place = str(problem.facts.get("place", ""))
        sentence = str(problem)
        if place and f"{place}: " in sentence:
            sentence = sentence.partition(f"{place}: ")[2]
        sentence = sentence[:1].upper() + sentence[1:]
        found = PLACE.match(place)
        dates, number, day, holiday, other = found.groups() if found else ("",) * 5
        field = {"open": "opened", "weekly": "mon"}.get(dates or other or "", dates or other)
        field = day or holiday or field
        if dates and number:
            sentence = gettext("Line %(n)s: %(problem)s") % {
                "n": int(number) + 1,
                "problem": sentence,
            }
        self.add_error(field if field in self.fields else None, sentence)


def initial(hours: Hours, name: str) -> dict[str, Any]:
    """Return how existing hours read in the form."""
    names = dict(hours.names)
    is_always = all(tuple(map(str, day)) == (ALL_DAY,) for day in hours.weekly)
    week = {
        key: "" if is_always else ", ".join(map(str, windows))
        for key, windows in zip(DAY_NAMES, hours.weekly, strict=True)
    }
    return {
        "name": name,
        "zone": hours.zone,
        "always": is_always,
        "country": hours.holidays.country if hours.holidays else "",
        "subdivision": (hours.holidays.subdivision or "") if hours.holidays else "",
        "closed": "\n".join(f"{day} {names.get(day, '')}".strip() for day in hours.closed),
        "opened": "\n".join(
            f"{day} {', '.join(map(str, windows))} {names.get(day, '')}".strip()
            for day, windows in hours.opened
        ),
        **week,
    }


def _split(text: str) -> list[str]:
    """Return the windows of one line as typed: parted by commas, semicolons or the word "and"."""
    parts = re.split(r"[,;]|\band\b", text.strip())
    return [part.strip() for part in parts if part.strip()]


def _lines(text: str, place: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_DATES:
        sentence = f"{len(lines)} dates are too many; at most {MOST_DATES} fit."
        raise bad(f"{place}[{MOST_DATES}]", sentence)
    return lines


def _closed(line: str) -> dict[str, Any]:
    found = LINE.fullmatch(line)
    day, name = found.groups() if found else (line, "")
    return {"on": day, **({"name": name} if name else {})}


def _opened(line: str, place: str) -> dict[str, Any]:
    entry = _closed(line)
    found = SPANS.fullmatch(entry.pop("name", ""))
    if not found:
        raise bad(place, f"“{line[:60]}” names no windows; write it like 2026-12-31 08:00-12:00.")
    entry["windows"] = _split(found[1])
    if found[2]:
        entry["name"] = found[2]
    return entry


@cache
def zones() -> list[str]:
    """Return the time zones to choose from, as the browser's list of suggestions."""
    return sorted(zone for zone in known_zones() if "/" in zone or zone == "UTC")
