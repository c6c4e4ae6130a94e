"""The code at a door: as a picture, and on a sign of A6 to print."""

from __future__ import annotations

import io

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tricorn.engine.roles import Door
from tricorn.parties.models import Place
from tricorn.web.address import address, public_url
from tricorn.web.requests import TricornRequest


@require_safe
def code(request: TricornRequest, slug: str) -> HttpResponse:
    """The QR code of a place's report page, as SVG; 404 while no public address is set."""
    place = _place(request, slug)
    known = _base(request)
    if not known:
        raise Http404("No public address is set, so a code would lead nowhere.")
    drawing = segno.make(f"{known}{_path(request, place)}", error="m")
    out = io.BytesIO()
    drawing.save(out, kind="svg", scale=8, border=4, title=f"Report: {place.name}", light="#fff")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@require_safe
def sign(request: TricornRequest, slug: str) -> HttpResponse:
    """A sign to print and put up; says what is missing while no public address is set."""
    place = _place(request, slug)
    known = _base(request)
    path = _path(request, place)
    shown = f"{known}{path}".split("//", 1)[-1] if known else ""
    context = {"place": place, "shown": shown, "path": path, "asks_how": _asks_how(request)}
    return render(request, "report/sign.html", context)


def _asks_how(request: TricornRequest) -> bool:
    """Whether the sign is the one that asks how it is here, not what is wrong."""
    return "how" in request.GET


def _path(request: TricornRequest, place: Place) -> str:
    name = "report:place-how" if _asks_how(request) else "report:place"
    return reverse(name, args=[place.slug])


def _base(request: TricornRequest) -> str:
    """Return what a code begins with; a demonstration's codes lead to where it is looked at."""
    house = request.who.house
    if house is not None and house.is_demonstration:
        return address(request, "")
    return public_url(request)


def _place(request: TricornRequest, slug: str) -> Place:
    """Return the place for who puts up signs: desk and managers; 404 for anybody else."""
    if not {Door.DESK, Door.MANAGE} & set(request.who.doors):
        raise Http404("Signs are for the desk and for managers.")
    return get_object_or_404(Place, slug=slug)
