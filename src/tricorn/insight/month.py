"""Months as the clients' pages count them: whole, ended, local, half-open in UTC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadInput


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2026-10". Errors: BadInput for anything else."""
        year, dash, number = text.partition("-")
        is_digits = (year + number).isascii() and (year + number).isdigit()
        if not (dash and is_digits and len(year) == 4 and len(number) == 2):
            raise BadInput("A month is written like 2026-10.", field="month")
        if not (1 <= int(number) <= 12 and 1970 <= int(year) <= 9998):
            raise BadInput("There is no such month. Write it like 2026-10.", field="month")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, at: datetime, zone: str) -> Month:
        """Return the month in which this instant lies, on the calendar of the zone."""
        local = at.astimezone(ZoneInfo(zone))
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def day(self) -> date:
        """The first day, for saying the month in words."""
        return date(self.year, self.number, 1)

    def plus(self, months: int) -> Month:
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def start(self, zone: str) -> datetime:
        """Return its first instant: local midnight, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    def end(self, zone: str) -> datetime:
        """Return the first instant that no longer belongs to it."""
        return self.plus(1).start(zone)


def last_full(at: datetime, zone: str) -> Month:
    """Return the last month that has ended."""
    return Month.of(at, zone).plus(-1)


def month_spans(wanted: Sequence[Month], length: int) -> list[list[Month]]:
    """Group months in order into quarters (3) or years (12) of the calendar; 1 leaves each alone."""
    spans: dict[tuple[int, int], list[Month]] = defaultdict(list)
    for month in wanted:
        spans[month.year, (month.number - 1) // length].append(month)
    return list(spans.values())
