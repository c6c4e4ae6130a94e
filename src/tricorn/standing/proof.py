"""Proof of who might decide and what they said: each row against the journal's newest line of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db import models

from tricorn.journal.models import Line
from tricorn.journal.verbs import word
from tricorn.standing.frozen import proof_of
from tricorn.standing.models import Absence, Answer, Approval, Authority, Quorum

KINDS = (
    "person.authority_granted",
    "person.authority_withdrawn",
    "person.came_back",
    "person.went_away",
    "organisation.quorum_ended",
    "organisation.quorum_set",
    "approval.answered",
    "approval.asked",
    "approval.escalated",
    "approval.reminded",
    "approval.withdrawn",
)
NAMES = {
    Authority: "Authority",
    Absence: "Absence",
    Quorum: "The number needed",
    Approval: "Approval",
    Answer: "Answer",
}


def changed_authority() -> Iterator[str]:
    """Yield a sentence for each authority, absence, number needed, approval or answer that is not
    as the journal saw it last, that no line knows, or that is gone.

    What was granted before lines kept a digest is known by whom and for what alone.
    """
    seen: dict[str, dict[str, str]] = defaultdict(dict)
    early: set[tuple[int, int, str]] = set()
    for line in Line.objects.filter(kind__in=KINDS).order_by("id").iterator():
        for kind, rows in line.data.get("proofs", {}).items():
            seen[kind] |= rows
        if line.kind == "person.authority_granted" and "proofs" not in line.data:
            early |= {(line.subject_id, line.data["organisation"], may) for may in line.data["may"]}
    for model, name in NAMES.items():
        yield from _changed(model, name, seen[word(model())], early)


def _changed(
    model: type[models.Model], name: str, seen: dict[str, str], early: set[tuple[int, int, str]]
) -> Iterator[str]:
    rows = model._default_manager.order_by("pk")
    if model is Approval:
        rows = rows.prefetch_related("services")
    left = set(seen)
    for row in rows.iterator(chunk_size=500):
        left.discard(str(row.pk))
        known = seen.get(str(row.pk))
        if known is None and not _is_early(row, early):
            yield f"{name} {row.pk} is on no line of the journal."
        elif known is not None and known != proof_of(row):
            yield f"{name} {row.pk} is not what the journal saw."
    for number in sorted(left, key=int):
        yield f"{name} {number} is gone."


def _is_early(row: models.Model, early: set[tuple[int, int, str]]) -> bool:
    return isinstance(row, Authority) and (row.person_id, row.organisation_id, row.may) in early
