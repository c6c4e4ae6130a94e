"""The numbers on the tabs of the queue, each counted over everything unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Func, IntegerField, Q, QuerySet

from tricorn.prepared import ByServices
from tricorn.tickets.models import DONE_STATES, Ticket
from tricorn.tickets.reads.agent import Agent, put_away


@dataclass(frozen=True)
class Counts:
    """How many tickets stand on each tab, whatever else is filtered."""

    all: int
    mine: int
    team: int
    unassigned: int
    waiting: int
    late: int
    held: int


def counts(agent: Agent, at: datetime) -> Counts:
    """Return the numbers on the tabs: two queries, the first from its index alone."""
    served = agent.services
    tabs = TABS.of(served).rows(at, person=agent.person_id, services=served, teams=agent.teams)
    return Counts(*tabs[0], *HELD.of(served).rows(services=served)[0])


class HowMany(Func):
    """How many rows of all: a count that groups by nothing, as `aggregate` says it."""

    template = "COUNT(*)"
    output_field = IntegerField()


class HowManyWith(Func):
    """How many rows fit a condition."""

    template = "COUNT(CASE WHEN %(expressions)s THEN 1 END)"
    output_field = IntegerField()


def _tabs(
    person: list[int], services: list[int] | None, teams: list[int], at: datetime
) -> QuerySet[Ticket, Any]:
    queued = Ticket.objects.queued().order_by()
    if services is not None:
        queued = queued.filter(service__in=services)
    agent = Agent(person[0], None, ())
    return queued.values_list(
        HowMany(),
        HowManyWith(Q(assignee=person[0]) & ~Q(pk__in=put_away(agent, at))),
        HowManyWith(Q(team__in=teams)),
        HowManyWith(Q(assignee=None)),
        HowManyWith(Q(state="waiting")),
        HowManyWith(Q(breach_at__lt=at)),
    )


def _held(services: list[int] | None) -> QuerySet[Ticket, Any]:
    # Said the other way round, since by `unfinished` SQLite would take the queue's own index.
    held = Ticket.objects.held().exclude(state__in=DONE_STATES)
    return held.of_services(services).order_by().values_list(HowMany())


TABS = ByServices(_tabs, "person", "teams")
HELD = ByServices(_held)
