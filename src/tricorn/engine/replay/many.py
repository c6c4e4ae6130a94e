"""Many agreements at once: how many tickets each pair of calendar and target would have met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..errors import BadInput
from ..hours import Coverage, Hours, Schedule, Target
from .due import due_over_pauses
from .history import History, Seconds
from .pauses import Pauses, pauses_of
from .rows import MISSING
from .slots import GRIDS, Moments, grid_of

Targets = Sequence[Target | Sequence[Target]]
DAY = 86_400


@dataclass(frozen=True)
class Counts:
    """How many tickets would have met each target on each calendar.

    priorities  the names of the groups, as the source writes them
    n, met      (calendars, targets, priorities) int64: tickets judged, and those on time. Open
                tickets count where they were late already when the log ended
    excluded    tickets whose clock has no stop, or one before its start
    """

    priorities: tuple[str, ...]
    n: npt.NDArray[np.int64]
    met: npt.NDArray[np.int64]
    excluded: int

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """Return the met shares, nan where nothing was judged; the shape of `met`."""
        with np.errstate(invalid="ignore"):
            return self.met / self.n


def reclock_many(
    history: History,
    calendars: Sequence[Hours],
    targets: Targets,
    *,
    start: str = "reported",
    stop: str = "resolved",
    stopped_by: Set[Holder] = frozenset(),
) -> Counts:
    """Judge a history by every pair of a calendar and a target.

    Shapes   a target is one Target for all priorities, or one for each of history.priorities.
    Errors   BadInput for a list of targets of another length.
    Cost     for each calendar 0.3 to 0.5 ms a year to compile and 4 to 6 ns a ticket, as much for
             each pause; 0.1 ns for each ticket and target in service time, 30 ns in service days.
    Memory   24 bytes for each ticket and as much for each pause, beside the history.
    Source   docs/engine/replay.md, rule R12: many at once is the same as one by one.
    """
    wanted = _by_priority(targets, len(history.priorities))
    clocks = _ordered(history, start, stop, stopped_by)
    groups, judged = clocks.groups, len(clocks.starts)
    on_time = np.zeros((len(calendars), len(targets), len(groups), 2), dtype=np.int64)
    for days in {one.days for _, _, one in wanted if one.days is not None}:
        for c, hours in enumerate(calendars):
            kept = clocks.kept(Schedule(hours), Target(days=days))
            for t, p, target in wanted:
                if target.days == days:
                    on_time[c, t, p] = [np.count_nonzero(kept[rows]) for rows in groups[p]]
    elapsed = _Elapsed(clocks)
    del clocks  # what follows needs less of it, and memory is dear for long histories
    is_met = np.empty(judged, dtype=bool)
    for c, service in elapsed.by_calendar(calendars):
        for t, p, target in wanted:
            if target.seconds is not None:
                for k, rows in enumerate(groups[p]):
                    np.less_equal(service[rows], target.seconds, out=is_met[rows])
                    on_time[c, t, p, k] = np.count_nonzero(is_met[rows])
    stopped, running = (
        np.array([pair[k].stop - pair[k].start for pair in groups], dtype=np.int64) for k in (0, 1)
    )
    return Counts(
        priorities=history.priorities,
        n=stopped + running - on_time[..., 1],
        met=on_time[..., 0],
        excluded=len(history) - judged,
    )


@dataclass(frozen=True)
class _Clocks:
    """The clocks to judge, in groups: for each priority those that stopped, then the running ones.

    Within a group those with the most pauses come first, so that the tickets which have an n-th
    pause lie side by side.
    """

    starts: Seconds
    ends: Seconds
    pauses: Pauses
    groups: Sequence[tuple[slice, slice]]

    def kept(self, schedule: Schedule, target: Target) -> npt.NDArray[np.bool_]:
        """Return which are not late by a target in service days."""
        is_running = np.zeros(len(self.starts), dtype=bool)
        for _, rows in self.groups:
            is_running[rows] = True
        due, stands = due_over_pauses(schedule, target, self.starts, self.pauses, is_running)
        return (self.ends <= due) | stands


def _by_priority(targets: Targets, priorities: int) -> list[tuple[int, int, Target]]:
    """Return (place of the target, priority, target) for all of both."""
    found = []
    for t, target in enumerate(targets):
        each = (target,) * priorities if isinstance(target, Target) else tuple(target)
        if len(each) != priorities:
            raise BadInput(
                f"{len(each)} targets do not fit {priorities} priorities. Give one target, or one "
                "for each priority of the history."
            )
        found += [(t, p, one) for p, one in enumerate(each)]
    return found


def _ordered(history: History, start: str, stop: str, stopped_by: Set[Holder]) -> _Clocks:
    starts, told = history.starts(start), history.stops(stop)
    is_running = (told == MISSING) & history.is_open
    ends = np.where(is_running, np.maximum(history.until, starts), told)
    is_judged = (ends != MISSING) & (ends >= starts)
    found = pauses_of(history, starts, ends, stopped_by)
    group = history.priority.astype(np.int32) * 2 + is_running
    many = np.bincount(group[is_judged], minlength=2 * len(history.priorities))
    slices = [slice(a, b) for a, b in pairwise([0, *np.cumsum(many).tolist()])]
    rows = _sorted(group, found)
    rows = rows[is_judged[rows]]
    groups = list(zip(slices[::2], slices[1::2], strict=True))
    return _Clocks(starts[rows], ends[rows], found.take(rows), groups)


def _sorted(group: npt.NDArray[np.int32], pauses: Pauses) -> npt.NDArray[np.intp]:
    """Return the rows by group, those with the most pauses first, else as they were."""
    key = np.bincount(pauses.ticket, minlength=len(group))
    most = int(key.max(initial=0))
    np.subtract(most, key, out=key)
    key += group * np.int64(most + 1)
    return np.argsort(key, kind="stable")


class _Elapsed:
    """Service seconds of the same tickets on one calendar after the other.

    Calendar outermost, so that its table stays in the cache; pauses flattened, the first ones of
    all tickets, then the second ones, so that they are taken away in a few long subtractions.
    """

    def __init__(self, clocks: _Clocks) -> None:
        self.starts, self.ends, pauses = clocks.starts, clocks.ends, clocks.pauses
        order = np.concatenate([np.empty(0, dtype=np.intp), *pauses.layers()])
        self.pause_starts, self.pause_ends = pauses.start[order], pauses.end[order]
        row = pauses.ticket[order]
        del order
        begins = np.flatnonzero(np.diff(row, prepend=-2) != 1).tolist()
        self.stretches = [
            (slice(int(row[a]), int(row[a]) + b - a), slice(a, b))
            for a, b in pairwise([*begins, len(row)])
        ]

    def by_calendar(self, calendars: Sequence[Hours]) -> Iterator[tuple[int, npt.NDArray]]:
        """Yield the index of each calendar and the service seconds on it; the array is reused."""
        if not len(self.starts):
            return
        first, last = int(self.starts.min()) // DAY * DAY, int(self.ends.max()) + 1
        grids: dict[int | None, list[int]] = {grid: [] for grid in (*GRIDS, None)}
        for c, hours in enumerate(calendars):
            grids[grid_of(_coverage(hours, first, last), first, last)].append(c)
        for grid, chosen in grids.items():
            if not chosen:
                continue
            if grid is None:
                yield from self._exactly(calendars, chosen)
            else:
                yield from self._on_grid(calendars, chosen, (first, last, grid))

    def _on_grid(
        self, calendars: Sequence[Hours], chosen: Sequence[int], bounds: tuple[int, int, int]
    ) -> Iterator[tuple[int, npt.NDArray]]:
        tickets = Moments.of(self.starts, self.ends, *bounds)
        paused = Moments.of(self.pause_starts, self.pause_ends, *bounds)
        service = np.empty(len(self.starts), dtype=np.int32)
        held = np.empty(len(self.pause_starts), dtype=np.int32)
        for c in chosen:
            packed = tickets.pack(_coverage(calendars[c], *bounds[:2]))
            tickets.elapsed(packed, service)
            paused.elapsed(packed, held)
            self._take_away(service, held)
            yield c, service

    def _exactly(
        self, calendars: Sequence[Hours], chosen: Sequence[int]
    ) -> Iterator[tuple[int, npt.NDArray]]:
        """For calendars with edges on no grid, or over too many years for short tables."""
        for c in chosen:
            schedule = Schedule(calendars[c])
            service = schedule.elapsed_seconds(self.starts, self.ends)
            self._take_away(service, schedule.elapsed_seconds(self.pause_starts, self.pause_ends))
            yield c, service

    def _take_away(self, service: npt.NDArray, held: npt.NDArray) -> None:
        for rows, part in self.stretches:
            service[rows] -= held[part]


def _coverage(hours: Hours, first: int, last: int) -> Coverage:
    return Schedule(hours).coverage(*(datetime.fromtimestamp(at, UTC) for at in (first, last)))
