"""One deed on many tickets: what was asked, what became of each, and what each was before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.journal.actor import Actor
from tricorn.parties.models import Person
from tricorn.tickets.models.ticket import Ticket


class Bulk(models.Model):
    """A deed that somebody asked for on many tickets; the worker does what is left of it.

    Nobody is told of it before `undo_until`, so that undoing it takes every letter back. `via` is the
    number of the token by which a program asked for it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    via = models.BigIntegerField(null=True, blank=True)
    deed = models.JSONField()
    made_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The worker asks every moment what is still to be done.
            models.Index(name="bulk_unended", fields=["id"], condition=Q(ended_at__isnull=True)),
        ]

    @property
    def actor(self) -> Actor:
        return Actor("person", self.person_id, via=self.via)

    def __str__(self) -> str:
        return f"bulk {self.pk}"


class BulkRow(models.Model):
    """One ticket of a bulk: waiting, done or refused; later undone, or kept with its reason."""

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="rows")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="waiting")
    reason = models.CharField(max_length=500, default="", blank=True)
    was = models.JSONField(default=dict, blank=True)
    lines = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="bulk_row_state",
                condition=Q(state__in=["done", "kept", "refused", "undone", "waiting"]),
            ),
            models.UniqueConstraint(name="bulk_row_once", fields=["bulk", "ticket"]),
        ]
        indexes = [
            # What of a bulk is still to be done, in order.
            models.Index(name="bulk_row_next", fields=["bulk", "state", "id"]),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id}: {self.state}"
