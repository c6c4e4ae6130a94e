"""The one house row: who provides, in which zone, under which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.engine.roles import SCHEMES
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import House
from tricorn.parties.verbs.organisations import add_organisation
from tricorn.parties.verbs.typed import clean, known_zone

# Which naming scheme a kind of house starts with; Settings, Words changes it at any time.
SCHEME_OF_SECTOR = {
    "building": "fm",
    "it": "itil-customer-user",
    "library": "knowledge",
    "other": "everyone-a-customer",
}


def furnish(
    *,
    by: Actor,
    at: datetime,
    provider: str,
    sector: str,
    zone: str,
    danger_number: str = "",
    is_demonstration: bool = False,
) -> House:
    """Make the one house row: who provides, what is run, in which zone, whom to call in danger."""
    if House.objects.exists():
        raise BadInput("This house is furnished already. Change it under Settings.")
    if sector not in House.SECTORS:
        raise BadInput(f"Choose what you run: {', '.join(House.SECTORS)}.", sector=sector)
    with transaction.atomic():
        organisation = add_organisation(by=by, at=at, name=provider, is_provider=True)
        house = House(
            provider=organisation,
            sector=sector,
            zone=known_zone(zone),
            danger_number=clean(danger_number, "danger number", 40, required=False),
            scheme=SCHEME_OF_SECTOR[sector],
            is_demonstration=is_demonstration,
            made_at=at,
        )
        house.save()
        write(house, "house.furnished", by=by, at=at, sector=sector, zone=house.zone)
    return house


def change_house(*, by: Actor, at: datetime, changes: Mapping[str, Any]) -> House:
    """Change the house's settings; words change no permission and no number."""
    with transaction.atomic():
        house = House.objects.select_for_update().get()
        if "scheme" in changes and changes["scheme"] not in SCHEMES:
            raise BadInput(f"There is no naming scheme {changes['scheme']!r}.")
        if "zone" in changes:
            known_zone(changes["zone"])
        if not 3 <= int(changes.get("fewest", house.fewest)) <= 1000:
            raise BadInput(
                "The fewest people that a count may show is never below three, or above 1,000.",
                fewest="",
            )
        if "labels" in changes:
            changes = {**changes, "labels": _known_labels(changes["labels"])}
        if "public_url" in changes:
            changes = {**changes, "public_url": _known_address(changes["public_url"])}
        if "danger_number" in changes:
            number = clean(changes["danger_number"], "danger_number", 40, required=False)
            changes = {**changes, "danger_number": number}
        for name, value in changes.items():
            setattr(house, name, value)
        house.save()
        write(house, "house.changed", by=by, at=at, what=sorted(changes))
    return house


def _known_labels(labels: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return own words for roles, by scheme and role; empty ones fall back to the scheme's."""
    kept: dict[str, dict[str, str]] = {}
    for scheme, words in labels.items():
        roles = {rule.name for rule in SCHEMES[scheme].rules} if scheme in SCHEMES else set()
        for role, label in words.items():
            if role not in roles:
                raise BadInput(f"The scheme {scheme!r} has no role {role!r}.")
            if said := clean(label, f"word for {role}", 60, required=False):
                kept.setdefault(scheme, {})[role] = said
    return kept


def _known_address(address: str) -> str:
    """Return the public address without a trailing slash; empty says that there is none."""
    address = clean(address, "public_url", 200, required=False).rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.port is None or parts.port else None
    except ValueError:
        host = None
    is_whole = host and parts.scheme in ("http", "https") and not (parts.query or parts.fragment)
    if not is_whole or parts.path or parts.username or " " in address:
        raise BadInput(
            f"{address[:80]!r} is not a public address. It reads like https://help.example.org",
            public_url="",
        )
    return address
