"""The waits that stop a clock, united for all tickets at once."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Schedule
from .history import HOLDERS, MISSING, RESOLVED, History

Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pauses:
    """Stretches in which clocks stand still: disjoint, cut to start and end, in order.

    One that began in the very moment of the end has no length.

    tickets  how many rows the clocks have
    ticket   row of the ticket, rising; start, end: int64 UTC seconds
    lasts    whether it still lasted when the clock was looked at
    """

    tickets: int
    ticket: npt.NDArray[np.int64]
    start: Seconds
    end: Seconds
    lasts: npt.NDArray[np.bool_]

    def sums(self, values: Seconds) -> Seconds:
        """Return the sum of one value for each pause, by ticket."""
        total = np.zeros(self.tickets, dtype=np.int64)
        if len(values):
            first = np.flatnonzero(np.diff(self.ticket, prepend=-1))
            total[self.ticket[first]] = np.add.reduceat(values, first)
        return total

    def service(self, schedule: Schedule) -> Seconds:
        """Return the service seconds in each pause."""
        return schedule.elapsed_seconds(self.start, self.end)

    def layers(self) -> Iterator[npt.NDArray[np.intp]]:
        """Yield the first pause of every ticket that has one, then the second ones, and so on."""
        if not len(self.ticket):
            return
        fresh = np.diff(self.ticket, prepend=-1) != 0
        first = np.maximum.accumulate(np.where(fresh, np.arange(len(fresh)), 0))
        place = np.arange(len(fresh)) - first
        order = np.argsort(place, kind="stable")
        yield from np.split(order, np.cumsum(np.bincount(place))[:-1])

    def take(self, rows: npt.NDArray[np.intp]) -> Pauses:
        """Return the pauses of some tickets, their rows counted anew; `rows` rises."""
        place = np.full(self.tickets, -1)
        place[rows] = np.arange(len(rows))
        kept = place[self.ticket] >= 0
        return Pauses(
            len(rows),
            place[self.ticket[kept]],
            self.start[kept],
            self.end[kept],
            self.lasts[kept],
        )


def pauses_of(
    history: History, starts: Seconds, ends: Seconds, stopped_by: Set[Holder] = frozenset()
) -> Pauses:
    """Return what stops clocks that run from `starts` to `ends` while these people hold things up.

    Shapes  one start and end for each ticket; where an end lies before its start nothing is paused.
    Cost    O(w log w) in waits.
    Source  docs/engine/clocks.md, rules C6 and C7; docs/engine/replay.md, rule R6.
    """
    chosen = [k for k, name in enumerate(HOLDERS) if name == RESOLVED or Holder(name) in stopped_by]
    rows = np.flatnonzero(np.isin(history.wait_holder, chosen))
    ticket = history.wait_ticket[rows].astype(np.int64)
    last = ends[ticket]
    told = history.wait_end[rows]
    lasts = (told == MISSING) | (told > last)
    start = np.maximum(history.wait_start[rows], starts[ticket])
    end = np.where(lasts, last, told)
    real = (end > start) | (lasts & (end == start))
    return _united(len(history), ticket[real], start[real], end[real], lasts[real])


def _united(
    tickets: int,
    ticket: npt.NDArray[np.int64],
    start: Seconds,
    end: Seconds,
    lasts: npt.NDArray[np.bool_],
) -> Pauses:
    """Join what overlaps or touches, ticket by ticket."""
    if not len(ticket):
        return Pauses(tickets, ticket, start, end, lasts)
    order = np.lexsort((start, ticket))
    ticket, start, end, lasts = ticket[order], start[order], end[order], lasts[order]
    # A ticket's moments lie apart from the next one's, so one running maximum does for all.
    low = int(start.min())
    shift = ticket * (int(end.max()) - low + 1) - low
    reach = np.maximum.accumulate(end + shift)
    fresh = np.concatenate(([True], start[1:] + shift[1:] > reach[:-1]))
    fresh[1:] |= ticket[1:] != ticket[:-1]
    first = np.flatnonzero(fresh)
    final = np.append(first[1:], len(ticket)) - 1
    return Pauses(
        tickets,
        ticket[first],
        start[first],
        reach[final] - shift[final],
        np.logical_or.reduceat(lasts, first),
    )
