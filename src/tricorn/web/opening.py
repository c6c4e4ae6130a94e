"""When help starts, and when there is help at all, as one says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext

from tricorn.engine.hours import Hours, Schedule, Window
from tricorn.web import words

DAY = 86_400
BUSINESS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Opening:
    """Whether somebody is there now; when that begins or ends (None: never)."""

    is_open: bool
    changes_at: datetime | None


def opening(schedule: Schedule, at: datetime) -> Opening:
    """Return how the desk stands at an instant."""
    opens = schedule.next_open(at)
    if opens == at:
        return Opening(True, schedule.next_close(at))
    return Opening(False, opens)


def said_opening(schedule: Schedule, *, at: datetime, zone: str) -> str:
    """Return when help starts: "The desk opens Monday 08:00, in 2 days." """
    found = opening(schedule, at)
    if found.changes_at is None:
        if found.is_open:
            return gettext("The desk is there day and night.")
        return gettext("The desk does not say when it opens next.")
    moment = words.when(found.changes_at, at=at, zone=ZoneInfo(zone))
    if found.is_open:
        return gettext("The desk is there now, until %(moment)s.") % {"moment": moment}
    return gettext("The desk opens %(moment)s.") % {"moment": moment}


def said_hours(hours: Hours, zone: str = "") -> str:
    """Return service hours in the fewest words: "08–20 on business days".

    The zone of the hours is said when it is another than the reader's.
    """
    groups = _groups(hours.weekly)
    if not groups:
        return gettext("at no fixed hours")
    if groups == [((0, 1, 2, 3, 4, 5, 6), (Window(0, DAY),))]:
        return gettext("day and night")
    parts = [
        gettext("%(clock)s on %(days)s") % {"clock": _clocks(windows), "days": _days(days)}
        for days, windows in groups
    ]
    said = ", ".join(parts)
    if zone and zone != hours.zone:
        city = hours.zone.rsplit("/", 1)[-1].replace("_", " ")
        return gettext("%(hours)s (%(city)s time)") % {"hours": said, "city": city}
    return said


Days = tuple[int, ...]


def _groups(weekly: Sequence[tuple[Window, ...]]) -> list[tuple[Days, tuple[Window, ...]]]:
    """Return runs of neighbouring days with the same windows; closed days are left out."""
    groups = []
    for windows, days in groupby(range(7), key=lambda day: weekly[day]):
        if windows:
            groups.append((tuple(days), windows))
    return groups


def _days(days: Days) -> str:
    if days == BUSINESS:
        return gettext("business days")
    if len(days) == 7:
        return gettext("all days")
    if len(days) < 3:
        return ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)
    return f"{WEEKDAYS_ABBR[days[0]]}–{WEEKDAYS_ABBR[days[-1]]}"


def _clocks(windows: tuple[Window, ...]) -> str:
    return ", ".join(f"{_clock(window.start)}–{_clock(window.end)}" for window in windows)


def _clock(seconds: int) -> str:
    """Return "08" or "08:30"; past midnight counts from midnight again, its end is 24."""
    minutes = seconds // 60
    if minutes > 24 * 60:
        minutes -= 24 * 60
    hour, rest = divmod(minutes, 60)
    return f"{hour:02d}:{rest:02d}" if rest else f"{hour:02d}"
