"""What the desk keeps beside a ticket: time worked, who is looking, views of the queue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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


class SavedFilter(models.Model):
    """A view of the queue that somebody keeps: a name, and the query part of its address."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(name="saved_filter_name_once", fields=["person", "name"]),
        ]

    def __str__(self) -> str:
        return self.name
