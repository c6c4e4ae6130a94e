"""Problems: what lies behind incidents, and known errors with their workaround."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person
from tricorn.tickets.models.ticket import Ticket, services_served

PROBLEM_STATES = ("found", "solved", "understood")


class ProblemQuerySet(models.QuerySet["Problem"]):
    def unsolved(self) -> Self:
        return self.exclude(state="solved")

    def served_by(self, person_id: int | None) -> Self:
        """Problems of a service for which this person has duty."""
        served = services_served(person_id)
        if served is None:
            return self
        of = Problem.services.through.objects.filter(service__in=served)
        return self.filter(pk__in=of.values("problem"))


class Problem(models.Model):
    """What makes incidents happen. Understood: its cause is known; solved: it is gone.

    A known error has a workaround that helps until then. Its words name nobody: every agent of
    its services reads them, and the workaround goes into answers.
    """

    title = models.CharField(max_length=200)
    services = models.ManyToManyField(Service, related_name="problems")
    tickets = models.ManyToManyField(Ticket, blank=True, related_name="problems")
    state = models.CharField(max_length=10, default="found")
    cause = models.TextField(default="", blank=True)
    workaround = models.TextField(default="", blank=True)
    solution = models.TextField(default="", blank=True)
    is_known_error = models.BooleanField(default=False)
    noted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="problem_state", condition=Q(state__in=["found", "solved", "understood"])
            ),
            models.CheckConstraint(
                name="problem_known_error_has_workaround",
                condition=Q(is_known_error=False) | ~Q(workaround=""),
            ),
            models.CheckConstraint(
                name="problem_solved_has_moment",
                condition=Q(state="solved", solved_at__isnull=False)
                | (~Q(state="solved") & Q(solved_at__isnull=True)),
            ),
        ]
        indexes = [
            # What is not solved yet? The list at the desk, and what a ticket may be about.
            models.Index(name="problem_unsolved", fields=["id"], condition=~Q(state="solved")),
        ]

    @property
    def ref(self) -> str:
        return f"P-{self.pk}"

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"
