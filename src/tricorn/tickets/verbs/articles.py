"""Articles linked to a ticket: said to help, and shown to whose matter it is if they may read them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.knowledge.models import Article
from tricorn.tickets.models import Ticket, TicketArticle
from tricorn.tickets.verbs.access import allow, lock


def link_article(ticket: Ticket, article: Article, *, by: Actor, at: datetime) -> None:
    """Say that an article helps with this ticket. Twice is once.

    Errors  StandingRefused; MoveRefused for an article that nobody may read yet.
    """
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "link_article", by=by, at=at)
        if article.state != "published":
            raise MoveRefused(
                f"“{article.title}” is {article.state}. Publish it, then link it.",
                verb="link_article",
            )
        _, is_new = TicketArticle.objects.get_or_create(
            ticket=ticket,
            article=article,
            defaults={"linked_by_id": by.id if by.is_person else None, "linked_at": at},
        )
        if is_new:
            write(ticket, "ticket.article_linked", by=by, at=at, article=article.pk)


def unlink_article(ticket: Ticket, article: Article, *, by: Actor, at: datetime) -> None:
    """Say that it does not belong to this ticket. Twice is once."""
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "link_article", by=by, at=at)
        gone, _ = TicketArticle.objects.filter(ticket=ticket, article=article).delete()
        if gone:
            write(ticket, "ticket.article_unlinked", by=by, at=at, article=article.pk)
