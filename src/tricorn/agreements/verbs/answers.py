"""The client's side of an offer: ask for a change, accept an option, decline one. And the reply."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tricorn.agreements.models import ChangeAsked, Offer, Option, Wording
from tricorn.agreements.seals import change_seal, declined_seal
from tricorn.agreements.verbs.names import look_up
from tricorn.agreements.verbs.offers import (
    check,
    close_requests,
    content_of,
    fresh,
    locked,
    newest,
    settle,
)
from tricorn.agreements.verbs.reviews import LONGEST, clean_words
from tricorn.engine import agreement as text
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.engine.money import amount_bound
from tricorn.journal.actor import Actor
from tricorn.journal.models import Line
from tricorn.journal.verbs import digest, new_key, write
from tricorn.parties.models import Organisation, Person
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked

# What a counter-offer may put a new value to: in which part of the text, which fields.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "agreement": ("from", "to", "notice", "renews", "running"),
    "availability": ("hours", "share"),
    "clause": ("hours", "share", "target"),
    "credit": ("percent", "amount", "below"),
    "entitled": (),
    "escalation": ("at",),
    "exception": ("words",),
    "hours": (),
    "price": ("amount",),
    "review": ("per", "within"),
    "workload": ("at_most",),
}
# States of an offer that the client has seen.
SEEN = ("open", "agreed", "signed", "declined", "withdrawn")


@dataclass(frozen=True)
class Wanted:
    """What the client would have otherwise: which item of the text, why, and perhaps how.

    `part` and `item` as a difference of texts names them ("clause", "R2"); `field` and `value`
    are the counter-offer, both empty where the client only says what is wanted.
    """

    part: str
    item: str
    reason: str
    field: str = ""
    value: str = ""


def ask_change(
    wording: Wording, wanted: Wanted, person: Person, *, by: Actor, at: datetime
) -> ChangeAsked:
    """Ask for another wording of one item of the latest round, with a reason.

    Errors  BadInput when the round is not the latest, the item is not in it, or the counter-offer
            is no text; StandingRefused when the person may not answer for the client.
    """
    reason = _reason(wanted.reason, "Say why, so that the other side can meet it.")
    with transaction.atomic():
        offer = locked(wording.option.offer, "open")
        option = fresh(wording.option, "open")
        may_answer(offer, option, person, at=at)
        _is_latest(wording, option)
        content = content_of(wording)
        if wanted.field or wanted.value:
            with_value(content, wanted.part, wanted.item, wanted.field, wanted.value)
        else:
            item_of(content.to_data(), wanted.part, wanted.item)
        change = ChangeAsked(
            wording=wording,
            part=wanted.part,
            item=wanted.item,
            field=wanted.field,
            value=wanted.value.strip(),
            reason=reason,
            key=new_key(),
            asked_by=person,
            asked_at=at,
        )
        change.save()
        write(
            offer,
            "offer.change_asked",
            by=by,
            at=at,
            digest=digest(bytes(change.key), reason),
            change=change.pk,
            wording=wording.pk,
            part=wanted.part,
            seal=change_seal(change),
        )
    return change


def take_change(change: ChangeAsked, *, by: Actor, at: datetime, answer: str = "") -> ChangeAsked:
    """Say yes to a change that was asked for; a counter-offer goes into the option's draft."""
    with transaction.atomic():
        offer, change = _locked_change(change)
        option = fresh(change.wording.option, "open")
        if change.field:
            draft = text.Agreement.from_data(json.loads(option.draft), str(option))
            changed = with_value(draft, change.part, change.item, change.field, change.value)
            look_up(changed)
            option.draft = changed.canonical()
            option.save(update_fields=["draft"])
        _answer(change, "taken", answer, at)
        write(offer, "offer.change_taken", by=by, at=at, digest=_said(change), change=change.pk)
    return change


def refuse_change(change: ChangeAsked, *, by: Actor, at: datetime, answer: str) -> ChangeAsked:
    """Say no to a change that was asked for, and why."""
    answer = _reason(answer, "Say why not, so that the client can weigh it.")
    with transaction.atomic():
        offer, change = _locked_change(change)
        _answer(change, "refused", answer, at)
        write(offer, "offer.change_refused", by=by, at=at, digest=_said(change), change=change.pk)
    return change


