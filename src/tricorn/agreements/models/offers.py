"""Offers: what the provider puts to a client, in options, round by round, until both have signed.

Nothing here runs a clock. What is agreed becomes a version only when both sides have signed it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tricorn.agreements.models.versions import Agreement, Version
from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person
from tricorn.standing.models import Authority

OFFER_STATES = ("draft", "open", "agreed", "signed", "declined", "withdrawn")
OPTION_STATES = ("draft", "open", "accepted", "declined", "withdrawn")
SIDES = ("client", "provider")


class OfferQuerySet(models.QuerySet["Offer"]):
    def unsettled(self) -> Self:
        """Offers about which somebody has still something to do."""
        return self.filter(state__in=["draft", "open", "agreed"])


class Offer(models.Model):
    """What the provider offers a client: one or more options side by side.

    draft      the provider still writes; nobody else sees it
    open       the client may accept an option, decline it, or ask for changes
    agreed     an option was accepted; both sides have yet to sign
    signed     both have signed; `version` is what came of it
    declined, withdrawn   over, and kept
    """

    ref = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    note = models.TextField(default="", blank=True)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, related_name="offers"
    )
    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, null=True, related_name="offer"
    )
    state = models.CharField(max_length=10, default="draft")
    answer_by = models.DateField(null=True, blank=True)
    begun_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="offer_state", condition=Q(state__in=OFFER_STATES)),
            models.CheckConstraint(
                name="offer_signed_has_version",
                condition=Q(state="signed", version__isnull=False)
                | (~Q(state="signed") & Q(version__isnull=True)),
            ),
        ]
        indexes = [
            # What was put to this client, and what of it waits?
            models.Index(name="offer_client", fields=["client", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def is_internal(self) -> bool:
        """Whether client and provider belong to one house: then people approve, not sign."""
        return self.client.above[:1] == self.provider.above[:1]


class Option(models.Model):
    """One way of having it, called by a letter; declined, it stays on file with price and reason.

    `draft` is what the provider writes next; the client sees wordings only. The reason is personal
    text: the journal knows its keyed hash.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="options")
    letter = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    covered = models.TextField(default="", blank=True)
    not_covered = models.TextField(default="", blank=True)
    draft = models.TextField(default="", blank=True)
    services = models.ManyToManyField(Service, related_name="options")
    state = models.CharField(max_length=10, default="draft")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)
    key = models.BinaryField(null=True)

    class Meta:
        ordering = ["offer", "letter"]
        constraints = [
            models.UniqueConstraint(name="option_letter_once", fields=["offer", "letter"]),
            models.CheckConstraint(name="option_state", condition=Q(state__in=OPTION_STATES)),
            models.UniqueConstraint(
                name="option_accepted_once", fields=["offer"], condition=Q(state="accepted")
            ),
        ]
        indexes = [
            # Which options were declined, and when?
            models.Index(name="option_answered", fields=["state", "answered_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.offer.ref}, option {self.letter}: {self.name}"


class Wording(models.Model):
    """One round of an option: a whole agreement text without signatures. It never changes.

    `text` is canonical, `hash` its SHA-256: what a signature stands for.
    """

    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    text = models.TextField()
    hash = models.CharField(max_length=64)
    note = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["option", "number"]
        constraints = [
            models.UniqueConstraint(name="wording_number_once", fields=["option", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.option}, round {self.number}"


class ChangeAsked(models.Model):
    """The client asks for another wording of one item of a round, with a reason.

    `part` and `item` name it as the text does ("clause", "R2"); `field` and `value` hold the
    counter-offer, where there is one ("target", "4h"). Taken, it is in the round `taken_in`.
    """

    STATES = ("open", "taken", "refused", "withdrawn")

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="asked")
    part = models.CharField(max_length=20)
    item = models.CharField(max_length=120, default="", blank=True)
    field = models.CharField(max_length=40, default="", blank=True)
    value = models.CharField(max_length=200, default="", blank=True)
    reason = models.TextField()
    key = models.BinaryField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    answer = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    taken_in = models.ForeignKey(
        Wording, on_delete=models.PROTECT, null=True, related_name="answers"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="change_asked_state",
                condition=Q(state__in=["open", "taken", "refused", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.item}".strip()


class Assent(models.Model):
    """Somebody's signature on a wording: who, for whom, by which authority, when and how.

    `hash` is the wording's, `head` the journal's at that moment. When both sides have given theirs,
    they become the signatures of the version. Stands for ever.
    """

    METHODS = ("code", "paper")

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="assents")
    side = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assents")
    acting_for = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=120, default="", blank=True)
    method = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)
    head = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="assent_once", fields=["wording", "person"]),
            models.CheckConstraint(name="assent_side", condition=Q(side__in=SIDES)),
            models.CheckConstraint(name="assent_method", condition=Q(method__in=["code", "paper"])),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.on}"


class SigningCode(models.Model):
    """A one-time code for one person to sign one wording. The code itself is never stored."""

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Which code was sent to this person last?
            models.Index(name="signing_code_last", fields=["person", "wording", "sent_at"]),
        ]

    def __str__(self) -> str:
        return f"code for {self.person}"

    def holds(self, at: datetime) -> bool:
        """Whether this code can still be given."""
        return self.used_at is None and at < self.expires_at and self.tries < 5
