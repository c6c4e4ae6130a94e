"""What is counted of judged tickets: attainment by clause, priority and month; the clock gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..agreement import Clause
from ..measures import Share, share

if TYPE_CHECKING:
    from .reclock import Reclocked

HOUR = 3600


@dataclass(frozen=True)
class Attained:
    """How often one clause was met: by all its tickets, those of a priority, or of a month.

    `priority` is named as the source names it, `month` is like "2026-10"; None stands for all.
    """

    clause: str
    priority: str | None
    month: str | None
    share: Share


@dataclass(frozen=True)
class Times:
    """Hours of a group of tickets: median and 90th percentile (nearest rank), and the sum."""

    median: float
    p90: float
    total: float


@dataclass(frozen=True)
class ClockGap:
    """One clause by its own clock beside the clock on the wall.

    n              tickets whose clock has stopped
    contract, wall their hours by either clock; None when n is 0
    attained       share met by the contract's clock
    attained_wall  share whose time on the wall is within the same target; None for service days
    points         the difference in percentage points; None when there is none to say
    """

    clause: str
    n: int
    contract: Times | None
    wall: Times | None
    attained: Share
    attained_wall: Share | None

    @property
    def points(self) -> float | None:
        if self.attained_wall is None or not self.n:
            return None
        return 100 * (self.attained.met - self.attained_wall.met) / self.n


def attained(found: Reclocked, by: str = "clause") -> tuple[Attained, ...]:
    """Return attainment by "clause", "priority" or "month", in the order of the agreement.

    Errors  ValueError for another word.
    Source  docs/engine/replay.md, rules R8 and R9.
    """
    if by not in ("clause", "priority", "month"):
        raise ValueError(f"Attainment is counted by clause, priority or month, not by {by}.")
    groups: list[Attained] = []
    for k, clause in enumerate(found.agreement.clauses):
        rows, met = found.judged(k)
        if by == "clause":
            groups.append(Attained(clause.id, None, None, share(int(met.sum()), len(rows))))
            continue
        codes, names = (
            (found.priority[rows], found.history.priorities)
            if by == "priority"
            else (found.months[rows], ())
        )
        for code, n, kept in _counted(codes, met):
            groups.append(
                Attained(
                    clause.id,
                    names[code] if by == "priority" else None,
                    month_name(code) if by == "month" else None,
                    share(kept, n),
                )
            )
    return tuple(groups)


def clock_gap(found: Reclocked, k: int) -> ClockGap:
    """Compare both clocks over the tickets of a clause that have stopped.

    Source  docs/engine/replay.md, rule R10: the clock gap.
    """
    clause: Clause = found.agreement.clauses[k]
    rows, met = found.judged(k)
    stopped = ~found.is_running(k)[rows]
    rows, met = rows[stopped], met[stopped]
    wall = found.stop_at(k)[rows] - found.start_at(k)[rows]
    seconds = clause.target.seconds
    within = None if seconds is None else share(int((wall <= seconds).sum()), len(rows))
    return ClockGap(
        clause=clause.id,
        n=len(rows),
        contract=_times(found.elapsed(k)[rows]),
        wall=_times(wall),
        attained=share(int(met.sum()), len(rows)),
        attained_wall=within,
    )


def month_name(code: int) -> str:
    """Return the name of a month that is counted from January 1970."""
    return f"{1970 + code // 12:04d}-{code % 12 + 1:02d}"


def _counted(
    codes: npt.NDArray[np.signedinteger], met: npt.NDArray[np.bool_]
) -> Iterator[tuple[int, int, int]]:
    """Yield each code with how many have it and how many of those met, in order."""
    found, place = np.unique(codes, return_inverse=True)
    n = np.bincount(place, minlength=len(found))
    kept = np.bincount(place[met], minlength=len(found))
    yield from zip(found.tolist(), n.tolist(), kept.tolist(), strict=True)


def _times(seconds: npt.NDArray[np.int64]) -> Times | None:
    n = len(seconds)
    if not n:
        return None
    middle, high = (n - 1) // 2, -(-n * 9 // 10) - 1
    ordered = np.partition(seconds, (middle, high))
    return Times(int(ordered[middle]) / HOUR, int(ordered[high]) / HOUR, int(seconds.sum()) / HOUR)
