"""What a provider's time costs: the provider's own rates, never inferred from anything else.

currency, hour, people, shortest_shift, monthly, share, margin
[holidays]     country, subdivision
[[surcharge]]  when, percent
[[team]]       when, people
[[on_call]]    when, hour

Source  docs/engine/price.md, rules P1 and P2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..agreement.fields import Fields
from ..errors import BadCalendar, BadRates, BadTarget
from ..hours import Holidays, Target
from ..hours.check import check_holidays
from ..toml import read_toml
from .when import When

HEAD = {"currency", "hour", "people", "shortest_shift", "monthly", "share", "margin"}
KNOWN = HEAD | {"holidays", "surcharge", "team", "on_call"}
MOST_PEOPLE = 1000
MOST_PERCENT = 1000
DAY = 86_400


@dataclass(frozen=True)
class Surcharge:
    """How much more an hour costs then, in percent of the ordinary one."""

    when: When
    percent: Decimal


@dataclass(frozen=True)
class Team:
    """How many people at least are there at once."""

    when: When
    people: int


@dataclass(frozen=True)
class OnCall:
    """What an hour of being within reach costs then, instead of being there."""

    when: When
    hour: Decimal


@dataclass(frozen=True)
class Rates:
    """A provider's own rates.

    hour            What one agent's hour costs in ordinary hours, in the currency.
    shortest_shift  Seconds; a shorter shift is paid as if it were as long.
    people          How many at least are there at once, where no team says more.
    monthly         A fixed sum a month, whatever the hours.
    share           Which part of the people's cost this agreement bears, 0 < share <= 1.
    margin          Percent that is added to the cost.
    holidays        Whose public holidays "holidays" means.
    """

    currency: str
    hour: Decimal
    surcharges: tuple[Surcharge, ...] = ()
    shortest_shift: int = 0
    people: int = 1
    teams: tuple[Team, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    monthly: Decimal = Decimal(0)
    share: Decimal = Decimal(1)
    margin: Decimal = Decimal(0)
    holidays: Holidays | None = None

    @classmethod
    def from_toml(cls, text: str, source: str = "RATES.toml") -> Rates:
        """Read the text of a RATES.toml.

        Errors  BadRates naming the source and the key.
        """
        data = read_toml(text, source, error=BadRates, parse_float=Decimal)
        return cls.from_data(data, source)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], source: str = "rates") -> Rates:
        """Read rates from parsed TOML or JSON; the same errors as `from_toml`."""
        return _Reader(source).rates(data)


@dataclass(frozen=True)
class _Reader(Fields):
    """Reads one text of rates; every complaint names the key."""

    def fail(self, where: str, problem: str) -> BadRates:
        return BadRates(f"{self.source}, {where}: {problem}", where=where)

    def rates(self, data: Mapping[str, Any]) -> Rates:
        self.only(data, KNOWN, "")
        found = Rates(
            currency=self.currency(data),
            hour=self.paid(data, "hour", "hour"),
            surcharges=tuple(
                Surcharge(self.when(row, where), self.percent(row, where))
                for where, row in self.each(data, "surcharge", {"when", "percent"})
            ),
            shortest_shift=self.length(data),
            people=self.people(data, "people") if "people" in data else 1,
            teams=tuple(
                Team(self.when(row, where), self.people(row, f"{where}, people"))
                for where, row in self.each(data, "team", {"when", "people"})
            ),
            on_call=tuple(
                OnCall(self.when(row, where), self.paid(row, "hour", f"{where}, hour"))
                for where, row in self.each(data, "on_call", {"when", "hour"})
            ),
            monthly=self.money(data.get("monthly", 0), "monthly"),
            share=self.share(data.get("share", 1), "share"),
            margin=self.percent(data, "", key="margin") if "margin" in data else Decimal(0),
            holidays=self.holidays(data) if "holidays" in data else None,
        )
        whens = [each.when for each in found.surcharges]
        whens += [each.when for each in found.on_call]
        whens += [each.when for each in found.teams]
        if found.holidays is None and any(when.is_holidays for when in whens):
            raise self.fail(
                "[holidays]", 'is missing. "holidays" needs to know whose: country = "DE", say.'
            )
        return found

    def money(self, found: Any, where: str) -> Decimal:
        if isinstance(found, str) and "%" in found:
            raise self.fail(where, f"is an amount of money, not {found!r:.60}.")
        return super().money(found, where)

    def currency(self, data: Mapping[str, Any]) -> str:
        if "currency" not in data:
            raise self.fail("currency", 'is missing. Say in which money it is, like "EUR".')
        found = data["currency"]
        if not isinstance(found, str) or not re.fullmatch("[A-Za-z]{3}", found.strip()):
            raise self.fail("currency", f"is three letters like EUR, not {found!r:.60}.")
        return found.strip().upper()

    def each(
        self, data: Mapping[str, Any], key: str, known: set[str]
    ) -> list[tuple[str, Mapping[str, Any]]]:
        found = [(f"{key} {n}", row) for n, row in self.rows(data, key)]
        for where, row in found:
            self.only(row, known, f"{where}, ")
        return found

    def when(self, row: Mapping[str, Any], where: str) -> When:
        try:
            return When.parse(self.words(row, "when", f"{where}, when"))
        except BadCalendar as problem:
            raise self.fail(f"{where}, when", f"{problem}") from problem

    def percent(self, row: Mapping[str, Any], where: str, *, key: str = "percent") -> Decimal:
        place = f"{where}, {key}" if where else key
        found = row.get(key)
        said = found.replace("%", "") if isinstance(found, str) else found
        number = self.number(said, place)
        if not 0 <= number <= MOST_PERCENT:
            raise self.fail(place, f"is 0 to {MOST_PERCENT} percent, not {found!s:.60}.")
        return self.exact(number, place, 4)

    def paid(self, row: Mapping[str, Any], key: str, where: str) -> Decimal:
        if key not in row:
            raise self.fail(where, "is missing. Say what one hour costs; nothing is guessed.")
        return self.money(row[key], where)

    def people(self, row: Mapping[str, Any], where: str) -> int:
        found = self.whole(row.get("people"), where)
        if found > MOST_PEOPLE:
            raise self.fail(where, f"is at most {MOST_PEOPLE:,}.")
        return found

    def length(self, data: Mapping[str, Any]) -> int:
        if "shortest_shift" not in data:
            return 0
        try:
            seconds = Target.parse(self.words(data, "shortest_shift", "shortest_shift")).seconds
        except BadTarget as problem:
            raise self.fail("shortest_shift", f'{problem} Write it like "4h".') from problem
        if seconds is None or seconds > DAY:
            raise self.fail("shortest_shift", 'is at most 24 hours, like "4h".')
        return seconds

    def holidays(self, data: Mapping[str, Any]) -> Holidays:
        row = self.table(data, "holidays")
        self.only(row, {"country", "subdivision"}, "holidays, ")
        found = Holidays(
            self.words(row, "country", "holidays, country", longest=10),
            self.words(row, "subdivision", "holidays, subdivision", required=False) or None,
        )
        try:
            check_holidays(found)
        except BadCalendar as problem:
            raise self.fail("[holidays]", f"{problem}") from problem
        return found
