"""Which figures of a study somebody may read who must not learn of single people."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tricorn.engine.hours import Schedule
from tricorn.engine.replay import History, Uncovered
from tricorn.engine.replay.figures import month_name

from .case import Case
from .coverage import came_while_closed, waits_otherwise
from .study import differing

Mask = npt.NDArray[np.bool_]
# Says of groups of tickets which counts may be shown beside one another, in their order.
Showing = Callable[[History, Sequence[Mask]], Sequence[bool]]
# Says of the cells of a table which counts may be shown: codes of the tickets, number of cells.
Celling = Callable[[History, npt.NDArray[np.int64], int], Mask]
HIDDEN = "too few people to say"


@dataclass(frozen=True)
class Veil:
    """What may be shown, by what it is about.

    ("all",)                          every ticket
    ("sooner", k)                     wait for another opening under agreement k than today
    ("closed", k)                     came while closed under agreement k
    ("judged", k, clause), ("met", …) of a clause
    ("gained", k), ("lost", k)        would have met an open desk, or no longer
    ("better", k), ("worse", k)       on time instead of late, or the other way round
    months                            (k, clause) -> which months of a clause, like "2026-10"
    cells                             7 x 24: which hours of the week
    """

    may: Mapping[tuple[Hashable, ...], bool]
    months: Mapping[tuple[int, str], frozenset[str]]
    cells: Mask

    def tells(self, *about: Hashable) -> bool:
        return self.may[about]

    def clause(self, k: int, clause: str) -> bool:
        return self.tells("judged", k, clause) and self.tells("met", k, clause)

    def waited(self, k: int) -> bool:
        """Whether it may be said how long people waited under an agreement for the desk to open.

        Beside today's hours they tell the wait of those whose opening is another one.
        """
        return (
            self.tells("closed", 0)
            and self.tells("closed", k)
            and (k == 0 or self.tells("sooner", k))
        )

    def over(self, missed: Uncovered) -> npt.NDArray[np.int64]:
        """Return the tickets by hour of the week, those that may not be shown as 0."""
        return np.where(self.cells, missed.week.tickets, 0)


def veil_of(case: Case, showing: Showing, celling: Celling) -> Veil:
    """Work out what may be shown of a case: what matters most comes first."""
    groups: dict[tuple[Hashable, ...], Mask] = {("all",): np.ones(len(case.history), dtype=bool)}
    closed = [came_while_closed(case.judged(k)) for k in range(len(case.names))]
    for k, while_closed in enumerate(closed):
        groups["closed", k] = while_closed
    for k in range(len(case.names)):
        for n, clause in enumerate(case.judged(k).agreement.clauses):
            judged, met = _masks(case, k, n)
            groups["judged", k, clause.id], groups["met", k, clause.id] = judged, met
    for k in range(1, len(case.names)):
        better, worse = differing(case.judged(0), case.judged(k))
        groups["gained", k] = closed[0] & ~closed[k]
        groups["lost", k] = ~closed[0] & closed[k]
        groups["sooner", k] = waits_otherwise(case.judged(0), case.judged(k), case.waits)
        groups["better", k], groups["worse", k] = _mask(case, better), _mask(case, worse)
    told = showing(case.history, list(groups.values()))
    may = dict(zip(groups, map(bool, told), strict=True))
    months = {
        (k, clause.id): _months(case, k, n, celling)
        for k in range(len(case.names))
        for n, clause in enumerate(case.judged(k).agreement.clauses)
        if may["judged", k, clause.id] and may["met", k, clause.id]
    }
    codes = _hours_of_week(case)
    return Veil(may, months, celling(case.history, codes, 168).reshape(7, 24))


def _months(case: Case, k: int, n: int, celling: Celling) -> frozenset[str]:
    """Return the months of a clause of which may be said how many, and how many on time.

    Both are cells of one table, so what is hidden of it is about enough people together.
    """
    found = case.judged(k)
    judged, met = _masks(case, k, n)
    if not judged.any():
        return frozenset()
    first = int(found.months[judged].min())
    many = int(found.months[judged].max()) - first + 1
    codes = np.where(judged, 2 * (found.months - first) + met, -1)
    told = celling(case.history, codes, 2 * many).reshape(many, 2).all(axis=1)
    return frozenset(month_name(first + month) for month in np.flatnonzero(told).tolist())


def _masks(case: Case, k: int, n: int) -> tuple[Mask, Mask]:
    rows, met = case.judged(k).judged(n)
    return _mask(case, rows), _mask(case, rows[met])


def _mask(case: Case, rows: npt.NDArray[np.intp]) -> Mask:
    mask = np.zeros(len(case.history), dtype=bool)
    mask[rows] = True
    return mask


def _hours_of_week(case: Case) -> npt.NDArray[np.int64]:
    """Return the local hour of the week of each report, Monday first."""
    found = case.judged(0)
    agreement = found.agreement
    schedule = Schedule(agreement.hours[agreement.clauses[0].hours])
    local = case.history.reported + schedule.offsets(case.history.reported)
    return (local // 3600 + 3 * 24) % 168  # 1 January 1970 was a Thursday
