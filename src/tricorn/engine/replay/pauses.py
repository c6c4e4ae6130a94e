"""The waits that stop a clock, united for all tickets at once."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Schedule
from .history import History
from .rows import HOLDERS, MISSING, RESOLVED

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
        """Return the pauses of some tickets, in the order of `rows`, their rows counted anew."""
        place = np.full(self.tickets, -1, dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        ticket = place[self.ticket]
        kept = np.flatnonzero(ticket >= 0)
        if (np.diff(ticket[kept]) < 0).any():
            kept = kept[np.argsort(ticket[kept], kind="stable")]
        return Pauses(
            len(rows),
            ticket[kept].astype(np.int64),
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
    return _united(len(history), *_cut(history, starts, ends, stopped_by))


Cut = tuple[npt.NDArray[np.int64], Seconds, Seconds, npt.NDArray[np.bool_]]


def _cut(history: History, starts: Seconds, ends: Seconds, stopped_by: Set[Holder]) -> Cut:
    """Return ticket, start, end and whether it lasts of each such wait, by ticket and start."""
    chosen = np.array([name == RESOLVED or name in stopped_by for name in HOLDERS])
    rows = np.flatnonzero(chosen[history.wait_holder])
    ticket = history.wait_ticket[rows].astype(np.int64, copy=False)
    start = np.maximum(history.wait_start[rows], starts[ticket])
    end, last = history.wait_end[rows], ends[ticket]
    lasts = (end == MISSING) | (end > last)
    np.copyto(end, last, where=lasts)
    del rows, last  # long histories have many waits
    real = (end > start) | (lasts & (end == start))
    if not real.all():
        ticket, start, end, lasts = ticket[real], start[real], end[real], lasts[real]
    following = ticket[1:] - ticket[:-1]
    if not ((following > 0) | ((following == 0) & (start[1:] >= start[:-1]))).all():
        order = np.lexsort((start, ticket))
        ticket, start, end, lasts = ticket[order], start[order], end[order], lasts[order]
    return ticket, start, end, lasts


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
    # A ticket's moments lie apart from the next one's, so one running maximum does for all.
    low = int(start.min())
    shift = ticket * (int(end.max()) - low + 1) - low
    reach = end + shift
    np.maximum.accumulate(reach, out=reach)
    fresh = np.ones(len(ticket), dtype=bool)
    fresh[1:] = (start[1:] + shift[1:] > reach[:-1]) | (ticket[1:] != ticket[:-1])
    if fresh.all():
        return Pauses(tickets, ticket, start, end, lasts)
    first = np.flatnonzero(fresh)
    final = np.append(first[1:], len(ticket)) - 1
    return Pauses(
        tickets,
        ticket[first],
        start[first],
        reach[final] - shift[final],
        np.logical_or.reduceat(lasts, first),
    )
