"""Writing down facts that records show, and those that a manager knows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person
from tricorn.parties.verbs import clean
from tricorn.standing.models import RECORDED_BY_HAND, Fact


def note(
    person: Person,
    kind: str,
    *,
    at: datetime,
    evidence: str,
    evidence_id: int,
    service: Service | None = None,
    words: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Fact:
    """Write down a fact that a record shows, in the transaction of that record; twice is once.

    The record's own verb writes the journal line.
    """
    fact, _ = Fact.objects.get_or_create(
        person=person,
        kind=kind,
        evidence=evidence,
        evidence_id=evidence_id,
        service=service,
        defaults={
            "words": words[:200],
            "since": since or at,
            "until": until,
            "noted_at": at,
        },
    )
    return fact


def note_once(
    person_id: int, kind: str, *, at: datetime, evidence: str, evidence_id: int, service_id: int
) -> None:
    """Write down a fact that the first evidence settles for good, such as being aware."""
    known = Fact.objects.filter(person_id=person_id, kind=kind, service_id=service_id)
    if not known.exists():
        Fact.objects.create(
            person_id=person_id,
            kind=kind,
            service_id=service_id,
            evidence=evidence,
            evidence_id=evidence_id,
            since=at,
            noted_at=at,
        )


def record_fact(
    person: Person,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    words: str,
    service: Service | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Fact:
    """Record what no record of the program shows yet, with the evidence in words; twice is once.

    Errors  BadInput when the fact is derived from records, or nobody says how it is known.
    """
    if kind not in RECORDED_BY_HAND:
        raise BadInput(
            f"The fact “{kind}” comes from records and is not written by hand. "
            f"By hand: {', '.join(RECORDED_BY_HAND)}.",
            fact=kind,
        )
    words = clean(words, "evidence", 200)
    if until is not None and until <= (since or at):
        raise BadInput("The fact would end before it begins. Choose a later end.")
    with transaction.atomic():
        known = Fact.objects.unended(at).filter(
            person=person, kind=kind, service=service, evidence="record", words=words
        )
        if fact := known.first():
            return fact
        fact = Fact.objects.create(
            person=person,
            kind=kind,
            service=service,
            evidence="record",
            words=words,
            since=since or at,
            until=until,
            noted_at=at,
        )
        write(
            person,
            "person.fact_recorded",
            by=by,
            at=at,
            fact=fact.pk,
            what=kind,
            service=service and service.pk,
        )
    return fact


def end_fact(fact: Fact, *, by: Actor, at: datetime) -> Fact:
    """Say that a recorded fact holds no longer; that it held stays on record."""
    with transaction.atomic():
        fact = Fact.objects.select_for_update(of=("self",)).get(pk=fact.pk)
        if fact.evidence != "record" or fact.person is None:
            raise BadInput("This fact comes from a record and ends with it.")
        if fact.until is not None and fact.until <= at:
            raise BadInput("This fact has ended already.")
        # What has not begun yet never holds.
        fact.until = max(at, fact.since)
        fact.save(update_fields=["until"])
        write(fact.person, "person.fact_ended", by=by, at=at, fact=fact.pk, what=fact.kind)
    return fact
