"""A way in which a clock may run, everything but its target; and what it measures, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Hours, Schedule, Target
from ..replay.due import due_over_pauses
from ..replay.history import History, Seconds
from ..replay.pauses import Pauses, pauses_of
from ..replay.rows import MISSING
from .weeks import DAY, Week, day_length, effort

HOLDER_EFFORT = 1.0


@dataclass(frozen=True)
class Run:
    """From what to what a clock runs, and whose waits stop it."""

    start: str
    stop: str
    stopped_by: frozenset[Holder] = frozenset()

    @property
    def effort(self) -> float:
        return HOLDER_EFFORT * len(self.stopped_by) + (0.5 if self.start == "began" else 0.0)


@dataclass(frozen=True)
class Way:
    """A run in service hours; measured in service seconds, or in whole service days."""

    run: Run
    hours: Hours
    in_days: bool = False
    holiday_effort: float = 0.0

    @property
    def week(self) -> Week:
        return tuple(tuple((w.start, w.end) for w in day) for day in self.hours.weekly)

    @property
    def effort(self) -> float:
        """How much there is to say about it, the target left out.

        Source  docs/engine/learn.md, rule L7: the simpler rule.
        """
        days = 1.0 if self.in_days else 0.0
        return self.run.effort + effort(self.week) + self.holiday_effort + days

    @property
    def day(self) -> int | None:
        return None if self.in_days else day_length(self.week)

    def target(self, amount: int) -> Target:
        return Target(days=amount) if self.in_days else Target(seconds=amount)


@dataclass(frozen=True)
class Clocks:
    """The clocks of some tickets that run in one way; one row for each ticket."""

    starts: Seconds
    ends: Seconds
    pauses: Pauses

    @classmethod
    def of(cls, history: History, rows: npt.NDArray[np.intp], run: Run) -> Clocks:
        """Every one of these tickets has the stop, not before its start."""
        starts, ends = history.starts(run.start), history.stops(run.stop)
        pauses = pauses_of(history, starts, ends, run.stopped_by)
        return cls(starts[rows], ends[rows], pauses.take(rows))

    def take(self, rows: npt.NDArray[np.intp]) -> Clocks:
        return Clocks(self.starts[rows], self.ends[rows], self.pauses.take(rows))

    def measure(self, way: Way) -> Seconds:
        """Return service seconds, or the service days that would just have been enough."""
        schedule = Schedule(way.hours)
        if way.in_days:
            return self._days(schedule)
        spent = schedule.elapsed_seconds(self.starts, self.ends)
        return spent - self.pauses.sums(self.pauses.service(schedule))

    def is_met(self, way: Way, amount: int) -> npt.NDArray[np.bool_]:
        """Return what the engine's clock says of each ticket.

        Source  docs/engine/clocks.md, rules C4 to C8.
        """
        schedule = Schedule(way.hours)
        if not way.in_days:
            return self.measure(way) <= amount
        running = np.zeros(len(self.starts), dtype=bool)
        due, _ = due_over_pauses(schedule, Target(days=amount), self.starts, self.pauses, running)
        return self.ends <= due

    def _days(self, schedule: Schedule) -> Seconds:
        """Return after how many service days a promise would just have been kept, pauses aside."""
        first, last = service_day(schedule, self.starts), self.ends
        local = last + schedule.offsets(last)
        day, clock = np.divmod(local, DAY)
        before = np.searchsorted(first.days, day) - 1 - first.place
        later = (day > first.day) & first.serves(day) & (clock > first.clock)
        return np.maximum(np.maximum(before, 0) + 1 + later, 1)


@dataclass(frozen=True)
class ServiceDays:
    """The service day that counts as the first for each moment.

    days   every service date of the calendar, counted from 1970-01-01
    place  which of them is the one on which the moment, or the next opening, lies
    """

    days: Seconds
    place: Seconds
    day: Seconds
    clock: Seconds

    def serves(self, day: Seconds) -> npt.NDArray[np.bool_]:
        place = np.minimum(np.searchsorted(self.days, day), len(self.days) - 1)
        return np.asarray(self.days[place] == day)


def service_day(schedule: Schedule, moments: Seconds) -> ServiceDays:
    """Return each moment's first service day, at the moment or at the next opening.

    Source  docs/engine/hours.md, rule H7.
    """
    edges = (int(moments.min()), int(moments.max()))
    coverage = schedule.coverage(*(datetime.fromtimestamp(at, UTC) for at in edges))
    begin = np.minimum(coverage.next_open_array(moments), coverage.last - 1)
    day, clock = np.divmod(begin + coverage.zone.at_array(begin), DAY)
    return ServiceDays(coverage.days, np.searchsorted(coverage.days, day, "right") - 1, day, clock)


def runs_of(history: History, rows: npt.NDArray[np.intp]) -> list[tuple[str, str]]:
    """Return the pairs of start and stop that this log can tell, likely ones first.

    A stop counts where nearly all of these tickets have it that have any.
    Source  docs/engine/learn.md, rule L4: what can be tried.
    """
    stops = ("resolved", "closed", "first_response")
    have = {stop: int((history.stops(stop)[rows] != MISSING).sum()) for stop in stops}
    most = max(have.values())
    found = [stop for stop in stops if most and have[stop] >= 0.8 * most]
    # A log with one end only has it twice.
    same = (history.resolved[rows] == history.closed[rows]).all()
    if same and {"resolved", "closed"} <= set(found):
        found.remove("closed")
    knows = history.began[rows] != MISSING
    differs = (history.starts("began")[rows] != history.reported[rows]).any()
    starts = ["reported", "began"] if knows.any() and differs else ["reported"]
    return [(start, stop) for stop in found for start in starts]
