"""The rows that an agreement text's names stand for: parties, services, people, places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadAgreement
from tricorn.parties.models import Organisation, Person, Place

# Stands where a row would, for an entitlement that names nobody in particular.
EVERYONE = "everyone"


@dataclass(frozen=True)
class Found:
    """The rows that the names of a text stand for."""

    client: Organisation
    provider: Organisation
    named: tuple[str, ...]
    services: dict[str, Service]
    entitled: list[tuple[text.Entitled, Person | Organisation | Place | str]]
    funders: dict[str, Organisation]
    signers: list[tuple[text.Signed, Person]]
    told: dict[str, Person]


def look_up(content: text.Agreement) -> Found:
    """Return the rows that a text's names stand for.

    Errors  BadAgreement naming every one that is not known here, or is the name of several.
    """
    unknown: list[str] = []

    def one(model: type[models.Model], what: str, name: str, *keys: str) -> Any:
        query = Q()
        for key in keys:
            query |= Q(**{f"{key}__iexact": name})
        rows = list(model._default_manager.filter(query)[:2])
        if len(rows) != 1:
            problem = "is not known here" if not rows else "is the name of several"
            unknown.append(f"{what} {name!r} {problem}")
            return None
        return rows[0]

    def party(name: str) -> Any:
        return one(Organisation, "the organisation", name, "name")

    def person(name: str) -> Any:
        return one(Person, "the person", name, *(["email"] if "@" in name else ["name"]))

    names = dict.fromkeys([*content.services, *(s for e in content.entitled for s in e.services)])
    services = {name: one(Service, "the service", name, "slug", "name") for name in names}
    kinds: dict[str, Any] = {
        "person": person,
        "organisation": party,
        "group": party,
        "place": lambda name: one(Place, "the place", name, "slug", "name"),
        "everyone": lambda _name: EVERYONE,
    }
    found = Found(
        client=party(content.client),
        provider=party(content.provider),
        named=content.services,
        services=services,
        entitled=[(each, kinds[each.scope](each.name)) for each in content.entitled],
        funders={e.funder: party(e.funder) for e in content.entitled if e.funder},
        signers=[(each, person(each.by)) for each in content.signed],
        told={each.person: person(each.person) for each in content.escalation if each.person},
    )
    unknown += _named_twice(found)
    if unknown:
        raise BadAgreement(
            f"{content.ref} cannot be activated: {'; '.join(dict.fromkeys(unknown))}. "
            "Add what is missing under Manage, or correct the text.",
            unknown=unknown,
        )
    return found


def _named_twice(found: Found) -> list[str]:
    """Say who signs twice, and who is entitled twice to one service: both happen once."""
    signers = Counter(person for _, person in found.signers)
    said = [
        f"{person} signs more than once"
        for person, times in signers.items()
        if times > 1 and person is not None
    ]
    entitled: Counter[tuple[Any, Service]] = Counter(
        (row, service)
        for each, row in found.entitled
        for service in {found.services[name] for name in each.services or found.named}
    )
    return said + [
        f"{row} is entitled to {service} more than once"
        for (row, service), times in entitled.items()
        if times > 1 and row is not None and service is not None
    ]
