"""Holding a report about somebody of us for its reviewer, from its first moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person
from tricorn.tickets.models import Inquiry, Named, Ticket
from tricorn.tickets.reviewers import next_reviewer


def hold_for_reviewer(
    ticket: Ticket, persons: Collection[Person], *, by: Actor, at: datetime
) -> None:
    """Begin the inquiry of a ticket that is being reported about somebody of us.

    Nobody who may read it: it is held all the same, until somebody is set.
    """
    named = {each.pk for each in persons}
    chosen = next_reviewer(ticket, named, at)
    inquiry = Inquiry.objects.create(ticket=ticket, reviewer=chosen, begun_at=at)
    Named.objects.bulk_create(
        Named(inquiry=inquiry, person_id=each, since=at) for each in sorted(named)
    )
    reviewer = chosen.pk if chosen else None
    write(ticket, "ticket.staff_named", by=by, at=at, named=len(named), reviewer=reviewer)
