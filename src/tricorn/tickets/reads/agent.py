"""Who reads at the desk: the services they serve, the teams they are in, what they put away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tricorn.standing.portrait import Portrait
from tricorn.tickets.models import Reminder, Ticket

SERVED_BY_DUTY = ("desk", "manage")


@dataclass(frozen=True)
class Agent:
    """Who reads the queue: the services they serve (None: every one), and the teams they are in.

    A private service is among them only for who has duty for it by name.
    """

    person_id: int
    services: frozenset[int] | None
    teams: tuple[int, ...]

    @classmethod
    def of(cls, portrait: Portrait) -> Agent:
        services = portrait.served(*SERVED_BY_DUTY)
        return cls(portrait.person_id, services, portrait.organisations)

    def serves(self, ticket: Ticket) -> bool:
        """Whether a ticket is this agent's to see; one that is with a reviewer is no desk's."""
        is_served = self.services is None or ticket.service_id in self.services
        return is_served and not ticket.is_with_reviewer


def put_away(agent: Agent, at: datetime) -> QuerySet[Reminder, int]:
    """Return the tickets that this agent has put away until later: part of the queue's query."""
    away = Reminder.objects.filter(
        person=agent.person_id, done_at__isnull=True, is_snooze=True, due_at__gt=at
    )
    return away.values_list("ticket_id", flat=True)
