"""Which articles belong to a ticket: what was sent to the person, or solved it."""

from __future__ import annotations

from django.db import models

from tricorn.knowledge.models import Article
from tricorn.parties.models import Person
from tricorn.tickets.models.ticket import Ticket


class TicketArticle(models.Model):
    """One article linked to one ticket. Whether somebody may read it is decided when they look."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="article_links")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="ticket_links")
    linked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ticketarticle_once", fields=["ticket", "article"]),
        ]

    def __str__(self) -> str:
        return f"{self.article} for T-{self.ticket_id}"
