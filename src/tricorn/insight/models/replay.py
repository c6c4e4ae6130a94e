"""Replays: past tickets under other agreements, as somebody tried them and perhaps kept them.

Of an export only numbers are kept, in a file of columns beside the database; the export itself is
deleted when it has been read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tricorn.agreements.models import Agreement, Offer
from tricorn.catalogue.models import Service
from tricorn.engine.roles import rule
from tricorn.insight.scope import parties
from tricorn.journal.actor import Actor
from tricorn.parties.models import Organisation, Person
from tricorn.standing.portrait import Portrait, portrait

SOURCES = ("own", "upload")
SIDES = ("client", "provider")
STATES = ("failed", "kept", "reading", "ready", "simulating")


class ReplayQuerySet(models.QuerySet["Replay"]):
    def visible_to(self, actor: Actor, at: datetime, known: Portrait | None = None) -> Self:
        """Only the runs that this actor may know of.

        Those of the house, for who manages its services; those of a client, for who may read of all
        the agreements in them. Of a client's runs the house sees those for which it asked an offer.
        `known` saves looking the actor up again.
        """
        if actor.is_program:
            return self
        if not actor.is_person or actor.id is None:
            return self.none()
        known = known or portrait(actor.id, at)
        return self.filter(_of_house(known) | _of_clients(known))

    def wanting_offer(self) -> Self:
        """Those of clients that wait for an offer."""
        return self.filter(side="client", offer_asked_at__isnull=False, offer__isnull=True)


def _of_house(known: Portrait) -> Q:
    """The runs of the provider that somebody may see, by what they manage.

    Of a private service only by its name: managing everything shows no run on it.
    """
    asked = Q(side="provider") | Q(side="client", offer_asked_at__isnull=False)
    managed = known.served("manage")
    if managed is None:
        return asked
    if not managed:
        return Q(pk__in=[])
    others = Replay.services.through.objects.exclude(service__in=managed).values("replay")
    if rule(known.standing(0), "make_offer").allowed:
        return asked & ~Q(pk__in=others)
    within = Replay.services.through.objects.filter(service__in=managed).values("replay")
    own = Q(side="provider", person=known.person_id, source="upload")
    return own | (asked & Q(pk__in=within) & ~Q(pk__in=others))


def _of_clients(known: Portrait) -> Q:
    """The runs of the clients whose agreements somebody may read of."""
    readable = [party.agreement for party in parties(known)]
    clients = clients_of(known, readable)
    if not clients:
        return Q(pk__in=[])
    others = Replay.agreements.through.objects.exclude(agreement__in=readable).values("replay")
    return Q(side="client", client__in=clients) & ~Q(pk__in=others)


def clients_of(known: Portrait, readable: list[Agreement]) -> set[int]:
    """Return the organisations for which somebody may try things: by agreement or by authority."""
    return {each.client_id for each in readable} | {
        each.organisation_id for each in known.authorities
    }


class Replay(models.Model):
    """Past tickets, the present agreement, options beside it, and what all that would have meant.

    reading     an upload waits for the worker, or is being read
    ready       options may be changed; `answer` says what is known of them, if anything
    simulating  the worker works out the answer
    kept        for good: nothing in it changes any more
    failed      `problem` says why; an upload can be read again otherwise

    `side` is whose it is: a client's run counts only what a client may read. `edition` goes up with
    every change, so that an answer to something older is not taken for this one's.
    """

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    side = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="replays")
    client = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="replays"
    )
    source = models.CharField(max_length=10)
    services = models.ManyToManyField(Service, related_name="replays")
    # Of a client: only tickets under these count.
    agreements = models.ManyToManyField(Agreement, related_name="replays")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    zone = models.CharField(max_length=64)

    file_name = models.CharField(max_length=120, default="", blank=True)
    file_size = models.BigIntegerField(default=0)
    file_hash = models.CharField(max_length=64, default="", blank=True)
    format = models.CharField(max_length=30, default="", blank=True)
    map_text = models.TextField(default="", blank=True)
    # Whether the present rule is to be learned from the tickets, once they are read.
    learns = models.BooleanField(default=False)
    # What reading it brought: counts and sentences about the file, never its words.
    told = models.JSONField(default=dict)

    present = models.TextField(default="", blank=True)
    rates = models.TextField(default="", blank=True)
    team = models.TextField(default="", blank=True)
    priorities = models.JSONField(default=dict)
    priority_at = models.CharField(max_length=10, default="final")

    state = models.CharField(max_length=10)
    progress = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=200, default="", blank=True)
    problem = models.TextField(default="", blank=True)
    edition = models.PositiveIntegerField(default=1)
    answer = models.JSONField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="replays")
    offer_asked_at = models.DateTimeField(null=True)

    objects = ReplayQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="replay_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="replay_side", condition=Q(side__in=SIDES)),
            models.CheckConstraint(
                name="replay_client_has_client",
                condition=Q(side="provider") | Q(client__isnull=False),
            ),
            models.CheckConstraint(
                name="replay_source",
                condition=Q(source="own", first_on__isnull=False, last_on__isnull=False)
                | Q(source="upload"),
            ),
        ]
        indexes = [
            # The worker asks every moment what is to be read or simulated.
            models.Index(
                name="replay_waits", fields=["id"], condition=Q(state__in=["reading", "simulating"])
            ),
            # What was left lying and may go?
            models.Index(
                name="replay_left", fields=["changed_at"], condition=Q(kept_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReplayOption(models.Model):
    """One other agreement that a replay tries: a name, and the text."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="options")
    letter = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    text = models.TextField()
    # Of this one the client would like an offer.
    is_wanted = models.BooleanField(default=False)

    class Meta:
        ordering = ["replay", "letter"]
        constraints = [
            models.UniqueConstraint(name="replay_option_once", fields=["replay", "letter"]),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"
