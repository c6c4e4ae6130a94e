"""Complaints that name somebody of us: who reviews them, whom they name, what is asked and replied."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person
from tricorn.standing.models import Absence, InForce
from tricorn.tickets.models.ticket import Ticket

OUTCOMES = ("", "dismissed", "released", "settled", "upheld")


class Reviewer(models.Model):
    """Who reads complaints that name somebody of us: of one service, or (none) of the house.

    The one with the lowest number comes first. The deputy reads while they are away or named.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviewing")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="reviewers"
    )
    deputy = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="reviewing_for"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="reviewer_not_own_deputy",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} reviews"


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def read_by(self, person_id: int | None, at: datetime) -> Self:
        """Those that somebody reviews, or whose reviewer they stand in for at this moment.

        Never one that names them.
        """
        gone = Absence.objects.at(at).values("person")
        stood_for = (
            Reviewer.objects.at(at)
            .filter(deputy=person_id)
            .filter(Q(person__in=gone) | Q(person__is_active=False))
        )
        named = Named.objects.filter(person=person_id).values("inquiry")
        mine = Q(reviewer=person_id) | Q(reviewer__in=stood_for.values("person"))
        return self.filter(mine).exclude(pk__in=named)


class Inquiry(models.Model):
    """What a reviewer makes of one complaint. The ticket stays theirs alone, also when it is over."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, primary_key=True, related_name="inquiry"
    )
    # None: everybody who could is named, away for good, or not set; somebody has to be.
    reviewer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="inquiries"
    )
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, default="", blank=True)
    names_gone_at = models.DateTimeField(null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["begun_at"]
        verbose_name_plural = "inquiries"
        constraints = [
            models.CheckConstraint(
                name="inquiry_outcome",
                condition=Q(outcome__in=["", "dismissed", "released", "settled", "upheld"]),
            ),
            models.CheckConstraint(
                name="inquiry_ends_with_outcome",
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(~Q(outcome=""), ended_at__isnull=False),
            ),
        ]
        indexes = [
            # The worker asks of which the names have been kept long enough.
            models.Index(
                name="inquiry_kept",
                fields=["ended_at"],
                condition=Q(ended_at__isnull=False, names_gone_at__isnull=True),
            ),
            # And which have nobody who reads them.
            models.Index(
                name="inquiry_unread", fields=["begun_at"], condition=Q(reviewer__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"inquiry into {self.ticket_id}"


class Named(models.Model):
    """The complaint is about this person. The row goes when it has been kept long enough."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="named")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_in")
    since = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "named"
        constraints = [
            models.UniqueConstraint(name="named_once", fields=["inquiry", "person"]),
        ]

    def __str__(self) -> str:
        return f"somebody named in {self.inquiry_id}"


class Hearing(models.Model):
    """What a reviewer asks of somebody named, and the reply: all that these ever read of it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="hearings")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="asked"
    )
    text = models.TextField()
    key = models.BinaryField()
    # The reviewer chose to say who complained.
    tells_who = models.BooleanField(default=False)
    at = models.DateTimeField()
    reply = models.TextField(default="", blank=True)
    reply_key = models.BinaryField(default=bytes)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"hearing {self.pk}"


class Keeping(models.Model):
    """How long names are kept after an inquiry is over, and whether the words go with them."""

    months = models.PositiveSmallIntegerField(default=12)
    blanks_words = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "keeping"
        constraints = [
            models.CheckConstraint(
                name="keeping_months", condition=Q(months__gte=1, months__lte=120)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months} months"
