"""The hours waited while closed, on one calendar after the other."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Coverage, Hours, Schedule
from ..replay import Between, History
from ..replay.demand import Line
from ..replay.waiting import Waiting

Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Waits:
    """A history ready to be measured on many calendars: `coverage(...).seconds`, and nothing else.

    line     the tickets whose end is known
    arrived  those of them that came while `narrowest` was closed: on wider hours no others wait
    """

    line: Line
    arrived: Line
    waiting: Waiting
    waited: int

    @classmethod
    def of(
        cls,
        history: History,
        narrowest: Hours,
        start: str = "reported",
        stop: str = "resolved",
        stopped_by: Set[Holder] = frozenset(),
    ) -> Waits:
        """Every calendar asked later must serve all that `narrowest` serves."""
        line = Line.of(history, start, stop, stopped_by)
        hours = line.compiled(Schedule(narrowest))
        late = np.flatnonzero(hours.elapsed_array(line.starts, line.starts + 1) == 0)
        waiting = Waiting(line.starts, line.ends, line.pauses)
        edges = np.array([line.first, line.last])
        return cls(line, line.take(late), waiting, int(np.diff(waiting.before(edges))[0]))

    def on(self, hours: Hours) -> Between:
        """Return the seconds waited while closed; the bounds of rule R14.

        Cost    O(runs log tickets), and about 60 ns for each ticket that came while closed.
        Source  docs/engine/replay.md, rule R14: between the first opening and the end.
        """
        compiled = self.arrived.compiled(Schedule(hours))
        opens = self.arrived.opening(compiled)
        low = int(self.arrived.active(self.arrived.starts, opens).sum())
        return Between(low, self.waited - self._served(compiled))

    def saved(self, before: Hours, after: Hours) -> Between:
        """Return the seconds waited less on other hours; below zero: more.

        One bound is how much sooner the desk would have opened for those who waited, the other what
        they waited while it would have been open; where hours are given up, the same the other way.
        Source  docs/engine/replay.md, rule R17: what a window would have covered.
        """
        line = self.arrived
        old, new = line.compiled(Schedule(before)), line.compiled(Schedule(after))
        was, would = line.opening(old), line.opening(new)
        sooner = line.active(line.starts, was) - line.active(line.starts, would)
        inside = line.served(new, was) - line.served(old, would)
        figures = (int(sooner.sum()), int(inside.sum()))
        return Between(min(figures), max(figures))

    def _served(self, compiled: Coverage) -> int:
        first, last = self.line.first, self.line.last
        starts = np.clip(compiled.starts, first, last)
        ends = np.clip(compiled.ends, first, last)
        return int((self.waiting.before(ends) - self.waiting.before(starts)).sum())
