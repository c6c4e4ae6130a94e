"""The reader's own matters: what is theirs, they may read of, however few people it was about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from tricorn.insight.considered import Matter
from tricorn.insight.scope import Party
from tricorn.tickets.bridge import closed_seconds, running, since_it_hurt
from tricorn.tickets.models import Clock, Ticket

MOST = 20


@dataclass(frozen=True)
class Own:
    """One matter of the reader's: `stood` is "kept", "late", "running" or "cancelled"."""

    agreement: int
    ref: str
    summary: str
    began_at: datetime
    reported_at: datetime
    stood: str
    due_at: datetime | None
    closed_seconds: int
    matter: Matter | None = None


def own_matters(
    person_id: int, parties: Sequence[Party], *, start: datetime, end: datetime, at: datetime
) -> list[Own]:
    """Return what the reader reported or was hurt by in a span of time, newest first. Three queries.

    The clock that counts is that for the resolution, else that for the first response.
    """
    of = {version: party.agreement.pk for party in parties for version in party.version_ids}
    tickets = (
        Ticket.objects.filter(
            Q(requester=person_id) | Q(affected=person_id),
            merged_into__isnull=True,
            version__in=list(of),
            reported_at__gte=start,
            reported_at__lt=end,
        )
        .order_by("-reported_at", "-id")
        .prefetch_related(
            Prefetch("clocks", Clock.objects.select_related("clause", "target").order_by("id")),
            "waits",
        )[:MOST]
    )
    return [_own(ticket, of[ticket.version_id or 0], at) for ticket in tickets]


def _own(ticket: Ticket, agreement: int, at: datetime) -> Own:
    clocks = {clock.measure: clock for clock in ticket.clocks.all()}
    clock = clocks.get("resolution") or clocks.get("first_response")
    stood = _stood(ticket, clock, at)
    return Own(
        agreement=agreement,
        ref=ticket.ref,
        summary=ticket.summary,
        began_at=ticket.began_at,
        reported_at=ticket.reported_at,
        stood=stood,
        due_at=clock.due_at if clock else None,
        closed_seconds=_closed(ticket, clock, at) if clock else 0,
        matter=_matter(ticket, clock, at) if clock else None,
    )


def _matter(ticket: Ticket, clock: Clock, at: datetime) -> Matter:
    """Return the matter as a declined option is held against it; what runs still, up to now."""
    run = since_it_hurt(ticket, running(clock, ticket.waits.all()))
    return Matter(
        service=ticket.service_id,
        kind=ticket.kind,
        priority=ticket.priority,
        measure=clock.measure,
        person=ticket.affected_id or ticket.requester_id,
        place=ticket.place_id,
        reported_at=ticket.reported_at,
        active=run.active(run.stopped_at or at),
        given=run.terms.schedule,
    )


def _closed(ticket: Ticket, clock: Clock, at: datetime) -> int:
    """What runs still is counted up to now; what has stopped was counted then."""
    if clock.stopped_at is not None:
        return clock.closed_seconds
    return closed_seconds(clock, ticket, running(clock, ticket.waits.all()), at)


def _stood(ticket: Ticket, clock: Clock | None, at: datetime) -> str:
    if ticket.state == "cancelled":
        return "cancelled"
    if clock is None or (clock.is_met is None and (not clock.breach_at or at <= clock.breach_at)):
        return "running"
    return "kept" if clock.is_met else "late"
