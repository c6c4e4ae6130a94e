"""The slow, obvious twin of the service hours: one step of time after another, on the wall clock.

It shares no code with tricorn.engine.hours, only the specification. Every step is turned into a
local reading by the standard library and judged by itself.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from tricorn.engine.hours import Hours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Reading = tuple[int, int, bool]  # start and end in seconds of the local date; does it open there?


def is_open(hours: Hours, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(hours.zone))
    second = local.hour * 3600 + local.minute * 60 + local.second
    return any(start <= second < end for start, end, _ in pieces(hours, local.date()))


def pieces(hours: Hours, day: date) -> list[Reading]:
    """What the specification says about one local date, cut at its two midnights."""
    if day in hours.closed:
        return []
    if day in hours.open:
        return [(w.start, min(w.end, 86_400), True) for w in hours.open[day]]
    if is_holiday(hours, day):
        return []
    found = [(w.start, min(w.end, 86_400), True) for w in hours.weekly[day.weekday()]]
    before = [*hours.weekly[(day - DAY).weekday()], *hours.open.get(day - DAY, ())]
    return found + [(0, w.end - 86_400, False) for w in before if w.end > 86_400]


def is_holiday(hours: Hours, day: date) -> bool:
    if hours.holidays is None:
        return False
    country, subdivision = hours.holidays.country, hours.holidays.subdivision
    return day in holidays.country_holidays(country, subdiv=subdivision, years=day.year)


def steps(start: datetime, step: timedelta) -> Iterator[datetime]:
    while True:
        yield start
        start += step


def elapsed(hours: Hours, start: datetime, end: datetime, step: timedelta = MINUTE) -> timedelta:
    total = timedelta()
    for at in steps(start.astimezone(UTC), step):
        if at >= end:
            return total
        if is_open(hours, at):
            total += min(step, end - at)
    raise AssertionError


def due_after(
    hours: Hours, start: datetime, target: timedelta, step: timedelta = MINUTE
) -> datetime:
    """The first step at which the target has passed."""
    for at in steps(start.astimezone(UTC), step):
        if target <= timedelta():
            return at
        if is_open(hours, at):
            target -= step
    raise AssertionError


def next_open(hours: Hours, start: datetime, step: timedelta = MINUTE) -> datetime:
    return next(at for at in steps(start.astimezone(UTC), step) if is_open(hours, at))


def due_after_days(hours: Hours, start: datetime, days: int, step: timedelta = MINUTE) -> datetime:
    """The same local time so many service days later; skipped or uncovered times move on."""
    zone = ZoneInfo(hours.zone)
    local = next_open(hours, start, step).astimezone(zone)
    day = local.date()
    while days:
        day += DAY
        days -= is_service_day(hours, day)
    wanted = datetime.combine(day, local.time())
    if exists(wanted, zone):
        return next_open(hours, wanted.replace(tzinfo=zone), step)
    eve = wanted.replace(tzinfo=zone).astimezone(UTC) - timedelta(hours=30)
    behind = next(
        at for at in steps(eve, step) if at.astimezone(zone).replace(tzinfo=None) >= wanted
    )
    return next_open(hours, behind, step)


def is_service_day(hours: Hours, day: date) -> bool:
    """A window opens on this date, and some minute of it is on the clock."""
    zone = ZoneInfo(hours.zone)
    midnight = datetime.combine(day, time())
    return any(
        exists(midnight + timedelta(seconds=second), zone)
        for start, end, opens in pieces(hours, day)
        if opens
        for second in range(start, end, 60)
    )


def exists(local: datetime, zone: ZoneInfo) -> bool:
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
