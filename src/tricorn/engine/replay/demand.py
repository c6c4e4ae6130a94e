"""Demand outside coverage: who came while the desk was closed, how long they waited for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Coverage, Schedule
from ..measures import Share, share
from .caveats import Caveat, caveats_of
from .extra import Extra
from .history import Codes, History, Seconds
from .pauses import Pauses, pauses_of
from .reasons import NO_STOP, STOP_BEFORE_START
from .rows import MISSING
from .waiting import HOUR, WEEK_HOURS, Waiting, hour_of_week, is_open


@dataclass(frozen=True)
class Between:
    """A figure of which only the bounds are known; low is never above high."""

    low: int
    high: int

    def __add__(self, other: Between) -> Between:
        return Between(self.low + other.low, self.high + other.high)

    @property
    def hours(self) -> tuple[float, float]:
        """Return seconds as hours."""
        return self.low / HOUR, self.high / HOUR


@dataclass(frozen=True)
class Gain:
    """What one more window would have covered.

    tickets  low: reported in it while the desk was closed; high: these, and those that waited for
             the desk to open while the window was open
    seconds  low: waited in it for the desk to open; high: sooner that the desk would have opened
             for those who waited
    """

    name: str
    tickets: Between
    seconds: Between


@dataclass(frozen=True)
class Week:
    """Four tables by local day (Monday first) and hour, each of the shape (7, 24), int64.

    tickets, tickets_closed  reported in that hour; of those, while closed
    seconds, seconds_closed  waited in that hour by all tickets; of those, while closed
    """

    tickets: npt.NDArray[np.int64]
    tickets_closed: npt.NDArray[np.int64]
    seconds: npt.NDArray[np.int64]
    seconds_closed: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Uncovered:
    """What service hours did not cover of a history.

    share      tickets that came while closed, of all
    seconds    waited while closed. Low: up to the first opening; high: until it ended
    waited     seconds waited in all, of the `timed` tickets whose end is known (or open still)
    deferred   how many more came in the first open hour than in the hour after it
    excluded   tickets that are not among the timed ones, by reason
    """

    share: Share
    seconds: Between
    waited: int
    timed: int
    week: Week
    gains: tuple[Gain, ...]
    deferred: int
    excluded: Mapping[str, int]
    caveats: tuple[Caveat, ...]

    @property
    def share_of_hours(self) -> tuple[float, float] | None:
        """Return the share of waiting that fell outside coverage; None when nothing was waited."""
        if not self.waited:
            return None
        return self.seconds.low / self.waited, self.seconds.high / self.waited


def coverage(
    history: History,
    schedule: Schedule,
    *,
    windows: Sequence[Extra] = (),
    start: str = "reported",
    stop: str = "resolved",
    stopped_by: Set[Holder] = frozenset(),
) -> Uncovered:
    """Measure what these service hours leave uncovered, and what more windows would cover.

    start       "reported", or "began" where it is known.
    stopped_by  whose waits do not count as waiting; the time between resolving and reopening never
                does. Open tickets wait to the end of the log.
    Cost        O(n log n) in tickets, once; then about 50 ns a ticket for each window.
    Source      docs/engine/replay.md, rules R13 to R18.
    """
    line = Line.of(history, start, stop, stopped_by)
    hours = line.compiled(schedule)
    came = history.starts(start)
    while_closed = ~is_open(hours, came)
    all_seconds, closed_seconds = Waiting(line.starts, line.ends, line.pauses).by_hour_of_week(
        hours, line.first, line.last
    )
    opens = line.opening(hours)
    until_open = line.active(line.starts, opens)
    place = hour_of_week(hours, came)
    counted = share(int(while_closed.sum()), len(history))
    deferred = _deferred(hours, came[~while_closed])
    return Uncovered(
        share=counted,
        seconds=Between(int(until_open.sum()), int(closed_seconds.sum())),
        waited=int(all_seconds.sum()),
        timed=len(line.starts),
        week=Week(
            *(
                table.reshape(7, 24)
                for table in (
                    np.bincount(place, minlength=WEEK_HOURS),
                    np.bincount(place[while_closed], minlength=WEEK_HOURS),
                    all_seconds,
                    closed_seconds,
                )
            )
        ),
        gains=tuple(
            _gain(
                each.name, line, (came, while_closed), opens, line.compiled(wider(schedule, each))
            )
            for each in windows
        ),
        deferred=deferred,
        excluded=line.excluded,
        caveats=caveats_of(history, schedule, counted, deferred, line.excluded),
    )


@dataclass(frozen=True)
class Compared:
    """What other hours would have covered that these do not, and the other way round.

    gained, lost  the second is what these hours cover and the others would not
    people        codes of those who reported what came while these hours were closed and the others
                  open, each once, as far as the history knows them
    """

    gained: Gain
    lost: Gain
    people: Codes

    @property
    def saved(self) -> Between:
        """Return the seconds of waiting that the other hours would have saved; may be negative."""
        gained, lost = self.gained.seconds, self.lost.seconds
        return Between(gained.low - lost.high, gained.high - lost.low)


def compared(
    history: History,
    now: Schedule,
    then: Schedule,
    *,
    start: str = "reported",
    stop: str = "resolved",
    stopped_by: Set[Holder] = frozenset(),
) -> Compared:
    """Compare two schedules over the same tickets; what is counted is as in `coverage`.

    Source  docs/engine/replay.md, rule R17: what a window would have covered.
    """
    line = Line.of(history, start, stop, stopped_by)
    ours, others = line.compiled(now), line.compiled(then)
    came = history.starts(start)
    closed_now, closed_then = ~is_open(ours, came), ~is_open(others, came)
    helped = history.person[closed_now & ~closed_then]
    return Compared(
        _gain("gained", line, (came, closed_now), line.opening(ours), others),
        _gain("lost", line, (came, closed_then), line.opening(others), ours),
        np.unique(helped[helped >= 0]),
    )


def wider(schedule: Schedule, extra: Extra) -> Schedule:
    """Return a schedule with one window more."""
    return Schedule(extra.added_to(schedule.hours))


@dataclass(frozen=True)
class Line:
    """The tickets whose waiting is known: from when to when, and their pauses.

    `rows` are their places in the history; all moments lie within [first, last].
    """

    rows: npt.NDArray[np.intp]
    starts: Seconds
    ends: Seconds
    pauses: Pauses
    first: int
    last: int
    excluded: Mapping[str, int]

    @classmethod
    def of(cls, history: History, start: str, stop: str, stopped_by: Set[Holder]) -> Line:
        starts, told = history.starts(start), history.stops(stop)
        ends = np.where((told == MISSING) & history.is_open, history.until, told)
        lost, backwards = ends == MISSING, (ends != MISSING) & (ends < starts)
        rows = np.flatnonzero(~lost & ~backwards)
        pauses = pauses_of(history, starts, ends, stopped_by).take(rows)
        reasons = {NO_STOP: int(lost.sum()), STOP_BEFORE_START: int(backwards.sum())}
        first = min(int(starts.min()), history.until) if len(history) else 0
        last = max(int(starts.max()), int(ends.max()), history.until) + 1 if len(history) else 0
        excluded = {reason: n for reason, n in reasons.items() if n}
        return cls(rows, starts[rows], ends[rows], pauses, first, last, excluded)

    def take(self, rows: npt.NDArray[np.intp]) -> Line:
        """Return some of the tickets, by their places in the line."""
        return replace(
            self,
            rows=self.rows[rows],
            starts=self.starts[rows],
            ends=self.ends[rows],
            pauses=self.pauses.take(rows),
        )

    def compiled(self, schedule: Schedule) -> Coverage:
        first, last = (datetime.fromtimestamp(at, UTC) for at in (self.first, self.last))
        return schedule.coverage(first, last)

    def opening(self, hours: Coverage) -> Seconds:
        """Return when the desk was first open for each ticket, or its end if that came before."""
        return np.minimum(hours.next_open_array(self.starts), self.ends)

    def active(self, starts: Seconds, ends: Seconds) -> Seconds:
        """Return the seconds between two moments of each ticket outside its pauses."""
        a, b = self._paused_within(starts, ends)
        return ends - starts - self.pauses.sums(b - a)

    def served(self, hours: Coverage, ends: Seconds) -> Seconds:
        """Return the open seconds from each start to a moment, outside the pauses."""
        a, b = self._paused_within(self.starts, ends)
        held = self.pauses.sums(hours.elapsed_array(a, b))
        return hours.elapsed_array(self.starts, ends) - held

    def _paused_within(self, starts: Seconds, ends: Seconds) -> tuple[Seconds, Seconds]:
        ticket = self.pauses.ticket
        a = np.maximum(self.pauses.start, starts[ticket])
        return a, np.maximum(a, np.minimum(self.pauses.end, ends[ticket]))


def _gain(
    name: str,
    line: Line,
    reports: tuple[Seconds, npt.NDArray[np.bool_]],
    opens: Seconds,
    other: Coverage,
) -> Gain:
    """Say what other hours would have covered of what these do not.

    `reports` are all reports and which came while closed; `opens` when these hours opened for each
    ticket of the line.
    Source  docs/engine/replay.md, rule R17: what a window would have covered.
    """
    came, while_closed = reports
    reported = while_closed & is_open(other, came)
    sooner = line.active(np.minimum(line.opening(other), opens), opens)
    inside = line.served(other, opens)
    met = reported.copy()
    met[line.rows] |= inside > 0
    return Gain(
        name=name,
        tickets=Between(int(reported.sum()), int(met.sum())),
        seconds=Between(int(inside.sum()), int(sooner.sum())),
    )


def _deferred(hours: Coverage, came: Seconds) -> int:
    """Count how many more came in the first hour after an opening than in the second.

    Source  docs/engine/replay.md, rule R18: a closed desk hides demand.
    """
    if not len(hours.starts):
        return 0
    run = np.searchsorted(hours.starts, came, side="right") - 1
    long_enough = (hours.ends - hours.starts >= 2 * HOUR) & (hours.starts > hours.first)
    since = (came - hours.starts[run])[long_enough[run]]
    first = int((since < HOUR).sum())
    second = int(((since >= HOUR) & (since < 2 * HOUR)).sum())
    return max(first - second, 0)
