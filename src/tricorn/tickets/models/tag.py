"""Tags: words that the desk puts on tickets, free to make and managed as one list."""

from __future__ import annotations

from django.db import models

from tricorn.tickets.models.ticket import Ticket


class Tag(models.Model):
    """One word for tickets. `key` is its name without case; one merged away leads to the other."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=80, unique=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class TicketTag(models.Model):
    """A tag on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="ticket_tag_once", fields=["ticket", "tag"]),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} on ticket {self.ticket_id}"
