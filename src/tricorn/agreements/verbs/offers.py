"""Making an offer: the provider writes options, puts them to the client, and words a next round."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from string import ascii_uppercase
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.agreements.models import Agreement, ChangeAsked, Offer, Option, Version, Wording
from tricorn.agreements.verbs.activate import check_follows
from tricorn.agreements.verbs.names import look_up
from tricorn.agreements.verbs.reviews import clean_words
from tricorn.engine import agreement as text
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadAgreement, BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation
from tricorn.parties.verbs import clean
from tricorn.standing import approvals
from tricorn.standing.models import Approval

MOST_OPTIONS = 6


@dataclass(frozen=True)
class Described:
    """What an option says beside its text: a name, what is covered, what is not."""

    name: str
    covered: str = ""
    not_covered: str = ""


def begin_offer(
    client: Organisation,
    provider: Organisation,
    title: str,
    *,
    by: Actor,
    at: datetime,
    agreement: Agreement | None = None,
    ref: str = "",
    note: str = "",
    answer_by: date | None = None,
) -> Offer:
    """Begin a draft that only the provider sees: a new agreement, or a change to one.

    Errors  BadInput when client and provider are one, the ref is taken, or the day is over.
    """
    title = clean(title, "title", 200)
    if client == provider:
        raise BadInput(f"{client} cannot make an offer to itself. Choose another client.")
    if agreement is not None and agreement.client != client:
        raise BadInput(f"{agreement} is an agreement of {agreement.client}, not of {client}.")
    if answer_by is not None and answer_by < at.date():
        raise BadInput("The day to answer by is over. Choose a later one.", field="answer_by")
    with transaction.atomic():
        offer = Offer.objects.create(
            ref=agreement.ref if agreement else _free_ref(ref),
            title=title,
            note=clean_words(note[:4000], "note", required=False),
            client=client,
            provider=provider,
            agreement=agreement,
            answer_by=answer_by,
            begun_at=at,
        )
        write(offer, "offer.begun", by=by, at=at, client=client.pk, provider=provider.pk)
    return offer


def add_option(
    offer: Offer, described: Described, content: text.Agreement, *, by: Actor, at: datetime
) -> Option:
    """Add one way of having it; also to an offer that is open already, in a round of its own."""
    with transaction.atomic():
        offer = locked(offer, "draft", "open")
        letters = set(offer.options.values_list("letter", flat=True))
        if len(letters) >= MOST_OPTIONS:
            raise BadInput(f"An offer has at most {MOST_OPTIONS} options. Take one back first.")
        letter = next(each for each in ascii_uppercase if each not in letters)
        option = Option(offer=offer, letter=letter)
        _describe(option, described)
        option.save()
        _keep_draft(option, content)
        write(offer, "offer.option_added", by=by, at=at, option=option.pk)
        if offer.state == "open":
            _word(option, by=by, at=at, note="")
    return option


def change_option(
    option: Option, described: Described, content: text.Agreement, *, by: Actor, at: datetime
) -> Option:
    """Write an option's next text. The client sees nothing of it before the next round."""
    with transaction.atomic():
        locked(option.offer, "draft", "open")
        option = fresh(option, "draft", "open")
        _describe(option, described)
        option.save(update_fields=["name", "covered", "not_covered"])
        _keep_draft(option, content)
        write(option.offer, "offer.option_changed", by=by, at=at, option=option.pk)
    return option


def take_back_option(option: Option, *, by: Actor, at: datetime) -> Option:
    """Take one option back; what the client has seen of it stays on file."""
    with transaction.atomic():
        offer = locked(option.offer, "draft", "open")
        option = fresh(option, "draft", "open")
        others = offer.options.filter(state="open").exclude(pk=option.pk)
        if offer.state == "open" and not others.exists():
            raise BadInput("This is the last option. Withdraw the whole offer instead.")
        option.state = "withdrawn"
        option.answered_at = at
        option.save(update_fields=["state", "answered_at"])
        write(offer, "offer.option_taken_back", by=by, at=at, option=option.pk)
    return option


