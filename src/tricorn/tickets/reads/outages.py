"""Is it working now? And the outages as the desk reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from tricorn.catalogue.models import Service
from tricorn.parties.models import Place
from tricorn.prepared import ByServices, Prepared
from tricorn.tickets.models import REVIEWER, Outage, OutageQuerySet, Ticket
from tricorn.tickets.reads.agent import Agent

# Planned work is announced to everybody this long before.
ANNOUNCED = timedelta(days=7)
# A ticket may tell of an outage that was over shortly before it was reported.
AROUND = timedelta(days=1)
MOST = 10
COLUMNS = (
    *("id", "services", "began_at", "ended_at", "is_planned", "summary"),
    *("places__id", "places__name"),
)


TOLD = Prepared(
    lambda services, at, until: (
        Outage.objects.unended(at)
        .filter(services__in=services, began_at__lte=until)
        .order_by("began_at", "id")
        .values_list(*COLUMNS)
    ),
    "services",
    moments=("at", "until"),
)


@dataclass(frozen=True)
class Spell:
    """One outage of one service, as far as it matters now. No places: everywhere."""

    outage: int
    began_at: datetime
    ended_at: datetime | None
    summary: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Working:
    """How one service stands: what it is down by, which work is planned or under way."""

    down: Spell | None = None
    planned: Spell | None = None


def working_now(
    services: Collection[int], *, at: datetime, place: Place | None = None
) -> dict[int, Working]:
    """Return how each of these services stands at a moment, at a place if one is given: one query.

    What was noted for some places concerns these and what lies directly in them; without a place
    everything is told, with the places' names.
    """
    rows = TOLD.rows(at, services=services, until=at + ANNOUNCED)
    where: dict[int, dict[int, str]] = defaultdict(dict)
    spells: dict[tuple[int, int], tuple[bool, Spell]] = {}
    for outage, service, began_at, ended_at, is_planned, summary, place_id, name in rows:
        if place_id is not None:
            where[outage][place_id] = name
        spells[service, outage] = (is_planned, Spell(outage, began_at, ended_at, summary))
    found = {service: Working() for service in services}
    here = {place.pk, place.within_id} if place else set()
    for (service, outage), (is_planned, spell) in spells.items():
        places = where[outage]
        if place is not None and places and not here & set(places):
            continue
        names = () if place else tuple(sorted(places.values()))
        spell = Spell(outage, spell.began_at, spell.ended_at, spell.summary, names)
        known = found[service]
        if is_planned and known.planned is None:
            found[service] = Working(known.down, spell)
        elif not is_planned and known.down is None and spell.began_at <= at:
            found[service] = Working(spell, known.planned)
    return found


def served(agent: Agent) -> OutageQuerySet:
    """Return the outages of services that this agent serves, with what a list shows of them."""
    found = Outage.objects.prefetch_related("services", "places")
    if agent.services is not None:
        of = Outage.services.through.objects.filter(service__in=agent.services)
        found = found.filter(pk__in=of.values("outage"))
    return found


def services_for(agent: Agent, outage: Outage | None = None) -> QuerySet[Service]:
    """Return the services that may be chosen: those on offer, and those of the outage already."""
    on_offer = Q(is_retired=False)
    if agent.services is not None:
        on_offer &= Q(pk__in=agent.services)
    if outage is not None:
        on_offer |= Q(pk__in=[each.pk for each in outage.services.all()])
    return Service.objects.filter(on_offer).order_by("name")


def unended(agent: Agent, at: datetime) -> list[Outage]:
    """Return what lasts now or is announced, the soonest first: three queries."""
    rows = served(agent).unended(at).annotate(told_by=_told(agent))
    return list(rows.order_by("began_at", "id"))


def ended(agent: Agent, at: datetime) -> QuerySet[Outage]:
    """The rows of what is over or was taken back, newest first, for a paginator."""
    rows = served(agent).filter(Q(ended_at__lte=at) | Q(taken_back_at__isnull=False))
    return rows.annotate(told_by=_told(agent)).order_by("-began_at", "-id")


def _told(agent: Agent) -> Count:
    """How many tickets told of an outage, of those that this agent may see."""
    seen = ~Q(tickets__held_for=REVIEWER)
    if agent.services is not None:
        seen &= Q(tickets__service__in=agent.services)
    return Count("tickets", filter=seen)


def of_ticket(ticket: Ticket, agent: Agent) -> list[Outage]:
    """Return the outages that a ticket is linked to (`is_linked`), and may be: three queries.

    Offered is what touches the day around the report, of the ticket's own service.
    """
    rows = AROUND_TICKET.of(agent.services).objects(
        ticket=ticket.pk,
        service=ticket.service_id,
        services=agent.services,
        since=ticket.began_at - AROUND,
        until=ticket.reported_at + AROUND,
    )
    prefetch_related_objects(rows, "services", "places")
    return rows


def _around_ticket(
    ticket: list[int],
    service: list[int],
    services: list[int] | None,
    since: datetime,
    until: datetime,
) -> QuerySet[Outage]:
    through, of = Outage.tickets.through.objects, Outage.services.through.objects
    linked = through.filter(outage=OuterRef("pk"), ticket__in=ticket)
    own = of.filter(outage=OuterRef("pk"), service__in=service)
    near = Q(Exists(own), Q(ended_at__isnull=True) | Q(ended_at__gt=since), began_at__lt=until)
    found = Outage.objects.counted().annotate(is_linked=Exists(linked))
    if services is not None:
        found = found.filter(pk__in=of.filter(service__in=services).values("outage"))
    return found.filter(Q(is_linked=True) | near).order_by("-is_linked", "-began_at")[:MOST]


AROUND_TICKET = ByServices(_around_ticket, "ticket", "service", moments=("since", "until"))


def tickets_of(outage: Outage, agent: Agent) -> list[Ticket]:
    """Return the tickets that told of an outage, as far as this agent serves them. One query."""
    rows = Ticket.objects.filter(outages=outage).of_services(agent.services)
    return list(rows.order_by("reported_at", "id")[:200])
