"""Offers at Decide: all that one may read, one with its options side by side, a round as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tricorn.agreements import terms
from tricorn.agreements.models import Offer, Option
from tricorn.agreements.offered import differences_in_words, offers_for
from tricorn.agreements.verbs.offers import content_of
from tricorn.parties.models import Person
from tricorn.web.decide.front import known
from tricorn.web.decide.offer_page import drawn, found_offer, found_wording
from tricorn.web.decide.offer_shown import OFFER_STATES, Chip
from tricorn.web.decide.offers_waiting import Texts, latest_of, price_of, prices_of
from tricorn.web.papers import signed_paper
from tricorn.web.requests import TricornRequest


@dataclass(frozen=True)
class Listed:
    """An offer in a list: what its open options cost, and how it stands."""

    offer: Offer
    chip: Chip
    prices: tuple[str, ...]


@dataclass(frozen=True)
class Declined:
    """An option that was declined: it stays on file."""

    offer: Offer
    option: Option
    price: str
    who: str
    on: datetime | None


@require_safe
def offers(request: TricornRequest) -> HttpResponse:
    """All offers that one may read: those that wait first, then what became of the others."""
    portrait, _, _ = known(request)
    found = offers_for(portrait)
    texts = latest_of([each.pk for each in found])
    listed = [listed_of(each, texts) for each in found]
    return render(
        request,
        "decide/offers.html",
        {
            "open": [each for each in listed if each.offer.state in ("open", "agreed")],
            "settled": [each for each in listed if each.offer.state not in ("open", "agreed")],
            "declined": declined_of(found, texts),
        },
    )


@require_safe
def offer(request: TricornRequest, offer: int) -> HttpResponse:
    """Show an offer with its options side by side, and what can be done about it."""
    return drawn(request, found_offer(request, offer))


def paper(request: TricornRequest, offer: int, number: int) -> FileResponse:
    """The scanned paper of one signature."""
    return signed_paper(found_offer(request, offer), number)


@require_safe
def text(request: TricornRequest, round: int) -> HttpResponse:
    """Show one round as a whole, in plain words, with its hash."""
    found = found_wording(request, round)
    content = content_of(found)
    context = {"wording": found, "content": content, "lines": list(terms.lines(content))}
    return render(request, "decide/offer_text.html", context)


@require_safe
def toml(request: TricornRequest, round: int) -> HttpResponse:
    """Hand out one round as a TOML file: an agreement text that nobody has signed yet."""
    found = found_wording(request, round)
    option = found.option
    name = f"{option.offer.ref}-{option.letter}-round-{found.number}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/toml; charset=utf-8"
    return HttpResponse(content_of(found).to_toml(), content_type=kind, headers=headers)


@require_safe
def difference(request: TricornRequest, older: int, newer: int) -> HttpResponse:
    """Say what one round says otherwise than another of the same offer."""
    one, other = found_wording(request, older), found_wording(request, newer)
    if one.option.offer_id != other.option.offer_id:
        raise Http404("These are rounds of two offers.")
    changes = differences_in_words(content_of(one), content_of(other))
    context = {"older": one, "newer": other, "changes": changes, "offer": other.option.offer}
    return render(request, "decide/offer_difference.html", context)


def listed_of(offer: Offer, texts: Texts) -> Listed:
    return Listed(offer, Chip(*OFFER_STATES[offer.state]), prices_of(offer, texts))


def declined_of(offers: Sequence[Offer], texts: Texts) -> list[Declined]:
    """Return every declined option, the latest first, with price, date, who and why."""
    found = [
        Declined(
            offer,
            option,
            price_of(content),
            name_of(option.answered_by),
            option.answered_at,
        )
        for offer in offers
        for option, content in texts.get(offer.pk, [])
        if option.state == "declined"
    ]
    return sorted(found, key=lambda each: each.on.timestamp() if each.on else 0, reverse=True)


def name_of(person: Person | None) -> str:
    return person.name if person else ""
