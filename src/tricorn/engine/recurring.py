"""What comes again: every so many days, weeks or months, at a time on the wall of one zone.

Source  docs/engine/rules.md, rules N10 to N12.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from .errors import BadInput

UNITS = ("day", "week", "month")
MOST_EVERY = 366
# A rhythm that begins far away still ends its search.
FARTHEST = date(2200, 1, 1)


@dataclass(frozen=True)
class Rhythm:
    """When something comes again.

    from_on   The first day that it may; weeks and months are counted from it.
    weekdays  Of a week, from 0 (Monday); none means the weekday of the first day.
    day       Of a month, from 1 to 31; the last day where a month is shorter. 0: the first day's.
    """

    from_on: date
    at: time
    zone: str
    unit: str = "week"
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise BadInput("It comes again after days, weeks or months.", field="unit")
        if not 1 <= self.every <= MOST_EVERY:
            raise BadInput(f"Say every how many, from 1 to {MOST_EVERY}.", field="every")
        if not 0 <= self.day <= 31:
            raise BadInput("The day of a month is from 1 to 31.", field="day")
        if any(not 0 <= each <= 6 for each in self.weekdays):
            raise BadInput("The days of a week are from Monday to Sunday.", field="weekdays")
        if self.from_on >= FARTHEST:
            raise BadInput("This is too far away.", field="from_on")


def following(rhythm: Rhythm, after: datetime, most: int = 5) -> list[datetime]:
    """Return the next moments after an instant, in UTC; fewer at the end of the calendar.

    A time that the clocks skip in spring comes as much later; one that they show twice in autumn
    comes the first time.
    Source  docs/engine/rules.md, rules N10 to N12: by the wall, once on each day, DST.
    """
    zone = ZoneInfo(rhythm.zone)
    begin = max(after.astimezone(zone).date() - timedelta(days=1), rhythm.from_on)
    found: list[datetime] = []
    for day in _days(rhythm, begin):
        moment = datetime.combine(day, rhythm.at, tzinfo=zone).astimezone(UTC)
        if moment > after:
            found.append(moment)
            if len(found) == most:
                break
    return found


def _days(rhythm: Rhythm, begin: date) -> Iterator[date]:
    days = {"day": _of_days, "week": _of_weeks, "month": _of_months}[rhythm.unit]
    for day in days(rhythm, begin):
        if day >= FARTHEST:
            return
        if day >= begin:
            yield day


def _of_days(rhythm: Rhythm, begin: date) -> Iterator[date]:
    skipped = max((begin - rhythm.from_on).days // rhythm.every, 0)
    for n in count(skipped):
        yield rhythm.from_on + timedelta(days=n * rhythm.every)


def _of_weeks(rhythm: Rhythm, begin: date) -> Iterator[date]:
    monday = rhythm.from_on - timedelta(days=rhythm.from_on.weekday())
    weekdays = sorted(set(rhythm.weekdays)) or [rhythm.from_on.weekday()]
    skipped = max((begin - monday).days // (7 * rhythm.every), 0)
    for n in count(skipped):
        for each in weekdays:
            yield monday + timedelta(days=n * 7 * rhythm.every + each)


def _of_months(rhythm: Rhythm, begin: date) -> Iterator[date]:
    first = rhythm.from_on.year * 12 + rhythm.from_on.month - 1
    skipped = max((begin.year * 12 + begin.month - 1 - first) // rhythm.every, 0)
    for n in count(skipped):
        year, month = divmod(first + n * rhythm.every, 12)
        last = calendar.monthrange(year, month + 1)[1]
        yield date(year, month + 1, min(rhythm.day or rhythm.from_on.day, last))
