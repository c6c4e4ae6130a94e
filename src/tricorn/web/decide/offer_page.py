"""Finding an offer on the client's side, and drawing its page."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tricorn.agreements.bridge import content_of as version_content
from tricorn.agreements.models import Assent, Offer, Option, Version, Wording
from tricorn.agreements.offered import offer_shown, offers_for
from tricorn.engine.agreement import Agreement
from tricorn.web.decide.answerable import answerable
from tricorn.web.decide.front import known
from tricorn.web.decide.offer_forms import CodeForm
from tricorn.web.decide.offer_shown import OFFER_STATES, Chip, cards, without_signatures
from tricorn.web.decide.plain import local_day
from tricorn.web.decide.signing_shown import signing_of
from tricorn.web.requests import TricornRequest


def address(offer: Offer) -> str:
    return reverse("decide:offer", args=[offer.pk])


def found_offer(request: TricornRequest, pk: int) -> Offer:
    """Return an offer that the reader may read on the client's side; 404 for anybody else."""
    portrait, _, _ = known(request)
    for each in offers_for(portrait):
        if each.pk == pk:
            return each
    raise Http404("There is no such offer.")


def found_wording(request: TricornRequest, pk: int) -> Wording:
    rows = Wording.objects.select_related("option__offer__client", "option__offer__provider")
    wording = rows.filter(pk=pk).first()
    if wording is None:
        raise Http404("There is no such round.")
    found_offer(request, wording.option.offer_id)
    return wording


def found_option(request: TricornRequest, pk: int) -> Option:
    option = Option.objects.select_related("offer__client", "offer__provider").filter(pk=pk).first()
    if option is None or option.state == "draft":
        raise Http404("There is no such option.")
    found_offer(request, option.offer_id)
    return option


def drawn(
    request: TricornRequest,
    offer: Offer,
    *,
    code: CodeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the page of an offer."""
    _, person, house = known(request)
    shown = offer_shown(offer, at=request.at)
    running = running_text(offer, request.at)
    may = answerable(offer, shown, person, at=request.at)
    drawn_cards = cards(shown, refusals=may.refusals, running=running)
    any_stands = any(each.stands for each in drawn_cards)
    signing = signing_of(shown, person, at=request.at, is_demonstration=house.is_demonstration)
    version = version_of(offer)
    context = {
        "offer": offer,
        "chip": Chip(*OFFER_STATES[offer.state]),
        "cards": drawn_cards,
        "standing": [each for each in drawn_cards if each.stands] or drawn_cards,
        "folded": [each for each in drawn_cards if not each.stands] if any_stands else [],
        "acting": may.acting,
        "refusal": next(iter(each.refusal for each in drawn_cards if each.refusal), ""),
        "running": running,
        "signing": signing,
        "code": code or CodeForm(),
        "problem": problem,
        "version": version,
        "begins": local_day(version.from_at, version) if version else None,
        "papers": _papers(offer) if version else (),
        "is_over": is_over(offer, request.at),
    }
    return render(request, "decide/offer.html", context, status=status)


def _papers(offer: Offer) -> list[Assent]:
    """Return the signatures of an offer that were given on paper."""
    rows = Assent.objects.filter(wording__option__offer=offer, method="paper")
    return list(rows.select_related("person").order_by("id"))


def running_text(offer: Offer, at: datetime) -> Agreement | None:
    """Return what holds today, where the offer is about to change it."""
    if offer.agreement_id is None or offer.state == "signed":
        return None
    version = Version.objects.in_force(at).filter(agreement=offer.agreement_id).first()
    return without_signatures(version_content(version)) if version else None


def version_of(offer: Offer) -> Version | None:
    if offer.version_id is None:
        return None
    return Version.objects.select_related("agreement").defer("text").get(pk=offer.version_id)


def is_over(offer: Offer, at: datetime) -> bool:
    """Whether the day to answer by has passed."""
    return offer.answer_by is not None and at.date() > offer.answer_by
