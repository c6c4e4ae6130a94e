"""The tally at the front desk: one tap counts a use by people who report nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.roles import rule
from tricorn.parties.models import Membership, Person, Place
from tricorn.standing import verbs
from tricorn.standing.models import Use
from tricorn.web.report.views import open_services
from tricorn.web.requests import TricornRequest

MOST_HOSTS = 200


@dataclass(frozen=True)
class Counter:
    """One button: a service, how many were counted here today, the last tap to take back."""

    service: Service
    today: int
    last: int | None


@require_safe
def tally(request: TricornRequest, slug: str) -> HttpResponse:
    """The big buttons of one place; 404 for who does not count here."""
    place, services = _mine(request, slug)
    return _drawn(request, place, services)


@require_POST
def count(request: TricornRequest, slug: str, service: int) -> HttpResponse:
    """Count one use, and note whom they came to see if that was said."""
    place, services = _mine(request, slug)
    chosen = next((each for each in services if each.pk == service), None)
    if chosen is None:
        raise Http404("This service is not counted here.")
    name = request.POST.get("host", "").replace("\0", "").strip()
    try:
        host = _host(request, place, name) if name else None
        verbs.tally(chosen, place, by=request.actor, at=request.at, host=host)
    except BadInput as problem:
        return _drawn(request, place, services, wrong=str(problem), host=name, status=422)
    return _answer(request, place, services)


@require_POST
def take_back(request: TricornRequest, slug: str, use: int) -> HttpResponse:
    """Take back a tap of today."""
    place, services = _mine(request, slug)
    found = get_object_or_404(
        Use.objects.select_related("service"),
        pk=use,
        place=place,
        service__in=services,
        source="tally",
        on=_today(request),
    )
    verbs.take_back_tally(found, by=request.actor, at=request.at)
    return _answer(request, place, services)


def _mine(request: TricornRequest, slug: str) -> tuple[Place, list[Service]]:
    """Return the place and those of its services that this person counts; 404 when none."""
    known = request.who.portrait
    if known is None:
        raise Http404("Nobody is signed in.")
    place = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    services = [
        each
        for each in open_services(place, known)
        if rule(known.standing(each.pk), "tally").allowed
    ]
    if not services:
        raise Http404("Nothing is counted here by this person.")
    return place, services


def _host(request: TricornRequest, place: Place, name: str) -> Person:
    # Nobody's name is longer than its column, and SQLite compares no endless text.
    known = _hosts(request, place) if len(name) <= 200 else Person.objects.none()
    found = list(known.filter(name__iexact=name)[:2])
    if len(found) == 1:
        return found[0]
    why = "Several people are called" if found else "Nobody here is called"
    raise BadInput(f"{why} {name[:80]}. Choose from the list, or leave it empty.", field="host")


def _hosts(request: TricornRequest, place: Place) -> QuerySet[Person]:
    """Return whom a visitor may have come to see: the people of the place's organisation."""
    house = request.who.house
    organisation = place.organisation_id or (house.provider_id if house else None)
    members = Membership.objects.at(request.at).filter(organisation=organisation)
    return Person.objects.filter(is_active=True, pk__in=members.values("person"))


def _today(request: TricornRequest) -> date:
    return request.at.astimezone(ZoneInfo(request.who.house_zone)).date()


def _counters(
    request: TricornRequest, place: Place, services: list[Service]
) -> tuple[Counter, ...]:
    rows = (
        Use.objects.filter(place=place, service__in=services, source="tally", on=_today(request))
        .values("service")
        .annotate(today=Sum("count"), last=Max("pk"))
        .order_by()
    )
    found = {row["service"]: (row["today"], row["last"]) for row in rows}
    return tuple(Counter(each, *found.get(each.pk, (0, None))) for each in services)


def _answer(request: TricornRequest, place: Place, services: list[Service]) -> HttpResponse:
    if request.htmx:
        return _drawn(request, place, services)
    return redirect("report:tally", place.slug)


def _drawn(
    request: TricornRequest,
    place: Place,
    services: list[Service],
    *,
    wrong: str = "",
    host: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": place,
        "counters": _counters(request, place, services),
        "hosts": _hosts(request, place)
        .order_by("name")
        .values_list("name", flat=True)[:MOST_HOSTS],
        "wrong": wrong,
        "host": host,
    }
    template = "report/_tally.html" if request.htmx else "report/tally.html"
    return render(request, template, context, status=status)
