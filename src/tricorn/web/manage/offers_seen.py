"""Which offers a manager sees, and how they stand: for the list, the front and the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404

from tricorn.agreements import plain
from tricorn.agreements.models import ChangeAsked, Offer, Option, Wording
from tricorn.agreements.models.offers import OfferQuerySet
from tricorn.agreements.verbs.offers import content_of
from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.web.manage.answers import may
from tricorn.web.requests import TricornRequest

SETTLED = ("signed", "declined", "withdrawn")


@dataclass(frozen=True)
class Standing:
    """The offers that are not settled, by whom they wait for."""

    for_us: list[Offer]
    for_client: list[Offer]
    to_sign: list[Offer]


@dataclass(frozen=True)
class Declined:
    """An option that was declined: it stays on file with its price, the day, who and why."""

    option: Option
    prices: tuple[str, ...]


def services(request: TricornRequest) -> tuple[Service, ...]:
    """The services for which this manager may make offers."""
    found = Service.objects.filter(is_retired=False).select_related("hours", "provider")
    return tuple(each for each in found if may(request, "make_offer", each.pk))


def visible(request: TricornRequest) -> OfferQuerySet:
    """The offers that are this manager's: on their services and no other. Read by everything here."""
    open_changes = ChangeAsked.objects.filter(wording__option__offer=OuterRef("pk"), state="open")
    offers = Offer.objects.select_related("client", "provider", "agreement", "version__agreement")
    offers = offers.annotate(is_asked=Exists(open_changes))
    if may(request, "make_offer"):
        return offers
    mine = [
        pk for pk in Service.objects.values_list("pk", flat=True) if may(request, "make_offer", pk)
    ]
    others = Option.services.through.objects.filter(option__offer=OuterRef("pk")).exclude(
        service__in=mine
    )
    own = Option.services.through.objects.filter(option__offer=OuterRef("pk"), service__in=mine)
    return offers.filter(Exists(own), ~Exists(others))


def found(request: TricornRequest, offer: int) -> Offer:
    """Return one offer, or 404."""
    return get_object_or_404(visible(request), pk=offer)


def found_option(request: TricornRequest, option: int) -> Option:
    """Return one option of an offer that one sees, or 404."""
    row = get_object_or_404(Option, pk=option)
    row.offer = found(request, row.offer_id)
    return row


def found_change(request: TricornRequest, change: int) -> ChangeAsked:
    """Return a change that was asked for in an offer that one sees, or 404."""
    row = get_object_or_404(ChangeAsked.objects.select_related("wording__option__offer"), pk=change)
    found(request, row.wording.option.offer_id)
    return row


def standing(request: TricornRequest) -> Standing:
    """Return what waits, and for whom. Two queries more than finding out whose offers they are."""
    offers = list(
        visible(request)
        .unsettled()
        .prefetch_related(Prefetch("options", Option.objects.order_by("letter")))
        .order_by("-begun_at", "-id")
    )
    asked = {each.pk for each in offers if vars(each)["is_asked"]}
    return Standing(
        for_us=[x for x in offers if x.state == "draft" or (x.state == "open" and x.pk in asked)],
        for_client=[x for x in offers if x.state == "open" and x.pk not in asked],
        to_sign=[x for x in offers if x.state == "agreed"],
    )


def settled(request: TricornRequest) -> OfferQuerySet:
    """Return the offers that are over, the newest first."""
    return (
        visible(request)
        .filter(state__in=SETTLED)
        .prefetch_related(Prefetch("options", Option.objects.order_by("letter")))
        .order_by("-settled_at", "-id")
    )


def declined(request: TricornRequest, most: int = 50) -> list[Declined]:
    """Return the options that clients declined, the newest first, each with its last price."""
    options = list(
        Option.objects.filter(state="declined", offer__in=visible(request))
        .select_related("offer__client", "answered_by")
        .order_by("-answered_at", "-id")[:most]
    )
    prices = last_prices(options)
    return [Declined(each, prices.get(each.pk, ())) for each in options]


def last_prices(options: Iterable[Option]) -> dict[int, tuple[str, ...]]:
    """Return what each option's last round would cost, in words. One query."""
    rounds = Wording.objects.filter(option__in=list(options)).order_by("number")
    last = {each.option_id: each for each in rounds.select_related("option__offer")}
    return {pk: prices_of(content_of(each)) for pk, each in last.items()}


def prices_of(content: text.Agreement) -> tuple[str, ...]:
    return tuple(plain.price(each) for each in content.prices)


def nothing() -> Http404:
    return Http404("Not yours.")
