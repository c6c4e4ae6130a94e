"""Service hours as the page shows them: the week, open now or when next, holidays, other dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tricorn.engine.hours import Hours, Schedule
from tricorn.engine.hours.spec import public_holidays
from tricorn.web.charts import WeekWindow


@dataclass(frozen=True)
class OtherDay:
    """A date that is not like its weekday: closed, or open in windows of its own."""

    on: date
    windows: str
    name: str


@dataclass(frozen=True)
class Year:
    """The public holidays of one year."""

    year: int
    days: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Look:
    """Everything that one sees of service hours at an instant. Moments are UTC."""

    zone: str
    windows: tuple[WeekWindow, ...]
    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    years: tuple[Year, ...]
    other: tuple[OtherDay, ...]


def week(hours: Hours) -> tuple[WeekWindow, ...]:
    """Return the plain week for the picture, in minutes."""
    return tuple(
        WeekWindow(day, window.start // 60, max(window.end // 60, window.start // 60 + 1))
        for day, windows in enumerate(hours.weekly)
        for window in windows
    )


def look(hours: Hours, at: datetime) -> Look:
    """Return what a page shows of these hours: this year's and next year's holidays included."""
    schedule = Schedule(hours)
    is_open = schedule.is_open(at)
    this_year = at.astimezone(ZoneInfo(hours.zone)).year
    return Look(
        zone=hours.zone,
        windows=week(hours),
        is_open=is_open,
        opens_at=None if is_open else schedule.next_open(at),
        closes_at=schedule.next_close(at) if is_open else None,
        years=tuple(
            Year(year, tuple(sorted(public_holidays(hours.holidays, year).items())))
            for year in ((this_year, this_year + 1) if hours.holidays else ())
        ),
        other=_other_days(hours),
    )


def _other_days(hours: Hours) -> tuple[OtherDay, ...]:
    names = dict(hours.names)
    closed = [OtherDay(day, "", names.get(day, "")) for day in hours.closed]
    opened = [
        OtherDay(day, ", ".join(map(str, windows)), names.get(day, ""))
        for day, windows in hours.opened
    ]
    return tuple(sorted([*closed, *opened], key=lambda each: each.on))
