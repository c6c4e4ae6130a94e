"""Candidate weeks of service: which there are, how simple each is, and their words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..hours import Hours
from ..hours.spec import Holidays
from ..hours.window import DAY, Window

HOUR = 3600
QUARTER = 900
Windows = tuple[tuple[int, int], ...]
Week = tuple[Windows, ...]  # seven days, Monday first; windows in seconds of the local date

ALL_DAYS = tuple(range(7))
WORKDAYS = tuple(range(5))
DAY_SETS = (WORKDAYS, ALL_DAYS, tuple(range(6)), (6, 0, 1, 2, 3))
USUAL = (
    *((8, 18), (9, 17), (8, 17), (9, 18), (8, 16), (8, 20), (7, 19), (7, 18), (6, 18), (6, 22)),
    *((8, 22), (7, 17), (10, 18), (9, 19), (8, 19)),
)
SATURDAYS: tuple[Windows, ...] = tuple(
    ((a * HOUR, b * HOUR),) for a, b in ((8, 12), (8, 13), (9, 13), (9, 12), (9, 14), (10, 14))
)
LUNCHES = ((12, 13), (12, 14), (13, 14))
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week_of(days: tuple[int, ...], start: int, end: int) -> Week:
    """Return the same window, in seconds, on these days."""
    return tuple(((start, end),) if day in days else () for day in ALL_DAYS)


ALWAYS = week_of(ALL_DAYS, 0, DAY)


def usual_weeks() -> list[Week]:
    """Return what most people would guess first: day and night, working days, office hours."""
    hours = [week_of(WORKDAYS, a * HOUR, b * HOUR) for a, b in USUAL]
    return [ALWAYS, week_of(WORKDAYS, 0, DAY), week_of(tuple(range(6)), 0, DAY), *hours]


def short_saturdays() -> list[Week]:
    """Return the commonest office hours with a Saturday morning."""
    found = [week_of(WORKDAYS, a * HOUR, b * HOUR) for a, b in USUAL[:7]]
    return [(*week[:5], ((9 * HOUR, 13 * HOUR),), ()) for week in found]


def grid(step: int, lengths: tuple[int, ...] | None = None) -> Iterator[Week]:
    """Yield one window a day on a grid, over every set of days; whole days, and past midnight."""
    for days in DAY_SETS:
        yield week_of(days, 0, DAY)
        for start in range(0, DAY, step):
            for length in lengths or range(step, DAY, step):
                yield week_of(days, start, start + length)


def neighbours(week: Week) -> Iterator[Week]:
    """Yield the weeks that differ in one thing: an edge, a day, Saturday's window, a lunch."""
    usual = max(week, key=week.count) or next(day for day in week if day)
    same = [k for k in ALL_DAYS if week[k] == usual]
    for start, end in dict.fromkeys(_moved(usual)):
        yield tuple(((start, end),) if k in same else day for k, day in enumerate(week))
    for k in ALL_DAYS:
        for windows in dict.fromkeys(_of_day(usual, k, week[k])):
            yield (*week[:k], windows, *week[k + 1 :])
    if len(usual) == 1:
        for a, b in LUNCHES:
            if usual[0][0] + HOUR <= a * HOUR and b * HOUR <= usual[0][1] - HOUR:
                halves = ((usual[0][0], a * HOUR), (b * HOUR, usual[0][1]))
                yield tuple(halves if k in same else day for k, day in enumerate(week))


def _moved(windows: Windows) -> Iterator[tuple[int, int]]:
    start, end = windows[0][0], windows[-1][1]
    if len(windows) > 1:
        yield start, end
        return
    for by in (QUARTER, 2 * QUARTER, HOUR, 2 * HOUR):
        for a, b in ((by, 0), (-by, 0), (0, by), (0, -by), (by, by), (-by, -by)):
            left, right = start + a, end + b
            if 0 <= left < DAY and left < right < left + DAY and (left, right) != (0, DAY):
                yield left, right
    yield 0, DAY


