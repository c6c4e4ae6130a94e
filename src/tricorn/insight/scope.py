"""Which agreements somebody may read of, and because of which facts: the parties of an agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tricorn.agreements.models import Agreement, Clause, Version
from tricorn.insight.month import Month
from tricorn.parties.models import Membership, Organisation
from tricorn.parties.reads import is_one_house
from tricorn.standing.portrait import Granted, Known, Portrait

# Facts that open an agreement to somebody of the client's side, for the services they name.
BY_SERVICE = ("signed", "budget", "invoice", "accept", "linemgr")


@dataclass(frozen=True)
class Party:
    """An agreement that somebody may read of, and why. `versions` are oldest first.

    `zone` is that of the first version: months keep their bounds when a later one moves.
    """

    agreement: Agreement
    versions: tuple[Version, ...]
    clauses: tuple[Clause, ...]
    why: tuple[str, ...]

    @property
    def zone(self) -> str:
        return self.versions[0].zone

    @property
    def is_internal(self) -> bool:
        """Whether client and provider belong to one house: then people approve, not sign."""
        return is_one_house(self.agreement.client, self.agreement.provider)

    @property
    def version_ids(self) -> list[int]:
        return [version.pk for version in self.versions]

    @property
    def service_ids(self) -> set[int]:
        """The services of all versions."""
        return {service.pk for version in self.versions for service in version.services.all()}

    def version_at(self, at: datetime) -> Version | None:
        """Return the version in force; of several that have begun, the newest holds."""
        begun = [version for version in self.versions if version.from_at <= at]
        if not begun or (begun[-1].to_at is not None and begun[-1].to_at <= at):
            return None
        return begun[-1]

    def latest(self, at: datetime) -> Version:
        """Return the version in force, else the one that was last, else the first to come."""
        begun = [version for version in self.versions if version.from_at <= at]
        return begun[-1] if begun else self.versions[0]

    def versions_in(self, month: Month) -> list[Version]:
        """Return the versions that were in force in some part of the month."""
        start, end = month.start(self.zone), month.end(self.zone)
        found = []
        for version, newer in zip(self.versions, [*self.versions[1:], None], strict=True):
            ends = [version.to_at, newer.from_at if newer else None]
            if version.from_at < end and all(each is None or each > start for each in ends):
                found.append(version)
        return found

    def runs_in(self, month: Month) -> bool:
        return bool(self.versions_in(month))

    def clauses_of(self, version: Version) -> list[Clause]:
        return [clause for clause in self.clauses if clause.version_id == version.pk]


def parties(portrait: Portrait) -> list[Party]:
    """Return every agreement that the person may read of, by reference. Five queries."""
    own = set(
        Membership.objects.at(portrait.at)
        .filter(person=portrait.person_id)
        .values_list("organisation", flat=True)
    )
    found = []
    for agreement, ones in _all():
        if why := tuple(dict.fromkeys(_why(portrait, agreement, ones, own))):
            found.append((agreement, ones, why))
    return _with_clauses(found)


def everything() -> list[Party]:
    """Return every agreement, for counting; nobody reads these."""
    return _with_clauses([(agreement, ones, ()) for agreement, ones in _all()])


def reviewed() -> list[Party]:
    """Return the agreements whose texts say that they are reviewed, with their texts."""
    wanted = Version.objects.filter(text__contains='"review"').values("agreement")
    return _with_clauses([(agreement, ones, ()) for agreement, ones in _all(wanted)])


def _all(wanted: Any = None) -> list[tuple[Agreement, list[Version]]]:
    versions: dict[int, list[Version]] = defaultdict(list)
    rows = Version.objects.order_by("number").prefetch_related("services")
    rows = rows.defer("text") if wanted is None else rows.filter(agreement__in=wanted)
    for version in rows:
        versions[version.agreement_id].append(version)
    agreements = Agreement.objects.select_related("client", "provider").order_by("ref")
    if wanted is not None:
        agreements = agreements.filter(pk__in=wanted)
    return [(each, versions[each.pk]) for each in agreements if versions[each.pk]]


def _with_clauses(
    found: Sequence[tuple[Agreement, list[Version], tuple[str, ...]]],
) -> list[Party]:
    clauses: dict[int, list[Clause]] = defaultdict(list)
    wanted = [version.pk for _, ones, _ in found for version in ones]
    for clause in Clause.objects.filter(version__in=wanted).order_by("id"):
        clauses[clause.version_id].append(clause)
    return [
        Party(agreement, tuple(ones), tuple(c for v in ones for c in clauses[v.pk]), why)
        for agreement, ones, why in found
    ]


def _why(
    portrait: Portrait, agreement: Agreement, versions: list[Version], own: set[int]
) -> Iterable[str]:
    """Yield the facts and authorities that make this person a party to the agreement."""
    services = {service.pk for version in versions for service in version.services.all()}
    numbers = {version.pk for version in versions}
    for fact in portrait.facts_known:
        if fact.service_id is not None and fact.service_id not in services:
            continue
        if fact.kind == "oversees":
            yield "oversees"
        elif fact.kind == "signed" and fact.evidence == "version":
            if fact.evidence_id in numbers:
                yield "signed"
        elif fact.kind in BY_SERVICE and _is_of(portrait, fact, agreement, own):
            yield fact.kind
    for authority in portrait.authorities:
        if _is_granted(authority, agreement, services):
            yield authority.may


def _is_of(portrait: Portrait, fact: Known, agreement: Agreement, own: set[int]) -> bool:
    """Whether the person belongs to the client, above it or below it.

    A line manager of an internal provider stands above the provider instead.
    """
    if fact.kind == "linemgr" and own & set(agreement.provider.above):
        return is_one_house(agreement.client, agreement.provider)
    return agreement.client_id in portrait.organisations or _is_below(agreement.client, own)


def _is_below(organisation: Organisation, own: set[int]) -> bool:
    return bool(own & set(organisation.above))


def _is_granted(authority: Granted, agreement: Agreement, services: set[int]) -> bool:
    fits_service = authority.service_id is None or authority.service_id in services
    return fits_service and authority.organisation_id in agreement.client.above