def make_offer(offer: Offer, *, by: Actor, at: datetime) -> Offer:
    """Put the offer to the client: each option's draft becomes its first round.

    Who may sign it is looked at when an option is accepted; the page says it before.
    Errors  BadAgreement naming what a text gets wrong; BadInput when there is no option.
    """
    with transaction.atomic():
        offer = locked(offer, "draft")
        options = list(offer.options.filter(state="draft").order_by("letter"))
        if not options:
            raise BadInput("There is nothing to offer yet. Add an option first.")
        offer.state = "open"
        offer.made_at = at
        offer.save(update_fields=["state", "made_at"])
        for option in options:
            _word(option, by=by, at=at, note="")
        write(offer, "offer.made", by=by, at=at, options=len(options))
    return offer


def propose(option: Option, *, by: Actor, at: datetime, note: str = "") -> Wording:
    """Put an option's draft to the client as its next round.

    Errors  BadInput when it says, word for word, what the last round said.
    """
    with transaction.atomic():
        locked(option.offer, "open")
        return _word(fresh(option, "open"), by=by, at=at, note=note)


def withdraw_offer(offer: Offer, *, by: Actor, at: datetime) -> Offer:
    """Withdraw an offer that is not signed by both; everything said stays on file."""
    with transaction.atomic():
        offer = locked(offer, "draft", "open", "agreed")
        settle(offer, "withdrawn", at)
        offer.options.filter(state__in=["draft", "open", "accepted"]).update(
            state="withdrawn", answered_at=at
        )
        close_requests(offer, by=by, at=at)
        write(offer, "offer.withdrawn", by=by, at=at)
    return offer


def locked(offer: Offer, *states: str) -> Offer:
    """Lock an offer and see that it stands where this deed is possible."""
    offer = (
        Offer.objects.select_for_update(of=("self",))
        .select_related("client", "provider", "agreement")
        .get(pk=offer.pk)
    )
    if offer.state not in states:
        raise MoveRefused(f"This is not possible: {STANDS[offer.state]}.", state=offer.state)
    return offer


STANDS = {
    "draft": "the offer has not been made yet",
    "open": "no option of this offer has been accepted yet",
    "agreed": "an option was accepted, and it waits to be signed",
    "signed": "the offer is signed by both sides; a change needs a new offer",
    "declined": "the offer was declined; a new offer can take it up again",
    "withdrawn": "the offer was withdrawn",
}
OPTION_STANDS = {
    "draft": "this option has not been offered yet",
    "open": "this option has not been accepted yet",
    "accepted": "this option was accepted",
    "declined": "this option was declined; it stays on file",
    "withdrawn": "this option was taken back",
}


def fresh(option: Option, *states: str) -> Option:
    """Read an option again under its offer's lock, and see that the deed is possible."""
    option = Option.objects.select_related("offer__client", "offer__provider").get(pk=option.pk)
    if option.state not in states:
        raise MoveRefused(f"This is not possible: {OPTION_STANDS[option.state]}.")
    return option


def settle(offer: Offer, state: str, at: datetime, version: Version | None = None) -> None:
    """Close an offer one way or the other. Called under its lock."""
    offer.state = state
    offer.settled_at = at
    offer.version = version
    offer.save(update_fields=["state", "settled_at", "version"])


def close_requests(offer: Offer, *, by: Actor, at: datetime) -> None:
    """Nobody is reminded any more to sign what is no longer to be signed."""
    wordings = Wording.objects.filter(option__offer=offer)
    for request in open_requests(list(wordings)):
        approvals.withdraw_request(request, by=by, at=at)


def open_requests(wordings: Collection[Wording]) -> list[Approval]:
    """Return the requests to sign one of these rounds that are not settled."""
    numbers = [wording.pk for wording in wordings]
    return list(
        Approval.objects.filter(subject="wording", subject_id__in=numbers, state="open").order_by(
            "id"
        )
    )


