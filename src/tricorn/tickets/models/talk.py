"""What was said on a ticket, and at the end how it was."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from tricorn.parties.models import Person
from tricorn.tickets.models.ticket import Ticket


class MessageQuerySet(models.QuerySet["Message"]):
    def standing(self) -> Self:
        """What is still said: without what undoing withdrew."""
        return self.filter(withdrawn="")


class Message(models.Model):
    """One thing said on a ticket. Its text is personal: the journal only knows its keyed hash."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    by_kind = models.CharField(max_length=10)
    is_from_desk = models.BooleanField(default=False)
    is_public = models.BooleanField(default=True)
    text = models.TextField()
    key = models.BinaryField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20, default="web")
    # Of a letter: its cleaned HTML, what it quoted, and the name and address it gave as its sender.
    html = models.TextField(default="", blank=True)
    quoted = models.TextField(default="", blank=True)
    sender = models.CharField(max_length=360, default="", blank=True)
    # What an undone bulk had said: an answer or a note, seen struck by the desk and by nobody else.
    withdrawn = models.CharField(max_length=6, default="", blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="message_withdrawn_is_not_public",
                condition=Q(withdrawn="") | Q(withdrawn__in=["answer", "note"], is_public=False),
            ),
        ]
        indexes = [
            # The conversation of a ticket, in order.
            models.Index(name="message_ticket", fields=["ticket", "at"]),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of ticket {self.ticket_id}"


class Rating(models.Model):
    """How it was, asked once at the end: 1 to 5, and a reason when it was not good."""

    REASONS = ("", "functionality", "reliability", "support")

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=15, default="", blank=True)
    text = models.TextField(default="", blank=True)
    key = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rating_one_to_five", condition=Q(score__gte=1, score__lte=5)
            ),
            models.CheckConstraint(
                name="rating_reason",
                condition=Q(reason__in=["", "functionality", "reliability", "support"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} of 5"
