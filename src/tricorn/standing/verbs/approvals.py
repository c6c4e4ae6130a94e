"""Asking for an approval, answering it, and reminding whoever has not answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.engine.roles import asking, authority
from tricorn.journal.actor import WORKER, Actor
from tricorn.journal.verbs import new_key, write
from tricorn.parties.models import Organisation, Person
from tricorn.parties.verbs import clean
from tricorn.standing.asked import Asked, Case, case
from tricorn.standing.frozen import proofs
from tricorn.standing.models import MAY, Answer, Approval
from tricorn.standing.verbs.amounts import clean_amount

REMIND_EVERY = timedelta(days=3)
MOST_REMINDERS = 3
SETTLED = {
    "given": "This was approved already.",
    "refused": "This was refused already. Ask anew for something else.",
    "withdrawn": "This is no longer asked: the request was withdrawn.",
}


def ask(
    subject: str, subject_id: int, asked: Asked, *, words: str, by: Actor, at: datetime
) -> Approval:
    """Ask whoever has the authority; the same question about the same record twice is once.

    subject  The record that waits, in the journal's word and with its number.
    words    What it is about, in a line: it heads the letters and stands in Decide.
    Errors   BadInput when nobody may, or fewer than it takes, or something else is asked already.
    """
    if asked.deed not in MAY:
        raise BadInput(f"One is asked to {', '.join(MAY)}, not to {asked.deed!r}.")
    amount, currency = clean_amount(asked.amount, asked.currency, "amount")
    words = clean(words, "words", 200)
    with transaction.atomic():
        # One after another for one organisation, so that no question is asked twice.
        one = Organisation.objects.filter(pk=asked.organisation.pk)
        list(one.select_for_update(of=("self",), no_key=True))
        found = case(asked, at)
        if known := _open(subject, subject_id, asked):
            if _is_same(known, asked):
                return known
            raise BadInput(
                "Something else is asked about this already. Withdraw that request first.",
                approval=known.pk,
            )
        entitled = found.entitled
        if not entitled.can_be_met:
            raise BadInput(asking.too_few(found.question, entitled, found.spoken))
        approval = Approval.objects.create(
            subject=subject,
            subject_id=subject_id,
            deed=asked.deed,
            organisation=asked.organisation,
            amount=amount,
            currency=currency,
            per=asked.per,
            words=words,
            key=new_key(),
            asked_by_id=by.id if by.is_person else None,
            asked_at=at,
            needed=entitled.needed,
            next_at=at + REMIND_EVERY,
        )
        approval.services.set(asked.services)
        write(
            approval,
            "approval.asked",
            by=by,
            at=at,
            of=subject,
            of_id=subject_id,
            deed=asked.deed,
            organisation=asked.organisation.pk,
            services=sorted(service.pk for service in asked.services),
            amount=str(amount) if amount is not None else None,
            currency=currency,
            needed=entitled.needed,
            people=_people(entitled.nearest()),
            proofs=proofs(approval),
        )
    return approval


def answer(
    approval: Approval, person: Person, yes: bool, *, by: Actor, at: datetime, reason: str = ""
) -> Approval:
    """Write down what somebody says; it settles the approval when it is enough, or cannot be.

    Errors  MoveRefused when it is settled or this person has answered; StandingRefused, with whose
            signature is needed, when they may not.
    """
    reason = reason.strip()[:500]
    with transaction.atomic():
        approval = lock(approval)
        given = list(approval.answers.order_by("id"))
        if any(each.person_id == person.pk for each in given):
            raise MoveRefused("You have answered this already.", approval=approval.pk)
        if approval.state != "open":
            raise MoveRefused(SETTLED[approval.state], approval=approval.pk, state=approval.state)
        found = case(asked_of(approval), at)
        heard = voices_heard(given)
        voices = found.entitled.voices
        voice = authority.voice_of(person.pk, voices, heard)
        if voice is None:
            raise StandingRefused(_may_not(person, found), approval=approval.pk)
        row = Answer.objects.create(
            approval=approval,
            person=person,
            acting_for_id=voice.acting_for,
            authority_id=voice.row,
            capacity=voice.capacity,
            yes=yes,
            reason=reason,
            key=new_key(),
            at=at,
        )
        agreed = sum(each.yes for each in (*given, row))
        left = authority.reach(voices, [*heard, voice])
        if agreed >= approval.needed:
            _settle(approval, "given", at)
        elif not yes and agreed + left < approval.needed:
            _settle(approval, "refused", at)
        write(
            approval,
            "approval.answered",
            by=by,
            at=at,
            person=person.pk,
            acting_for=voice.acting_for,
            authority=voice.row,
            capacity=voice.capacity,
            yes=yes,
            state=approval.state,
            proofs=proofs(row, approval),
        )
    return approval


def withdraw_request(approval: Approval, *, by: Actor, at: datetime) -> Approval:
    """Ask no longer; what was answered stays on file."""
    with transaction.atomic():
        approval = lock(approval)
        if approval.state != "open":
            raise MoveRefused(SETTLED[approval.state], approval=approval.pk, state=approval.state)
        _settle(approval, "withdrawn", at)
        write(approval, "approval.withdrawn", by=by, at=at, proofs=proofs(approval))
    return approval


def remind_due(at: datetime) -> int:
    """Remind whoever has not answered, three times, then tell those around them; return how many.

    Found by the index of what waits; once is enough for one instant, however often it is called.
    """
    due = Approval.objects.due(at).order_by("next_at", "id").values_list("pk", flat=True)
    return sum(_remind(number, at) for number in list(due))


def lock(approval: Approval) -> Approval:
    """Return the approval as it is now, held until the end of the transaction."""
    rows = Approval.objects.select_related("organisation").select_for_update(of=("self",))
    return rows.get(pk=approval.pk)


def asked_of(approval: Approval) -> Asked:
    """Return what was asked, from its row."""
    return Asked(
        organisation=approval.organisation,
        deed=approval.deed,
        services=tuple(sorted(approval.services.all(), key=lambda each: each.name)),
        amount=approval.amount,
        currency=approval.currency,
        per=approval.per,
    )


def voices_heard(given: Iterable[Answer]) -> list[authority.Voice]:
    return [authority.Voice(each.person_id, each.capacity, each.acting_for_id) for each in given]


def _remind(number: int, at: datetime) -> bool:
    with transaction.atomic():
        approval = lock(Approval(pk=number))
        if approval.state != "open" or approval.next_at is None or approval.next_at > at:
            return False  # answered, or reminded by another worker, a moment ago
        found = case(asked_of(approval), at)
        heard = voices_heard(approval.answers.all())
        silent = {each.person for each in heard}
        if approval.reminded < MOST_REMINDERS:
            approval.reminded += 1
            approval.next_at = at + REMIND_EVERY
            people = [each for each in _people(found.entitled.nearest()) if each not in silent]
        else:
            approval.escalated_at = at
            approval.next_at = None
            people = [each for each in _around(found) if each not in silent]
        approval.save(update_fields=["reminded", "next_at", "escalated_at"])
        write(
            approval,
            "approval.escalated" if approval.escalated_at else "approval.reminded",
            by=WORKER,
            at=at,
            people=people,
            reminded=approval.reminded,
            proofs=proofs(approval),
        )
    return True


def _around(found: Case) -> list[int]:
    """Everybody who may, all deputies of the holders even if nobody is away, and the managers."""
    named = [
        held.deputy
        for held in found.situation.held
        if held.deputy is not None and held.holds_at(found.question.at)
    ]
    everybody = [*_people(found.entitled.voices), *named, *found.managers]
    return [each for each in dict.fromkeys(everybody) if each not in found.situation.gone]


def _people(voices: Iterable[authority.Voice]) -> list[int]:
    return list(dict.fromkeys(voice.person for voice in voices))


def _may_not(person: Person, found: Case) -> str:
    sentence = asking.refusal(person.pk, found.question, found.situation, found.spoken)
    if sentence is not None:
        return sentence
    held = [each for each in found.entitled.voices if each.person == person.pk]
    names = " and ".join(sorted({found.spoken.people[each.holder] for each in held}))
    return f"This was answered already for {names}. A holder and their deputy have one voice."


def _settle(approval: Approval, state: str, at: datetime) -> None:
    approval.state = state
    approval.settled_at = at
    approval.next_at = None
    approval.save(update_fields=["state", "settled_at", "next_at"])


def _open(subject: str, subject_id: int, asked: Asked) -> Approval | None:
    found = Approval.objects.waiting().filter(subject=subject, subject_id=subject_id)
    return found.filter(deed=asked.deed, organisation=asked.organisation).first()


def _is_same(known: Approval, asked: Asked) -> bool:
    return (
        known.amount == asked.amount
        and (known.amount is None or known.currency == asked.currency.upper())
        and {each.pk for each in known.services.all()} == {each.pk for each in asked.services}
    )
