"""Agreements as they stand: their versions with clauses, signatures, period and state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any

from tricorn.agreements.bridge import clause_of, content_of
from tricorn.agreements.models import Agreement, Version
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput


@dataclass(frozen=True)
class Signed:
    """Who signed: the name on record, in which capacity, on which day; for whom and how, if said."""

    by: str
    capacity: str
    on: str
    acting_for: str = ""
    method: str = ""


@dataclass(frozen=True)
class VersionShown:
    """One version. `state` is in_force, begins_later, superseded or expired; moments are UTC.

    `content` is what its text says; None where that is no agreement any more.
    """

    number: int
    title: str
    state: str
    from_at: datetime
    to_at: datetime | None
    hash: str
    zone: str
    services: tuple[str, ...]
    clauses: tuple[text.Clause, ...]
    signatures: tuple[Signed, ...]
    content: text.Agreement | None


@dataclass(frozen=True)
class AgreementShown:
    """An agreement with all its versions, the oldest first."""

    ref: str
    client: str
    provider: str
    versions: tuple[VersionShown, ...]


def agreement_shown(ref: str, *, at: datetime) -> AgreementShown:
    """Return an agreement as it stands at an instant. Five queries for any number of versions.

    Errors  BadInput naming refs that are written nearly so.
    """
    found = with_ref(ref)
    versions = list(
        found.versions.order_by("number").prefetch_related(
            "services", "clauses", "signatures__person"
        )
    )
    return AgreementShown(
        found.ref,
        str(found.client),
        str(found.provider),
        tuple(_version(each, versions, at) for each in versions),
    )


def with_ref(ref: str) -> Agreement:
    """Return the agreement called so, however its letters are written.

    Errors  BadInput, with the nearest refs, when there is none.
    """
    known = Agreement.objects.select_related("client", "provider")
    found = known.filter(ref=ref).first() or known.filter(ref__iexact=ref.strip()).first()
    if found is None:
        refs = list(Agreement.objects.order_by("ref").values_list("ref", flat=True))
        raise BadInput(f"There is no agreement {ref:.60}. {_near(ref, refs)}")
    return found


def version_of(ref: str, number: int | None, *, at: datetime) -> Version:
    """Return one version; without a number the one in force, else the newest.

    Errors  BadInput naming near refs, or the versions there are.
    """
    agreement = with_ref(ref)
    versions = agreement.versions.select_related("agreement").order_by("-number")
    if number is None:
        found = Version.objects.in_force(at).filter(agreement=agreement).first() or versions.first()
    else:
        found = versions.filter(number=number).first()
    if found is None:
        there = ", ".join(str(each.number) for each in reversed(versions)) or "none"
        raise BadInput(f"{agreement} has no version {number}. There is: {there}.")
    found.agreement = agreement
    return found


def state(version: Version, newer: list[Version], at: datetime) -> str:
    """Return where a version stands, as choosing one for a ticket sees it."""
    if version.from_at > at:
        return "begins_later"
    if any(each.from_at <= at for each in newer):
        return "superseded"
    if version.to_at is not None and version.to_at <= at:
        return "expired"
    return "in_force"


def clause_data(clause: text.Clause) -> dict[str, Any]:
    """Return a clause as plain data, every key there, also where the text says nothing."""
    return {
        "id": clause.id,
        "kinds": list(clause.kinds),
        "priorities": list(clause.priorities),
        "start": clause.start,
        "stop": clause.stop,
        "hours": clause.hours,
        "target": str(clause.target),
        "share": None if clause.share is None else f"{clause.share.normalize():f}",
        "per": clause.per,
        "stopped_by": sorted(clause.stopped_by),
    }


TERMS = (
    *("kind", "running", "notice", "renews", "review"),
    *("availability", "workloads", "exceptions", "escalation"),
    *("prices", "credits", "credits_at_most"),
)


def terms_data(content: text.Agreement | None) -> dict[str, Any]:
    """Return what a text says beyond its clauses as plain data, every key there.

    What goes without saying is said; shares and money are text, exact. All of it is None where
    the text is no agreement any more.
    """
    if content is None:
        return dict.fromkeys(TERMS)
    written = content.to_data()
    services = list(content.services)
    review = content.review
    return {
        "kind": content.kind,
        "running": content.running,
        "notice": str(content.notice) if content.notice else None,
        "renews": str(content.renews) if content.renews else None,
        "review": {"per": review.per, "within": str(review.within)} if review else None,
        "availability": [{"services": services, **row} for row in written.get("availability", [])],
        "workloads": [
            {"services": services, "kinds": [], "priorities": [], **row}
            for row in written.get("workload", [])
        ],
        "exceptions": written.get("exception", []),
        "escalation": [
            {
                "id": each.id,
                "services": list(each.services) or services,
                "at": each.at,
                "tell": each.whom,
                "person": each.person or None,
                "client": each.tells_client,
            }
            for each in content.escalation
        ],
        "prices": [{"basis": "flat", **row} for row in written["price"]],
        "credits": [
            {"percent": None, "amount": None, **row, "below": below_of(credit, content)}
            for row, credit in zip(written.get("credit", []), content.credits, strict=True)
        ],
        "credits_at_most": written["agreement"].get("credits_at_most"),
    }


def below_of(credit: text.Credit, content: text.Agreement) -> str:
    """Return the share below which a credit is due: its own, or what the clause promises."""
    below = content.shares[credit.clause].share if credit.below is None else credit.below
    return f"{below:f}"


def _version(version: Version, versions: list[Version], at: datetime) -> VersionShown:
    newer = [each for each in versions if each.number > version.number]
    clauses = sorted(version.clauses.all(), key=lambda clause: clause.pk)
    signatures = sorted(version.signatures.all(), key=lambda signature: signature.pk)
    content = _content(version)
    said = content.signed if content and len(content.signed) == len(signatures) else ()
    return VersionShown(
        number=version.number,
        title=version.title,
        state=state(version, newer, at),
        from_at=version.from_at,
        to_at=version.to_at,
        hash=version.hash,
        zone=version.zone,
        services=tuple(sorted(service.slug for service in version.services.all())),
        clauses=tuple(clause_of(clause) for clause in clauses),
        signatures=tuple(
            Signed(
                each.person.name,
                each.capacity,
                each.on.isoformat(),
                one.acting_for if one else "",
                one.method if one else "",
            )
            for each, one in zip_longest(signatures, said)
        ),
        content=content,
    )


def _content(version: Version) -> text.Agreement | None:
    try:
        return content_of(version)
    except (BadInput, ValueError):
        return None


def _near(ref: str, refs: list[str]) -> str:
    folded = {each.casefold(): each for each in refs}
    near = [folded[each] for each in get_close_matches(ref.strip().casefold(), folded, cutoff=0.5)]
    if near:
        return f"Did you mean {' or '.join(near)}?"
    if not refs:
        return "No agreement is in force here yet: tricorn agreement activate FILE.toml."
    return f"There is: {', '.join(refs[:5])}{' and others' if len(refs) > 5 else ''}."
