"""Reviews: how an agreement was kept in a period, what the client said, what was decided to do."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from tricorn.agreements.models.versions import Agreement, Version
from tricorn.parties.models import Person

VERDICTS = ("met", "not_met", "partly")
SIDES = ("client", "provider")


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> Self:
        """Those that the client has not said anything on."""
        return self.filter(verdict="")

    def overdue(self, today: date) -> Self:
        return self.waiting().filter(due_on__lt=today)


class Review(models.Model):
    """One period of one agreement, looked at by both sides.

    `period_from` to `period_to` are local days of the agreement, both included; so is `due_on`, the
    last day for the client's verdict. `figures` is what both sides read, `evidence` what stands
    behind it for the provider alone (which tickets were late). Neither changes any more, nor does a
    verdict that was given: the journal's lines carry their hashes.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    per = models.CharField(max_length=10)
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    figures = models.JSONField()
    evidence = models.JSONField(default=dict)
    prepared_at = models.DateTimeField()
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=10, default="", blank=True)
    remarks = models.TextField(default="", blank=True)
    verdict_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts"
    )
    capacity = models.CharField(max_length=120, default="", blank=True)
    verdict_at = models.DateTimeField(null=True, blank=True)
    key = models.BinaryField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-period_to", "agreement"]
        constraints = [
            models.UniqueConstraint(
                name="review_period_once", fields=["agreement", "period_from", "period_to"]
            ),
            models.CheckConstraint(
                name="review_ends_after_start", condition=Q(period_to__gte=F("period_from"))
            ),
            models.CheckConstraint(
                name="review_verdict", condition=Q(verdict__in=["", "met", "not_met", "partly"])
            ),
            models.CheckConstraint(
                name="review_verdict_has_person_and_moment",
                condition=Q(verdict="", verdict_by__isnull=True, verdict_at__isnull=True)
                | (~Q(verdict="") & Q(verdict_by__isnull=False, verdict_at__isnull=False)),
            ),
        ]
        indexes = [
            # The worker and two front pages ask what is overdue; a verdict is given once.
            models.Index(name="review_waiting", fields=["due_on"], condition=Q(verdict="")),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.ref}, {self.period_from} to {self.period_to}"


class ReviewAction(models.Model):
    """Something that one side does because of a review. Ended once: done, or dropped with a word."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="actions")
    words = models.CharField(max_length=500)
    side = models.CharField(max_length=10)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="review_actions"
    )
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, default="open")
    note = models.CharField(max_length=500, default="", blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    key = models.BinaryField()

    class Meta:
        ordering = ["review", "id"]
        constraints = [
            models.CheckConstraint(
                name="review_action_side", condition=Q(side__in=["client", "provider"])
            ),
            models.CheckConstraint(
                name="review_action_state",
                condition=Q(state="open", ended_at__isnull=True)
                | Q(state__in=["done", "dropped"], ended_at__isnull=False),
            ),
        ]
        indexes = [
            # Two front pages ask which actions are overdue.
            models.Index(name="review_action_open", fields=["due_on"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.words
