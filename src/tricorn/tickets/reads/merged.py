"""What is read where tickets are merged: by the desk everything it serves, by others their own.

Source  docs/decisions/0015-merged-tickets.md
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tricorn.prepared import Prepared
from tricorn.tickets.models import Message, Ticket

SAID = Prepared(
    lambda tickets: (
        Message.objects.filter(ticket__in=tickets)
        .select_related("author", "ticket__requester")
        .order_by("at", "id")
    ),
    "tickets",
)


@dataclass(frozen=True)
class Together:
    """How the matter stands with which a merged ticket is handled; never which one it is."""

    since: datetime
    state: str
    waiting_on: str
    due_at: datetime | None
    breach_at: datetime | None


def together(ticket: Ticket) -> Together | None:
    """Return that for a ticket found with its survivor; None for one of its own. No query."""
    if ticket.survivor is None or ticket.closed_at is None:
        return None
    other = ticket.survivor
    return Together(
        since=ticket.closed_at,
        state=other.state,
        waiting_on=other.waiting_on,
        due_at=other.due_at,
        breach_at=other.breach_at,
    )


def read_by(ticket: Ticket) -> Q:
    """Return which messages whoever has this matter may read, as far as they are public.

    Their own ticket's; and what the desk answered where it is handled, from the merge on. One query
    for a merged ticket.
    """
    own = Q(ticket=ticket.pk)
    if ticket.survivor_id is None:
        return own
    rows = Ticket.objects.filter(Q(pk=ticket.survivor_id) | Q(survivor=ticket.survivor_id))
    above = {pk: (into, at) for pk, into, at in rows.values_list("pk", "merged_into", "closed_at")}
    into, since = ticket.merged_into_id, ticket.closed_at
    while into is not None and since is not None:
        own |= Q(ticket=into, is_from_desk=True, at__gte=since)
        into, merged_at = above.get(into, (None, None))
        since = max(since, merged_at) if merged_at else since
    return own


def told_with(ticket: Ticket) -> list[Ticket]:
    """Return the merged tickets whose people get this one's public answers too. One query."""
    rows = Ticket.objects.handled_with(ticket).filter(held_for="", source="")
    return list(rows.select_related("service", "requester", "affected").order_by("pk"))


def served_with(ticket: Ticket, services: Collection[int] | None) -> list[int]:
    """Return a ticket and what was merged into it of these services (None: of any), by number.

    What a desk does not serve it does not read, here as elsewhere. One query.
    """
    merged = Ticket.objects.handled_with(ticket)
    if services is not None:
        merged = merged.filter(service__in=services)
    return [ticket.pk, *merged.order_by("pk").values_list("pk", flat=True)]


def conversation(together: Collection[int]) -> list[Message]:
    """Return what was said on tickets that are handled as one, in order. One query."""
    return SAID.objects(tickets=together)
