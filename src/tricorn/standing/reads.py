"""What Manage shows of people: rows of a list, and everything on record about one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.engine.roles import Door, Facts, Role, flags_of, roles_of, shown
from tricorn.engine.roles.facts import FACTS
from tricorn.parties.models import Membership, Person
from tricorn.standing.models import Authority, Duty, Fact
from tricorn.standing.portrait import Portrait, portrait

# A person with more services than this is shown the first by name; the rest is counted.
MOST_SERVICES = 60


@dataclass(frozen=True)
class PersonRow:
    """One person in the list: where they belong and which duties they have now."""

    person: Person
    organisations: tuple[str, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class ServiceStanding:
    """What a person is for one service under the scheme in use, and why."""

    service: Service
    roles: tuple[Role, ...]
    flags: tuple[Role, ...]
    facts: Facts


@dataclass(frozen=True)
class OpenDoor:
    """A door that is open to the person, with the reasons; Report is open to everybody."""

    door: Door
    because: tuple[str, ...]


@dataclass(frozen=True)
class PersonView:
    """Everything on record about one person, and what follows from it at this instant."""

    person: Person
    memberships: tuple[Membership, ...]
    duties: tuple[Duty, ...]
    facts: tuple[Fact, ...]
    authorities: tuple[Authority, ...]
    standings: tuple[ServiceStanding, ...]
    doors: tuple[OpenDoor, ...]


def person_rows(people: Sequence[Person], at: datetime) -> list[PersonRow]:
    """Return the rows of a page: two queries for any number of people."""
    ids = [person.pk for person in people]
    organisations: dict[int, list[str]] = defaultdict(list)
    members = Membership.objects.at(at).filter(person__in=ids).select_related("organisation")
    for member in members.order_by("organisation__name"):
        organisations[member.person_id].append(member.organisation.name)
    duties: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.at(at).filter(person__in=ids).select_related("service").order_by("id"):
        duties[duty.person_id].append(duty)
    return [
        PersonRow(each, tuple(organisations[each.pk]), tuple(duties[each.pk])) for each in people
    ]


def person_view(
    person: Person, scheme: str, at: datetime, *, hidden: Collection[int] = ()
) -> PersonView:
    """Return everything on record about one person: ten queries.

    Not what they are to the services in `hidden`: whether they turned to these is not the reader's.
    """
    known = portrait(person.pk, at).without(hidden)
    # What lies ahead is shown too, so that nobody records it twice.
    facts = (
        Fact.objects.filter(Q(person=person) | Q(pk__in=[fact.pk for fact in known.facts_known]))
        .select_related("service", "organisation", "funder")
        .order_by("-since", "-id")
        .exclude(~Q(service=None), service__in=hidden)
    )
    services = Service.objects.exclude(pk__in=hidden).order_by("name")
    everywhere = any(fact.service_id is None for fact in known.facts_known)
    if not everywhere:
        services = services.filter(pk__in=known.services)
    return PersonView(
        person=person,
        memberships=tuple(
            person.memberships.select_related("organisation").order_by("-since", "-id")
        ),
        duties=tuple(person.duties.select_related("service").order_by("-since", "-id")),
        facts=tuple(facts),
        authorities=tuple(
            person.authorities.select_related("organisation", "service", "deputy").order_by(
                "-since", "-id"
            )
        ),
        standings=tuple(
            _standing(service, known.facts(service.pk), scheme)
            for service in services[:MOST_SERVICES]
        ),
        doors=open_doors(known),
    )


def _standing(service: Service, facts: Facts, scheme: str) -> ServiceStanding:
    return ServiceStanding(
        service=service,
        roles=shown(roles_of(facts, scheme), scheme),
        flags=flags_of(facts, scheme),
        facts=facts,
    )


def open_doors(known: Portrait) -> tuple[OpenDoor, ...]:
    """Return the doors open to a person, each with what opens it, over all services."""
    opened = known.doors()
    services = sorted(known.services) or [0]
    standings = [known.standing(service) for service in [0, *services]]
    reasons: dict[Door, dict[str, None]] = {door: {} for door in opened}
    for standing in standings:
        for duty in ("desk", "manage"):
            if duty in standing.duties:
                reasons[Door(duty)][duty] = None
        if Door.MY in reasons:
            facts = standing.facts
            for fact in ("entitled", "used"):
                if facts.value(fact):
                    reasons[Door.MY][_reason(facts, fact)] = None
        if Door.DECIDE in reasons:
            reasons[Door.DECIDE] |= dict.fromkeys(_decides(standing.facts))
            reasons[Door.DECIDE] |= {f"may {each}": None for each in sorted(standing.may)}
    return tuple(OpenDoor(door, tuple(why)) for door, why in reasons.items())


def _decides(facts: Facts) -> list[str]:
    names = ("signed", "invoice", "budget", "accept", "oversees", "linemgr")
    return [_reason(facts, name) for name in names if facts.value(name)]


def _reason(facts: Facts, fact: str) -> str:
    evidence = "; ".join(facts.shown_by(fact))
    return f"{FACTS[fact]} ({evidence})" if evidence else FACTS[fact]


def is_managed(at: datetime) -> bool:
    """Whether somebody who can sign in manages the whole house."""
    return (
        Duty.objects.at(at)
        .filter(duty="manage", service__isnull=True, person__is_active=True)
        .exists()
    )
