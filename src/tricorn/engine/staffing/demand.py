"""The tickets that people have to begin: when they came, and how pressing each was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from ..errors import BadInput
from ..hours import Hours, Schedule
from ..replay import History, read_priorities
from ..replay.reclock import PriorityAt
from .simulate import Codes

Seconds = npt.NDArray[np.int64]
HOUR, DAY, WEEK_HOURS = 3600, 86_400, 168
PRESSING = ("critical", "high", "moderate", "low")
_THURSDAY = 72  # 1970 began on a Thursday


@dataclass(frozen=True)
class Demand:
    """Tickets by their report.

    arrivals    int64 UTC seconds, one for each ticket, in any order
    priority    codes into `priorities`, which are named as the source writes them
    ranks       for each priority how pressing it is, 0 first; two may be alike
    notes       sentences about what was assumed
    Errors      BadInput for no tickets, or columns that do not fit.
    """

    arrivals: Seconds
    priority: Codes
    priorities: tuple[str, ...]
    ranks: tuple[int, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.arrivals):
            raise BadInput("There are no tickets, so nobody would have anything to do.")
        if len(self.arrivals) != len(self.priority) or len(self.priorities) != len(self.ranks):
            raise BadInput("Every ticket has a report and a priority, every priority a rank.")

    def __len__(self) -> int:
        return len(self.arrivals)

    @classmethod
    def of(
        cls,
        history: History,
        *,
        order: Sequence[str] | None = None,
        start: str = "reported",
        priority_at: PriorityAt = "final",
    ) -> Demand:
        """Take the tickets of a history as they came.

        order        priorities as the source writes them, the most pressing first; those that it
                     leaves out come last. Not given, they are read by their words and numbers.
        priority_at  as in `reclock`
        Errors       BadInput for a history without tickets, or an order that names no priority
                     of it.
        Source       docs/engine/staffing.md, rule S7.
        """
        ranks, lost = _ranks(history.priorities, order)
        notes = (f"Taken last, as nobody can tell how pressing they are: {', '.join(lost)}.",)
        final = priority_at == "final"
        return cls(
            arrivals=history.starts(start),
            priority=history.priority if final else history.priority_opened,
            priorities=history.priorities,
            ranks=ranks,
            notes=notes if lost and len(ranks) > 1 else (),
        )

    @property
    def rank(self) -> Codes:
        """How pressing each ticket is, 0 first."""
        return np.array(self.ranks, dtype=np.int64)[self.priority]

    @property
    def digest(self) -> str:
        """The same for the same tickets, and for no others."""
        columns = (self.arrivals.astype(np.int64), self.rank.astype(np.int64))
        return sha256(b"".join(column.tobytes() for column in columns)).hexdigest()

    @property
    def period(self) -> tuple[int, int]:
        """From the first report to the last, a week at least.

        Source  docs/engine/staffing.md, rule S9.
        """
        first = int(self.arrivals.min())
        return first, max(int(self.arrivals.max()) + 1, first + 7 * DAY)

    def drawing(self, zone: str) -> Drawing:
        """Prepare to draw other tickets of the same kind, by the hours of the week in a zone.

        Errors  BadCalendar for a zone that is none.
        """
        return Drawing(self, Schedule(Hours.always(zone)))


def _ranks(names: Sequence[str], order: Sequence[str] | None) -> tuple[tuple[int, ...], list[str]]:
    """Return how pressing each priority is, and the names that nobody can read."""
    if order is None:
        read = read_priorities(names)
        known = {name: PRESSING.index(plain) for name in names if (plain := read[name])}
    else:
        if unknown := [name for name in order if name not in names]:
            choices = ", ".join(name or "(none)" for name in names)
            raise BadInput(f"No ticket has the priority {unknown[0]!r:.40}. There are: {choices}.")
        known = {name: rank for rank, name in enumerate(order)}
    last = max(known.values(), default=-1) + 1
    lost = [name or "(none)" for name in names if name not in known]
    return tuple(known.get(name, last) for name in names), lost


class Drawing:
    """Tickets as they could have come: Poisson, with the rate of each hour of the week.

    Each has the priority of a real ticket that came in the same hour of the week.
    Source  docs/engine/staffing.md, rule S10.
    """

    def __init__(self, demand: Demand, schedule: Schedule) -> None:
        self.demand = demand
        first, last = int(demand.arrivals.min()), int(demand.arrivals.max())
        shift = int(schedule.offsets(demand.arrivals[:1])[0]) % HOUR  # hours begin on local ones
        self.hours = np.arange((first + shift) // HOUR, (last + shift) // HOUR + 1) * HOUR - shift
        self.place = _hour_of_week(schedule, self.hours)
        came = _hour_of_week(schedule, demand.arrivals)
        self.rows = np.argsort(came, kind="stable")
        self.many = np.bincount(came, minlength=WEEK_HOURS)
        self.begin = np.cumsum(self.many) - self.many
        seen = np.bincount(self.place, minlength=WEEK_HOURS)
        self.rate = self.many / np.maximum(seen, 1)

    def draw(self, random: np.random.Generator) -> Demand:
        counts = random.poisson(self.rate[self.place])
        if not counts.any():
            return self.demand
        hour, place = np.repeat(self.hours, counts), np.repeat(self.place, counts)
        arrivals = np.sort(hour + random.integers(0, HOUR, len(hour)))
        pick = self.begin[place] + (random.random(len(hour)) * self.many[place]).astype(np.int64)
        return replace(
            self.demand, arrivals=arrivals, priority=self.demand.priority[self.rows[pick]]
        )


def _hour_of_week(schedule: Schedule, at: Seconds) -> Seconds:
    """The local hour of the week of each moment, 0 for Monday 00:00 to 167."""
    place: Seconds = ((at + schedule.offsets(at)) // HOUR + _THURSDAY) % WEEK_HOURS
    return place
