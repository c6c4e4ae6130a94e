"""What is offered: services, levels, service hours, targets, prices."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from tricorn.parties.models import Organisation, Place

MEASURES = ("closing", "first_response", "resolution")
# On whose forms a service stands: anybody's, of who signed in, of who is entitled, the desk's alone.
INTAKES = ("everybody", "signed_in", "entitled", "desk")


class ServiceHours(models.Model):
    """When the provider serves: a named calendar, written as data that the engine compiles."""

    name = models.CharField(max_length=120, unique=True)
    spec = models.JSONField()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "service hours"

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """Something people need and somebody provides: Mail, Lift B, the reading room."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=500, default="", blank=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    hours = models.ForeignKey(ServiceHours, on_delete=models.PROTECT, related_name="services")
    places = models.ManyToManyField(Place, blank=True, related_name="services")
    is_open_to_reports = models.BooleanField(default=True)
    is_retired = models.BooleanField(default=False)
    # What it asks beside the one box, in order: engine.questions says what a question is.
    questions = models.JSONField(default=list, blank=True)
    # Private: its tickets are read by those alone whose duty names this very service.
    is_private = models.BooleanField(default=False)
    intake = models.CharField(max_length=10, default="everybody")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="service_intake",
                condition=Q(intake__in=["everybody", "signed_in", "entitled", "desk"]),
            ),
        ]
        indexes = [
            # Is any service private? Asked with the duties of whoever opens a page.
            models.Index(
                name="service_private", fields=["is_private"], condition=Q(is_private=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Level(models.Model):
    """A service level: Standard, Priority. The default one is the provider's house promise."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="levels")
    name = models.CharField(max_length=80)
    hours = models.ForeignKey(ServiceHours, on_delete=models.PROTECT, related_name="levels")
    is_default = models.BooleanField(default=False)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    per = models.CharField(max_length=10, default="month")

    class Meta:
        ordering = ["service", "-is_default", "name"]
        constraints = [
            models.UniqueConstraint(name="level_name_once", fields=["service", "name"]),
            models.UniqueConstraint(
                name="level_one_default", fields=["service"], condition=Q(is_default=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.name}"


class TargetQuerySet(models.QuerySet["Target"]):
    def at(self, at: datetime) -> TargetQuerySet:
        return self.filter(since__lte=at).filter(Q(until__isnull=True) | Q(until__gt=at))


class Target(models.Model):
    """How fast, at a level: within which service time a kind of ticket is answered or resolved.

    A target never changes: editing a level ends its targets and begins others, so a running clock
    keeps the one it began with, its service hours included (`spec` is a copy made on that day).
    """

    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="targets")
    measure = models.CharField(max_length=20)
    kinds = models.JSONField(default=list, blank=True)
    priorities = models.JSONField(default=list, blank=True)
    within = models.CharField(max_length=20)
    stopped_by = models.JSONField(default=list, blank=True)
    spec = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["level", "measure", "id"]
        constraints = [
            models.CheckConstraint(name="target_measure", condition=Q(measure__in=MEASURES)),
        ]

    def __str__(self) -> str:
        return f"{self.measure} within {self.within}"