def withdraw_change(change: ChangeAsked, person: Person, *, by: Actor, at: datetime) -> ChangeAsked:
    """Take back a change that one asked for and that is not answered yet."""
    with transaction.atomic():
        offer, change = _locked_change(change)
        may_answer(offer, change.wording.option, person, at=at)
        _answer(change, "withdrawn", "", at)
        write(offer, "offer.change_withdrawn", by=by, at=at, change=change.pk)
    return change


def accept(wording: Wording, person: Person, *, by: Actor, at: datetime) -> Offer:
    """Choose one option of the offer in its latest round; both sides sign it next.

    The other open options are declined with that reason and stay on file. From here on nothing in
    the text changes; who may sign on each side is asked to.
    Errors  BadInput for an older round, an open wish, or a text that could not be signed any more;
            StandingRefused when the person may not answer for the client.
    """
    with transaction.atomic():
        offer = locked(wording.option.offer, "open")
        option = fresh(wording.option, "open")
        may_answer(offer, option, person, at=at)
        _is_latest(wording, option)
        _is_in_time(offer, at)
        open_ones = ChangeAsked.objects.filter(wording__option=option, state="open")
        if open_ones.exists():
            raise BadInput(
                "A change that was asked for is not answered yet. Wait for the answer, "
                "or take back what you asked for, then accept."
            )
        check(offer, content_of(wording), at)
        _settle_option(option, "accepted", person, at, "")
        for other in offer.options.filter(state="open").order_by("letter"):
            reason = f"Option {option.letter}, {option.name}, was chosen."
            _decline(offer, other, person, reason, by=by, at=at)
        offer.options.filter(state="draft").update(state="withdrawn", answered_at=at)
        offer.state = "agreed"
        offer.save(update_fields=["state"])
        write(offer, "offer.accepted", by=by, at=at, option=option.pk, wording=wording.pk)
        _ask_to_sign(offer, wording, by=by, at=at)
    return offer


def decline(option: Option, person: Person, *, by: Actor, at: datetime, reason: str) -> Option:
    """Decline an option. It stays on file with price, date, who and why.

    When no option is left the offer is declined.
    """
    reason = _reason(reason, "Say why; it stays on file with the price and the date.")
    with transaction.atomic():
        offer = locked(option.offer, "open", "agreed")
        option = fresh(option, "open", "accepted")
        may_answer(offer, option, person, at=at)
        _decline(offer, option, person, reason, by=by, at=at)
        if not offer.options.filter(state__in=["open", "accepted"]).exists():
            settle(offer, "declined", at)
            close_requests(offer, by=by, at=at)
            write(offer, "offer.declined", by=by, at=at)
    return option


def ask_again(option: Option, person: Person, *, by: Actor, at: datetime) -> Option:
    """Say that the client would like a declined option again. It binds nobody; it stays declined.

    Errors  StandingRefused when the person may not answer for the client; MoveRefused when the
            option was not declined, or was asked for again before.
    """
    with transaction.atomic():
        offer = locked(option.offer, *SEEN)
        option = fresh(option, "declined")
        may_answer(offer, option, person, at=at)
        if option.pk in asked_again([offer.pk]):
            raise MoveRefused(
                f"Option {option.letter} was asked for again already. {offer.provider} knows of it "
                "and can make a new offer."
            )
        write(offer, "offer.option_asked_again", by=by, at=at, option=option.pk, person=person.pk)
    return option


def asked_again(offers: Collection[int]) -> dict[int, datetime]:
    """Return when which options of these offers were asked for again, by option. One query."""
    lines = Line.objects.filter(
        subject="offer", subject_id__in=offers, kind="offer.option_asked_again"
    )
    return {line.data["option"]: line.at for line in lines.order_by("-id")}


def asked_to_sign(organisation: Organisation, option: Option, content: text.Agreement) -> Asked:
    """Return the deed that a signature is: for whom, on which services, for how much."""
    bound = amount_bound(content)
    currency = content.prices[0].currency if content.prices else ""
    services = tuple(option.services.order_by("pk"))
    return Asked(organisation, "sign", services, bound, currency if bound is not None else "")


def may_answer(offer: Offer, option: Option, person: Person, *, at: datetime) -> None:
    """See that a person may answer for the client: who may decide, or who may sign.

    An answer binds to nothing, so no amount limits it; the signature is what counts.

    Errors  StandingRefused, saying whose answer is needed.
    """
    services = tuple(option.services.order_by("pk"))
    refusals = [
        approvals.refusal(person, Asked(offer.client, deed, services, None, ""), at=at)
        for deed in ("decide", "sign")
    ]
    if all(refusals):
        raise StandingRefused(str(refusals[-1]))


