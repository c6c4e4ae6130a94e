"""Approvals: somebody with authority is asked, and says yes or no. Answers stand for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person
from tricorn.standing.models.authority import MAY, Authority

STATES = ("given", "open", "refused", "withdrawn")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> Self:
        return self.filter(state="open")

    def due(self, at: datetime) -> Self:
        """Those of which somebody is to be reminded now."""
        return self.waiting().filter(next_at__lte=at)


class Approval(models.Model):
    """A question to whoever has the authority: may this be done for the organisation?

    `subject` and `subject_id` name the record that is waiting, in the journal's words. What is
    asked never changes; `state`, the reminders and `settled_at` do. `key` keeps the words' digest.
    """

    subject = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    deed = models.CharField(max_length=10)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="approvals"
    )
    services = models.ManyToManyField(Service, related_name="approvals")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    per = models.CharField(max_length=10, default="", blank=True)
    words = models.CharField(max_length=200)
    key = models.BinaryField()
    asked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="approvals_asked"
    )
    asked_at = models.DateTimeField()
    needed = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default="open")
    next_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(name="approval_deed", condition=Q(deed__in=MAY)),
            models.CheckConstraint(name="approval_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="approval_needs_somebody", condition=Q(needed__gte=1)),
            models.CheckConstraint(
                name="approval_settled_has_moment",
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False, next_at__isnull=True)),
            ),
            # The same record waits for the same deed of the same organisation once.
            models.UniqueConstraint(
                name="approval_open_once",
                fields=["subject", "subject_id", "deed", "organisation"],
                condition=Q(state="open"),
            ),
        ]
        indexes = [
            # What was asked about this record, and how did it end?
            models.Index(name="approval_subject", fields=["subject", "subject_id"]),
            # What still waits, and of what is somebody to be reminded? The worker, and Decide.
            models.Index(
                name="approval_waiting", fields=["next_at", "id"], condition=Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.state}"


class Answer(models.Model):
    """What one person said to an approval, for themselves or for somebody who is away."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="answers")
    acting_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_for"
    )
    # None: a line manager, or a manager of the provider, where nobody holds authority.
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    capacity = models.CharField(max_length=20)
    yes = models.BooleanField()
    reason = models.CharField(max_length=500, default="", blank=True)
    key = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            # A person counts once, however many they stand for.
            models.UniqueConstraint(name="answer_once", fields=["approval", "person"]),
        ]
        indexes = [
            # What has this person answered? Everything that passed with them.
            models.Index(name="answer_person", fields=["person", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {'yes' if self.yes else 'no'}"
