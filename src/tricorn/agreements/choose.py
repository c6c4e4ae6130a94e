"""Which agreement applies to a ticket, and why: the most specific entitlement wins.

Only the entitlements that may cover whom a ticket is for are read, found by their indexes, so a
service with a million entitled people costs what one with ten costs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from tricorn.agreements.bridge import terms_of
from tricorn.agreements.models import Clause, Entitlement, Version

# The more a text names somebody, the more it is meant for them.
SPECIFIC = {"person": 3, "group": 2, "organisation": 1, "place": 0}
STOP_OF = {
    "first_response": "first_response",
    "resolution": "resolved",
    "closing": "closed",
}


@dataclass(frozen=True)
class Choice:
    """The version that applies, by which entitlement, and which others were possible."""

    version: Version
    entitlement: Entitlement
    others: tuple[Version, ...]

    @property
    def why(self) -> str:
        """One sentence: who is covered, and who pays."""
        entitlement = self.entitlement
        name = entitlement.person or entitlement.organisation or entitlement.place
        covered = f"everyone at {name}" if entitlement.scope == "place" else str(name)
        return f"{self.version} covers {covered}; {entitlement.funder} pays."


@dataclass(frozen=True)
class Whom:
    """Whom entitlements may name: persons, organisations with everything above them, places."""

    persons: Collection[int] = ()
    organisations: Collection[int] = ()
    places: Collection[int] = ()

    def __bool__(self) -> bool:
        return bool(self.persons or self.organisations or self.places)


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
        for clause in Clause.objects.filter(version__in=missing).order_by("id"):
            self._of[clause.version_id].append(clause)


class Chooser:
    """The entitlements of one service that may cover some persons, organisations and places.

    Three queries at the most, however many others are covered: one ticket, or a thousand rows.
    """

    def __init__(self, service_id: int, whom: Whom, clauses: Clauses | None = None) -> None:
        self.clauses = clauses or Clauses()
        self.entitlements: list[Entitlement] = []
        if not whom:
            return
        named = (
            Q(person__in=whom.persons)
            | Q(organisation__in=whom.organisations)
            | Q(place__in=whom.places)
        )
        self.entitlements = list(
            Entitlement.objects.filter(named, services=service_id)
            .select_related("version__agreement", "person", "organisation", "place", "funder")
            .order_by("id")
        )

    def choose(
        self,
        *,
        at: datetime,
        person_id: int | None = None,
        organisations: Collection[int] = (),
        own: Collection[int] = (),
        place_id: int | None = None,
        kind: str = "incident",
        priority: str = "moderate",
    ) -> Choice | None:
        """Return which version applies to this person (or place) at this instant.

        `organisations` are those of the person with everything above; `own` only their own.
        Of equally specific ones, the better promise for the customer: the earlier it is due.
        """
        fitting = [
            each
            for each in self.entitlements
            if _fits(each, person_id, organisations, own, place_id)
            and self._holds(each.version, at)
        ]
        if not fitting:
            return None
        if len(fitting) > 1:
            self.clauses.load({each.version_id for each in fitting})
            fitting.sort(key=lambda each: self._rank(each, at, kind, priority))
        best = fitting[0]
        others = {e.version_id: e.version for e in fitting if e.version_id != best.version_id}
        return Choice(best.version, best, tuple(others.values()))

    def _rank(
        self, each: Entitlement, at: datetime, kind: str, priority: str
    ) -> tuple[int, int, float, int]:
        depth = len(each.organisation.above) if each.organisation else 0
        soonest = self._soonest(each.version, at, kind, priority)
        return (-SPECIFIC[each.scope], -depth, soonest, each.pk)

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
        rows = Version.objects.filter(agreement__in=agreements)
        for agreement, number, from_at in rows.values_list("agreement", "number", "from_at"):
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


def _fits(
    each: Entitlement,
    person_id: int | None,
    organisations: Collection[int],
    own: Collection[int],
    place_id: int | None,
) -> bool:
    if each.scope == "person":
        return person_id is not None and each.person_id == person_id
    if each.scope == "place":
        return place_id is not None and each.place_id == place_id
    return each.organisation_id in (organisations if each.includes_below else own)
