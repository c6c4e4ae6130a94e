"""Which agreement applies to a ticket, and why: the most specific entitlement wins.

Read once per service (three queries), then asked for any number of tickets: one, or a thousand
rows of an import.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

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


class Chooser:
    """All agreements of one service, ready to say which applies to whom at which instant."""

    def __init__(self, service_id: int) -> None:
        self.entitlements = list(
            Entitlement.objects.filter(services=service_id)
            .select_related("version__agreement", "person", "organisation", "place", "funder")
            .order_by("id")
        )

    @cached_property
    def clauses(self) -> dict[int, list[Clause]]:
        found: dict[int, list[Clause]] = {}
        versions = {entitlement.version_id for entitlement in self.entitlements}
        for clause in Clause.objects.filter(version__in=versions).order_by("id"):
            found.setdefault(clause.version_id, []).append(clause)
        return found

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
            if self._holds(each.version, at)
            and _fits(each, person_id, organisations, own, place_id)
        ]
        if not fitting:
            return None

        def rank(each: Entitlement) -> tuple[int, int, float, int]:
            depth = len(each.organisation.above) if each.organisation else 0
            return (
                -SPECIFIC[each.scope],
                -depth,
                self._soonest(each.version, at, kind, priority),
                each.pk,
            )

        best = min(fitting, key=rank)
        others = {e.version_id: e.version for e in fitting if e.version_id != best.version_id}
        return Choice(best.version, best, tuple(others.values()))

    def clause(self, version: Version, stop: str, kind: str, priority: str) -> Clause | None:
        """Return the version's first clause with this stop for such a ticket."""
        for clause in self.clauses.get(version.pk, ()):
            fits_kind = not clause.kinds or kind in clause.kinds
            fits_priority = not clause.priorities or priority in clause.priorities
            if clause.stop == stop and fits_kind and fits_priority:
                return clause
        return None

    def _holds(self, version: Version, at: datetime) -> bool:
        """Begun, not ended, and no newer version of the same agreement has begun."""
        if version.from_at > at or (version.to_at is not None and version.to_at <= at):
            return False
        return version.number == self._newest(version.agreement_id, at)

    def _newest(self, agreement_id: int, at: datetime) -> int:
        return max(
            (
                number
                for agreement, number, from_at in self._numbers
                if agreement == agreement_id and from_at <= at
            ),
            default=0,
        )

    @cached_property
    def _numbers(self) -> list[tuple[int, int, datetime]]:
        agreements = {each.version.agreement_id for each in self.entitlements}
        rows = Version.objects.filter(agreement__in=agreements)
        return list(rows.values_list("agreement_id", "number", "from_at"))

    def _soonest(self, version: Version, at: datetime, kind: str, priority: str) -> float:
        """Seconds from now until the version's resolution (else response) is due."""
        for stop in ("resolved", "first_response", "closed"):
            if clause := self.clause(version, stop, kind, priority):
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
