"""Who may sign, approve, accept, decide and admit; who is away; how many it takes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person
from tricorn.standing.models.period import InForce

MAY = ("accept", "admit", "approve", "decide", "sign")


class Authority(models.Model):
    """Somebody may do one deed for an organisation and all below it, within limits and dates.

    Nothing but its end ever changes: another limit or deputy is another row.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorities")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="authorities"
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="authorities"
    )
    may = models.CharField(max_length=10)
    up_to = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    deputy = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="deputises"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    # Withdrawn, not run out: a refusal says which.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(name="authority_may", condition=Q(may__in=MAY)),
            models.CheckConstraint(
                name="authority_deputy_is_another",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
            ),
        ]
        indexes = [
            # What may this person decide? Asked on every page, for the doors.
            models.Index(name="authority_person", fields=["person"]),
            # Who may do this deed for this organisation and those above it?
            models.Index(name="authority_organisation", fields=["organisation", "may"]),
        ]

    def __str__(self) -> str:
        return f"{self.person} may {self.may} for {self.organisation}"


class Absence(models.Model):
    """Somebody is away and somebody else acts for them; without a deputy, their authority's acts."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="stands_in"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="absence_deputy_is_another",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
            ),
        ]
        indexes = [
            # When is this person away? Their own page, and the door of who stands in.
            models.Index(name="absence_person", fields=["person", "since"]),
            # Who is away now? Asked whenever somebody's signature is needed.
            models.Index(name="absence_now", fields=["until", "since"]),
        ]

    def __str__(self) -> str:
        return f"{self.person} is away"


class Quorum(models.Model):
    """A deed for an organisation and all below it takes several people, perhaps only above an amount."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="quorums")
    may = models.CharField(max_length=10)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="quorums"
    )
    above = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    needed = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name_plural = "quorums"
        constraints = [
            models.CheckConstraint(name="quorum_may", condition=Q(may__in=MAY)),
            models.CheckConstraint(name="quorum_needs_somebody", condition=Q(needed__gte=1)),
            models.CheckConstraint(
                name="quorum_amount_has_currency",
                condition=Q(above__isnull=True) | ~Q(currency=""),
            ),
        ]
        indexes = [
            # How many does this deed take for this organisation and those above it?
            models.Index(name="quorum_organisation", fields=["organisation", "may"]),
        ]

    def __str__(self) -> str:
        return f"{self.needed} to {self.may} for {self.organisation}"
