"""Signing a wording: who may, with a one-time code or on paper; with the last one it is a version."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.agreements.bridge import midnight
from tricorn.agreements.codes import fits
from tricorn.agreements.models import Assent, Offer, Option, SigningCode, Version, Wording
from tricorn.agreements.seals import assent_seal
from tricorn.agreements.verbs.activate import activate
from tricorn.agreements.verbs.answers import asked_to_sign
from tricorn.agreements.verbs.offers import (
    check,
    content_of,
    fresh,
    locked,
    newest,
    open_requests,
    settle,
)
from tricorn.engine import agreement as text
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.files.verbs import attach
from tricorn.journal.actor import Actor
from tricorn.journal.sealing import head
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Person
from tricorn.standing import approvals
from tricorn.standing.approvals import Signer

LASTS = timedelta(minutes=15)
PAUSE = timedelta(seconds=30)
MOST_AN_HOUR = 6
# As the signed text says it.
CAPACITIES = {
    "holder": "authorised signatory",
    "deputy": "deputy",
    "line manager": "line manager",
    "manager": "manager",
}


@dataclass(frozen=True)
class Signing:
    """What came of a signature: whether it was the last one, and then the version."""

    assent: Assent
    version: Version | None


def send_code(wording: Wording, person: Person, *, by: Actor, at: datetime) -> SigningCode:
    """Make a one-time code for a person who may sign; the mail of this line carries it.

    Errors  BadInput without a mail address or too soon after the last one; StandingRefused.
    """
    if not person.email:
        raise BadInput(
            f"{person} has no mail address for the code. A manager can add one, "
            "or attach a signed paper."
        )
    with transaction.atomic():
        offer = locked(wording.option.offer, "agreed")
        _is_to_sign(wording)
        _side(offer, wording, person, at=at)
        sent = SigningCode.objects.filter(person=person, sent_at__gt=at - timedelta(hours=1))
        if sent.filter(sent_at__gt=at - PAUSE).exists():
            raise BadInput("A code is on its way already. Look into your mail, then try again.")
        if sent.count() >= MOST_AN_HOUR:
            raise BadInput("Too many codes were asked for. Try again in an hour.")
        code = SigningCode.objects.create(
            wording=wording,
            person=person,
            nonce=secrets.token_hex(16),
            sent_at=at,
            expires_at=at + LASTS,
        )
        write(offer, "offer.code_sent", by=by, at=at, code=code.pk, person=person.pk)
    return code


def sign(wording: Wording, person: Person, *, code: str, by: Actor, at: datetime) -> Signing:
    """Sign the accepted round with the code that was sent: the person themselves, signed in.

    Errors  StandingRefused saying whose signature is needed; BadInput for a wrong or old code, an
            outdated round, a second signature of the same person.
    """
    if by != person.actor:
        raise StandingRefused("A signature is given by the person themselves, signed in.")
    row = _code_given(wording, person, code, at)
    with transaction.atomic():
        offer = locked(wording.option.offer, "agreed")
        row = SigningCode.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if not row.holds(at):
            raise BadInput("This code was used already. Ask for a new one.")
        row.used_at = at
        row.save(update_fields=["used_at"])
        return _assent(offer, wording, person, "code", _day(wording, at), by=by, at=at)


def sign_on_paper(
    wording: Wording,
    person: Person,
    paper: bytes,
    *,
    name: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Signing:
    """Record that somebody signed on paper, with the scanned page as evidence.

    The authority is judged at the day on the paper and now: withdrawn since, it no longer serves.
    """
    with transaction.atomic():
        offer = locked(wording.option.offer, "agreed")
        today = _day(wording, at)
        if not wording.at.date() - timedelta(days=1) <= on <= today:
            raise BadInput(
                "The day on the paper lies between the day of this round and today.", field="on"
            )
        _might_on(offer, wording, person, on, at)
        signing = _assent(offer, wording, person, "paper", on, by=by, at=at)
        attach(signing.assent, paper, name=name, by=by, at=at)
        return signing


def _assent(
    offer: Offer,
    wording: Wording,
    person: Person,
    method: str,
    on: date,
    *,
    by: Actor,
    at: datetime,
) -> Signing:
    """Keep the signature and, with the last one that is needed, put the version on record."""
    _is_to_sign(wording)
    if given := wording.assents.filter(person=person).first():
        raise MoveRefused(
            f"{person} has signed this already. Once is enough: beside "
            f"{_party(offer, given.side)} somebody else signs."
        )
    check(offer, content_of(wording), at)
    side, signer = _side(offer, wording, person, at=at)
    assent = Assent(
        wording=wording,
        side=side,
        person=person,
        acting_for=signer.acting_for,
        authority=signer.authority,
        capacity=CAPACITIES[signer.capacity],
        method=method,
        on=on,
        at=at,
        hash=wording.hash,
        head=head(),
    )
    assent.save()
    write(
        offer,
        "offer.signed",
        by=by,
        at=at,
        assent=assent.pk,
        wording=wording.pk,
        hash=wording.hash,
        head=assent.head,
        side=side,
        person=person.pk,
        acting_for=signer.acting_for and signer.acting_for.pk,
        authority=signer.authority and signer.authority.pk,
        method=method,
        seal=assent_seal(assent),
    )
    requests = open_requests([wording])
    for request in requests:
        if request.organisation_id == _party(offer, side).pk:
            approvals.answer(request, person, True, by=by, at=at)
    if open_requests([wording]):
        return Signing(assent, None)
    return Signing(assent, _conclude(offer, wording, by=by, at=at))


def _conclude(offer: Offer, wording: Wording, *, by: Actor, at: datetime) -> Version:
    """Both sides have signed: the text with its signatures becomes a version of the agreement."""
    assents = list(wording.assents.select_related("person", "acting_for").order_by("id"))
    signed = tuple(_as_text(each) for each in assents)
    content = replace(content_of(wording), signed=signed)
    version = activate(content, by=by, at=at, assents=assents).version
    settle(offer, "signed", at, version)
    offer.agreement = version.agreement
    offer.save(update_fields=["agreement"])
    return version


def _as_text(assent: Assent) -> text.Signed:
    acting_for = assent.acting_for.name if assent.acting_for else ""
    return text.Signed(
        by=assent.person.email or assent.person.name,
        capacity=assent.capacity,
        on=assent.on,
        acting_for=acting_for,
        method=assent.method,
    )


def _might_on(offer: Offer, wording: Wording, person: Person, on: date, at: datetime) -> None:
    """See that a paper was theirs to sign on its day. Errors: StandingRefused saying whose it was."""
    content = content_of(wording)
    over = midnight(on + timedelta(days=1), ZoneInfo(content.zone))
    then = min(at, over - timedelta(seconds=1))
    side, _ = _side(offer, wording, person, at=at)
    asked = asked_to_sign(_party(offer, side), wording.option, content)
    if approvals.refusal(person, asked, at=then) is not None:
        names = approvals.signers(asked, at=then).names() or "nobody"
        raise StandingRefused(
            f"On {day_in_words(on)}, the day on the paper, {person} could not sign this for "
            f"{asked.organisation}; {names} could. Attach a paper signed by who may."
        )


def _side(offer: Offer, wording: Wording, person: Person, *, at: datetime) -> tuple[str, Signer]:
    """Return for which side a person signs, and by what: one that waits, the client's first.

    Errors  StandingRefused with the client's sentence: whose signature is needed.
    """
    content = content_of(wording)
    refusals = {}
    waiting = {request.organisation_id for request in open_requests([wording])}
    sides = ("client", "provider")
    for side in sorted(sides, key=lambda side: _party(offer, side).pk not in waiting):
        asked = asked_to_sign(_party(offer, side), wording.option, content)
        refusal = approvals.refusal(person, asked, at=at)
        if refusal is None:
            return side, approvals.require(person, asked, at=at)
        refusals[side] = refusal
    is_providers = person.memberships.filter(
        organisation__path__startswith=offer.provider.path
    ).exists()
    raise StandingRefused(refusals["provider" if is_providers else "client"])


def _party(offer: Offer, side: str) -> Organisation:
    return offer.client if side == "client" else offer.provider


def _is_to_sign(wording: Wording) -> Option:
    option = fresh(wording.option, "accepted")
    last = newest(option)
    if last is None or last.pk != wording.pk:
        raise MoveRefused("This round is not the one that was accepted. Sign the latest one.")
    return option


def _code_given(wording: Wording, person: Person, code: str, at: datetime) -> SigningCode:
    """Return the row whose code this is. A wrong one is counted, whatever happens next."""
    with transaction.atomic():
        row = (
            SigningCode.objects.select_for_update(of=("self",))
            .filter(wording=wording, person=person)
            .order_by("-sent_at", "-id")
            .first()
        )
        if row is None or not row.holds(at):
            raise BadInput("There is no code that still holds. Ask for a new one.", field="code")
        if fits(row, code):
            return row
        row.tries += 1
        row.save(update_fields=["tries"])
    raise BadInput("This is not the code that was sent. Look again, or ask for a new one.")


def _day(wording: Wording, at: datetime) -> date:
    return at.astimezone(ZoneInfo(content_of(wording).zone)).date()
