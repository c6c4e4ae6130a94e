"""Looking at a ticket: so that two at the desk do not answer it at once. Leaves no line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.journal.actor import Actor
from tricorn.tickets.models import Presence, Ticket
from tricorn.tickets.verbs.access import allow


def seen(ticket: Ticket, *, by: Actor, at: datetime) -> Presence:
    """Say that this person of the desk has the ticket open at this moment."""
    allow(ticket, "add_note", by=by, at=at)
    with transaction.atomic():
        presence, _ = Presence.objects.update_or_create(
            ticket=ticket, person_id=by.id or 0, defaults={"seen_at": at}
        )
    return presence
