"""How long each ticket lasted in every quarter of an hour of the week: any week is then a sum.

The time of a clock in a window of the week is a difference of two columns, so thousands of weeks are
tried in the time of a few. On the day of a clock change a column may be an hour off; what is
chosen in the end is chosen by the exact clocks.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from .weeks import DAY, Week, Windows

Seconds = npt.NDArray[np.int64]
Column = npt.NDArray[np.int32]
THURSDAY = 3  # 1970-01-01, counted from Monday


class Cells:
    """Columns [weekday, edge]: seconds on that weekday before that time of day.

    starts, ends  local seconds, one for each ticket
    pauses        (row of the ticket, local start, local end), rows rising
    """

    def __init__(
        self, starts: Seconds, ends: Seconds, pauses: tuple[Seconds, Seconds, Seconds], step: int
    ) -> None:
        self.plain, self.closed = self, tuple[int, ...]()
        self.step, self.edges = step, np.arange(0, DAY + 1, step, dtype=np.int64)
        self.starts, self.ends, self.pauses = starts, ends, pauses
        base = int(starts.min()) // DAY * DAY if len(starts) else 0
        self.base = (base // DAY + THURSDAY) // 7 * 7 * DAY - THURSDAY * DAY
        self.columns = self._before(ends) - self._before(starts)
        rows, first, last = pauses
        if len(rows):
            held = self._before(last) - self._before(first)
            self.columns -= _by_ticket(held, rows, len(starts))

    def without(self, days: Iterable[int]) -> Cells:
        """Return the same without these local dates, counted from 1970-01-01."""
        found = object.__new__(Cells)
        found.__dict__.update(self.__dict__)
        found.plain, found.closed = self, tuple(days)
        found.columns = self.columns.copy()
        for day in found.closed:
            found.columns[(day + THURSDAY) % 7] -= self.on(day)
        return found

    def on(self, day: int) -> Column:
        """Return (edges, tickets): the seconds on one local date before each time of day."""

        def before(moments: Seconds) -> Seconds:
            return np.minimum(np.clip(moments - day * DAY, 0, DAY), self.edges[:, None])

        found = before(self.ends) - before(self.starts)
        rows, first, last = self.pauses
        if len(rows):
            found -= _by_ticket((before(last) - before(first))[None], rows, len(self.starts))[0]
        return found.astype(np.int32)

    def within(self, day: int, windows: Windows) -> Seconds:
        """Return the seconds of each ticket in the windows that open on one local date."""
        found = np.zeros(len(self.starts), dtype=np.int64)
        rows, first, last = self.pauses
        for start, end in windows:
            a, b = day * DAY + start, day * DAY + end
            found += np.clip(self.ends, a, b) - np.clip(self.starts, a, b)
            if len(rows):
                held = np.clip(last, a, b) - np.clip(first, a, b)
                found -= _by_ticket(held, rows, len(self.starts))
        return found

    def elapsed(self, week: Week) -> Column:
        """Return the seconds of each ticket within the windows of a week."""
        if self.closed and any(end > DAY for day in week for _, end in day):
            return self._past_midnight(week)
        total = np.zeros(len(self.starts), dtype=np.int32)
        for k, day in enumerate(week):
            for start, end in day:
                total += self.columns[k, min(end, DAY) // self.step]
                total -= self.columns[k, start // self.step]
                if end > DAY:
                    total += self.columns[(k + 1) % 7, (end - DAY) // self.step]
        return total

    def _past_midnight(self, week: Week) -> Column:
        """The same where windows run into the next date: they belong to the date they open on."""
        total = self.plain.elapsed(week)
        for day in self.closed:
            windows = week[(day + THURSDAY) % 7]
            if windows:
                total -= self.plain.within(day, windows).astype(np.int32)
        return total

    def _before(self, moments: Seconds) -> Column:
        weeks, rest = np.divmod(moments - self.base, 7 * DAY)
        day, clock = np.divmod(rest, DAY)
        found = np.empty((7, len(self.edges), len(moments)), dtype=np.int32)
        for k in range(7):
            whole = weeks + (day > k)
            part = np.where(day == k, clock, 0)
            found[k] = whole * self.edges[:, None] + np.minimum(part, self.edges[:, None])
        return found


def _by_ticket(values: npt.NDArray, rows: Seconds, tickets: int) -> npt.NDArray:
    """Sum the last axis by ticket; rows rise."""
    total = np.zeros((*values.shape[:-1], tickets), dtype=values.dtype)
    first = np.flatnonzero(np.diff(rows, prepend=-1))
    total[..., rows[first]] = np.add.reduceat(values, first, axis=-1)
    return total
