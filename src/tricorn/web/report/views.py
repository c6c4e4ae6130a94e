"""The public door: one question in one box, for anybody, at a place or nowhere in particular.

A report needs no cookie: the form carries a signed word of its own, so these addresses are exempt
from Django's token. Only who sends under their own name must show that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tricorn.agreements.tried import open_offers
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import VISITOR
from tricorn.parties.models import Person, Place
from tricorn.prepared import Prepared
from tricorn.standing.offered import offered_to
from tricorn.standing.portrait import Portrait
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.helped import helped_hours
from tricorn.tickets.reviewers import is_reviewed
from tricorn.web.articles import is_looking, looked, readable
from tricorn.web.asked import PREFIX, AskedForm, questions_for, typed_in
from tricorn.web.opening import said_hours, said_opening
from tricorn.web.report import trust
from tricorn.web.report.forms import ReportForm
from tricorn.web.requests import TricornRequest
from tricorn.web.status import status_of

# A photo that is too large is said beside the box, with the words kept; what is larger is not read.
LARGEST_BODY = 64 * 1024 * 1024
MOST_HERE = 8


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: TricornRequest) -> HttpResponse:
    """Say what is wrong or needed, without saying where."""
    return _page(request, None)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: TricornRequest, slug: str) -> HttpResponse:
    """The same behind the code at a place: the place and its service are known."""
    found = get_object_or_404(Place, slug=slug)
    if not found.is_open_to_reports:
        return redirect("report:front")
    return _page(request, found)


def _page(request: TricornRequest, place: Place | None) -> HttpResponse:
    services = open_services(place, request.who.portrait)
    if not services:
        return render(request, "report/closed.html")
    if request.method == "POST":
        return _take(request, place, services)
    form = ReportForm(
        services=services,
        name=request.who.person.name if request.who.person else "",
        reviewed=is_reviewed(request.at),
        initial={"word": trust.new_word(request.at), "named": True},
    )
    return _drawn(request, form, _asked(services, "", None, request), place, services)


@require_safe
def questions(request: TricornRequest) -> HttpResponse:
    """What the chosen service asks, for the form."""
    asked = _asked(
        open_services(None, request.who.portrait), request.GET.get("service", ""), None, request
    )
    return render(request, "_questions.html", {"asked_form": asked})


def _asked(
    services: Sequence[Service], chosen: str, data: Any, request: TricornRequest, asked: str = ""
) -> AskedForm:
    """Return what is asked: of the one service there is, or of the one that was chosen."""
    service = services[0] if len(services) == 1 else None
    service = service or next((each for each in services if str(each.pk) == chosen), None)
    asked = asked or ("named" if request.who.person else "visitor")
    return AskedForm(data, questions=questions_for(service, asked), asked=asked)


TO_VISITORS = Prepared(lambda: offered_to(None).select_related("hours"))


def open_services(place: Place | None, known: Portrait | None) -> list[Service]:
    """Return the services that take reports from this reader: those of the place, else all.

    The first is general: there goes what names no service.
    """
    if place is None and known is None:
        return TO_VISITORS.objects()
    services = offered_to(known)
    if place is not None:
        at_place = list(services.filter(places=place).select_related("hours"))
        if at_place:
            return at_place
    return list(services.select_related("hours"))


def _drawn(
    request: TricornRequest,
    form: ReportForm,
    asked: AskedForm,
    place: Place | None,
    services: Sequence[Service],
    status: int = 200,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    hours = helped_hours(services[0], request.who.person, place, at=request.at)
    context = {
        "form": form,
        "asked_form": asked,
        "place": place,
        "opening": said_opening(hours, at=request.at, zone=request.who.zone),
        "hours": said_hours(hours.hours, request.who.zone),
        "status": status_of(services, at=request.at, zone=request.who.zone, place=place),
        "trials": [each for each in open_offers() if each.service in services],
        "articles": readable(request).filter(places=place)[:MOST_HERE] if place else (),
        **(more or {}),
    }
    return render(request, "report/front.html", context, status=status)


def _take(
    request: TricornRequest, place: Place | None, services: Sequence[Service]
) -> HttpResponse:
    """Take the report, held for review if something looks wrong; lead to its private page."""
    try:
        form = _read(request, services)
    except RequestDataTooBig:
        return render(request, "413.html", status=413)
    except (SuspiciousOperation, MultiPartParserError):
        return render(request, "400.html", status=400)
    if is_looking(request):
        typed = _asked(services, request.POST.get("service", ""), None, request)
        typed.initial = {PREFIX + key: value for key, value in typed_in(request.POST).items()}
        kept = _kept(request, services)
        return _drawn(request, kept, typed, place, services, more=looked(request))
    is_valid = form.is_valid()
    person = _sender(request, form) if is_valid else None
    side = "named" if person else "visitor"
    asked = _asked(services, request.POST.get("service", ""), request.POST, request, side)
    if not (is_valid & asked.is_valid()):
        return _drawn(request, form, asked, place, services, status=422)
    try:
        ticket = _report(request, form, place, services, person, asked)
    except BadInput as problem:
        field = str(problem.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(problem))
        return _drawn(request, form, asked, place, services, status=422)
    if person is not None:
        return redirect("my:ticket", ticket.ref)
    return redirect("report:private", token_of(ticket))


def _kept(request: TricornRequest, services: Sequence[Service]) -> ReportForm:
    """Return the form as it was typed, before anybody sends it."""
    typed: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("text", "service", "email")
    }
    word = request.POST.get("word", "")
    typed["word"] = word if trust.read_word(word) else trust.new_word(request.at)
    typed["named"] = "named" in request.POST
    name = request.who.person.name if request.who.person else ""
    return ReportForm(services=services, name=name, initial=typed)


def _read(request: TricornRequest, services: Sequence[Service]) -> ReportForm:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if length.isascii() and length.isdigit() and int(length[:12]) > LARGEST_BODY:
        raise RequestDataTooBig("The body is larger than any report.")
    name = request.who.person.name if request.who.person else ""
    reviewed = is_reviewed(request.at)
    return ReportForm(request.POST, request.FILES, services=services, name=name, reviewed=reviewed)


def _report(
    request: TricornRequest,
    form: ReportForm,
    place: Place | None,
    services: Sequence[Service],
    person: Person | None,
    asked: AskedForm,
) -> Ticket:
    given: dict[str, Any] = form.cleaned_data
    word = trust.read_word(given["word"])
    chosen = {str(each.pk): each for each in services}.get(given.get("service", ""))
    report = verbs.Report(
        service=chosen or services[0],
        text=given["text"],
        place=place,
        requester=person,
        contact_email="" if person else given["email"],
        photo=given["photo"],
        about_staff=given.get("about_staff", False),
        held_for=trust.doubt(
            request, trap=given["website"], word=word, text=given["text"], at=request.at
        ),
        once=trust.once(word, given["text"]),
        fields=asked.given,
    )
    return verbs.report(report, by=person.actor if person else VISITOR, at=request.at)


def _sender(request: TricornRequest, form: ReportForm) -> Person | None:
    """Return who sends under their own name: signed in, chosen so, and from our own page."""
    if request.who.person is None or not form.cleaned_data.get("named"):
        return None
    refused = CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {})
    return None if refused is not None else request.who.person


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(gettext("Nothing"))
