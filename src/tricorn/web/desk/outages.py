"""Outages at the desk: what lasts, what is announced, what is over; begin, end, correct, link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tricorn.engine.errors import BadInput, Refusal
from tricorn.tickets import verbs
from tricorn.tickets.models import Outage, Ticket
from tricorn.tickets.reads import desk as offers
from tricorn.tickets.reads import outages as reads
from tricorn.tickets.reads.queue import served_ticket
from tricorn.web.desk.outage_forms import EndForm, LinkForm, OutageForm, filled, on_wall
from tricorn.web.desk.queue import agent_of
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

PER_PAGE = 25


@require_safe
def outages(request: TricornRequest) -> HttpResponse:
    """Show what lasts and is announced, and page by page what is over."""
    return _listed(request)


def _listed(request: TricornRequest) -> HttpResponse:
    agent = agent_of(request)
    open_ones = reads.unended(agent, request.at)
    over = Paginator(reads.ended(agent, request.at), PER_PAGE)
    context = {
        "now": [each for each in open_ones if each.began_at <= request.at],
        "announced": [each for each in open_ones if each.began_at > request.at],
        "page": over.get_page(request.GET.get("page")),
    }
    template = "desk/outages/_outages.html" if request.htmx else "desk/outages/list.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: TricornRequest) -> HttpResponse:
    """Note an outage, now or earlier, or announce planned work; `?ticket=T-7` told of it."""
    ref = str((request.POST if request.method == "POST" else request.GET).get("ticket", ""))
    ticket = _ticket(request, ref) if ref else None
    data = request.POST if request.method == "POST" else None
    form = _form(request, data, initial=_from_ticket(ticket, request) if ticket else {})
    context = {"form": form, "ticket": ticket}
    if request.method != "POST":
        return render(request, "desk/outages/begin.html", context)
    if form.is_valid():
        try:
            outage = verbs.begin_outage(
                form.noted(), by=request.actor, at=request.at, ticket=ticket
            )
        except Refusal as refusal:
            status = _refused(form, refusal)
            return render(request, "desk/outages/begin.html", context, status=status)
        messages.success(request, gettext("%(ref)s is noted.") % {"ref": outage.ref})
        return redirect("desk:ticket", ticket.ref) if ticket else redirect("desk:outages")
    return render(request, "desk/outages/begin.html", context, status=422)


def _form(
    request: TricornRequest, data: QueryDict | None, outage: Outage | None = None, **more: Any
) -> OutageForm:
    return OutageForm(
        data,
        services=reads.services_for(agent_of(request), outage),
        places=offers.places(),
        outage=outage,
        zone=request.who.zone,
        at=request.at,
        **more,
    )


def _from_ticket(ticket: Ticket, request: TricornRequest) -> dict[str, Any]:
    """Return what a ticket says of the outage; its words are personal and stay where they are."""
    return {
        "services": [ticket.service_id],
        "places": [ticket.place_id] if ticket.place_id else [],
        "began_at": on_wall(ticket.began_at, request.who.zone),
        "found_by": "reporter",
        "ticket": ticket.ref,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TricornRequest, outage: int) -> HttpResponse:
    """One outage: what is noted of it, and the tickets that told of it."""
    found = _found(request, outage)
    if request.method != "POST":
        return _shown(request, found)
    form = _form(request, request.POST, found)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    try:
        verbs.change_outage(found, form.noted(), by=request.actor, at=request.at)
    except Refusal as refusal:
        return _shown(request, found, form, status=_refused(form, refusal))
    messages.success(request, gettext("%(ref)s is corrected.") % {"ref": found.ref})
    return redirect("desk:outage", found.pk)


@require_POST
def end(request: TricornRequest, outage: int) -> HttpResponse:
    """It works again, now or since the time that was given."""
    found = _found(request, outage)
    form = EndForm(request.POST, zone=request.who.zone, auto_id="end_%s")
    if not form.is_valid():
        return _shown(request, found, end=form, status=422)
    try:
        verbs.end_outage(
            found, by=request.actor, at=request.at, ended_at=form.cleaned_data["ended_at"]
        )
    except BadInput as refusal:
        return _shown(request, found, end=form, status=_refused(form, refusal))
    if request.htmx:
        return _listed(request)
    messages.success(request, gettext("%(ref)s has ended.") % {"ref": found.ref})
    return redirect("desk:outages")


@require_POST
def take_back(request: TricornRequest, outage: int) -> HttpResponse:
    """It was none, or planned work is called off."""
    found = _found(request, outage)
    verbs.take_back_outage(found, by=request.actor, at=request.at)
    messages.success(request, gettext("%(ref)s is taken back.") % {"ref": found.ref})
    return redirect("desk:outages")


@require_POST
def link_ticket(request: TricornRequest, outage: int) -> HttpResponse:
    """This ticket told of it."""
    return _link(request, outage, verbs.link_ticket, gettext("%(ref)s is linked to %(outage)s."))


@require_POST
def unlink_ticket(request: TricornRequest, outage: int) -> HttpResponse:
    """This ticket did not."""
    said = gettext("%(ref)s does not belong to %(outage)s any more.")
    return _link(request, outage, verbs.unlink_ticket, said)


def _link(
    request: TricornRequest, outage: int, verb: Callable[..., None], said: str
) -> HttpResponse:
    found = _found(request, outage)
    form = LinkForm(request.POST, auto_id="link_%s")
    if not form.is_valid():
        return _shown(request, found, link=form, status=422)
    ref = form.cleaned_data["ref"]
    ticket = served_ticket(agent_of(request), ref).first()
    if ticket is None:
        form.add_error(
            "ref",
            gettext("There is no ticket %(ref)s at this desk. Look its reference up in the queue.")
            % {"ref": ref[:20]},
        )
        return _shown(request, found, link=form, status=422)
    verb(found, ticket, by=request.actor, at=request.at)
    messages.success(request, said % {"ref": ticket.ref, "outage": found.ref})
    if request.POST.get("from") == "ticket":
        return redirect("desk:ticket", ticket.ref)
    return redirect("desk:outage", found.pk)


def _found(request: TricornRequest, number: int) -> Outage:
    """Return the outage if the reader serves one of its services; 404 for any other."""
    outage = reads.served(agent_of(request)).filter(pk=number).first()
    if outage is None:
        raise Http404("No such outage at this desk.")
    return outage


def _ticket(request: TricornRequest, ref: str) -> Ticket:
    ticket = served_ticket(agent_of(request), ref).first()
    if ticket is None:
        raise Http404("No such ticket at this desk.")
    return ticket


def _refused(form: forms.Form, refusal: Refusal) -> int:
    """Say a refusal in the form, at its box if it has one; return the status to answer with."""
    field = str(refusal.facts.get("field", ""))
    form.add_error(field if field in form.fields else None, str(refusal))
    return STATUS.get(type(refusal), 422)


def _shown(
    request: TricornRequest,
    outage: Outage,
    form: OutageForm | None = None,
    *,
    end: EndForm | None = None,
    link: LinkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if form is None:
        form = _form(request, None, outage, initial=filled(outage, request.who.zone))
    context = {
        "outage": outage,
        "lasts": outage.lasts(request.at) and outage.taken_back_at is None,
        "form": form,
        "end": end or EndForm(zone=request.who.zone, auto_id="end_%s"),
        "link": link or LinkForm(auto_id="link_%s"),
        "tickets": reads.tickets_of(outage, agent_of(request)),
    }
    return render(request, "desk/outages/outage.html", context, status=status)
