"""Lines: whatever happened. Deliveries: what is still to be told. Seals: the chain over lines."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from tricorn.journal.actor import Actor


class LineQuerySet(models.QuerySet["Line"]):
    def about(self, subject: str, subject_id: int) -> LineQuerySet:
        return self.filter(subject=subject, subject_id=subject_id)


class Line(models.Model):
    """One thing that happened: audit, relationship history and outbox in one.

    Never updated, never deleted (triggers on both databases). Carries ids, codes and figures,
    never personal text: `digest` is the keyed hash of a text that lives in a row of its own.
    """

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, default="", blank=True)
    # The database's number of the writing transaction; 0 where commits are in the order of ids.
    turn = models.BigIntegerField(default=0)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            # A ticket, person or agreement asks for everything that happened to it, in order.
            models.Index(name="line_about", fields=["subject", "subject_id", "id"]),
            # The relationship asks what passed with somebody.
            models.Index(name="line_by", fields=["by_kind", "by_id", "id"]),
            # Sealing asks which lines older than every running transaction have no seal yet.
            models.Index(name="line_turn", fields=["turn", "id"]),
        ]

    @property
    def actor(self) -> Actor:
        return Actor(self.by_kind, self.by_id)

    def __str__(self) -> str:
        return f"{self.id} {self.kind} {self.subject} {self.subject_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def ready(self, at: Any) -> DeliveryQuerySet:
        """Those to be tried now: waiting and due, or held by a worker whose lease ran out."""
        return self.filter(state="waiting", not_before__lte=at)


class Delivery(models.Model):
    """One line to be told to one reactor: at least once, claimed with a lease, tried again."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="deliveries")
    reactor = models.CharField(max_length=30)
    state = models.CharField(max_length=8, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not to be tried before: the next try, or the end of the lease of who has it now.
    not_before = models.DateTimeField()
    problem = models.CharField(max_length=300, default="", blank=True)
    done_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["line", "reactor"]),
            models.CheckConstraint(
                name="delivery_state", condition=Q(state__in=["done", "failed", "waiting"])
            ),
        ]
        indexes = [
            # The worker asks every moment what is ready.
            models.Index(
                name="delivery_ready", fields=["not_before", "id"], condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reactor} of line {self.line_id}: {self.state}"


class Seal(models.Model):
    """A closed batch of lines, chained by hash to the batch before it."""

    ranges = models.JSONField()
    count = models.PositiveIntegerField()
    last_id = models.BigIntegerField()
    last_turn = models.BigIntegerField(default=0)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="seal_chain_never_forks", fields=["previous"]),
        ]

    def __str__(self) -> str:
        return self.hash
