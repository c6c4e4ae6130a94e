"""Articles beside a ticket: what is linked, and what may help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tricorn.knowledge import reads as knowledge
from tricorn.knowledge.models import Article, Reader
from tricorn.tickets.models import Ticket

MOST = 5


@dataclass(frozen=True)
class Beside:
    """What the desk sees beside a ticket: linked articles first, then what may help."""

    linked: tuple[Article, ...]
    suggested: tuple[Article, ...]


def articles_of(ticket: Ticket, reader: Reader, at: datetime) -> Beside:
    """Return what is linked, published or not any more, and what may help: at most five queries."""
    linked = list(
        Article.objects.filter(ticket_links__ticket=ticket)
        .written_by_duty(reader)
        .select_related("published")
        .order_by("ticket_links__linked_at")
    )
    others = knowledge.readable(None, at, reader=reader).exclude(pk__in=[a.pk for a in linked])
    may_help = knowledge.suggested(
        others, ticket.summary, service=ticket.service_id, place=ticket.place_id, most=MOST
    )
    return Beside(tuple(linked), tuple(may_help))


def linked_for(ticket: Ticket, reader: Reader, at: datetime) -> list[Article]:
    """Return the linked articles that whose matter it is may read. One query."""
    found = knowledge.readable(None, at, reader=reader).filter(ticket_links__ticket=ticket)
    return list(found.order_by("ticket_links__linked_at"))
