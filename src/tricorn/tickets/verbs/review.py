"""Held reports: what looked wrong is looked at by somebody before anybody else sees it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.standing.models import Fact, Use
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs.access import allow, lock, move
from tricorn.tickets.verbs.clocks import DUE_FIELDS, resettle
from tricorn.tickets.verbs.intake import VOICED


def discard(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """A held report is not one: it is cancelled, and stays marked as what it was held for.

    Errors  StandingRefused; MoveRefused when it is not held, or was dealt with already.
    """
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "release", by=by, at=at)
        if not ticket.held_for:
            raise MoveRefused(
                f"{ticket.ref} is not held: somebody said that it is a real report. "
                "Cancel it if it is not needed.",
                verb="discard",
            )
        move(ticket, "cancel")
        ticket.closed_at = ticket.changed_at = at
        resettle(ticket, at=at)
        ticket.save(update_fields=["state", "closed_at", "changed_at", *DUE_FIELDS])
        # What was no report was no use either, and made nobody aware of anything.
        Use.objects.filter(source="ticket", source_id=ticket.pk).delete()
        show_otherwise(ticket)
        write(ticket, "ticket.discarded", by=by, at=at, held_for=ticket.held_for)
    return ticket


def show_otherwise(ticket: Ticket) -> None:
    """Let facts that this ticket showed rest on the person's first real one; without any, they go."""
    for fact in Fact.objects.filter(evidence="ticket", evidence_id=ticket.pk):
        others = Ticket.objects.filter(
            requester=fact.person_id, service=fact.service_id, held_for=""
        ).exclude(pk=ticket.pk)
        if fact.kind == "voice":
            others = others.filter(kind__in=sorted(VOICED))
        other = others.order_by("reported_at", "id").first()
        if other is None:
            fact.delete()
        else:
            fact.evidence_id, fact.since = other.pk, other.reported_at
            fact.save(update_fields=["evidence_id", "since"])
