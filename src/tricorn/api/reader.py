"""Who asks, by their token: what they may see and do, exactly as at the doors of the house."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef

from tricorn.engine.errors import StandingRefused
from tricorn.engine.roles import Door, rule
from tricorn.journal.actor import Actor
from tricorn.knowledge import models as knowledge
from tricorn.knowledge.reads import reader_of
from tricorn.parties.models import Person, Token
from tricorn.standing.portrait import Portrait, portrait
from tricorn.tickets.models import Ticket, TicketQuerySet
from tricorn.tickets.reads.agent import Agent

# No service has this number, so only what holds for all services counts.
EVERYWHERE = 0


@dataclass
class Reader:
    """The person behind a token. Read from the database only as far as somebody asks."""

    token: Token
    at: datetime

    @property
    def person(self) -> Person:
        return self.token.person

    @cached_property
    def actor(self) -> Actor:
        return Actor("person", self.person.pk, via=self.token.pk)

    @cached_property
    def portrait(self) -> Portrait:
        return portrait(self.person.pk, self.at)

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        return self.portrait.doors()

    @cached_property
    def agent(self) -> Agent | None:
        """Who they are at the desk; None for whom that door is closed."""
        return Agent.of(self.portrait) if Door.DESK in self.doors else None

    @cached_property
    def reads(self) -> knowledge.Reader:
        """Who they are to articles."""
        return reader_of(self.portrait)

    def may(self, right: str, service_id: int = EVERYWHERE) -> bool:
        return rule(self.portrait.standing(service_id), right).allowed

    def require(self, right: str, service_id: int = EVERYWHERE) -> None:
        """Errors  StandingRefused saying whose deed it is."""
        ruling = rule(self.portrait.standing(service_id), right)
        if not ruling.allowed:
            raise StandingRefused(ruling.reason, verb=right)

    def own(self) -> TicketQuerySet:
        """Tickets of their own, as My services shows them."""
        if Door.MY not in self.doors:
            return Ticket.objects.none()
        return Ticket.objects.visible_to(self.actor).own(self.person.pk)

    def served(self) -> TicketQuerySet:
        """Tickets that they work on, as the desk shows them: with notes, clocks and people."""
        if self.agent is None:
            return Ticket.objects.none()
        seen = Ticket.objects.visible_to(self.actor).served_by(self.person.pk)
        return seen.of_services(self.agent.services)

    def tickets(self) -> TicketQuerySet:
        """Every ticket that they may know of; what is held is left to its own page."""
        if self.agent is None:
            return self.own()
        # Asked row by row, the list keeps its order: for many services SQLite else gathers and sorts
        # all that they have.
        seen = Ticket.objects.visible_to(self.actor).filter(pk=OuterRef("pk"))
        return Ticket.objects.filter(Exists(seen), held_for="")

    def served_among(self, ids: Collection[int]) -> set[int]:
        """Of these tickets those that they read as the desk does; the others are their own."""
        if self.agent is None:
            return set()
        served = Exists(self.served().filter(pk=OuterRef("pk")))
        return set(Ticket.objects.filter(served, pk__in=ids).values_list("pk", flat=True))
