"""A ticket's clocks as they stand at an instant, each with the promise it runs by and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tricorn.engine.clock import Clock as EngineClock
from tricorn.engine.hours import Span
from tricorn.journal.models import Line
from tricorn.tickets.bridge import closed_seconds, running
from tricorn.tickets.models import Clock, Ticket
from tricorn.tickets.reads.moved import moved_words


@dataclass(frozen=True)
class ClockShown:
    """One clock. Moments are UTC, `elapsed_seconds` service time.

    agreement, version, clause  By which it runs; None by the house promise.
    counted    The spans of service time that counted; they add up to `elapsed_seconds`.
    """

    measure: str
    agreement: str | None
    version: int | None
    clause: str | None
    target: str
    started_at: datetime
    stopped_at: datetime | None
    paused_by: str
    due_at: datetime | None
    elapsed_seconds: int
    closed_seconds: int
    breached: bool
    counted: tuple[Span, ...]
    sentences: tuple[str, ...]


def clocks_shown(ticket: Ticket, *, at: datetime) -> tuple[ClockShown, ...]:
    """Return every clock of a ticket; running ones are computed at the instant. Three queries."""
    waits = list(ticket.waits.all())
    # Of two requests the earlier one may come through last: nothing is asked before a wait began.
    at = max([at, *(wait.ended_at or wait.started_at for wait in waits)])
    clocks = ticket.clocks.select_related(
        "ticket", "clause__version__agreement", "target"
    ).order_by("id")
    moves = list(Line.objects.about("ticket", ticket.pk).filter(kind="ticket.moved").order_by("id"))
    return tuple(_shown(clock, running(clock, waits), at, moves) for clock in clocks)


def _shown(clock: Clock, engine: EngineClock, at: datetime, moves: Sequence[Line]) -> ClockShown:
    now = min(at, clock.stopped_at) if clock.stopped_at else at
    now = max(now, clock.started_at)
    explained = engine.explain(now)
    holder = engine.paused_by(now)
    version = clock.clause.version if clock.clause else None
    return ClockShown(
        measure=clock.measure,
        agreement=version.agreement.ref if version else None,
        version=version.number if version else None,
        clause=clock.clause.name if clock.clause else None,
        target=str(engine.terms.target),
        started_at=clock.started_at,
        stopped_at=clock.stopped_at,
        paused_by=holder.value if holder else "",
        due_at=engine.due(now),
        elapsed_seconds=int(engine.elapsed(now).total_seconds()),
        closed_seconds=closed_seconds(clock, clock.ticket, engine, now),
        breached=engine.breached(now),
        counted=explained.counted,
        sentences=(
            *explained.sentences,
            *(moved_words(moves, engine.terms.schedule.hours.zone) if version else ()),
        ),
    )
