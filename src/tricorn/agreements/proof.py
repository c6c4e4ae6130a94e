"""Proof of every stored version: its text, its rows, its signatures, and what the journal saw."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tricorn.agreements.bridge import clause_of, content_of, midnight
from tricorn.agreements.models import AgreedStep, Assent, Clause, Entitlement, Signature, Version
from tricorn.agreements.seals import covered_seals, signature_seal, step_seal
from tricorn.engine import agreement as text
from tricorn.engine.errors import Refusal
from tricorn.journal.models import Line

BATCH = 500


def changed_versions() -> Iterator[str]:
    """Yield a sentence for each thing about a version that is not as it was signed.

    Ten queries for every five hundred versions.
    """
    numbers = list(Version.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(numbers), BATCH):
        yield from _changed(numbers[start : start + BATCH])
    known = set(Version.objects.values_list("id", flat=True))
    for line in Line.objects.filter(kind="agreement.activated").order_by("id"):
        if line.data.get("version") not in known:
            number = line.data.get("number")
            yield f"Version {number} that line {line.pk} put into force is gone."


def _changed(numbers: list[int]) -> Iterator[str]:
    clauses, signatures = defaultdict(list), defaultdict(list)
    for clause in Clause.objects.filter(version__in=numbers).order_by("id"):
        clauses[clause.version_id].append(clause)
    for signature in Signature.objects.filter(version__in=numbers).order_by("id"):
        signatures[signature.version_id].append(signature)
    steps = defaultdict(list)
    for step in AgreedStep.objects.filter(version__in=numbers).order_by("number"):
        steps[step.version_id].append(step)
    covered = covered_seals(numbers)
    entitled: dict[int, Counter[tuple[str, bool]]] = defaultdict(Counter)
    rows = Entitlement.objects.filter(version__in=numbers)
    for version_id, scope, below in rows.values_list("version", "scope", "includes_below"):
        entitled[version_id][scope, below] += 1
    versions = Version.objects.filter(pk__in=numbers).select_related("agreement").order_by("id")
    versions = versions.prefetch_related("services")
    given = _given(numbers)
    lines = _lines({version.agreement_id for version in versions})
    for version in versions:
        yield from _version(version, lines.get(version.pk), signatures[version.pk])
        try:
            content = content_of(version)
        except (Refusal, ValueError):
            yield f"The signed text of {version} is no agreement any more."
            continue
        yield from _clauses(version, content, clauses[version.pk])
        seals = (lines.get(version.pk) or {}).get("steps", [])
        if not _are_agreed(steps[version.pk], content, seals):
            yield f"Who hears when time runs out, by {version}, is not what was signed."
        yield from _signatures(version, content, signatures[version.pk], given[version.pk])
        wanted = Counter((e.scope, e.below and e.scope == "organisation") for e in content.entitled)
        line = lines.get(version.pk) or {}
        if entitled[version.pk] != wanted or line.get("covers", "") not in (
            "",
            covered[version.pk],
        ):
            yield f"Whom {version} covers is not what its text says."
        yield from _parties(version, content, line)


def _given(numbers: list[int]) -> dict[int, dict[int, datetime]]:
    """When each person gave the signature that a version came of, by version."""
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    assents = Assent.objects.filter(
        wording__option__offer__version__in=numbers, wording__option__state="accepted"
    )
    rows = assents.values_list("wording__option__offer__version", "person", "at")
    for version, person, at in rows:
        found[version][person] = at
    return found


def _parties(version: Version, content: text.Agreement, line: dict[str, Any]) -> Iterator[str]:
    """Between whom, and for which services. The first lines ever written do not name them."""
    agreement = version.agreement
    parties = [agreement.client_id, agreement.provider_id]
    if agreement.ref != content.ref or line.get("parties", parties) != parties:
        yield f"The parties or the name of {version} are not what was signed."
    services = sorted(service.pk for service in version.services.all())
    if line.get("services", services) != services:
        yield f"The services of {version} are not what was signed."


def _lines(agreements: set[int]) -> dict[int, dict[str, Any]]:
    """What the journal saw of each version when it came into force."""
    found = Line.objects.filter(
        kind="agreement.activated", subject="agreement", subject_id__in=agreements
    )
    return {
        line.data.get("version", 0): line.data | {"at": line.at} for line in found.order_by("-id")
    }


def _version(
    version: Version, line: dict[str, Any] | None, signatures: list[Signature]
) -> Iterator[str]:
    if hashlib.sha256(version.text.encode()).hexdigest() != version.hash:
        yield f"The signed text of {version} is not what was signed."
    if line is None:
        yield f"No line of the journal says that {version} came into force."
        return
    if (line.get("number"), line.get("hash")) != (version.number, version.hash):
        yield f"{version} has another number or hash than the journal saw."
    if line["at"] != version.activated_at:
        yield f"{version} came into force at another moment than the journal saw."
    signers = line.get("signers")  # the first lines ever written do not name them
    if signers is not None and signers != [each.person_id for each in signatures]:
        yield f"{version} is signed by others than the journal saw."
        return
    seals = [signature_seal(each) for each in signatures]
    if line.get("seals", seals) != seals:
        yield f"A signature of {version} is not what the journal saw."


def _clauses(version: Version, content: text.Agreement, rows: list[Clause]) -> Iterator[str]:
    found = {row.name: row for row in rows}
    for clause in content.clauses:
        row = found.pop(clause.id, None)
        if row is None:
            yield f"Clause {clause.id} of {version} is gone."
        elif not _is_same(row, clause, content):
            yield f"Clause {clause.id} of {version} is not what was signed."
    for name in found:
        yield f"Clause {name} of {version} is in no signed text."
    if content.zone != version.zone or content.title != version.title:
        yield f"Title or zone of {version} is not what was signed."
    zone = ZoneInfo(content.zone)
    wanted = midnight(content.from_on, zone)
    until = midnight(content.to_on + timedelta(days=1), zone) if content.to_on else None
    if (version.from_at, version.to_at) != (wanted, until):
        yield f"The period of {version} is not what was signed."


def _is_same(row: Clause, clause: text.Clause, content: text.Agreement) -> bool:
    try:
        return clause_of(row) == clause and row.spec == content.hours[clause.hours].to_data()
    except (Refusal, ValueError, TypeError):
        return False


def _are_agreed(rows: list[AgreedStep], content: text.Agreement, seals: list[str]) -> bool:
    """Whether the steps are those of the text, and the persons and services those on record."""
    said = [
        (each.id, each.when, each.amount, each.whom, each.tells_client)
        for each in content.escalation
    ]
    found = [(row.name, row.when, row.amount, row.whom, row.tells_client) for row in rows]
    return found == said and [step_seal(row) for row in rows] == seals


def _signatures(
    version: Version,
    content: text.Agreement,
    rows: list[Signature],
    given: dict[int, datetime],
) -> Iterator[str]:
    if not rows:
        yield f"{version} has no signature."
    elif [(row.capacity, row.on) for row in rows] != [(s.capacity, s.on) for s in content.signed]:
        yield f"The signatures of {version} are not those in its text."
    elif [row.recorded_at for row in rows] != [
        given.get(row.person_id, version.activated_at) for row in rows
    ]:
        yield f"A signature of {version} was recorded at another moment."
