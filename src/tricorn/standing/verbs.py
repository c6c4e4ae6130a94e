"""Writing down facts, uses, duties and authority: the only code that changes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import House, Organisation, Person, Place
from tricorn.parties.verbs import change_person, clean
from tricorn.standing.models import DUTIES, MAY, RECORDED_BY_HAND, Authority, Duty, Fact, Use

HIGHEST = 10**12


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
        known = _unended(Fact, at).filter(
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


def note_use(
    service: Service,
    *,
    at: datetime,
    source: str,
    source_id: int | None = None,
    person: Person | None = None,
    place: Place | None = None,
    host: Person | None = None,
    count: int = 1,
) -> Use:
    """Write down one use, in the transaction of what shows it."""
    return Use.objects.create(
        person=person,
        service=service,
        place=place,
        host=host,
        count=count,
        at=at,
        on=local_day(at),
        source=source,
        source_id=source_id,
    )


def local_day(at: datetime) -> date:
    """Return the day of an instant as the house reads it."""
    zone = House.objects.values_list("zone", flat=True).first() or "UTC"
    return at.astimezone(ZoneInfo(zone)).date()


def tally(
    service: Service,
    place: Place | None,
    *,
    by: Actor,
    at: datetime,
    count: int = 1,
    host: Person | None = None,
) -> Use:
    """Count uses by people who report nothing: one tap at the front desk."""
    if not 1 <= count <= 500:
        raise BadInput("A tally counts 1 to 500 people at once.", count=count)
    with transaction.atomic():
        use = note_use(service, at=at, source="tally", place=place, host=host, count=count)
        write(
            service,
            "service.tallied",
            by=by,
            at=at,
            count=count,
            place=place and place.pk,
            host=host and host.pk,
            use=use.pk,
        )
    return use


def take_back_tally(use: Use, *, by: Actor, at: datetime) -> None:
    """Undo a tally that was tapped by mistake."""
    with transaction.atomic():
        tallies = Use.objects.select_for_update(of=("self",)).filter(source="tally")
        found = tallies.filter(pk=use.pk).first()
        if found is None:
            raise BadInput("This tally was taken back already.")
        write(use.service, "service.tally_taken_back", by=by, at=at, count=use.count, use=use.pk)
        found.delete()


def give_duty(
    person: Person, duty: str, *, by: Actor, at: datetime, service: Service | None = None
) -> Duty:
    """Let somebody work at the desk, or manage, for one service or for all."""
    if duty not in DUTIES:
        raise BadInput(f"A duty is one of {', '.join(DUTIES)}, not {duty!r}.")
    with transaction.atomic():
        current = Duty.objects.at(at).filter(person=person, duty=duty, service=service).first()
        if current:
            return current
        given = Duty.objects.create(person=person, duty=duty, service=service, since=at)
        write(
            person,
            "person.duty_given",
            by=by,
            at=at,
            duty=duty,
            service=service and service.pk,
        )
    return given


def end_duty(duty: Duty, *, by: Actor, at: datetime) -> None:
    """End a duty. The last manager stays, so that the house is never without one."""
    with transaction.atomic():
        managers = _managers(at)
        duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
        if duty.until is not None and duty.until <= at:
            raise BadInput("This duty has ended already.")
        if duty.duty == "manage" and not [each for each in managers if each.pk != duty.pk]:
            raise BadInput("This is the last manager. Make somebody else a manager first.")
        duty.until = at
        duty.save(update_fields=["until"])
        write(duty.person, "person.duty_ended", by=by, at=at, duty=duty.duty)


def let_in(person: Person, *, by: Actor, at: datetime) -> Person:
    """Let somebody sign in again."""
    return change_person(person, by=by, at=at, is_active=True)


def shut_out(person: Person, *, by: Actor, at: datetime) -> Person:
    """Let somebody no longer sign in; what they did stays. The last manager stays, too."""
    with transaction.atomic():
        managers = {duty.person_id for duty in _managers(at)}
        if managers == {person.pk}:
            raise BadInput(f"{person} is the last manager. Make somebody else a manager first.")
        return change_person(person, by=by, at=at, is_active=False)


def _unended(model: type[Any], at: datetime) -> Any:
    """The rows that hold now or will: what somebody submits a second time is among them."""
    return model.objects.filter(Q(until__isnull=True) | Q(until__gt=at))


def _managers(at: datetime) -> list[Duty]:
    """The duties of all managers of everything, locked: two cannot leave at the same moment."""
    found = Duty.objects.at(at).filter(duty="manage", service__isnull=True, person__is_active=True)
    return list(found.select_for_update(of=("self",)).order_by("id"))


def grant(
    person: Person,
    organisation: Organisation,
    may: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    service: Service | None = None,
    up_to: Decimal | None = None,
    currency: str = "",
    deputy: Person | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Authority]:
    """Let somebody sign, approve, accept or decide for an organisation, within limits and dates.

    The same authority twice is once.
    """
    if not may:
        raise BadInput(f"Choose what {person} may do: {', '.join(MAY)}.")
    if unknown := sorted(set(may) - set(MAY)):
        raise BadInput(f"An authority is to {', '.join(MAY)}, not {unknown[0]!r}.")
    if deputy == person:
        raise BadInput(f"{person} cannot be their own deputy. Choose somebody else.")
    if until is not None and until <= (since or at):
        raise BadInput("The authority would end before it begins. Choose a later end.")
    if up_to is not None and not (up_to.is_finite() and 0 <= up_to < HIGHEST):
        raise BadInput("The limit is an amount from 0 to below a million million.", field="up_to")
    limits = {
        "organisation": organisation,
        "service": service,
        "up_to": up_to,
        "currency": currency.upper()[:3],
        "deputy": deputy,
    }
    with transaction.atomic():
        same = _unended(Authority, at).filter(person=person, **limits, until=until)
        known = {row.may: row for row in same.order_by("id")}
        if known.keys() >= set(may):
            return [known[each] for each in dict.fromkeys(may)]
        granted = [
            known.get(each)
            or Authority.objects.create(
                person=person, may=each, since=since or at, until=until, **limits
            )
            for each in dict.fromkeys(may)
        ]
        write(
            person,
            "person.authority_granted",
            by=by,
            at=at,
            organisation=organisation.pk,
            may=sorted(set(may)),
            up_to=str(up_to) if up_to is not None else None,
            service=service and service.pk,
        )
    return granted


def withdraw(authority: Authority, *, by: Actor, at: datetime) -> None:
    """Withdraw an authority; what was decided under it stays decided."""
    with transaction.atomic():
        authority = Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
        if authority.until is not None and authority.until <= at:
            raise BadInput("This authority was withdrawn already.")
        authority.until = at
        authority.save(update_fields=["until"])
        write(
            authority.person,
            "person.authority_withdrawn",
            by=by,
            at=at,
            organisation=authority.organisation_id,
            may=[authority.may],
        )
