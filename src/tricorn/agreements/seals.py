"""What the journal remembers of rows that never change: one hash over everything they hold."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from datetime import UTC
from typing import Any

from tricorn.agreements.models import (
    AgreedStep,
    Assent,
    ChangeAsked,
    Entitlement,
    Option,
    Signature,
)


def assent_seal(row: Assent) -> str:
    """Return the hash of a signature given on a wording."""
    return _hash(
        wording=row.wording_id,
        side=row.side,
        person=row.person_id,
        acting_for=row.acting_for_id,
        authority=row.authority_id,
        capacity=row.capacity,
        method=row.method,
        on=row.on.isoformat(),
        text=row.hash,
        head=row.head,
    )


def change_seal(row: ChangeAsked) -> str:
    """Return the hash of what a client asked to have otherwise; the reason has a digest of its own."""
    return _hash(
        wording=row.wording_id,
        part=row.part,
        item=row.item,
        field=row.field,
        value=row.value,
        asked_by=row.asked_by_id,
    )


def declined_seal(row: Option) -> str:
    """Return the hash of an option as it went on file: what it was, who declined it and when."""
    return _hash(
        offer=row.offer_id,
        letter=row.letter,
        name=row.name,
        covered=row.covered,
        not_covered=row.not_covered,
        person=row.answered_by_id,
        at=row.answered_at.astimezone(UTC).isoformat() if row.answered_at else "",
    )


def signature_seal(row: Signature) -> str:
    """Return the hash of a signature of a version."""
    return _hash(
        person=row.person_id,
        acting_for=row.acting_for_id,
        authority=row.authority_id,
        capacity=row.capacity,
        method=row.method,
        on=row.on.isoformat(),
    )


def step_seal(row: AgreedStep) -> str:
    """Return the hash of one step of the agreed chain."""
    return _hash(
        number=row.number,
        name=row.name,
        services=row.services,
        when=row.when,
        amount=row.amount,
        whom=row.whom,
        person=row.person_id,
        client=row.tells_client,
    )


def covered_seals(versions: Collection[int]) -> dict[int, str]:
    """Return the hash of whom and what each version covers. Two queries."""
    services: dict[int, list[int]] = defaultdict(list)
    through = Entitlement.services.through.objects.filter(entitlement__version__in=versions)
    for entitlement, service in through.values_list("entitlement", "service"):
        services[entitlement].append(service)
    rows: dict[int, list[list[Any]]] = {version: [] for version in versions}
    found = Entitlement.objects.filter(version__in=versions).order_by("id")
    for version, number, *fields in found.values_list(
        "version", "id", "scope", "person", "organisation", "place", "includes_below", "funder"
    ):
        rows[version].append([*fields, sorted(services[number])])
    return {version: _hash(covered=covered) for version, covered in rows.items()}


def _hash(**fields: Any) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
