"""What could be tried with a week of service hours: a window more, a window less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..hours import Hours, Schedule, Window
from ..hours.window import DAY
from ..replay import Extra, History, coverage
from ..replay.demand import Uncovered
from ..replay.extra import WEEK

WITHOUT = "without "
HOUR = 3600
WORKDAYS = range(5)
MOST_MORE, MOST_LESS = 6, 3


@dataclass(frozen=True)
class Less:
    """A window that could be given up: the same words as an `Extra`, with "without" before."""

    name: str
    window: Extra

    @classmethod
    def parse(cls, text: str) -> Less:
        """Read "sat 09:00-13:00", with or without the word "without" before it.

        Errors  BadCalendar for anything else.
        """
        window = Extra.parse(text.strip().removeprefix(WITHOUT.strip()))
        return cls(f"{WITHOUT}{window.name}", window)

    def taken_from(self, hours: Hours) -> Hours:
        """Return the hours without this window in any week; dates with hours of their own stay.

        Source  docs/engine/price.md, rule P14: what is tried.
        """
        length = self.window.window.end - self.window.window.start
        gone = [
            (begin + turn, begin + length + turn)
            for day in self.window.days
            for begin in (day * DAY + self.window.window.start,)
            for turn in (-WEEK, 0, WEEK)
        ]
        weekly: list[list[Window]] = [[] for _ in range(7)]
        for day, windows in enumerate(hours.weekly):
            for window in windows:
                for a, b in _left(day * DAY + window.start, day * DAY + window.end, gone):
                    weekly[a // DAY % 7].append(Window(a % DAY, a % DAY + b - a))
        return replace(hours, weekly=tuple(tuple(sorted(windows)) for windows in weekly))


Change = Extra | Less


def change(text: str) -> Change:
    """Read "sat 09:00-13:00" or "without sat 09:00-13:00"."""
    return Less.parse(text) if text.strip().startswith(WITHOUT) else Extra.parse(text)


def changed(hours: Hours, changes: Sequence[Change]) -> Hours:
    """Return the hours without what is given up and with what is added.

    Windows of one date that touch become one.
    """
    for each in changes:
        if isinstance(each, Less):
            hours = each.taken_from(hours)
    for each in changes:
        if isinstance(each, Extra):
            hours = each.added_to(hours)
    return replace(hours, weekly=tuple(tuple(_touching(day)) for day in hours.weekly))


def candidates(
    history: History, hours: Hours, *, start: str = "reported", stop: str = "resolved"
) -> tuple[Change, ...]:
    """Return changes that this demand suggests: at most six windows more, three less.

    More: those of Saturday, Sunday, evenings, early mornings, breaks and day and night in which
    anybody came or waited, those that would have helped most first. Less: the first and the last
    hour of workdays and a whole Saturday or Sunday, those in which the fewest came first.
    Source  docs/engine/price.md, rule P14: what is tried.
    """
    schedule = Schedule(hours)
    week = coverage(history, schedule, start=start, stop=stop)
    texts = dict.fromkeys(_more(hours, week))
    found = coverage(
        history, schedule, windows=[Extra.parse(text) for text in texts], start=start, stop=stop
    )
    gains = sorted(
        (gain for gain in found.gains if gain.tickets.high), key=lambda gain: -gain.seconds.high
    )
    more = [Extra.parse(gain.name) for gain in gains[:MOST_MORE]]
    less = [Less.parse(text) for text in dict.fromkeys(_less(hours))]
    came = {each: _came(week, each) for each in less}
    fewest = sorted(less, key=lambda each: came[each])[:MOST_LESS]
    return (*more, *fewest)


def _left(start: int, end: int, gone: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for a, b in sorted(gone):
        if b <= start or a >= end:
            continue
        if a > start:
            yield start, a
        start = max(start, b)
    if start < end:
        yield start, end


def _touching(windows: Sequence[Window]) -> Iterator[Window]:
    last: Window | None = None
    for window in sorted(windows):
        if last is not None and last.end == window.start and window.end <= DAY:
            last = Window(last.start, window.end)
            continue
        if last is not None:
            yield last
        last = window
    if last is not None:
        yield last


def _more(hours: Hours, week: Uncovered) -> Iterator[str]:
    opens, closes = _workday(hours)
    for day, name in ((5, "sat"), (6, "sun")):
        if not hours.weekly[day]:
            yield f"{name} 09:00-13:00"
            yield f"{name} {_busiest(week, day)}"
            yield f"{name} {Window(opens, closes)}"
    for until in (20 * HOUR, 22 * HOUR):
        if closes < until:
            yield f"mon-fri {Window(closes, until)}"
    if opens >= 7 * HOUR:
        yield f"mon-fri {Window(max(opens - 2 * HOUR, 6 * HOUR), opens)}"
    for early, late in zip(hours.weekly[0], hours.weekly[0][1:], strict=False):
        yield f"mon-fri {Window(early.end, late.start)}"
    yield "mon-sun 00:00-24:00"


def _less(hours: Hours) -> Iterator[str]:
    if any(hours.weekly[day] for day in WORKDAYS):
        opens, closes = _workday(hours)
        if closes - opens > 2 * HOUR and closes < DAY:
            yield f"mon-fri {Window(closes - HOUR, closes)}"
            yield f"mon-fri {Window(opens, opens + HOUR)}"
    for day, name in ((5, "sat"), (6, "sun")):
        if hours.weekly[day] and any(hours.weekly[other] for other in range(7) if other != day):
            yield f"{name} 00:00-24:00"


def _workday(hours: Hours) -> tuple[int, int]:
    """Return when workdays open first and close last, 09:00 and 17:00 where they never do."""
    windows = [window for day in WORKDAYS for window in hours.weekly[day]]
    if not windows:
        return 9 * HOUR, 17 * HOUR
    return min(w.start for w in windows), min(max(w.end for w in windows), DAY)


def _busiest(week: Uncovered, day: int) -> Window:
    """Return the four hours of a day in which most came while closed; the earliest of equals."""
    came = week.week.tickets_closed[day]
    sums = np.convolve(came, np.ones(4, dtype=np.int64), mode="valid")
    begin = int(np.argmax(sums))
    return Window(begin * HOUR, (begin + 4) * HOUR)


def _came(week: Uncovered, less: Less) -> int:
    """Return how many were reported in the hours that a window touches."""
    window = less.window.window
    hours = range(window.start // HOUR, -(-window.end // HOUR))
    return int(sum(week.week.tickets[d, h % 24] for d in less.window.days for h in hours))
