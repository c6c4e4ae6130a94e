"""Services that an agreement covers for everyone: nobody is named, so no fact stands for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tricorn.agreements.models import Entitlement, Version
from tricorn.agreements.models.versions import IsEveryone
from tricorn.prepared import Prepared
from tricorn.standing.portrait import Known


@dataclass(frozen=True)
class ForEveryone:
    """One service that a version covers for everyone, and who pays."""

    service_id: int
    version_id: int
    version: str
    funder_id: int
    funder: str
    is_funded: bool


def _rows(at: datetime) -> QuerySet[Any, Any]:
    newer = Version.objects.filter(
        agreement=OuterRef("version__agreement"),
        number__gt=OuterRef("version__number"),
        from_at__lte=at,
    )
    return (
        Entitlement.objects.filter(IsEveryone(F("scope")), version__from_at__lte=at)
        .filter(Q(version__to_at__isnull=True) | Q(version__to_at__gt=at))
        .filter(~Exists(newer))
        .order_by("version__agreement__ref", "id")
        .values_list(
            "services",
            "version",
            "version__agreement__ref",
            "version__number",
            "funder",
            "funder__name",
            "version__agreement__provider",
        )
    )


ROWS = Prepared(_rows)


def for_everyone(at: datetime) -> list[ForEveryone]:
    """Return every service that a version in force covers for everyone. One query."""
    return [
        ForEveryone(service, version, f"{ref} v{number}", funder, name, funder != provider)
        for service, version, ref, number, funder, name, provider in ROWS.rows(at)
        if service is not None
    ]


def known_of_all(at: datetime) -> Iterator[Known]:
    """Yield that everybody is entitled, as facts are read.

    It begins with the reader's instant: being covered unknown to anybody begins no relation.
    """
    for each in for_everyone(at):
        yield Known(
            pk=0,
            kind="entitled",
            person_id=None,
            organisation_id=None,
            includes_below=True,
            service_id=each.service_id,
            funder_id=each.funder_id if each.is_funded else None,
            words=f"everyone is covered, and {each.funder} pays ({each.version})",
            evidence="version",
            evidence_id=each.version_id,
            since=at,
        )


def versions_for_everyone(service_ids: Collection[int], at: datetime) -> dict[int, list[str]]:
    """Return for each of these services which versions cover everyone. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for each in for_everyone(at):
        if each.service_id in service_ids:
            found[each.service_id].append(each.version)
    return found
