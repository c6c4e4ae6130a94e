"""How it is at a place: one tap for whoever passes by. Nobody is named, followed, or asked twice.

A tap needs no cookie: the form carries a signed word of its own, as a report does.
"""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import VISITOR
from tricorn.parties.models import Place
from tricorn.tickets import verbs
from tricorn.tickets.models import PlaceRating
from tricorn.web.report import trust
from tricorn.web.report.forms import RateForm
from tricorn.web.requests import TricornRequest

# Each button has a sign and a word; no state is a colour alone.
BUTTONS = (
    {"score": 5, "sign": "smile", "words": _("good")},
    {"score": 3, "sign": "meh", "words": _("so-so")},
    {"score": 1, "sign": "frown", "words": _("bad")},
)
# A tap is quick: that alone makes nobody a machine.
HARMLESS = ("", "too quick")
_signer = Signer(salt="tricorn place rating")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def how(request: TricornRequest, slug: str) -> HttpResponse:
    """Three big buttons; after a bad one, what was not good."""
    place = get_object_or_404(Place, slug=slug)
    if not place.is_open_to_reports:
        raise Http404("Nobody is asked here.")
    if request.method != "POST":
        return _drawn(request, place)
    try:
        if request.POST.get("tap"):
            return _why(request, place)
        return _tap(request, place)
    except (BadInput, MoveRefused) as problem:
        return _drawn(request, place, problem=str(problem), status=422)


def _tap(request: TricornRequest, place: Place) -> HttpResponse:
    word = trust.read_word(request.POST.get("word", ""))
    doubt = trust.doubt(
        request,
        trap=request.POST.get("website", ""),
        word=word,
        text="",
        at=request.at,
        what="how",
    )
    if doubt not in HARMLESS or word is None:
        said = gettext("That could not be counted. Please tap once more.")
        return _drawn(request, place, problem=said, status=422)
    given = request.POST.get("score", "")
    rating = verbs.rate_place(
        place,
        by=VISITOR,
        at=request.at,
        score=int(given) if given in ("1", "3", "5") else 0,
        once=f"{word.nonce}\n{place.pk}",
        service=_service_of(place),
    )
    return _drawn(request, place, tap=_signer.sign(str(rating.pk)), is_good=rating.score >= 4)


def _why(request: TricornRequest, place: Place) -> HttpResponse:
    try:
        number = int(_signer.unsign(request.POST["tap"]))
    except (BadSignature, ValueError) as problem:
        raise Http404("No such tap.") from problem
    rating = get_object_or_404(PlaceRating.objects.select_related("place"), pk=number, place=place)
    verbs.say_why(rating, by=VISITOR, at=request.at, reason=request.POST.get("reason", ""))
    return _drawn(request, place, tap=request.POST["tap"], is_good=True)


def _service_of(place: Place) -> Service | None:
    """Return the one service that is met here; None where there are several, or none."""
    here = list(Service.objects.filter(places=place, is_retired=False)[:2])
    return here[0] if len(here) == 1 else None


def _drawn(
    request: TricornRequest,
    place: Place,
    *,
    tap: str = "",
    is_good: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "place": place,
        "buttons": BUTTONS,
        "reasons": [each for each in RateForm.REASONS if each[0]],
        "word": trust.new_word(request.at),
        "tap": tap,
        "is_good": is_good,
        "problem": problem,
    }
    return render(request, "report/how.html", context, status=status)
