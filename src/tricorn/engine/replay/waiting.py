"""How many wait at any time, and how long all together: one running sum for all tickets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..hours import Coverage
from .pauses import Pauses

Seconds = npt.NDArray[np.int64]
HOUR, DAY, WEEK_HOURS = 3600, 86_400, 168
_THURSDAY = 72  # 1970 began on a Thursday


class Waiting:
    """Tickets that wait from their start to their end, pauses left out.

    `before(t)` sums over all tickets what they have waited by t, in ticket-seconds; so the waiting
    in any stretch is a difference of two, whatever the number of tickets.
    """

    def __init__(self, starts: Seconds, ends: Seconds, pauses: Pauses) -> None:
        self.begins = np.concatenate((starts, pauses.end))
        self.stops = np.concatenate((ends, pauses.start))
        self.begins.sort()
        self.stops.sort()
        self.zero = int(self.begins[0]) if len(self.begins) else 0
        self._begun, self._stopped = (_sums(each - self.zero) for each in (self.begins, self.stops))

    def before(self, at: Seconds) -> Seconds:
        begun = np.searchsorted(self.begins, at)
        stopped = np.searchsorted(self.stops, at)
        waiting = (begun - stopped) * (at - self.zero)
        return waiting - self._begun[begun] + self._stopped[stopped]

    def by_hour_of_week(self, hours: Coverage, first: int, last: int) -> tuple[Seconds, Seconds]:
        """Return ticket-seconds by local hour of the week: all, and those while closed.

        Shapes  two int64 arrays of 168, Monday 00:00 first; [first, last] within the coverage.
        Source  docs/engine/replay.md, rule R15: hours of the week are local ones.
        """
        edges = _edges(hours, first, last)
        amount = np.diff(self.before(edges))
        place = hour_of_week(hours, edges[:-1])
        closed = np.where(is_open(hours, edges[:-1]), 0, amount)
        found = np.zeros((2, WEEK_HOURS), dtype=np.int64)
        np.add.at(found[0], place, amount)
        np.add.at(found[1], place, closed)
        return found[0], found[1]


def _sums(values: Seconds) -> Seconds:
    """Return the sum of the values before each place, and of all."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def hour_of_week(hours: Coverage, at: Seconds) -> npt.NDArray[np.int64]:
    """Return the local hour of the week of each moment, 0 for Monday 00:00 to 167."""
    place: npt.NDArray[np.int64] = ((at + hours.zone.at_array(at)) // HOUR + _THURSDAY) % WEEK_HOURS
    return place


def is_open(hours: Coverage, at: Seconds) -> npt.NDArray[np.bool_]:
    open_: npt.NDArray[np.bool_] = hours.elapsed_array(at, at + 1) > 0
    return open_


def _edges(hours: Coverage, first: int, last: int) -> Seconds:
    """Every moment at which the local hour, the offset or the desk changes, and both ends."""
    zone = hours.zone
    begins = np.maximum(zone.begins, first).tolist()
    parts = [np.array([first, last]), hours.starts, hours.ends, zone.begins]
    for begin, end, offset in zip(begins, [*begins[1:], last], zone.offsets.tolist(), strict=True):
        if begin < end:
            parts.append(np.arange(-(-(begin + offset) // HOUR) * HOUR - offset, end, HOUR))
    edges = np.unique(np.concatenate(parts))
    return edges[(edges >= first) & (edges <= last)]