def _of_day(usual: Windows, day: int, now: Windows) -> Iterator[Windows]:
    """Other windows of one day: like the others, none, shorter, or a Saturday's."""
    for windows in ((), usual):
        if windows != now:
            yield windows
    if day == 4 and now == usual and len(usual) == 1:
        for earlier in (1, 2, 3, 4):
            if usual[0][1] - earlier * HOUR > usual[0][0]:
                yield ((usual[0][0], usual[0][1] - earlier * HOUR),)
    if day >= 5:
        yield from (windows for windows in SATURDAYS if windows != now)
        if now and now != usual and len(now) == 1:
            for a, b in _moved(now):
                yield ((a, b),)


def is_possible(week: Week) -> bool:
    """Whether no window runs into the next day's, and something is open."""
    if week == ALWAYS or not any(week):
        return week == ALWAYS
    for k, day in enumerate(week):
        following = week[(k + 1) % 7]
        if day and following and day[-1][1] - DAY > following[0][0]:
            return False
    return True


def effort(week: Week) -> float:
    """How much there is to say about a week: 0 for day and night, more for odd edges.

    Source  docs/engine/learn.md, rule L7: the simpler rule.
    """
    if week == ALWAYS:
        return 0.0
    kinds = [windows for windows in dict.fromkeys(week) if windows]
    days = [k for k in ALL_DAYS if week[k]]
    found = 0.0 if days in ([*WORKDAYS], [*ALL_DAYS]) else 1.0 if len(days) in (5, 6) else 2.0
    return found + sum(_window_effort(windows) for windows in kinds) + 1.5 * (len(kinds) - 1)


def _window_effort(windows: Windows) -> float:
    if windows == ((0, DAY),):
        return 1.0
    if windows in SATURDAYS:
        return 2.5
    if [(a // HOUR, b // HOUR) for a, b in windows if not (a % HOUR or b % HOUR)] in (
        [pair] for pair in USUAL
    ):
        return 2.0
    edges = [edge for window in windows for edge in window]
    odd = max(_oddness(edge) for edge in edges)
    length = sum(b - a for a, b in windows)
    odd += 1.0 if length > 14 * HOUR or length < 4 * HOUR else 0.0
    odd += 1.0 if edges[0] < 6 * HOUR else 0.0
    return odd + 2.0 * (len(windows) - 1) + (0.5 if edges[-1] > DAY else 0.0)


def _oddness(edge: int) -> float:
    return 3.0 if not edge % HOUR else 4.0 if not edge % (2 * QUARTER) else 5.5


def day_length(week: Week) -> int:
    """Return the seconds that the most usual day is open."""
    most = max((day for day in week if day), key=week.count)
    return sum(b - a for a, b in most)


def hours_of(week: Week, zone: str, holidays: Holidays | None) -> Hours:
    windows = tuple(tuple(Window(a, b) for a, b in day) for day in week)
    return Hours(zone=zone, weekly=windows, holidays=holidays)


def words(hours: Hours) -> str:
    """Return hours in a few words: "Mon–Fri 08:00–18:00 America/Sao_Paulo, holidays BR"."""
    week: Week = tuple(tuple((w.start, w.end) for w in day) for day in hours.weekly)
    if week == ALWAYS and hours.holidays is None:
        return "24x7"
    parts = []
    for windows, run in groupby(ALL_DAYS, key=lambda k: week[k]):
        days = list(run)
        if windows:
            name = _NAMES[days[0]] if len(days) == 1 else f"{_NAMES[days[0]]}–{_NAMES[days[-1]]}"
            said = ", ".join(str(Window(a, b)).replace("-", "–") for a, b in windows)
            parts.append(f"{name} {said}")
    text = f"{'; '.join(parts)} {hours.zone}"
    if hours.holidays:
        text += f", holidays {name_of(hours.holidays)}"
    return text


def name_of(holidays: Holidays | None) -> str:
    if holidays is None:
        return "none"
    return "-".join(part for part in (holidays.country, holidays.subdivision) if part)
