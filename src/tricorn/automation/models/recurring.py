"""Matters that come again by themselves: a check every Monday, a cleaning every quarter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.engine.recurring import Rhythm
from tricorn.parties.models import Organisation, Person
from tricorn.tickets.models import KINDS, Ticket


class Recurring(models.Model):
    """A matter that is made anew at every `next_at`, by the verb that a person's report takes.

    `checklist` is the name of a checklist of the service, put on the ticket where there is one.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="recurring")
    text = models.TextField()
    kind = models.CharField(max_length=10, default="request")
    requester = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    affected = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checklist = models.CharField(max_length=120, default="", blank=True)

    from_on = models.DateField()
    at_time = models.TimeField()
    zone = models.CharField(max_length=64)
    unit = models.CharField(max_length=5, default="week")
    every = models.PositiveSmallIntegerField(default=1)
    weekdays = models.JSONField(default=list, blank=True)
    day = models.PositiveSmallIntegerField(default=0)

    skips_while_open = models.BooleanField(default=True)
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True)
    last = models.ForeignKey(
        Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["service", "id"]
        constraints = [
            models.CheckConstraint(name="recurring_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="recurring_unit", condition=Q(unit__in=["day", "month", "week"])
            ),
        ]
        indexes = [
            # The worker asks every moment what comes now.
            models.Index(
                name="recurring_due",
                fields=["next_at"],
                condition=Q(is_on=True, next_at__isnull=False),
            ),
        ]

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(
            from_on=self.from_on,
            at=self.at_time,
            zone=self.zone,
            unit=self.unit,
            every=self.every,
            weekdays=tuple(self.weekdays),
            day=self.day,
        )

    @property
    def summary(self) -> str:
        return self.text.strip().split("\n")[0][:120]

    def __str__(self) -> str:
        return self.summary
