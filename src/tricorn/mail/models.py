"""Letters: what is to be sent to whom because of one journal line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.journal.models import Line
from tricorn.tickets.models import Ticket

KINDS = ("answer", "asked", "code", "escalated", "notice", "outcome", "receipt", "reminded")


class Letter(models.Model):
    """One mail to one address. Its words are kept only until it is on its way.

    `message_id` is made of line and address, so what a crash repeats is the same mail.
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="letters")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    kind = models.CharField(max_length=10)
    recipient = models.EmailField(max_length=254)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200, default="", blank=True)
    body = models.TextField(default="", blank=True)
    state = models.CharField(max_length=8, default="waiting")
    problem = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="letter_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="letter_state", condition=Q(state__in=["failed", "sent", "waiting"])
            ),
            models.CheckConstraint(
                name="letter_words_gone_when_over", condition=Q(state="waiting") | Q(body="")
            ),
            models.CheckConstraint(
                name="letter_sent_has_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            # A new letter asks for the earlier ones of the same conversation.
            models.Index(name="letter_thread", fields=["ticket", "recipient", "id"]),
            # The doctor asks what was refused for good.
            models.Index(name="letter_failed", fields=["id"], condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of line {self.line_id}: {self.state}"
