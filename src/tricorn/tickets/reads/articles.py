"""Articles beside a ticket: what is linked, and what may help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tricorn.knowledge import reads as knowledge
from tricorn.knowledge.models import Article, Reader
from tricorn.prepared import Prepared
from tricorn.tickets.models import Ticket, TicketArticle

MOST = 5


LINKED = Prepared(
    lambda ticket: TicketArticle.objects.filter(ticket__in=ticket).values_list("article"), "ticket"
)


@dataclass(frozen=True)
class Beside:
    """What the desk sees beside a ticket: linked articles first, then what may help."""

    linked: tuple[Article, ...]
    suggested: tuple[Article, ...]


def articles_of(ticket: Ticket, reader: Reader) -> Beside:
    """Return what is linked, published or not any more, and what may help: at most six queries."""
    linked: list[Article] = []
    if LINKED.column(ticket=ticket.pk):
        linked = list(
            Article.objects.filter(ticket_links__ticket=ticket)
            .written_by_duty(reader)
            .select_related("published")
            .order_by("ticket_links__linked_at")
        )
    may_help = knowledge.suggested(
        reader,
        ticket.summary,
        service=ticket.service_id,
        place=ticket.place_id,
        most=MOST,
        but=[each.pk for each in linked],
    )
    return Beside(tuple(linked), tuple(may_help))


def linked_for(ticket: Ticket, reader: Reader, at: datetime) -> list[Article]:
    """Return the linked articles that whose matter it is may read. One query."""
    found = knowledge.readable(None, at, reader=reader).filter(ticket_links__ticket=ticket)
    return list(found.order_by("ticket_links__linked_at"))
