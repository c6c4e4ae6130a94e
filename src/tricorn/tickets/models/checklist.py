"""Checklists: what is to be done step by step, as a list of a service and on a ticket."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person
from tricorn.tickets.models.ticket import Ticket


class Checklist(models.Model):
    """A list that a service keeps for its tickets; `items` are its lines. A ticket takes a copy."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="checklists")
    name = models.CharField(max_length=80)
    items = models.JSONField(default=list)
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(name="checklist_name_once", fields=["service", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class CheckItem(models.Model):
    """One line of the checklist on a ticket: ticked by whom and when, or still to be done."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="check_items")
    text = models.CharField(max_length=200)
    ticked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ticked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="check_item_ticked_by_at",
                condition=Q(ticked_at__isnull=False) | Q(ticked_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text
