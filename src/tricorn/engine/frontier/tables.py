"""Every combination measured: what it costs, who waits, how often its promises were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..agreement import Agreement, Clause
from ..hours import Hours
from ..rates import Priced
from ..replay import Between, History, reclock, reclock_many
from ..replay.reclock import PriorityAt
from .asked import Grid
from .waits import Waits

CHUNK = 16  # calendars measured at a time: compiled once for all three questions
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Tables:
    """What is known of every combination.

    priced  one for each calendar
    waits   the same: seconds waited while closed
    n, met  by clause: (calendars, targets of that clause) int64
    places  (choices, clauses): which of the targets of a clause a choice means
    """

    priced: tuple[Priced, ...]
    waits: tuple[Between, ...]
    n: Mapping[str, npt.NDArray[np.int64]]
    met: Mapping[str, npt.NDArray[np.int64]]
    places: Mapping[str, npt.NDArray[np.intp]]

    def reach(self, share: Fraction) -> npt.NDArray[np.bool_]:
        """Return which combinations meet a share in every clause, exactly: (calendars, choices)."""
        found = np.ones(self._shape, dtype=bool)
        for name, place in self.places.items():
            n, met = self.n[name][:, place], self.met[name][:, place]
            found &= (met * share.denominator >= n * share.numerator) & (n > 0)
        return found

    def least(self) -> npt.NDArray[np.float64]:
        """Return the smallest share of any clause; -1 where one has no tickets."""
        found = np.ones(self._shape)
        for name, place in self.places.items():
            n, met = self.n[name][:, place], self.met[name][:, place]
            found = np.minimum(found, np.where(n > 0, met / np.maximum(n, 1), -1.0))
        return found

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.priced), len(next(iter(self.places.values())))


def measure(
    history: History,
    agreement: Agreement,
    grid: Grid,
    clauses: tuple[Clause, ...],
    waits: Waits,
    price: Callable[[int], Priced],
    *,
    mapping: Mapping[str, str] | None,
    priority_at: PriorityAt,
    progress: Progress | None,
) -> Tables:
    """Measure every combination.

    Source  docs/engine/price.md, rule P15: what a search measures.
    """
    decided = _decided(history, agreement, clauses, mapping, priority_at)
    total = len(grid.calendars)
    edges = [*range(0, total, CHUNK), total]
    priced: list[Priced] = []
    waited: list[Between] = []
    counts: dict[str, list[npt.NDArray[np.int64]]] = {clause.id: [] for clause in clauses}
    for a, b in pairwise(edges):
        weeks = [hours for _, hours in grid.calendars[a:b]]
        waited += [waits.on(hours) for hours in weeks]
        for clause in clauses:
            moves = clause.hours == grid.name
            calendars = weeks if moves else [agreement.hours[clause.hours]]
            targets = grid.targets.get(clause.id, (clause.target,))
            found = _counts(decided[clause.id], clause, calendars, targets)
            counts[clause.id].append(found if moves else np.repeat(found, len(weeks), axis=1))
        priced += [price(k) for k in range(a, b)]
        if progress is not None:
            progress(b, total)
    joined = {name: np.concatenate(found, axis=1) for name, found in counts.items()}
    return Tables(
        tuple(priced),
        tuple(waited),
        {name: found[0] for name, found in joined.items()},
        {name: found[1] for name, found in joined.items()},
        {clause.id: _places(grid, clause) for clause in clauses},
    )


def _decided(
    history: History,
    agreement: Agreement,
    clauses: tuple[Clause, ...],
    mapping: Mapping[str, str] | None,
    priority_at: PriorityAt,
) -> dict[str, History]:
    """Return the tickets that each clause decides: hours and targets do not change which."""
    found = reclock(history, agreement, mapping=mapping, priority_at=priority_at)
    return {
        clause.id: history.take(
            found.by_stop[clause.stop].clause == agreement.clauses.index(clause)
        )
        for clause in clauses
    }


def _counts(
    history: History, clause: Clause, calendars: list[Hours], targets: tuple
) -> npt.NDArray[np.int64]:
    """Return n and met: (2, calendars, targets)."""
    found = reclock_many(
        history,
        calendars,
        targets,
        start=clause.start,
        stop=clause.stop,
        stopped_by=clause.stopped_by,
    )
    return np.stack([found.n.sum(axis=2), found.met.sum(axis=2)])


def _places(grid: Grid, clause: Clause) -> npt.NDArray[np.intp]:
    targets = grid.targets.get(clause.id, (clause.target,))
    return np.array(
        [targets.index(choice.get(clause.id, clause.target)) for choice in grid.choices],
        dtype=np.intp,
    )
