"""Letters: what is to be sent to whom because of one journal line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from tricorn.catalogue.models import Service
from tricorn.journal.models import Line
from tricorn.parties.models import Person
from tricorn.tickets.models import Ticket

KINDS = (
    "answer",
    "asked",
    "code",
    "digest",
    "escalated",
    "notice",
    "outcome",
    "receipt",
    "reminded",
    "told",
)
STATES = ("dropped", "failed", "sent", "waiting")
# Why a letter was not sent: the first four could go out another time, the others are not meant to.
REASONS = ("late", "refused", "tries", "unreachable", "automatic", "given_up", "many", "own")


class Letter(models.Model):
    """One mail to one address. Its words are kept only until it is on its way.

    `message_id` is made of line and address, so what a crash repeats is the same mail. `failed`
    is what should have gone out and did not, `dropped` what is not to go out.
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
    language = models.CharField(max_length=5, default="en")
    state = models.CharField(max_length=8, default="waiting")
    reason = models.CharField(max_length=11, default="", blank=True)
    problem = models.CharField(max_length=200, default="", blank=True)
    # The line by which somebody had it tried again; its delivery is the one that sends it now.
    retry = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Only for what nobody needs: where one click ends letters of this sort (RFC 8058).
    unsubscribe = models.CharField(max_length=300, default="", blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # Until then it is in somebody's hands on the way to the mail server, and nobody else's.
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="letter_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="letter_state", condition=Q(state__in=["dropped", "failed", "sent", "waiting"])
            ),
            models.CheckConstraint(name="letter_reason", condition=Q(reason__in=["", *REASONS])),
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
            # Manage asks what waits, newest first; almost everything was sent.
            models.Index(name="letter_waiting", fields=["id"], condition=Q(state="waiting")),
            # A receipt asks how many its address got within the last hour.
            models.Index(
                name="letter_receipts", fields=["recipient", "made_at"], condition=Q(kind="receipt")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of line {self.line_id}: {self.state}"


class LetterText(models.Model):
    """One version of a kind's words, in one language; the newest counts. None is ever changed.

    `is_shipped` is the wish for the shipped words again: then it has none of its own.
    """

    kind = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, default="", blank=True)
    text = models.TextField(default="", blank=True)
    is_shipped = models.BooleanField(default=False)
    written_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also answers what counts now: the newest number of a kind and language.
            models.UniqueConstraint(name="letter_text_once", fields=["kind", "language", "number"]),
            models.CheckConstraint(name="letter_text_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="letter_text_own_or_shipped",
                condition=Q(is_shipped=True, subject="", text="")
                | (Q(is_shipped=False) & ~Q(subject="") & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}, version {self.number}"


class Identity(models.Model):
    """Who letters come from: of one service, or of the house where no service is named."""

    service = models.OneToOneField(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="identity"
    )
    name = models.CharField(max_length=80)
    address = models.EmailField(max_length=254)
    signature = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            # The database knows no two empty services as the same: of the house there is one.
            models.UniqueConstraint(Coalesce("service", 0), name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"
