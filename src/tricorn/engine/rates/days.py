"""How often each kind of day comes: weekdays, public holidays and the days after them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ..agreement.fields import YEARS
from ..errors import BadInput
from ..hours import Holidays
from ..hours.spec import public_holidays

CYCLE = 28  # years after which every date has met every weekday equally often


@dataclass(frozen=True)
class DayKind:
    """A weekday, and which of the calendars have a public holiday on it and on the day before."""

    weekday: int
    today: frozenset[int]
    before: frozenset[int]


@dataclass(frozen=True)
class Days:
    """How many days of each kind there are in so many months."""

    months: int
    kinds: tuple[tuple[DayKind, int], ...]

    @property
    def weeks_a_month(self) -> float:
        return sum(n for _, n in self.kinds) / 7 / self.months


def days_of(calendars: Sequence[Holidays], first: date, year: int | None) -> Days:
    """Count the days of a named year, or of the 28 years that begin with an agreement's first.

    Years that no holiday data knows have no holidays, so the 28 years begin earlier where the data
    would end within them.
    Errors  BadInput for a year outside 1900 to 2999.
    Source  docs/engine/price.md, rule P4: how many hours a month has.
    """
    if year is not None:
        if year not in YEARS:
            raise BadInput(f"The year {year} lies outside {YEARS[0]} to {YEARS[-1]}. Name another.")
        return _counted(tuple(calendars), year, 1)
    begin = min([first.year, *(_known_until(each.country) - CYCLE + 1 for each in calendars)])
    return _counted(tuple(calendars), begin, CYCLE)


@lru_cache(maxsize=256)
def _counted(calendars: tuple[Holidays, ...], begin: int, years: int) -> Days:
    holidays: dict[int, set[int]] = {}
    for k, calendar in enumerate(calendars):
        for year in range(begin - 1, begin + years):
            for day in public_holidays(calendar, year):
                holidays.setdefault(day.toordinal(), set()).add(k)
    named = {day: frozenset(which) for day, which in holidays.items()}
    first, last = date(begin, 1, 1).toordinal(), date(begin + years, 1, 1).toordinal()
    plain: frozenset[int] = frozenset()
    counts = Counter(
        ((day - 1) % 7, named.get(day, plain), named.get(day - 1, plain))
        for day in range(first, last)
    )
    kinds = tuple((DayKind(*kind), n) for kind, n in counts.items())
    return Days(12 * years, kinds)


@lru_cache(maxsize=256)
def _known_until(country: str) -> int:
    from holidays import country_holidays

    return int(country_holidays(country).end_year)
