"""Promises that run for a ticket, and who held it up meanwhile."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tricorn.agreements.models import Clause
from tricorn.catalogue.models import MEASURES, Target
from tricorn.tickets.models.ticket import HOLDERS, Ticket


class Wait(models.Model):
    """A stretch in which somebody held the ticket up; no holder: it was resolved, then reopened."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="waits")
    holder = models.CharField(max_length=10, default="", blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.CheckConstraint(name="wait_holder", condition=Q(holder__in=["", *HOLDERS])),
            models.CheckConstraint(
                name="wait_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                name="wait_one_open", fields=["ticket"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"waited on {self.holder or 'nobody'}"


class Clock(models.Model):
    """One promise running for a ticket, pinned to the clause (or house target) it runs by.

    `elapsed_seconds` is service time; `closed_seconds` the time waited outside service hours, for
    the client's page. Both are written when the clock stops or a wait ends, never when it is read.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clocks")
    measure = models.CharField(max_length=20)
    clause = models.ForeignKey(
        Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.CharField(max_length=10, default="", blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    breach_at = models.DateTimeField(null=True, blank=True)
    elapsed_seconds = models.BigIntegerField(default=0)
    closed_seconds = models.BigIntegerField(default=0)
    is_met = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="clock_measure", condition=Q(measure__in=MEASURES)),
            models.CheckConstraint(
                name="clock_one_promise",
                condition=Q(clause__isnull=False, target__isnull=True)
                | Q(clause__isnull=True, target__isnull=False),
            ),
            models.UniqueConstraint(name="clock_measure_once", fields=["ticket", "measure"]),
        ]
        indexes = [
            # The month of a clause: how many were kept?
            models.Index(name="clock_clause", fields=["clause", "started_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of ticket {self.ticket_id}"
