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


def running(clock: Clock, waits: Iterable[Wait]) -> engine.Clock:
    """Return a stored clock as the engine runs it, over the ticket's waits.

    A wait that began before the clock did (it hurt before it was reported) starts with it.
    """
    kept = tuple(
        wait
        if wait.start >= clock.started_at
        else engine.Wait(wait.holder, clock.started_at, wait.end)
        for wait in waits_of(waits)
        if wait.end is None or wait.end > clock.started_at
    )
    return engine.Clock(
        terms=terms_of(clock),
        started_at=clock.started_at,
        waits=kept,
        stopped_at=clock.stopped_at,
    )


def closed_seconds(clock: Clock, ticket: Ticket, until: engine.Clock, at: datetime) -> int:
    """Return the seconds since it began to hurt, to the stop or `at`, while the service was closed."""
    begun = engine.Clock(
        terms=until.terms,
        started_at=min(ticket.began_at, clock.started_at),
        waits=until.waits,
        stopped_at=until.stopped_at,
    )
    return max(int(begun.outside(until.stopped_at or at).total_seconds()), 0)
