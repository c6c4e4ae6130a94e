"""A team as text: team.toml. Every complaint names the place, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ..errors import BadTeam
from ..hours import Hours
from ..toml import read_toml
from .team import MOST, Agent, Team
from .touch import Touch

Table = Mapping[str, Any]
_KEYS = ("hours", "shift", "agent", "touch")
_SHIFT = ("name", "hours", "agents", "from", "until")
_AGENT = ("name", "hours", "shifts", "from", "until")


def team_from_toml(text: str, source: str, hours: Mapping[str, Hours]) -> Team:
    """Read the [hours.NAME], [[shift]] and [[agent]] of a text; [touch] is read by Touch.

    Source  docs/engine/staffing.md, rule S2.
    """
    return _Reader(source, dict(hours)).team(read_toml(text, source, error=BadTeam))


def touch_from_toml(text: str, source: str) -> Touch:
    """Read the [touch] of a text."""
    data = read_toml(text, source, error=BadTeam)
    if not isinstance(data.get("touch"), Mapping):
        raise BadTeam(
            f'{source}, [touch]: missing. Say how long the work on a ticket takes, like mean = "25m"; '
            "no log of tickets says it."
        )
    return Touch.from_data(data["touch"], f"{source}, touch.")


class _Reader:
    def __init__(self, source: str, hours: dict[str, Hours]) -> None:
        self.source, self.hours = source, hours
        self.shifts: dict[str, Agent] = {}

    def team(self, data: Table) -> Team:
        self.known(data, _KEYS, "")
        for name, body in self.table(data.get("hours", {}), "hours").items():
            place = f"{self.source}, hours.{name}"
            self.hours[name] = Hours.from_data(self.table(body, f"hours.{name}"), place)
        agents: list[Agent] = []
        for k, row in enumerate(self.rows(data, "shift"), start=1):
            agents += self.shift(row, f"shift {k}")
        for k, row in enumerate(self.rows(data, "agent"), start=1):
            agents.append(self.agent(row, f"agent {k}"))
        if not agents:
            raise self.bad(
                "[[shift]]",
                "nobody works in this team, so no ticket would ever be begun. Write a [[shift]] "
                "with agents = 3, or an [[agent]] with a name and hours.",
            )
        try:
            return Team(tuple(agents))
        except BadTeam as refusal:
            raise BadTeam(f"{self.source}: {refusal}", **refusal.facts) from None

    def shift(self, row: Table, place: str) -> list[Agent]:
        self.known(row, _SHIFT, f"{place}, ")
        name = self.word(row, "name", place)
        if name in self.shifts:
            raise self.bad(place, f"there is a shift {name} already. Give each another name.")
        found = self.of_hours(row.get("hours", name), f"{place}, hours")
        one = Agent(name, found, name, *self.days(row, place))
        self.shifts[name] = one
        people = row.get("agents", 0)
        if type(people) is not int or not 0 <= people <= MOST:
            raise self.bad(f"{place}, agents", f"how many people, like 3, not {people!r:.40}.")
        return [replace(one, name=f"{name} {n}") for n in range(1, people + 1)]

    def agent(self, row: Table, place: str) -> Agent:
        self.known(row, _AGENT, f"{place}, ")
        name = self.word(row, "name", place)
        hours = self.of_hours(row["hours"], f"{place}, hours") if "hours" in row else ()
        chosen = row.get("shifts", [])
        for each in [chosen] if isinstance(chosen, str) else self.listed(chosen, place, "shifts"):
            if each not in self.shifts:
                known = ", ".join(self.shifts) or "none is written"
                raise self.bad(f"{place}, shifts", f"no shift is called {each}. Known: {known}.")
            hours += self.shifts[each].hours
        if not hours:
            raise self.bad(
                place, f'{name} has no hours. Write hours = "desk", or shifts = ["early"].'
            )
        return Agent(name, hours, "", *self.days(row, place))

    def of_hours(self, value: Any, place: str) -> tuple[Hours, ...]:
        if isinstance(value, Mapping):
            return (Hours.from_data(value, f"{self.source}, {place}"),)
        names = [value] if isinstance(value, str) else self.listed(value, place, "hours")
        for name in names:
            if name not in self.hours:
                known = ", ".join(self.hours) or "none is written"
                raise self.bad(
                    place, f"no hours are called {name}. Write [hours.{name}]; known: {known}."
                )
        return tuple(self.hours[name] for name in names)

    def days(self, row: Table, place: str) -> tuple[date | None, date | None]:
        first, last = (self.day(row.get(key), f"{place}, {key}") for key in ("from", "until"))
        if first and last and last < first:
            raise self.bad(f"{place}, until", f"{last} lies before {first}. Swap them.")
        return first, last

    def day(self, value: Any, place: str) -> date | None:
        if value is None:
            return None
        if isinstance(value, str):
            with suppress(ValueError):
                value = date.fromisoformat(value)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.bad(place, f"is a date like 2026-05-04, not {value!r:.40}.")
        if not 1900 <= value.year < 2200:
            raise self.bad(place, f"lies between 1900 and 2199, not in {value.year}.")
        return value

    def word(self, row: Table, key: str, place: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > 200:
            raise self.bad(f"{place}, {key}", 'is missing. Write a short text, like "early".')
        return value.strip()

    def listed(self, value: Any, place: str, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.bad(place, f'{key} is a name or a list of names, like ["early", "late"].')
        return value

    def rows(self, data: Table, key: str) -> list[Table]:
        found = data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise self.bad(f"[[{key}]]", "is written with double brackets, once for each.")
        return found

    def table(self, value: Any, place: str) -> Table:
        if not isinstance(value, Mapping):
            raise self.bad(f"[{place}]", "is a table, written in brackets on a line of its own.")
        return value

    def known(self, row: Table, keys: tuple[str, ...], prefix: str) -> None:
        for key in row:
            if key not in keys:
                raise self.bad(f"{prefix}{key}", f"is not known here. Known: {', '.join(keys)}.")

    def bad(self, place: str, problem: str) -> BadTeam:
        return BadTeam(f"{self.source}, {place}: {problem}", place=place)
