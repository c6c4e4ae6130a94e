"""Service hours compiled to UTC: disjoint runs of seconds, and what can be asked of them.

Everything here is whole UTC seconds, as ints or int64 arrays. `covered(t)` counts the covered
seconds before t; elapsed time is a difference of two, a due time is its inverse.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from .daytable import DayTable, Pieces
from .runtable import BLOCK, RunTable
from .stepindex import NEVER, StepIndex
from .zone import Offsets

Seconds = npt.NDArray[np.int64]
DAY = 86_400


class Coverage:
    """The covered runs of one calendar between `first` and `last`, and its service days.

    starts, ends  int64, runs in order, disjoint and not touching, within [first, last].
    days          int64, local dates (days since 1970-01-01) on which a window opens, in order.
    Errors        none are checked here: moments must lie within [first, last], ends after starts.
    NEVER         stands for "not before `last`"; a longer coverage may know more.
    Source        docs/engine/hours.md, rules H1, H5 to H8.
    """

    def __init__(
        self, bounds: tuple[int, int], starts: Seconds, ends: Seconds, days: Seconds, zone: Offsets
    ) -> None:
        self.first, self.last = bounds
        self.starts, self.ends, self.days, self.zone = starts, ends, days, zone
        done = np.cumsum(ends - starts)
        self.before: Seconds = np.concatenate(([0], done)).astype(np.int64)  # covered before run k
        self.total = int(self.before[-1])
        self._starts: list[int] = starts.tolist()
        self._ends: list[int] = ends.tolist()
        self._before: list[int] = self.before.tolist()
        self._done: list[int] = done.tolist()
        self._days: list[int] = days.tolist()
        self._day_tables: dict[int, DayTable] = {}

    # One moment

    def covered(self, at: int) -> int:
        k = bisect_right(self._starts, at) - 1
        if k < 0:
            return 0
        since = at - self._starts[k] + self._before[k]
        done = self._done[k]
        return since if since < done else done

    def elapsed(self, start: int, end: int) -> int:
        return self.covered(end) - self.covered(start)

    def is_open(self, at: int) -> bool:
        k = bisect_right(self._starts, at) - 1
        return k >= 0 and at < self._ends[k]

    def next_open(self, at: int) -> int:
        """The first covered second at or after `at`."""
        k = bisect_right(self._ends, at)
        if k == len(self._ends):
            return NEVER
        start = self._starts[k]
        return start if start > at else at

    def next_close(self, at: int) -> int:
        """The end of the run that is open at `at`, or of the next one."""
        k = bisect_right(self._ends, at)
        return NEVER if k == len(self._ends) or self._ends[k] >= self.last else self._ends[k]

    def reached(self, amount: int) -> int:
        """The first moment before which `amount` seconds are covered: where a run ends, its end."""
        k = bisect_left(self._done, amount)
        return NEVER if k == len(self._done) else self._starts[k] + amount - self._before[k]

    def exceeded(self, amount: int) -> int:
        """The last moment before which no more than `amount` are covered: the next start."""
        k = bisect_right(self._done, amount)
        return NEVER if k == len(self._done) else self._starts[k] + amount - self._before[k]

    def due(self, start: int, seconds: int) -> int:
        """The first moment at which `seconds` of service time have passed since `start`."""
        return self.reached(self.covered(start) + seconds) if seconds > 0 else start

    def due_days(self, start: int, days: int) -> int:
        """The same local time `days` service days later (rule H7)."""
        begin = self.next_open(start)
        if begin == NEVER:
            return NEVER
        day, clock = divmod(begin + self.zone.at(begin), DAY)
        k = bisect_right(self._days, day) + days - 1
        if k >= len(self._days):
            return NEVER
        return self.next_open(self.zone.from_local(self._days[k] * DAY + clock)[0])

    def runs(self, start: int, end: int) -> list[tuple[int, int]]:
        """The covered runs within [start, end), cut at both."""
        k, m = bisect_right(self._ends, start), bisect_left(self._starts, end)
        pairs = zip(self._starts[k:m], self._ends[k:m], strict=True)
        return [(max(s, start), min(e, end)) for s, e in pairs]

    # Many moments at once

    @cached_property
    def table(self) -> RunTable:
        return RunTable(self.first, self.last, self.starts, self.ends, self.before)

    def elapsed_array(self, starts: Seconds, ends: Seconds) -> Seconds:
        return self.table.elapsed(starts, ends)

    def next_open_array(self, at: Seconds) -> Seconds:
        return np.maximum(at, np.append(self.starts, NEVER)[self._by_end.find(at, "right")])

    def due_array(self, starts: Seconds, seconds: Seconds | int) -> Seconds:
        """`due` for each start; one number of seconds for all, or one each."""
        return self._after(starts, seconds, "left")

    def kept_array(self, starts: Seconds, seconds: Seconds | int) -> Seconds:
        """The last moment at which each promise is kept: `exceeded` of the same amounts."""
        return self._after(starts, seconds, "right")

    def due_days_array(self, starts: Seconds, days: int) -> Seconds:
        """One number of service days after each start, one-dimensional."""
        if len(starts) < len(self.days) // 2 or not len(self.days):
            return self.due_days_plain(starts, days)
        table = self._days_table(days)
        due = np.empty(len(starts), dtype=np.int64)
        for k in range(0, len(starts), BLOCK):
            part = starts[k : k + BLOCK]
            found, rest = table.due(part)
            if len(rest):
                found[rest] = self.due_days_plain(part[rest], days)
            due[k : k + BLOCK] = found
        return due

    def due_days_plain(self, starts: Seconds, days: int) -> Seconds:
        """The same, step by step as in `due_days`."""
        begin = self.next_open_array(starts)
        lost = begin == NEVER
        begin[lost] = self.last
        local = begin + self.zone.at_array(begin)
        day = local // DAY
        k = np.searchsorted(self.days, day, side="right") + days - 1
        lost |= k >= len(self.days)
        target = np.append(self.days, self.last // DAY)[np.minimum(k, len(self.days))]
        utc, _ = self.zone.from_local_array(target * DAY + local - day * DAY)
        due = self.next_open_array(utc)
        due[lost] = NEVER
        return due

    def _days_table(self, days: int) -> DayTable:
        if days not in self._day_tables:
            self._day_tables[days] = DayTable(self, self._pieces, days)
        return self._day_tables[days]

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(self)

    @cached_property
    def _by_end(self) -> StepIndex:
        return StepIndex(self.ends)

    @cached_property
    def _by_amount(self) -> StepIndex:
        return StepIndex(self.before[1:])

    def _after(
        self, starts: Seconds, seconds: Seconds | int, side: Literal["left", "right"]
    ) -> Seconds:
        """Where covered() has grown by so many seconds, block by block."""
        shift = np.append(self.starts - self.before[:-1], 0)
        out = np.empty(len(starts), dtype=np.int64)
        for k in range(0, len(starts), BLOCK):
            part = slice(k, k + BLOCK)
            amount = self.table.covered(starts[part])
            amount += seconds if isinstance(seconds, int) else seconds[part]
            run = self._by_amount.find(amount, side)
            found = np.add(amount, np.take(shift, run), out=out[part])
            if int(run.max()) == len(self.starts):
                found[run == len(self.starts)] = NEVER
        return out
