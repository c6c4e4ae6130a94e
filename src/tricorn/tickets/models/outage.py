"""Outages: stretches of time in which services did not work, and the tickets that told of them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person, Place
from tricorn.tickets.models.ticket import Ticket, services_served

FINDERS = ("monitoring", "provider", "reporter")


class OutageQuerySet(models.QuerySet["Outage"]):
    def counted(self) -> Self:
        """All but those that were taken back."""
        return self.filter(taken_back_at__isnull=True)

    def unended(self, at: datetime) -> Self:
        """What lasts at this moment or is still to come."""
        return self.counted().filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))

    def touching(self, start: datetime, end: datetime | None) -> Self:
        """What shares a moment with a stretch of time; without an end, with all from its start."""
        found = self.counted().filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start))
        return found if end is None else found.filter(began_at__lt=end)

    def served_by(self, person_id: int | None) -> Self:
        """Outages of a service for which this person has duty."""
        served = services_served(person_id)
        if served is None:
            return self
        of = Outage.services.through.objects.filter(service__in=served)
        return self.filter(pk__in=of.values("outage"))


class Outage(models.Model):
    """A stretch in which services did not work, at some places or (none named) everywhere.

    Half-open; without an end it lasts. Planned work is announced with both ends. `summary` is read
    by everybody, so it names nobody. One taken back never was: it stays on record and counts nowhere.
    """

    services = models.ManyToManyField(Service, related_name="outages")
    places = models.ManyToManyField(Place, blank=True, related_name="outages")
    tickets = models.ManyToManyField(Ticket, blank=True, related_name="outages")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    found_by = models.CharField(max_length=10, default="provider")
    is_planned = models.BooleanField(default=False)
    summary = models.CharField(max_length=200, default="", blank=True)
    noted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="outage_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("began_at")),
            ),
            models.CheckConstraint(
                name="outage_found_by",
                condition=Q(found_by__in=["monitoring", "provider", "reporter"]),
            ),
            models.CheckConstraint(
                name="outage_planned_has_an_end",
                condition=Q(is_planned=False) | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            # Is it working now? Whatever has not ended, of a few that have not among many that have.
            models.Index(
                name="outage_unended", fields=["ended_at"], condition=Q(taken_back_at__isnull=True)
            ),
            # What was down in this month? The list at the desk, newest first.
            models.Index(name="outage_began", fields=["-began_at", "-id"]),
        ]

    @property
    def ref(self) -> str:
        return f"O-{self.pk}"

    def lasts(self, at: datetime) -> bool:
        """Whether it is down at this moment."""
        return self.began_at <= at and (self.ended_at is None or at < self.ended_at)

    def __str__(self) -> str:
        return self.ref
