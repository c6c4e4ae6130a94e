"""What the desk keeps beside a ticket: time worked, who is looking, views of the queue."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person
from tricorn.tickets.models.ticket import Ticket


class TimeSpent(models.Model):
    """Minutes that somebody worked on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="time_spent")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "time spent"
        constraints = [
            models.CheckConstraint(
                name="time_spent_in_a_day", condition=Q(minutes__gte=1, minutes__lte=1440)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class Presence(models.Model):
    """Who of the desk has a ticket open right now, so that two do not answer it at once."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="present")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "presence"
        constraints = [
            models.UniqueConstraint(name="presence_once", fields=["ticket", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person} at ticket {self.ticket_id}"


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def seen_by(self, person_id: int, services: Collection[int] | None) -> Self:
        """One's own, and those shared with everybody or with the desk of a service one serves."""
        for_all = Q(is_shared=True, service=None)
        at_desk = Q(is_shared=True)
        if services is not None:
            at_desk = for_all | Q(is_shared=True, service__in=services)
        return self.filter(Q(person=person_id) | at_desk)


class SavedFilter(models.Model):
    """A view of the queue that somebody keeps: a name, and the query part of its address.

    Shared: with the desk of a service, or with every desk of the house when `service` is empty.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(default=False)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(name="saved_filter_name_once", fields=["person", "name"]),
            models.CheckConstraint(
                name="saved_filter_service_only_shared",
                condition=Q(service__isnull=True) | Q(is_shared=True),
            ),
        ]
        indexes = [
            # Which views do others share?
            models.Index(name="saved_filter_shared", fields=["id"], condition=Q(is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.name
