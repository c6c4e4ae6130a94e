"""Which agreement applies to a ticket, and why: the most specific entitlement wins.

Only the entitlements that may cover whom a ticket is for are read, found by their indexes, so a
service with a million entitled people costs what one with ten costs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet

from tricorn.agreements.bridge import terms_of
from tricorn.agreements.models import Clause, Entitlement, Version
from tricorn.agreements.models.versions import IsEveryone, Unindexed
from tricorn.parties.models import Membership
from tricorn.prepared import Prepared

# The more a text names somebody, the more it is meant for them.
SPECIFIC = {"person": 4, "group": 3, "organisation": 2, "place": 1, "everyone": 0}
STOP_OF = {
    "first_response": "first_response",
    "resolution": "resolved",
    "closing": "closed",
}


MEMBERS = Prepared(
    lambda person, at: (
        Membership.objects.at(at).filter(person__in=person).select_related("organisation")
    ),
    "person",
)


def _numbers(
    persons: list[int], organisations: list[int], places: list[int]
) -> QuerySet[Entitlement, Any]:
    everyone, *named = (
        Entitlement.objects.filter(part).order_by().values_list("pk")
        for part in (
            Q(IsEveryone(F("scope"))),
            Q(person__in=persons),
            Q(organisation__in=organisations),
            Q(place__in=places),
        )
    )
    return everyone.union(*named, all=True)


NUMBERS = Prepared(_numbers, "persons", "organisations", "places")
ENTITLEMENTS = Prepared(
    lambda numbers, service: (
        Entitlement.objects.filter(pk__in=numbers)
        .alias(for_service=Unindexed(F("services")))
        .filter(for_service__in=service)
        .select_related("version__agreement", "person", "organisation", "place", "funder")
        .order_by()
    ),
    *("numbers", "service"),
)
VERSIONS = Prepared(
    lambda agreements: Version.objects.filter(agreement__in=agreements).values_list(
        "agreement", "number", "from_at"
    ),
    "agreements",
)
CLAUSES = Prepared(
    lambda versions: Clause.objects.filter(version__in=versions).order_by("id"), "versions"
)


def covers(entitlement: Entitlement) -> str:
    """Return whom an entitlement covers, in words."""
    if entitlement.scope == "everyone":
        return "everyone"
    name = entitlement.person or entitlement.organisation or entitlement.place
    return f"everyone at {name}" if entitlement.scope == "place" else str(name)


@dataclass(frozen=True)
class Choice:
    """The version that applies, and by which entitlement."""

    version: Version
    entitlement: Entitlement

    @property
    def why(self) -> str:
        """One sentence: who is covered, and who pays."""
        return f"{self.version} covers {covers(self.entitlement)}; {self.entitlement.funder} pays."


@dataclass(frozen=True)
class Candidate:
    """An entitlement that covers somebody at an instant, and how it compares with others.

    specific  How closely it means them, and how near to them the organisation is that it names.
    due_in    Seconds until its promise is due; infinite when it promises no end.
    """

    entitlement: Entitlement
    specific: tuple[int, int]
    due_in: float

    @property
    def order(self) -> tuple[int, int, float, int]:
        """Sorts the one that applies to the front."""
        kind, depth = self.specific
        return (-kind, -depth, self.due_in, self.entitlement.pk)


@dataclass(frozen=True)
class Whom:
    """Whom entitlements may name: persons, organisations with everything above them, places."""

    persons: Collection[int] = ()
    organisations: Collection[int] = ()
    places: Collection[int] = ()


@dataclass(frozen=True)
class One:
    """Whom one ticket is for: a person or nobody by name, at a place or anywhere.

    `organisations` are those of the person with everything above; `own` only their own.
    """

    person_id: int | None = None
    organisations: Collection[int] = ()
    own: Collection[int] = ()
    place_id: int | None = None

    @classmethod
    def at(cls, at: datetime, *, person_id: int | None, place_id: int | None) -> One:
        """Return somebody with the organisations they belong to at an instant. One query."""
        if person_id is None:
            return cls(place_id=place_id)
        members = MEMBERS.objects(at, person=person_id)
        return cls(
            person_id=person_id,
            organisations={n for member in members for n in member.organisation.above},
            own={member.organisation_id for member in members},
            place_id=place_id,
        )

    @property
    def whom(self) -> Whom:
        return Whom(
            persons=[] if self.person_id is None else [self.person_id],
            organisations=self.organisations,
            places=[] if self.place_id is None else [self.place_id],
        )

    def is_covered_by(self, each: Entitlement) -> bool:
        if each.scope == "everyone":
            return True
        if each.scope == "person":
            return self.person_id is not None and each.person_id == self.person_id
        if each.scope == "place":
            return self.place_id is not None and each.place_id == self.place_id
        return each.organisation_id in (self.organisations if each.includes_below else self.own)


class Clauses:
    """The clauses of versions, each version's read once."""

    def __init__(self) -> None:
        self._of: dict[int, list[Clause]] = {}

    def first(self, version: Version, stop: str, kind: str, priority: str) -> Clause | None:
        """Return the version's first clause with this stop for such a ticket."""
        if version.pk not in self._of:
            self.load([version.pk])
        for clause in self._of[version.pk]:
            fits_kind = not clause.kinds or kind in clause.kinds
            fits_priority = not clause.priorities or priority in clause.priorities
            if clause.stop == stop and fits_kind and fits_priority:
                return clause
        return None

    def load(self, versions: Collection[int]) -> None:
        """Read the clauses of these versions, as far as they are not known: one query."""
        missing = [version for version in versions if version not in self._of]
        if not missing:
            return
        self._of |= {version: [] for version in missing}
        for clause in CLAUSES.objects(versions=missing):
            self._of[clause.version_id].append(clause)


