"""How two tickets relate: one is a duplicate of, is caused by or blocks the other, or belongs to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tricorn.tickets.models.ticket import Ticket

LINKS = ("blocks", "caused_by", "duplicate_of", "related")


class Link(models.Model):
    """`source` is a duplicate of, is caused by, blocks or is related to `target`.

    What is merely related has no direction: the older ticket is the source.
    """

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="link_once", fields=["source", "target", "kind"]),
            models.CheckConstraint(
                name="link_kind",
                condition=Q(kind__in=["blocks", "caused_by", "duplicate_of", "related"]),
            ),
            models.CheckConstraint(name="link_of_two", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"T-{self.source_id} {self.kind} T-{self.target_id}"
