"""What waits for the reader's decision: offers to answer, texts to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from tricorn.agreements import plain
from tricorn.agreements.models import Offer, Option, Wording
from tricorn.agreements.offered import offers_for
from tricorn.agreements.verbs.offers import content_of
from tricorn.engine.agreement import Agreement
from tricorn.parties.models import Person
from tricorn.standing import approvals
from tricorn.standing.portrait import Portrait
from tricorn.web.decide.waiting import Waits

Texts = dict[int, list[tuple[Option, Agreement]]]


def waits(portrait: Portrait, person: Person) -> list[Waits]:
    """Return what waits for somebody, the newest first. A fixed number of queries."""
    mine = offers_for(portrait, unsettled=True)
    if not mine:
        return []
    by_number = {each.pk: each for each in mine}
    texts = latest_of(list(by_number))
    found = [
        (each.made_at, _to_answer(each, texts, portrait.at))
        for each in mine
        if each.state == "open" and each.made_at is not None
    ]
    asked = {
        each.subject_id: each
        for each in approvals.waiting_for(person, portrait.at)
        if each.subject == "wording"
    }
    for wording in Wording.objects.filter(pk__in=asked).select_related("option__offer"):
        offer = by_number.get(wording.option.offer_id)
        request = asked[wording.pk]
        if offer is not None and request.organisation_id == offer.client_id:
            found.append((request.asked_at, _to_sign(offer, texts)))
    return [each for _, each in sorted(found, key=lambda one: one[0], reverse=True)]


def _to_answer(offer: Offer, texts: Texts, at: datetime) -> Waits:
    note = gettext("From %(provider)s.") % {"provider": offer.provider}
    is_late = offer.answer_by is not None and at.date() > offer.answer_by
    if offer.answer_by is not None:
        note = gettext("From %(provider)s, answer by %(day)s.") % {
            "provider": offer.provider,
            "day": plain.day(offer.answer_by),
        }
    return Waits(
        sign="file-text",
        title=gettext("Offer: %(title)s") % {"title": offer.title},
        note=note,
        url=reverse("decide:offer", args=[offer.pk]),
        words=gettext("Read and answer"),
        is_late=is_late,
        lines=prices_of(offer, texts),
    )


def _to_sign(offer: Offer, texts: Texts) -> Waits:
    said = gettext("To sign: %(title)s")
    words = gettext("Read and sign")
    if offer.is_internal:
        said = gettext("To approve: %(title)s")
        words = gettext("Read and approve")
    return Waits(
        sign="pen-line",
        title=said % {"title": offer.title},
        note=gettext("From %(provider)s; the option was accepted.") % {"provider": offer.provider},
        url=reverse("decide:offer", args=[offer.pk]) + "#sign",
        words=words,
        lines=prices_of(offer, texts),
    )


def latest_of(offers: Sequence[int]) -> Texts:
    """Return the options of these offers, each with its latest round. One query."""
    rows = Wording.objects.filter(option__offer__in=offers).select_related(
        "option__answered_by", "option__offer"
    )
    latest: dict[int, Wording] = {}
    for wording in rows.order_by("option__offer", "option__letter", "number"):
        latest[wording.option_id] = wording
    found: Texts = {}
    for wording in latest.values():
        one = (wording.option, content_of(wording))
        found.setdefault(wording.option.offer_id, []).append(one)
    return found


def prices_of(offer: Offer, texts: Texts) -> tuple[str, ...]:
    """Return the prices of the options that count: accepted or open, else all there were."""
    options = texts.get(offer.pk, [])
    counting = [each for each in options if each[0].state in ("open", "accepted")] or options
    found = []
    for option, content in counting:
        said = price_of(content)
        found.append(f"{option.letter} {option.name}: {said}" if len(counting) > 1 else said)
    return tuple(found)


def price_of(content: Agreement) -> str:
    said = plain.joined([plain.price(each) for each in content.prices])
    return said or gettext("no price named")