class Chooser:
    """The entitlements of one service that may cover some persons, organisations and places.

    Four queries at the most, however many others are covered: one ticket, or a thousand rows.
    """

    def __init__(self, service_id: int, whom: Whom, clauses: Clauses | None = None) -> None:
        self.clauses = clauses or Clauses()
        # First their numbers, each part by its own index: with an OR between them SQLite reads the
        # whole table, and with all the joins at once PostgreSQL begins at the wrong end.
        numbers = NUMBERS.column(
            persons=whom.persons, organisations=whom.organisations, places=whom.places
        )
        rows = ENTITLEMENTS.objects(numbers=numbers, service=service_id) if numbers else []
        self.entitlements: list[Entitlement] = sorted(rows, key=lambda each: each.pk)

    def choose(
        self, one: One, *, at: datetime, kind: str = "incident", priority: str = "moderate"
    ) -> Choice | None:
        """Return which version applies to somebody at this instant; None: the house promise.

        Of equally specific ones, the better promise for the customer: the earlier it is due.
        """
        fitting = self._fitting(one, at)
        if not fitting:
            return None
        nearest = max(_specific(each) for each in fitting)
        closest = [each for each in fitting if _specific(each) == nearest]
        if len(closest) > 1:
            self.clauses.load({each.version_id for each in closest})
            best = min(
                (self._candidate(each, at, kind, priority) for each in closest),
                key=lambda each: each.order,
            )
            closest = [best.entitlement]
        return Choice(closest[0].version, closest[0])

    def candidates(
        self, one: One, *, at: datetime, kind: str = "incident", priority: str = "moderate"
    ) -> list[Candidate]:
        """Return everything that covers somebody at this instant, in order: the first applies.

        Of several entitlements by one version the first counts.
        """
        fitting = self._fitting(one, at)
        self.clauses.load({each.version_id for each in fitting})
        found = sorted(
            (self._candidate(each, at, kind, priority) for each in fitting),
            key=lambda each: each.order,
        )
        first: dict[int, Candidate] = {}
        for each in found:
            first.setdefault(each.entitlement.version_id, each)
        return list(first.values())

    def by_version(self, one: One, version_id: int) -> Choice | None:
        """Return by which entitlement of this version somebody is covered, the most specific."""
        found = [
            each
            for each in self.entitlements
            if each.version_id == version_id and one.is_covered_by(each)
        ]
        best = max(found, key=lambda each: (_specific(each), -each.pk), default=None)
        return Choice(best.version, best) if best else None

    def _fitting(self, one: One, at: datetime) -> list[Entitlement]:
        return [
            each
            for each in self.entitlements
            if one.is_covered_by(each) and self._holds(each.version, at)
        ]

    def _candidate(self, each: Entitlement, at: datetime, kind: str, priority: str) -> Candidate:
        return Candidate(each, _specific(each), self._soonest(each.version, at, kind, priority))

    def _holds(self, version: Version, at: datetime) -> bool:
        """Begun, not ended, and no newer version of the same agreement has begun."""
        if version.from_at > at or (version.to_at is not None and version.to_at <= at):
            return False
        newer = (
            from_at
            for number, from_at in self._numbers.get(version.agreement_id, ())
            if number > version.number
        )
        return all(from_at > at for from_at in newer)

    @cached_property
    def _numbers(self) -> dict[int, list[tuple[int, datetime]]]:
        agreements = {each.version.agreement_id for each in self.entitlements}
        found: dict[int, list[tuple[int, datetime]]] = {}
        rows = VERSIONS.rows(agreements=agreements) if agreements else []
        for agreement, number, from_at in rows:
            found.setdefault(agreement, []).append((number, from_at))
        return found

    def _soonest(self, version: Version, at: datetime, kind: str, priority: str) -> float:
        """Seconds from now until the version's resolution (else response) is due."""
        for stop in ("resolved", "first_response", "closed"):
            if clause := self.clauses.first(version, stop, kind, priority):
                terms = terms_of(clause)
                due = terms.schedule.due(at, terms.target)
                return (due - at).total_seconds() if due else float("inf")
        return float("inf")


def _specific(each: Entitlement) -> tuple[int, int]:
    depth = len(each.organisation.above) if each.organisation else 0
    return SPECIFIC[each.scope], depth
