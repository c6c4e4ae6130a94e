"""Rows in, engine values out: a ticket's clock as the engine runs it, priority from a matrix."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tricorn.agreements.bridge import terms_of as terms_of_clause
from tricorn.catalogue.bridge import terms_of as terms_of_target
from tricorn.engine import clock as engine
from tricorn.tickets.models import Clock, Ticket, Wait

# Impact and urgency from 1 (high) to 3 (low), as ITIL reads them.
PRIORITY = {2: "critical", 3: "high", 4: "moderate", 5: "low", 6: "low"}
# Which moment of a ticket stops which measure.
STOP = {
    "first_response": "first_response_at",
    "resolution": "resolved_at",
    "closing": "closed_at",
}


def priority_of(impact: int, urgency: int) -> str:
    """Return the priority that impact and urgency give together."""
    return PRIORITY[impact + urgency]


def terms_of(clock: Clock) -> engine.Terms:
    """Return the promise that a clock runs by."""
    if clock.clause is not None:
        return terms_of_clause(clock.clause)
    if clock.target is not None:
        return terms_of_target(clock.target)
    raise ValueError(f"Clock {clock.pk} names neither clause nor target.")


def waits_of(waits: Iterable[Wait]) -> tuple[engine.Wait, ...]:
    return tuple(
        engine.Wait(
            holder=engine.Holder(wait.holder) if wait.holder else None,
            start=wait.started_at,
            end=wait.ended_at,
        )
        for wait in waits
    )


def waits_from(waits: Iterable[Wait], started_at: datetime) -> tuple[engine.Wait, ...]:
    """Return the waits that touch a clock; one that began before the clock did starts with it."""
    return tuple(
        wait if wait.start >= started_at else engine.Wait(wait.holder, started_at, wait.end)
        for wait in waits_of(waits)
        if wait.end is None or wait.end > started_at
    )


def running(clock: Clock, waits: Iterable[Wait]) -> engine.Clock:
    """Return a stored clock as the engine runs it, over the ticket's waits."""
    return engine.Clock(
        terms=terms_of(clock),
        started_at=clock.started_at,
        waits=waits_from(waits, clock.started_at),
        stopped_at=clock.stopped_at,
    )


def since_it_hurt(ticket: Ticket, run: engine.Clock) -> engine.Clock:
    """Return a clock as if it had begun when it began to hurt: what the waiting is counted from."""
    return engine.Clock(
        terms=run.terms,
        started_at=min(ticket.began_at, run.started_at),
        waits=run.waits,
        stopped_at=run.stopped_at,
    )


def closed_seconds(clock: Clock, ticket: Ticket, until: engine.Clock, at: datetime) -> int:
    """Return the seconds since it began to hurt, to the stop or `at`, while the service was closed."""
    begun = since_it_hurt(ticket, until)
    return max(int(begun.outside(until.stopped_at or at).total_seconds()), 0)
