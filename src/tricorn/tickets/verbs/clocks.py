"""Clocks of a ticket: pinned when it is raised, settled whenever something changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tricorn.agreements.choose import STOP_OF, Clauses
from tricorn.agreements.models import Version
from tricorn.catalogue.models import MEASURES, Target
from tricorn.prepared import Prepared
from tricorn.tickets.bridge import STOP, closed_seconds, running
from tricorn.tickets.models import NEVER, Clock, Ticket, Wait

# Nothing was promised of what is not needed, or is kept by another ticket.
NO_VERDICT = ("cancelled", "merged")


TARGETS = Prepared(
    lambda services, at: (
        Target.objects.filter(level__service__in=services, level__is_default=True)
        .select_related("level")
        .order_by("id")
    ),
    "services",
)


class Promises:
    """What one service promises: clauses of its agreements and its house targets, read once."""

    def __init__(self, service_id: int) -> None:
        self.clauses = Clauses()
        self.targets: list[Target] = TARGETS.objects(services=[service_id])

    def target(self, measure: str, kind: str, priority: str, at: datetime) -> Target | None:
        """Return the house target for such a ticket: the most particular one that holds."""
        fitting = [
            target
            for target in self.targets
            if target.measure == measure
            and target.since <= at
            and (target.until is None or target.until > at)
            and (not target.kinds or kind in target.kinds)
            and (not target.priorities or priority in target.priorities)
        ]
        return max(fitting, key=lambda t: (bool(t.priorities), bool(t.kinds)), default=None)

    def earliest_targets(self, measure: str, kind: str, priority: str) -> Target | None:
        """Return the first target the house ever had: for history from before this house."""
        fitting = [t for t in self.targets if t.measure == measure]
        return self.target(measure, kind, priority, fitting[0].since) if fitting else None


def pin(ticket: Ticket, promises: Promises, version: Version | None) -> list[Clock]:
    """Return the clocks of a ticket, each pinned to the clause or house target it will run by.

    A clause of the version goes first; where it says nothing, or there is none, the house promise.
    """
    clocks = []
    for measure in MEASURES:
        clause = (
            promises.clauses.first(version, STOP_OF[measure], ticket.kind, ticket.priority)
            if version
            else None
        )
        if clause is not None:
            start = ticket.began_at if clause.start == "began" else ticket.reported_at
            clocks.append(Clock(ticket=ticket, measure=measure, clause=clause, started_at=start))
            continue
        target = promises.target(
            measure, ticket.kind, ticket.priority, ticket.reported_at
        ) or promises.earliest_targets(measure, ticket.kind, ticket.priority)
        if target is not None:
            clocks.append(
                Clock(ticket=ticket, measure=measure, target=target, started_at=ticket.reported_at)
            )
    return clocks


def settle(ticket: Ticket, clocks: Sequence[Clock], waits: Sequence[Wait], *, at: datetime) -> None:
    """Compute every clock of a ticket anew from its moments and waits, and what falls due next.

    Changes the given rows and the ticket in memory; the caller saves them.
    """
    ticket.due_at = ticket.breach_at = None
    # Of two requests the earlier one may come through last: it finds a wait just begun, or just over.
    at = max([at, *(wait.ended_at or wait.started_at for wait in waits)])
    for clock in clocks:
        stopped = getattr(ticket, STOP[clock.measure])
        if ticket.state in NO_VERDICT and stopped is None:
            stopped = ticket.closed_at or at
        clock.stopped_at = stopped
        engine = running(clock, waits)
        now = stopped or at
        holder = engine.paused_by(now) if stopped is None else None
        clock.paused_by = holder.value if holder else ""
        clock.due_at = engine.due(now)
        clock.breach_at = engine.breach_at(now)
        clock.elapsed_seconds = int(engine.elapsed(now).total_seconds())
        clock.closed_seconds = closed_seconds(clock, ticket, engine, now)
        clock.is_met = None
        if stopped is not None and ticket.state not in NO_VERDICT:
            clock.is_met = not engine.breached(now)
        if stopped is None and clock.breach_at is not None:
            ticket.breach_at = min(ticket.breach_at or NEVER, clock.breach_at)
        if stopped is None and clock.due_at is not None:
            ticket.due_at = min(ticket.due_at or NEVER, clock.due_at)
    ticket.queue_at = ticket.due_at or NEVER


CLOCK_FIELDS = [
    "clause",
    "target",
    "started_at",
    "stopped_at",
    "paused_by",
    "due_at",
    "breach_at",
    "elapsed_seconds",
    "closed_seconds",
    "is_met",
]
DUE_FIELDS = ["due_at", "breach_at", "queue_at"]


def resettle(ticket: Ticket, *, at: datetime) -> None:
    """Settle the clocks of a ticket whose moments or waits have changed, and save the clocks."""
    clocks = list(ticket.clocks.select_related("clause", "target"))
    settle(ticket, clocks, list(ticket.waits.all()), at=at)
    Clock.objects.bulk_update(clocks, CLOCK_FIELDS)


def repin(ticket: Ticket, promises: Promises, *, at: datetime) -> None:
    """Pin a ticket anew after its priority, kind or service changed; earlier waits stay counted."""
    current = {clock.measure: clock for clock in ticket.clocks.select_related("clause", "target")}
    wanted = {clock.measure: clock for clock in pin(ticket, promises, ticket.version)}
    for measure, clock in wanted.items():
        if found := current.get(measure):
            clock.pk = found.pk
    settle(ticket, list(wanted.values()), list(ticket.waits.all()), at=at)
    Clock.objects.filter(
        pk__in=[clock.pk for measure, clock in current.items() if measure not in wanted]
    ).delete()
    Clock.objects.bulk_update([c for c in wanted.values() if c.pk], CLOCK_FIELDS)
    Clock.objects.bulk_create([c for c in wanted.values() if not c.pk])
