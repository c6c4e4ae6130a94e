"""The same tickets under another agreement: what its clocks would have said, ticket by ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..agreement import PRIORITIES, Agreement, Clause
from ..clock import Clock, Explanation, Holder, Wait
from ..errors import BadInput
from ..hours import NEVER, Schedule
from .due import due_over_pauses
from .figures import Attained, ClockGap, attained, clock_gap
from .history import Codes, History, Seconds
from .pauses import pauses_of
from .priorities import read_priorities
from .reasons import (
    NO_STOP,
    OPEN,
    OTHER_KIND,
    OTHER_PRIORITY,
    SENTENCES,
    STOP_BEFORE_START,
    UNKNOWN_PRIORITY,
)
from .rows import HOLDERS, MISSING, RESOLVED

PriorityAt = Literal["final", "opened"]
REASONS = ("", *SENTENCES)  # codes of the column `reason`; "" means judged


@dataclass(frozen=True)
class Verdicts:
    """What the clauses with one stop say of every ticket.

    clause   index into the agreement's clauses, -1 where none applies
    reason   code into REASONS, 0 where judged
    elapsed  service seconds that counted, up to the stop or the end of the log; 0 where not judged
    met      meaningful where judged
    due      UTC seconds, MISSING where nothing falls due or the ticket is not judged
    """

    stop: str
    clause: npt.NDArray[np.int16]
    reason: npt.NDArray[np.int8]
    elapsed: Seconds
    met: npt.NDArray[np.bool_]
    due: Seconds

    @property
    def is_judged(self) -> npt.NDArray[np.bool_]:
        return self.reason == 0


@dataclass(frozen=True)
class Verdict:
    """What one clause says of one ticket, and why.

    `clause` is None where no clause with this stop applies; `reason` is "" where it was judged.
    """

    stop: str
    clause: str | None
    reason: str
    elapsed: int
    met: bool | None
    due: datetime | None
    explanation: Explanation | None


@dataclass(frozen=True)
class Reclocked:
    """A history judged by an agreement.

    by_stop    the verdicts for each stop that a clause of the agreement names
    priority   codes into the history's priorities: those that decided
    months     months since January 1970 in which tickets were reported, in the agreement's zone
    priorities the source's names, each with the agreement's priority or None
    """

    history: History
    agreement: Agreement
    by_stop: Mapping[str, Verdicts]
    priority: Codes
    months: npt.NDArray[np.int64]
    priorities: Mapping[str, str | None]

    @property
    def is_judged(self) -> npt.NDArray[np.bool_]:
        """Whether at least one clause judges a ticket."""
        judged = np.zeros(len(self.history), dtype=bool)
        for verdicts in self.by_stop.values():
            judged |= verdicts.is_judged
        return judged

    @property
    def excluded(self) -> dict[str, int]:
        """Count what no clause judges, rows that the history left out included.

        Judged tickets and these together are all rows that were read. Of several reasons the one
        that comes last in SENTENCES counts: it came closest to being judged.
        Source  docs/engine/replay.md, rule R7: nothing is dropped silently.
        """
        worst = np.max([verdicts.reason for verdicts in self.by_stop.values()], axis=0)
        return dict(Counter(self.history.excluded) + _reasons(worst[~self.is_judged]))

    def excluded_by(self, stop: str) -> dict[str, int]:
        """Count the tickets that the clauses with this stop do not judge, by reason."""
        return dict(_reasons(self.by_stop[stop].reason))

    def attainment(self, by: str = "clause") -> tuple[Attained, ...]:
        """Return how often each clause was met: by "clause", "priority" or "month"."""
        return attained(self, by)

    def gaps(self) -> tuple[ClockGap, ...]:
        """Return for each clause its own clock beside the clock on the wall."""
        return tuple(clock_gap(self, k) for k in range(len(self.agreement.clauses)))

    def ticket(self, row: int) -> tuple[Verdict, ...]:
        """Explain one ticket: a verdict for each stop, in the engine's own sentences.

        Errors  IndexError for a row that is not there.
        Source  docs/engine/replay.md, rule R11: every ticket can be traced.
        """
        if not 0 <= row < len(self.history):
            raise IndexError(f"There is no ticket {row}; the history has {len(self.history)}.")
        return tuple(self._verdict(row, verdicts) for verdicts in self.by_stop.values())

    def clock(self, row: int, k: int) -> Clock:
        """Return the clock of a ticket under a clause, as the engine runs a single one."""
        history, clause = self.history, self.agreement.clauses[k]
        start = int(history.starts(clause.start)[row])
        stop = int(history.stops(clause.stop)[row])
        waits = []
        for w in np.flatnonzero(history.wait_ticket == row):
            first, last = int(history.wait_start[w]), int(history.wait_end[w])
            if last != MISSING and last <= start:
                continue
            name = HOLDERS[history.wait_holder[w]]
            holder = None if name == RESOLVED else Holder(name)
            end = None if last == MISSING else _moment(last)
            waits.append(Wait(holder, _moment(max(first, start)), end))
        stopped = None if stop == MISSING else _moment(stop)
        return Clock(self.agreement.terms(clause), _moment(start), tuple(waits), stopped)

    # Columns by clause, for the figures.

    def judged(self, k: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """Return the rows that a clause judges, and which of them met it."""
        verdicts = self.by_stop[self.agreement.clauses[k].stop]
        rows = np.flatnonzero((verdicts.clause == k) & verdicts.is_judged)
        return rows, verdicts.met[rows]

    def elapsed(self, k: int) -> Seconds:
        return self.by_stop[self.agreement.clauses[k].stop].elapsed

    def start_at(self, k: int) -> Seconds:
        return self.history.starts(self.agreement.clauses[k].start)

    def stop_at(self, k: int) -> Seconds:
        return self.history.stops(self.agreement.clauses[k].stop)

    def is_running(self, k: int) -> npt.NDArray[np.bool_]:
        return self.stop_at(k) == MISSING

    def _verdict(self, row: int, verdicts: Verdicts) -> Verdict:
        k, reason = int(verdicts.clause[row]), REASONS[verdicts.reason[row]]
        due = int(verdicts.due[row])
        explanation = None
        if k >= 0 and reason in ("", OPEN):
            stop = int(self.stop_at(k)[row])
            at = self.history.until if stop == MISSING else stop
            explanation = self.clock(row, k).explain(_moment(at))
        return Verdict(
            stop=verdicts.stop,
            clause=self.agreement.clauses[k].id if k >= 0 else None,
            reason=reason,
            elapsed=int(verdicts.elapsed[row]),
            met=None if reason else bool(verdicts.met[row]),
            due=None if due == MISSING else _moment(due),
            explanation=explanation,
        )


def reclock(
    history: History,
    agreement: Agreement,
    *,
    mapping: Mapping[str, str] | None = None,
    priority_at: PriorityAt = "final",
) -> Reclocked:
    """Judge every ticket of a history by the clauses of an agreement.

    mapping      the source's priorities -> critical, high, moderate, low; guessed where not given.
    priority_at  which of a ticket's priorities decides: the last one, or the first.
    Errors       BadInput for a mapping to something else, or another `priority_at`.
    Cost         about 0.2 µs for each ticket and stop, and as much for each pause.
    Source       docs/engine/replay.md, rules R4 to R7; docs/engine/clocks.md, rules C1 to C8.
    """
    if priority_at not in ("final", "opened"):
        raise BadInput(f"The priority that decides is final or opened, not {priority_at!r:.40}.")
    priority = history.priority if priority_at == "final" else history.priority_opened
    read = read_priorities(history.priorities, mapping)
    stops = tuple(dict.fromkeys(clause.stop for clause in agreement.clauses))
    return Reclocked(
        history=history,
        agreement=agreement,
        by_stop={stop: _judge(history, agreement, stop, priority, read) for stop in stops},
        priority=priority,
        months=_months(history, agreement),
        priorities=read,
    )


def _judge(
    history: History,
    agreement: Agreement,
    stop: str,
    priority: Codes,
    read: Mapping[str, str | None],
) -> Verdicts:
    n = len(history)
    clause, reason = _deciding(history, agreement.clauses, stop, priority, read)
    elapsed, met = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    due = np.full(n, MISSING)
    for k, each in enumerate(agreement.clauses):
        rows = np.flatnonzero(clause == k)
        if each.stop == stop and len(rows):
            _run(history, agreement, each, rows, (reason, elapsed, met, due))
    return Verdicts(stop, clause, reason, elapsed, met, due)


def _run(
    history: History,
    agreement: Agreement,
    clause: Clause,
    rows: npt.NDArray[np.intp],
    columns: tuple[npt.NDArray[np.int8], Seconds, npt.NDArray[np.bool_], Seconds],
) -> None:
    """Run the clocks of these tickets by a clause, and write down what they say."""
    reason, elapsed, met, due = columns
    starts, stops = history.starts(clause.start), history.stops(clause.stop)
    first, told = starts[rows], stops[rows]
    backwards = (told != MISSING) & (told < first)
    lost = (told == MISSING) & ~history.is_open[rows]
    reason[rows[backwards]] = REASONS.index(STOP_BEFORE_START)
    reason[rows[lost]] = REASONS.index(NO_STOP)
    rows = rows[~backwards & ~lost]
    first, told = starts[rows], stops[rows]
    is_running = told == MISSING
    last = np.where(is_running, np.maximum(history.until, first), told)
    schedule: Schedule = agreement.terms(clause).schedule
    ends = np.full(len(history), MISSING)
    ends[rows] = last
    pauses = pauses_of(history, starts, ends, clause.stopped_by).take(rows)
    counted = schedule.elapsed_seconds(first, last) - pauses.sums(pauses.service(schedule))
    falls, stands = due_over_pauses(schedule, clause.target, first, pauses, is_running)
    if clause.target.seconds is not None:
        late = counted > clause.target.seconds
    else:
        late = (last > falls) & ~stands
    stands[pauses.ticket[pauses.lasts]] = True
    stands &= is_running & ~late
    elapsed[rows], met[rows] = counted, ~late
    due[rows] = np.where((falls == NEVER) | stands, MISSING, falls)
    reason[rows[is_running & ~late]] = REASONS.index(OPEN)


def _deciding(
    history: History,
    clauses: tuple[Clause, ...],
    stop: str,
    priority: Codes,
    read: Mapping[str, str | None],
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int8]]:
    """Return which clause decides each ticket, and why none does.

    Source  docs/engine/replay.md, rule R5: the first clause that fits decides.
    """
    shape = (len(history.kinds), len(history.priorities))
    which, why = np.full(shape, -1, dtype=np.int16), np.zeros(shape, dtype=np.int8)
    for place in np.ndindex(shape):
        kind, name = history.kinds[place[0]], history.priorities[place[1]]
        which[place], reason = decide(clauses, stop, kind, read[name])
        why[place] = REASONS.index(reason)
    cells = (history.kind, priority)
    return which[cells], why[cells]


def decide(
    clauses: tuple[Clause, ...], stop: str, kind: str, priority: str | None
) -> tuple[int, str]:
    """Return the first clause with this stop for such a ticket, or -1 and the reason.

    A priority that the agreement does not know is no matter where all priorities lead to one
    clause.
    Source  docs/engine/replay.md, rule R5: the first clause that fits decides.
    """
    if priority is None:
        found = {decide(clauses, stop, kind, each) for each in PRIORITIES}
        return found.pop() if len(found) == 1 else (-1, UNKNOWN_PRIORITY)
    of_kind = [
        k
        for k, clause in enumerate(clauses)
        if clause.stop == stop and (not clause.kinds or kind in clause.kinds)
    ]
    if not of_kind:
        return -1, OTHER_KIND
    fitting = (k for k in of_kind if clauses[k].applies_to(kind, priority))
    k = next(fitting, -1)
    return k, "" if k >= 0 else OTHER_PRIORITY


def _months(history: History, agreement: Agreement) -> npt.NDArray[np.int64]:
    """Return the local month of each report, counted from January 1970.

    Source  docs/engine/replay.md, rule R9: a ticket belongs to the month of its report.
    """
    schedule = Schedule(agreement.hours[agreement.clauses[0].hours])
    local = history.reported + schedule.offsets(history.reported)
    return local.view("datetime64[s]").astype("datetime64[M]").astype(np.int64)


def _reasons(codes: npt.NDArray[np.int8]) -> Counter[str]:
    counts = np.bincount(codes, minlength=len(REASONS)).tolist()
    return Counter({REASONS[k]: n for k, n in enumerate(counts) if k and n})


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
