"""Chains of escalation, the steps that were taken, and when a ticket is to be looked at next."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.agreements.models import AgreedStep
from tricorn.catalogue.models import Service
from tricorn.tickets.models import Clock, Ticket


class Chain(models.Model):
    """Who hears before a promise of a service falls due, at its lateness and after.

    `steps` are those of `engine.escalation`. What was due before `since` is left alone.
    """

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="escalation")
    steps = models.JSONField(default=list)
    since = models.DateTimeField()

    class Meta:
        ordering = ["service"]

    def __str__(self) -> str:
        return f"escalation of {self.service}"


class Escalated(models.Model):
    """One step that was taken for one clock: which of how many, and who was to hear of it.

    `agreed` is the step of the agreement that it was; none: of the chain of the service.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalated")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="escalated")
    number = models.PositiveSmallIntegerField()
    steps = models.PositiveSmallIntegerField()
    when = models.CharField(max_length=10)
    persons = models.JSONField(default=list)
    at = models.DateTimeField()
    agreed = models.ForeignKey(AgreedStep, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            # Each step at most once for a clock, whoever asks twice.
            models.UniqueConstraint(
                name="escalated_once", fields=["clock", "number"], condition=Q(agreed__isnull=True)
            ),
            models.UniqueConstraint(
                name="escalated_once_agreed",
                fields=["clock", "agreed"],
                condition=Q(agreed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of clock {self.clock_id}"


class Alarm(models.Model):
    """When a ticket is to be looked at next, because of a step or a rule that comes with time.

    Everything up to `seen_until` was looked at; no `at`: nothing is coming.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True)
    at = models.DateTimeField(null=True, blank=True)
    seen_until = models.DateTimeField()

    class Meta:
        indexes = [
            # The worker asks every moment for what is due.
            models.Index(name="alarm_due", fields=["at", "ticket"], condition=Q(at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"alarm of ticket {self.ticket_id}"


class Sweep(models.Model):
    """How far the worker has come in setting the alarms of tickets that were there before."""

    last_ticket = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="sweep_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"sweep, at ticket {self.last_ticket}"
