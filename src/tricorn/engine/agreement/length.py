"""How long by the calendar: "3 months" of notice, a review within "14 days"."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from tricorn.engine.errors import BadAgreement

UNITS = {"day": 1, "week": 7, "month": 31, "year": 366}  # the days that each has at most
MOST_DAYS = 100 * 366
_WRITTEN = re.compile(r"(\d{1,5})\s*(day|week|month|year)s?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Length:
    """A whole number of days, weeks, months or years.

    Source  docs/engine/agreements.md, rule A7: lengths follow the calendar.
    """

    n: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read "14 days", "1 month".

        Errors  BadAgreement for anything else, nothing at all, and more than a hundred years.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if not found or not int(found[1]):
            raise BadAgreement(
                f'"{text:.40}" is no length. Write a whole number of days, weeks, months or '
                'years, like "3 months".'
            )
        n, unit = int(found[1]), found[2].lower()
        if n * UNITS[unit] > MOST_DAYS:
            raise BadAgreement(f'"{text:.40}" is more than a hundred years. Write less.')
        return cls(n, unit)

    def after(self, day: date) -> date:
        """Return the day that lies so long after `day`."""
        return self._moved(day, self.n)

    def before(self, day: date) -> date:
        """Return the day that lies so long before `day`."""
        return self._moved(day, -self.n)

    def _moved(self, day: date, n: int) -> date:
        if self.unit in ("day", "week"):
            return day + timedelta(days=n * UNITS[self.unit])
        return months_after(day, n * (12 if self.unit == "year" else 1))

    def __str__(self) -> str:
        return f"{self.n} {self.unit}{'' if self.n == 1 else 's'}"


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later (before, where below zero).

    A month that has no such day gives its last: a month after 31 January is 28 or 29 February.
    Source  docs/engine/agreements.md, rule A7: lengths follow the calendar.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
