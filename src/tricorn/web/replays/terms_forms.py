"""The forms of what every option is held against: rates, people, priorities, and a search."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements.plain import PRIORITIES as CALLED
from tricorn.engine.agreement import PRIORITIES
from tricorn.engine.errors import BadInput
from tricorn.engine.rates import Rates
from tricorn.engine.replay import Extra
from tricorn.engine.staffing import Team, Touch
from tricorn.web.manage.fields import CurrencyField

LONGEST_TEXT = 100_000
NIGHT = "mon-sun 22:00-06:00"
SURCHARGES = {"saturday": "sat", "sunday": "sun", "night": NIGHT}
SHIFTS = 3
NUMBER = re.compile(r"[0-9]{1,4}")


def _number(label: Any, **more: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 8})
    return forms.DecimalField(
        label=label, min_value=0, max_digits=12, decimal_places=4, widget=widget, **more
    )


def _text(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 10, "spellcheck": "false"})
    return forms.CharField(
        label=label, required=False, strip=False, max_length=LONGEST_TEXT, widget=widget
    )


class RatesForm(forms.Form):
    """What an hour costs, in a few boxes; as text it may say more, and then the text counts."""

    currency = CurrencyField()
    hour = _number(_("One hour of one person"), required=False)
    shortest = _number(_("Shortest shift, in hours"), required=False)
    saturday = _number(_("More on Saturdays, in percent"), required=False)
    sunday = _number(_("More on Sundays, in percent"), required=False)
    night = _number(_("More at night, 22 to 6, in percent"), required=False)
    toml = _text(_("Or the rates as text (TOML)"))

    said: str = ""

    def __init__(self, *args: Any, rates: str, **kwargs: Any) -> None:
        kwargs["initial"] = _rates_in_boxes(rates)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self.said = data["toml"].strip()
        if not self.said and data["hour"] is None:
            if any(data[name] not in (None, "") for name in ("currency", "shortest", *SURCHARGES)):
                self.add_error("hour", _("Say what one hour of one person costs."))
            return data
        if not self.said:
            if not data["currency"]:
                self.add_error("currency", _("Say the currency, like EUR."))
                return data
            self.said = _rates_text(data)
        try:
            Rates.from_toml(self.said, gettext("The rates"))
        except BadInput as problem:
            self.add_error("toml" if data["toml"].strip() else "hour", str(problem))
        return data


def _rates_text(data: Mapping[str, Any]) -> str:
    lines = [f'currency = "{data["currency"].upper()}"', f"hour = {data['hour']:f}"]
    if data["shortest"]:
        lines.append(f'shortest_shift = "{int(data["shortest"] * 60)}m"')
    for name, when in SURCHARGES.items():
        if data[name]:
            lines += ["", "[[surcharge]]", f'when = "{when}"', f"percent = {data[name]:f}"]
    return "\n".join(lines) + "\n"


def _rates_in_boxes(rates: str) -> dict[str, Any]:
    """Return how rates read in the form: in the boxes where these can say all, else as text."""
    if not rates:
        return {}
    try:
        found = Rates.from_toml(rates, "rates")
        data = {
            "currency": found.currency,
            "hour": found.hour,
            "shortest": Decimal(found.shortest_shift) / 3600 or None,
            **dict.fromkeys(SURCHARGES),
        }
        raw = tomllib.loads(rates).get("surcharge", [])
        whens = {when: name for name, when in SURCHARGES.items()}
        data |= {whens[row["when"]]: Decimal(str(row["percent"])) for row in raw}
        if Rates.from_toml(_rates_text(data), "rates") == found:
            said = {name: each for name, each in data.items() if isinstance(each, Decimal)}
            return data | {name: f"{each.normalize():f}" for name, each in said.items()}
    except (BadInput, KeyError, ValueError, ArithmeticError):
        pass
    return {"toml": rates}


class PeopleForm(forms.Form):
    """Who works in which shift, and how long somebody's hands are on a ticket."""

    touch = _number(_("Minutes of work on one ticket, on average"), required=False)
    toml = _text(_("Or the team as text (TOML)"))

    said: str = ""

    def __init__(self, *args: Any, team: str, **kwargs: Any) -> None:
        kwargs["initial"] = _team_in_boxes(team)
        super().__init__(*args, **kwargs)
        self.fields["touch"].help_text = _(
            "Your own figure: no log of tickets says how long the work itself takes."
        )
        for n in range(1, SHIFTS + 1):
            self.fields[f"when{n}"] = forms.CharField(
                label=_("Days and hours"),
                required=False,
                max_length=60,
                widget=forms.TextInput(
                    attrs={"placeholder": "mon-fri 08:00-16:00", "autocomplete": "off"}
                ),
            )
            self.fields[f"people{n}"] = forms.CharField(
                label=_("How many people, or their names"),
                required=False,
                max_length=2000,
                widget=forms.TextInput(
                    attrs={"placeholder": gettext("3, or: Ann, Bo"), "autocomplete": "off"}
                ),
            )

    @property
    def shifts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"when{n}"], self[f"people{n}"]) for n in range(1, SHIFTS + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self.said = data["toml"].strip() or self._written(data)
        if self.errors:
            return data
        place = "toml" if data["toml"].strip() else "when1"
        try:
            Team.from_toml(self.said, gettext("The team"))
            place = "toml" if data["toml"].strip() else "touch"
            Touch.from_toml(self.said, gettext("The team"))
        except BadInput as problem:
            self.add_error(place, str(problem))
        return data

    zone: str = "UTC"

    def _written(self, data: Mapping[str, Any]) -> str:
        hours, crews = [], []
        for n in range(1, SHIFTS + 1):
            when, people = data[f"when{n}"], data[f"people{n}"]
            if not when and not people:
                continue
            if not when or not people:
                self.add_error(
                    f"people{n}" if when else f"when{n}", _("Say both: when, and how many.")
                )
                continue
            try:
                window = Extra.parse(when)
            except BadInput as problem:
                self.add_error(f"when{n}", str(problem))
                continue
            hours.append(_hours_text(n, window, self.zone))
            crews.append(_crew_text(n, people))
        if not data["touch"]:
            self.add_error("touch", _("Say it: nobody can guess how long the work takes."))
            return ""
        touch = f'[touch]\nmean = "{max(1, round(data["touch"] * 60))}s"\n'
        return "\n".join([*hours, *crews, touch])


def _hours_text(number: int, window: Extra, zone: str) -> str:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    days = [f'{names[day]} = ["{window.window}"]' for day in sorted(window.days)]
    lines = [f'[hours."shift {number}"]', f"zone = {json.dumps(zone)}"]
    return "\n".join([*lines, f'[hours."shift {number}".weekly]', *days, ""])


def _crew_text(number: int, people: str) -> str:
    if NUMBER.fullmatch(people.strip()):
        return f'[[shift]]\nname = "shift {number}"\nagents = {int(people)}\n'
    names = [each.strip() for each in people.split(",") if each.strip()]
    agents = [f'[[agent]]\nname = {_quoted(name)}\nhours = "shift {number}"\n' for name in names]
    return "\n".join(agents)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _team_in_boxes(team: str) -> dict[str, Any]:
    """Return how a team reads in the form: in the boxes where they wrote it, else as text."""
    if not team:
        return {}
    try:
        data = tomllib.loads(team)
        found = {"touch": f"{Decimal(data['touch']['mean'][:-1]) / 60:.4g}"}
        for n in range(1, SHIFTS + 1):
            name = f"shift {n}"
            if name not in data["hours"]:
                continue
            week = data["hours"][name]["weekly"]
            days = list(week)
            span = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
            crew = [row["agents"] for row in data.get("shift", []) if row["name"] == name]
            names = [row["name"] for row in data.get("agent", []) if row["hours"] == name]
            found[f"when{n}"] = f"{span} {week[days[0]][0]}"
            found[f"people{n}"] = str(crew[0]) if crew else ", ".join(names)
        again = PeopleForm(found, team="")
        again.zone = next(iter(data["hours"].values()))["zone"]
        if again.is_valid() and tomllib.loads(again.said) == data:
            return found
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
        pass
    return {"toml": team}


class SearchForm(forms.Form):
    """What is looked for: the cheapest that keeps a promise, or the best for a month's money."""

    share = forms.DecimalField(
        label=_("The cheapest that would have met, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        max_digits=7,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6, "placeholder": "95"}),
    )
    budget = _number(_("Or the best for so much a month, in all"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data.get("share") is None) == (data.get("budget") is None):
            self.add_error("share", _("Say one of the two: a share, or a month's money."))
        return data


class PrioritiesForm(forms.Form):
    """Which of ours each of the source's priorities is."""

    priority_at = forms.ChoiceField(
        label=_("Which of a ticket's priorities decides"),
        choices=[("final", _("the last one")), ("opened", _("the first one"))],
    )

    def __init__(
        self, *args: Any, found: Mapping[str, str | None], priority_at: str, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"priority_at": priority_at}
        super().__init__(*args, **kwargs)
        self.names = list(found)
        for n, (name, ours) in enumerate(found.items()):
            field = forms.ChoiceField(label=name or gettext("none"), required=False, initial=ours)
            field.choices = [
                ("", _("none of them")),
                *((each, str(CALLED[each])) for each in PRIORITIES),
            ]
            self.fields[f"p{n}"] = cast(forms.Field, field)

    @property
    def said(self) -> dict[str, str]:
        data = self.cleaned_data
        return {name: data[f"p{n}"] for n, name in enumerate(self.names) if data[f"p{n}"]}