def item_of(data: Mapping[str, Any], part: str, item: str) -> dict[str, Any]:
    """Return the table of a text that a part and an item name, as `differences` names them.

    Errors  BadInput when there is no such item.
    """
    known = part in FIELDS and part in data
    if known and part in ("agreement", "review") and not item:
        return dict(data[part])
    if known and part == "hours" and item in data[part]:
        return dict(data[part][item])
    rows = text.named(part, data[part]) if known and isinstance(data[part], list) else {}
    if item in rows:
        return dict(rows[item])
    name = f"{part} {item}".strip()
    raise BadInput(
        f"There is no {name:.80} in the latest round. Read it again; it may have changed."
    )


def with_value(
    content: text.Agreement, part: str, item: str, field: str, value: str
) -> text.Agreement:
    """Return the text with one field of one item changed: what a counter-offer would make of it.

    Errors  BadInput when the item or field is not there; BadAgreement when the value does not fit.
    """
    data = content.to_data()
    item_of(data, part, item)
    if field not in FIELDS[part]:
        known = ", ".join(FIELDS[part]) or "none; say what you want in words"
        raise BadInput(f"A counter-offer can name {known}, not {field!r:.60}.")
    if not value.strip():
        raise BadInput(f"Say what the {field} should be, or leave it to words.")
    is_one = part in ("agreement", "review")
    row = data[part] if is_one else text.named(part, data[part])[item]
    row[field] = int(value) if field == "at_most" and value.strip().isdigit() else value.strip()
    return text.Agreement.from_data(data, "The text with this change")


def _ask_to_sign(offer: Offer, wording: Wording, *, by: Actor, at: datetime) -> None:
    content = content_of(wording)
    for organisation in (offer.client, offer.provider):
        asked = asked_to_sign(organisation, wording.option, content)
        approvals.ask(
            "wording", wording.pk, asked, words=f"{offer.ref}, {offer.title}", by=by, at=at
        )


def _decline(
    offer: Offer, option: Option, person: Person, reason: str, *, by: Actor, at: datetime
) -> None:
    _settle_option(option, "declined", person, at, reason)
    write(
        offer,
        "offer.option_declined",
        by=by,
        at=at,
        digest=digest(bytes(option.key or b""), reason),
        option=option.pk,
        person=person.pk,
        seal=declined_seal(option),
    )


def _settle_option(option: Option, state: str, person: Person, at: datetime, reason: str) -> None:
    option.state = state
    option.answered_at = at
    option.answered_by = person
    option.reason = reason
    option.key = new_key()
    option.save(update_fields=["state", "answered_at", "answered_by", "reason", "key"])


def _locked_change(change: ChangeAsked) -> tuple[Offer, ChangeAsked]:
    offer = locked(change.wording.option.offer, "open")
    change = ChangeAsked.objects.select_related("wording__option__offer").get(pk=change.pk)
    if change.state != "open":
        raise MoveRefused("This was answered already. Reload to see how.")
    return offer, change


def _answer(change: ChangeAsked, state: str, answer: str, at: datetime) -> None:
    change.state = state
    change.answer = clean_words(answer[:LONGEST], "answer", required=False)
    change.answered_at = at
    change.save(update_fields=["state", "answer", "answered_at"])


def _said(change: ChangeAsked) -> str:
    """Return the keyed hash of the answer that was given."""
    return digest(bytes(change.key), change.answer)


def _is_latest(wording: Wording, option: Option) -> None:
    last = newest(option)
    if last is not None and last.pk != wording.pk:
        raise BadInput(
            f"There is a newer round of option {option.letter}, of {day_in_words(last.at)}. "
            "Read that one and answer it."
        )


def _is_in_time(offer: Offer, at: datetime) -> None:
    if offer.answer_by is not None and at.date() > offer.answer_by:
        raise BadInput(
            f"This offer stood until {day_in_words(offer.answer_by)}. "
            f"Ask {offer.provider} to make it again."
        )


def _reason(words: str, what: str) -> str:
    words = clean_words(words, "reason", required=False)
    if not words:
        raise BadInput(f"The reason is missing. {what}", field="reason")
    return words
