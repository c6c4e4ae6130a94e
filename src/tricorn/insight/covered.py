"""Whom a version covers: organisations, groups and places by name, persons only counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from tricorn.agreements.models import Entitlement, Signature, Version
from tricorn.insight.figures import Count
from tricorn.parties.models import Membership, Person
from tricorn.standing.models import Use


@dataclass(frozen=True)
class Covered:
    """Names of organisations with (`below`) or without what is below them, groups and places.

    `everyone`: it covers all the world, whoever is named besides.
    """

    organisations: tuple[tuple[str, bool], ...] = ()
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    persons: int = 0
    funders: tuple[str, ...] = ()
    everyone: bool = False


def covered_by(versions: Collection[int]) -> dict[int, Covered]:
    """Return whom each version covers. One query."""
    rows: dict[int, list[Entitlement]] = defaultdict(list)
    for row in (
        Entitlement.objects.filter(version__in=versions)
        .select_related("organisation", "place", "funder")
        .order_by("id")
    ):
        rows[row.version_id].append(row)
    return {version: _covered(rows[version]) for version in versions}


def _covered(rows: list[Entitlement]) -> Covered:
    named = [row for row in rows if row.organisation is not None]
    return Covered(
        organisations=tuple(
            (str(row.organisation), row.includes_below)
            for row in named
            if row.scope == "organisation"
        ),
        groups=tuple(str(row.organisation) for row in named if row.scope == "group"),
        places=tuple(str(row.place) for row in rows if row.place is not None),
        persons=len({row.person_id for row in rows if row.person_id is not None}),
        funders=tuple(dict.fromkeys(str(row.funder) for row in rows)),
        everyone=any(row.scope == "everyone" for row in rows),
    )


def signatures_of(versions: Collection[int]) -> dict[int, list[Signature]]:
    """Return who signed each version. One query."""
    found: dict[int, list[Signature]] = defaultdict(list)
    for row in Signature.objects.filter(version__in=versions).select_related("person"):
        found[row.version_id].append(row)
    return found


@dataclass(frozen=True)
class Unused:
    """How many people may use the services, and how many of them never have.

    `everyone`: the whole world may; counted are those who are named besides.
    """

    entitled: Count
    never: Count
    everyone: bool = False


def unused(version: Version, *, at: datetime, fewest: int) -> Unused:
    """Return how many entitled people never used a service of the version by an instant.

    Everybody at a place is nobody in particular, and everyone even less: both are left out.
    Three queries.
    """
    rows = list(
        Entitlement.objects.filter(version=version, place__isnull=True).select_related(
            "organisation"
        )
    )
    members = Q(pk__in=[])
    for row in rows:
        if row.organisation is not None and row.includes_below:
            members |= Q(organisation__path__startswith=row.organisation.path)
        elif row.organisation is not None:
            members |= Q(organisation=row.organisation)
    people = Person.objects.filter(
        Q(pk__in=[row.person_id for row in rows if row.person_id])
        | Q(pk__in=Membership.objects.at(at).filter(members).values("person"))
    )
    uses = Use.objects.filter(person=OuterRef("pk"), service__in=version.services.all(), at__lt=at)
    entitled = people.count()
    never = people.filter(~Exists(uses)).count()
    return Unused(
        _count(entitled, 0, fewest),
        _count(never, entitled - never, fewest),
        any(row.scope == "everyone" for row in rows),
    )


def _count(n: int, others: int, fewest: int) -> Count:
    """Say a count unless it, or what is left beside it, is about too few people."""
    if n == 0:
        return Count("none")
    if n < fewest:
        return Count("few")
    return Count("hidden") if 0 < others < fewest else Count("exact", n)
