"""Who came while the desk was closed, when clauses of one agreement have hours of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from tricorn.engine.agreement import Agreement
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Schedule
from tricorn.engine.measures import share
from tricorn.engine.replay import (
    Between,
    Compared,
    Extra,
    Gain,
    History,
    Reclocked,
    Uncovered,
    Week,
    compared,
    coverage,
)
from tricorn.engine.replay.caveats import caveats_of
from tricorn.engine.replay.demand import Line
from tricorn.engine.replay.rows import MISSING

ENDS = ("resolved", "closed", "first_response")


@dataclass(frozen=True)
class Waits:
    """Which waiting counts: to which end, and without whose waits."""

    stop: str
    stopped_by: Set[Holder]

    @classmethod
    def of(cls, history: History, agreement: Agreement) -> Waits:
        """Take the end that the log knows best and the pauses of today's agreement.

        Every option is measured by the same waiting, so that their figures can be compared.
        """
        ends = [stop for stop in ENDS[:2] if (history.stops(stop) >= 0).any()] or ["resolved"]
        named = [clause.stopped_by for clause in agreement.clauses if clause.stop in ENDS[:2]]
        return cls(ends[0], frozenset().union(*named))


def hours_by_ticket(found: Reclocked) -> npt.NDArray[np.int16]:
    """Return for each ticket the clause whose hours serve it.

    That is the clause by which it must be resolved; without one, closed or answered; without any,
    the first clause of the text.
    """
    which = np.zeros(len(found.history), dtype=np.int16)
    for stop in reversed(ENDS):
        if stop in found.by_stop:
            clause = found.by_stop[stop].clause
            which = np.where(clause >= 0, clause, which)
    return which


def uncovered(found: Reclocked, waits: Waits, windows: Sequence[Extra] = ()) -> Uncovered:
    """Measure what an agreement leaves uncovered, each ticket by the hours that serve it."""
    agreement, history = found.agreement, found.history
    schedules, codes = _schedules(found)
    parts = [
        coverage(
            part,
            schedules[code],
            windows=windows,
            stop=waits.stop,
            stopped_by=waits.stopped_by,
        )
        for code, part in _parts(history, codes)
    ]
    main = Schedule(agreement.hours[agreement.clauses[0].hours])
    return parts[0] if len(parts) == 1 else _together(parts, history, main)


def came_while_closed(found: Reclocked) -> npt.NDArray[np.bool_]:
    """Say of each ticket whether it came while the hours that serve it were closed."""
    history = found.history
    schedules, codes = _schedules(found)
    closed = np.zeros(len(history), dtype=bool)
    for code in np.unique(codes).tolist():
        rows = codes == code
        came = history.reported[rows]
        closed[rows] = schedules[code].elapsed_seconds(came, came + 1) == 0
    return closed


def waits_otherwise(now: Reclocked, then: Reclocked, waits: Waits) -> npt.NDArray[np.bool_]:
    """Say of each ticket whether it waits for another opening under another agreement."""
    return _openings(now, waits) != _openings(then, waits)


def changed(now: Reclocked, then: Reclocked, waits: Waits) -> Compared:
    """Compare the hours of two agreements, each ticket by those that serve it."""
    (ours, mine), (others, theirs) = _schedules(now), _schedules(then)
    parts = []
    for code, part in _parts(now.history, mine * len(others) + theirs):
        a, b = divmod(code, len(others))
        parts.append(
            compared(part, ours[a], others[b], stop=waits.stop, stopped_by=waits.stopped_by)
        )
    return Compared(
        _gains([part.gained for part in parts]),
        _gains([part.lost for part in parts]),
        np.unique(np.concatenate([part.people for part in parts])),
    )


def _openings(found: Reclocked, waits: Waits) -> npt.NDArray[np.int64]:
    """Return when each ticket met an open desk or ended, MISSING where its waiting is not known."""
    schedules, codes = _schedules(found)
    line = Line.of(found.history, "reported", waits.stop, waits.stopped_by)
    opens = np.full(len(found.history), MISSING)
    for code in np.unique(codes[line.rows]).tolist():
        here = codes[line.rows] == code
        opens[line.rows[here]] = line.opening(line.compiled(schedules[code]))[here]
    return opens


def _schedules(found: Reclocked) -> tuple[list[Schedule], npt.NDArray[np.int64]]:
    """Return the schedules of an agreement, and for each ticket the place of its own."""
    names = list(found.agreement.hours)
    place = np.array([names.index(clause.hours) for clause in found.agreement.clauses])
    schedules = [Schedule(hours) for hours in found.agreement.hours.values()]
    return schedules, place[hours_by_ticket(found)]


def _parts(history: History, codes: npt.NDArray[np.int64]) -> Iterator[tuple[int, History]]:
    found = np.unique(codes).tolist()
    for code in found:
        yield code, history if len(found) == 1 else history.take(codes == code)


def _together(parts: Sequence[Uncovered], history: History, main: Schedule) -> Uncovered:
    """Add up what was measured of parts of a history."""
    counted = share(sum(part.share.met for part in parts), len(history))
    deferred = sum(part.deferred for part in parts)
    lost = dict(sum((Counter(part.excluded) for part in parts), Counter()))
    weeks = [part.week for part in parts]
    week = Week(
        *(
            np.sum([getattr(each, name) for each in weeks], axis=0)
            for name in ("tickets", "tickets_closed", "seconds", "seconds_closed")
        )
    )
    return Uncovered(
        share=counted,
        seconds=_sum([part.seconds for part in parts]),
        waited=sum(part.waited for part in parts),
        timed=sum(part.timed for part in parts),
        week=week,
        gains=tuple(
            _gains(list(each)) for each in zip(*(part.gains for part in parts), strict=True)
        ),
        deferred=deferred,
        excluded=lost,
        caveats=caveats_of(history, main, counted, deferred, lost),
    )


def _gains(gains: Sequence[Gain]) -> Gain:
    return replace(
        gains[0],
        tickets=_sum([gain.tickets for gain in gains]),
        seconds=_sum([gain.seconds for gain in gains]),
    )


def _sum(parts: Sequence[Between]) -> Between:
    return reduce(Between.__add__, parts)
