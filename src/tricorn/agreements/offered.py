"""Offers as pages show them: options side by side, rounds with their differences, who has to sign."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tricorn.agreements.changes import sentence
from tricorn.agreements.models import Assent, ChangeAsked, Offer, Option, Wording
from tricorn.agreements.verbs.answers import asked_to_sign
from tricorn.agreements.verbs.offers import content_of, draft_of
from tricorn.engine import agreement as text
from tricorn.standing import approvals
from tricorn.standing.approvals import Signers
from tricorn.standing.portrait import Portrait


@dataclass(frozen=True)
class Round:
    """One round of an option: its text, what it changed, what the client asked for then."""

    wording: Wording
    content: text.Agreement
    changes: tuple[str, ...]
    asked: tuple[ChangeAsked, ...]


@dataclass(frozen=True)
class OptionShown:
    """One option with its rounds, the oldest first. `draft` is what the provider writes next."""

    option: Option
    rounds: tuple[Round, ...]
    draft: text.Agreement | None
    draft_changes: tuple[str, ...]

    @property
    def latest(self) -> Round | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def content(self) -> text.Agreement:
        """What it says now: the latest round, or the draft where there is none yet."""
        if self.rounds:
            return self.rounds[-1].content
        if self.draft is None:
            raise LookupError(f"{self.option} has no text")
        return self.draft

    @property
    def open_asked(self) -> tuple[ChangeAsked, ...]:
        """Changes that wait for the provider's answer, of all rounds."""
        return tuple(a for each in self.rounds for a in each.asked if a.state == "open")


@dataclass(frozen=True)
class SideShown:
    """Who has signed for one side, who still can, and how many are needed."""

    side: str
    given: tuple[Assent, ...]
    signers: Signers

    @property
    def is_done(self) -> bool:
        return len(self.given) >= self.signers.needed

    @property
    def missing(self) -> int:
        return max(self.signers.needed - len(self.given), 0)


@dataclass(frozen=True)
class OfferShown:
    """An offer with its options by letter, and both sides once an option was accepted."""

    offer: Offer
    options: tuple[OptionShown, ...]
    sides: tuple[SideShown, ...]

    @property
    def chosen(self) -> OptionShown | None:
        """The option that was accepted, if one was."""
        return next((each for each in self.options if each.option.state == "accepted"), None)


def offer_shown(offer: Offer, *, at: datetime, is_provider: bool = False) -> OfferShown:
    """Return an offer as it stands. Drafts are left out unless the provider reads.

    A fixed number of queries for any number of options and rounds; those of the signers on top
    while it waits to be signed.
    """
    states = ["open", "accepted", "declined", "withdrawn"]
    options = offer.options.select_related("offer__client", "offer__provider", "answered_by")
    if not is_provider:
        options = options.filter(state__in=states)
    found = list(options.order_by("letter"))
    rounds = _rounds(found)
    shown = tuple(_option(each, rounds[each.pk], is_provider) for each in found)
    return OfferShown(offer, shown, tuple(_sides(offer, shown, at)))


def offers_for(portrait: Portrait, *, unsettled: bool = False) -> list[Offer]:
    """Return the offers that somebody may read on the client's side, the newest first.

    Who may sign or decide there, and a line manager where client and provider are one house.
    """
    mine = {each.organisation_id for each in portrait.authorities if each.may in ("decide", "sign")}
    reach = Q(pk__in=[])
    for number in mine:
        reach |= Q(client__path__contains=f"/{number}/")
    manages = [fact.service_id for fact in portrait.facts_known if fact.kind == "linemgr"]
    offers = Offer.objects.filter(made_at__isnull=False).select_related("client", "provider")
    if unsettled:
        offers = offers.filter(state__in=["open", "agreed"])
    found = list(offers.filter(reach).order_by("-made_at", "-id"))
    if manages:
        own = offers.exclude(pk__in=[each.pk for each in found])
        if None not in manages:
            own = own.filter(options__services__in=manages).distinct()
        found += [each for each in own.order_by("-made_at", "-id") if each.is_internal]
    return found


def _rounds(options: list[Option]) -> dict[int, list[tuple[Wording, list[ChangeAsked]]]]:
    wordings = list(
        Wording.objects.filter(option__in=options)
        .select_related("option__offer")
        .order_by("option", "number")
    )
    asked: dict[int, list[ChangeAsked]] = defaultdict(list)
    changes = ChangeAsked.objects.filter(wording__in=wordings).select_related(
        "asked_by", "taken_in"
    )
    for change in changes.order_by("id"):
        asked[change.wording_id].append(change)
    found: dict[int, list[tuple[Wording, list[ChangeAsked]]]] = defaultdict(list)
    for wording in wordings:
        found[wording.option_id].append((wording, asked[wording.pk]))
    return found


def _option(
    option: Option, rounds: list[tuple[Wording, list[ChangeAsked]]], is_provider: bool
) -> OptionShown:
    shown: list[Round] = []
    for wording, asked in rounds:
        content = content_of(wording)
        before = shown[-1].content if shown else None
        changes = differences_in_words(before, content) if before else ()
        shown.append(Round(wording, content, changes, tuple(asked)))
    draft = draft_of(option) if is_provider and option.draft else None
    changes = differences_in_words(shown[-1].content, draft) if draft and shown else ()
    return OptionShown(option, tuple(shown), draft, changes)


def differences_in_words(before: text.Agreement, after: text.Agreement) -> tuple[str, ...]:
    """Return what a text says otherwise than another, one sentence each."""
    return tuple(sentence(each, before, after) for each in text.differences(before, after))


def _sides(offer: Offer, options: tuple[OptionShown, ...], at: datetime) -> list[SideShown]:
    chosen = next((each for each in options if each.option.state == "accepted"), None)
    if chosen is None or chosen.latest is None:
        return []
    given: dict[str, list[Assent]] = defaultdict(list)
    assents = chosen.latest.wording.assents.select_related("person", "acting_for")
    for assent in assents.order_by("id"):
        given[assent.side].append(assent)
    return [
        SideShown(
            side,
            tuple(given[side]),
            approvals.signers(asked_to_sign(party, chosen.option, chosen.content), at=at),
        )
        for side, party in (("client", offer.client), ("provider", offer.provider))
    ]
