"""Free trials: a service for some days at the provider's cost, and one question at the end."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person

ANSWERS = ("no", "not_sure", "yes")


class TrialOffer(models.Model):
    """A service that anybody with an account may try for so many days; one at a time is open."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="trial_offers")
    days = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, default="", blank=True)
    announced_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-announced_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="trial_offer_days", condition=Q(days__gte=1) & Q(days__lte=366)
            ),
            models.UniqueConstraint(
                name="trial_offer_open_once",
                fields=["service"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, free for {self.days} days"


class TrialQuerySet(models.QuerySet["Trial"]):
    def running(self, at: datetime) -> Self:
        return self.filter(began_at__lte=at, ends_at__gt=at)

    def over(self, at: datetime) -> Self:
        return self.filter(ends_at__lte=at)


class Trial(models.Model):
    """Somebody tries a service: from one instant to another, once per person and service."""

    offer = models.ForeignKey(TrialOffer, on_delete=models.PROTECT, related_name="trials")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="trials")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="trials")
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, default="", blank=True)
    comment = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    wants_offer_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    offer_asked_at = models.DateTimeField(null=True, blank=True)
    key = models.BinaryField()

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="trial_once", fields=["person", "service"]),
            models.CheckConstraint(
                name="trial_ends_after_start", condition=Q(ends_at__gt=F("began_at"))
            ),
            models.CheckConstraint(
                name="trial_answer", condition=Q(answer__in=["", "no", "not_sure", "yes"])
            ),
        ]
        indexes = [
            # The worker asks once an hour who is to be asked how it was.
            models.Index(name="trial_to_ask", fields=["ends_at"], condition=Q(asked_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person} tries {self.service}"
