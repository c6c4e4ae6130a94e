"""Notices: who was told what; how they wish to be told; who is not to be asked how it was."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.journal.models import Line
from tricorn.parties.models import Person
from tricorn.tickets.models import Ticket

ABOUTS = (
    "answer",
    "answered",
    "assigned",
    "escalated",
    "followed",
    "mentioned",
    "rating",
    "reminded",
    "reported",
    "review",
    "rule",
)
TOLD = ("at once", "digest", "page")
CAPACITIES = ("agent", "requester", "reviewer")


class Notice(models.Model):
    """Something that happened, for one person: on their page, and by mail as they chose then."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="notices")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    capacity = models.CharField(max_length=9)
    about = models.CharField(max_length=10)
    how = models.CharField(max_length=7)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["person", "line"]),
            models.CheckConstraint(name="notice_about", condition=Q(about__in=ABOUTS)),
            models.CheckConstraint(name="notice_how", condition=Q(how__in=TOLD)),
            models.CheckConstraint(name="notice_capacity", condition=Q(capacity__in=CAPACITIES)),
        ]
        indexes = [
            # Every page asks how many are unread; the list shows those first.
            models.Index(
                name="notice_unread", fields=["person", "-id"], condition=Q(read_at__isnull=True)
            ),
            # The list asks for the others, newest first.
            models.Index(
                name="notice_read", fields=["person", "-id"], condition=Q(read_at__isnull=False)
            ),
            # The worker asks who waits for a digest.
            models.Index(
                name="notice_digest",
                fields=["person", "made_at"],
                condition=Q(how="digest", mailed_at__isnull=True, read_at__isnull=True),
            ),
            # The worker removes what was read long ago.
            models.Index(name="notice_old", fields=["read_at"], condition=Q(read_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.about} for {self.person_id} from line {self.line_id}"


class Preference(models.Model):
    """How one person wishes to be told of one thing; where there is none, the table's way counts."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="preferences")
    capacity = models.CharField(max_length=9)
    about = models.CharField(max_length=10)
    how = models.CharField(max_length=7)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="preference_once", fields=["person", "capacity", "about"]),
            models.CheckConstraint(name="preference_about", condition=Q(about__in=ABOUTS)),
            models.CheckConstraint(name="preference_how", condition=Q(how__in=[*TOLD, "off"])),
            models.CheckConstraint(
                name="preference_capacity", condition=Q(capacity__in=CAPACITIES)
            ),
        ]
        indexes = [
            # What comes in asks who wants to hear of it; almost nobody does.
            models.Index(
                name="preference_reported", fields=["person"], condition=Q(about="reported")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} for {self.person_id}: {self.how}"


class Silence(models.Model):
    """An address that asked not to be asked how it was; only its keyed hash is kept."""

    address = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"silence {self.pk}"