def content_of(wording: Wording) -> text.Agreement:
    """Return what a round says. Errors: BadAgreement when it is no agreement any more."""
    return text.Agreement.from_data(json.loads(wording.text), str(wording))


def draft_of(option: Option) -> text.Agreement:
    """Return what the provider writes for the next round."""
    return text.Agreement.from_data(json.loads(option.draft), str(option))


def newest(option: Option) -> Wording | None:
    return option.wordings.order_by("-number").first()


def _describe(option: Option, described: Described) -> None:
    option.name = clean(described.name, "name", 120)
    option.covered = clean_words(described.covered[:2000], "covered", required=False)
    option.not_covered = clean_words(described.not_covered[:2000], "not covered", required=False)


def _keep_draft(option: Option, content: text.Agreement) -> None:
    """Keep a text as the option's draft, without signatures, as an agreement of these parties."""
    offer = option.offer
    content = replace(
        content, signed=(), ref=offer.ref, client=offer.client.name, provider=offer.provider.name
    )
    found = look_up(content)
    option.draft = content.canonical()
    option.save(update_fields=["draft"])
    option.services.set(found.services[name] for name in content.services)


def _word(option: Option, *, by: Actor, at: datetime, note: str) -> Wording:
    """Freeze an option's draft as its next round, checked as activating it would check it."""
    content = draft_of(option)
    check(option.offer, content, at)
    last = newest(option)
    if last is not None and last.hash == content.hash:
        raise BadInput("This is word for word what was offered last. Change something first.")
    if last is not None:
        same_currency(content_of(last), content)
    wording = Wording.objects.create(
        option=option,
        number=(last.number if last else 0) + 1,
        text=content.canonical(),
        hash=content.hash,
        note=clean_words(note[:2000], "note", required=False),
        at=at,
    )
    ChangeAsked.objects.filter(wording__option=option, state="taken", taken_in__isnull=True).update(
        taken_in=wording
    )
    option.state = "open"
    option.save(update_fields=["state"])
    write(
        option.offer,
        "offer.worded",
        by=by,
        at=at,
        option=option.pk,
        wording=wording.pk,
        number=wording.number,
        hash=wording.hash,
    )
    return wording


def check(offer: Offer, content: text.Agreement, at: datetime) -> None:
    """See that a text could be signed: known names, a day to come, no version in the way."""
    look_up(content)
    today = at.astimezone(ZoneInfo(content.zone)).date()
    if content.from_on < today:
        raise BadAgreement(
            f"{content.ref} would begin on {day_in_words(content.from_on)}, which is over. "
            "Let it begin today or later: in a next round or, once accepted, in a new offer."
        )
    if offer.agreement is not None:
        check_follows(offer.agreement, content)


def same_currency(before: text.Agreement, after: text.Agreement) -> None:
    """Errors  BadAgreement when a price comes in another currency than before."""
    was = {price.currency for price in before.prices}
    wanted = {price.currency for price in after.prices} - was
    if was and wanted:
        raise BadAgreement(
            f"{after.ref} was offered in {', '.join(sorted(was))}, not in "
            f"{', '.join(sorted(wanted))}. Keep the currency, or make an offer of its own."
        )


def _free_ref(ref: str) -> str:
    """Return the ref that was asked for, or the next free one of A-1, A-2, ...

    Errors  BadInput when an agreement, or an offer that still runs, is called so.
    """
    taken = set(Agreement.objects.values_list("ref", flat=True))
    taken |= set(Offer.objects.unsettled().values_list("ref", flat=True))
    if ref := ref.strip():
        if ref.casefold() in {each.casefold() for each in taken}:
            raise BadInput(f"{ref} is taken. Choose another reference.", field="ref")
        return clean(ref, "ref", 40)
    numbers = [int(each[2:]) for each in taken if re.fullmatch(r"A-[0-9]{1,9}", each)]
    return f"A-{max(numbers, default=0) + 1}"
