"""The private page of one report: whoever holds the link reads it, answers, reopens, rates.

The secret stands in the address, so no cookie is needed to act here, and no token of Django's:
who cannot guess the address cannot make anybody's browser post to it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.articles import linked_for
from tricorn.tickets.reads.page import behind_link, page
from tricorn.web.address import address
from tricorn.web.articles import reader_of
from tricorn.web.asked import answered
from tricorn.web.mailed import file_of
from tricorn.web.opening import said_hours, said_opening
from tricorn.web.photos import photo_of
from tricorn.web.report.forms import AnswerForm, RateForm
from tricorn.web.requests import TricornRequest

Step = Callable[..., Ticket]


@require_safe
def private(request: TricornRequest, token: str) -> HttpResponse:
    """What was told, what happened since, and when help starts."""
    return _drawn(request, token, _found(token))


@require_safe
def photo(request: TricornRequest, token: str, number: int) -> FileResponse:
    """One photo of this report; no other way leads to it from outside."""
    return photo_of(_found(token), number)


@require_safe
def file(request: TricornRequest, token: str, number: int) -> FileResponse:
    """One file that came by mail with this report's public words."""
    return file_of(_found(token), number)


@csrf_exempt
@require_POST
def answer(request: TricornRequest, token: str) -> HttpResponse:
    """Say something more."""
    ticket = _found(token)
    form = AnswerForm(request.POST, ticket=ticket)
    if not form.is_valid():
        return _drawn(request, token, ticket, answer=form, status=422)
    try:
        verbs.answer(ticket, by=_holder(ticket), at=request.at, text=form.cleaned_data["text"])
    except BadInput as problem:
        form.add_error("text", str(problem))
        return _drawn(request, token, ticket, answer=form, status=422)
    return redirect("report:private", token)


@csrf_exempt
@require_POST
def rate(request: TricornRequest, token: str) -> HttpResponse:
    """Say once how it was."""
    ticket = _found(token)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _drawn(request, token, ticket, rate=form, status=422)
    form.rate(ticket, by=_holder(ticket), at=request.at)
    return redirect("report:private", token)


def _step(request: TricornRequest, token: str, step: Step) -> HttpResponse:
    ticket = _found(token)
    step(ticket, by=_holder(ticket), at=request.at)
    return redirect("report:private", token)


@csrf_exempt
@require_POST
def reopen(request: TricornRequest, token: str) -> HttpResponse:
    return _step(request, token, verbs.reopen)


@csrf_exempt
@require_POST
def close(request: TricornRequest, token: str) -> HttpResponse:
    return _step(request, token, verbs.close)


@csrf_exempt
@require_POST
def cancel(request: TricornRequest, token: str) -> HttpResponse:
    return _step(request, token, verbs.cancel)


def _found(token: str) -> Ticket:
    ticket = behind_link(token)
    if ticket is None:
        raise Http404("No such private page.")
    return ticket


def _holder(ticket: Ticket) -> Actor:
    return Actor("link", ticket.pk)


def _drawn(
    request: TricornRequest,
    token: str,
    ticket: Ticket,
    *,
    answer: AnswerForm | None = None,
    rate: RateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = page(ticket, _holder(ticket))
    context = {
        "token": token,
        "page": shown,
        "ticket": ticket,
        "answered": answered(ticket),
        "link": address(request, reverse("report:private", args=[token])),
        "opening": said_opening(shown.schedule, at=request.at, zone=request.who.zone),
        "hours": said_hours(shown.schedule.hours, request.who.zone),
        "answer": answer or AnswerForm(ticket=ticket),
        "rate": rate or RateForm(),
        "articles": linked_for(ticket, reader_of(request), request.at),
    }
    return render(request, "report/private.html", context, status=status)
