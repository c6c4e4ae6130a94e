"""Delivered work: what the provider presents and the client accepts or refuses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person


class Work(models.Model):
    """Work that was done for a client and is presented for acceptance, with its evidence.

    Never changes once presented (the journal's line carries its hash). What came of it is a
    `WorkOutcome`; without one it waits, unless it was taken back.
    """

    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delivered")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="delivered")
    title = models.CharField(max_length=200)
    description = models.TextField(default="", blank=True)
    tickets = models.JSONField(default=list, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    presented_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="presented"
    )
    presented_at = models.DateTimeField()
    key = models.BinaryField()

    class Meta:
        ordering = ["-presented_at", "-id"]
        verbose_name_plural = "work"
        constraints = [
            models.CheckConstraint(
                name="work_amount_has_currency",
                condition=Q(amount__isnull=True, currency="")
                | (Q(amount__isnull=False, amount__gte=0) & ~Q(currency="")),
            ),
        ]
        indexes = [
            # What waits for this client, newest first?
            models.Index(name="work_client", fields=["client", "-presented_at"]),
        ]

    def __str__(self) -> str:
        return self.title


class WorkOutcome(models.Model):
    """What came of presented work, once and for ever: accepted, refused, or taken back."""

    work = models.OneToOneField(Work, on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=10)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted"
    )
    capacity = models.CharField(max_length=120, default="", blank=True)
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    key = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="work_outcome_known",
                condition=Q(outcome__in=["accepted", "refused", "taken_back"]),
            ),
            models.CheckConstraint(
                name="work_refused_with_a_reason",
                condition=~Q(outcome="refused") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work}: {self.outcome}"
