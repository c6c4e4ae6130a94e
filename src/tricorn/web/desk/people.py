"""Whose matter it is and who works on it: find people, assign, hand over, change persons."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tricorn.engine.errors import Refusal
from tricorn.journal.actor import Actor
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as reads
from tricorn.tickets.reads.people import find_people
from tricorn.web.desk.deeds import press
from tricorn.web.desk.forms import AssignForm, HandOverForm, PeopleForm
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.ticket import found
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest


@require_safe
def find(request: TricornRequest) -> HttpResponse:
    """Offer whom the typed letters may mean; two at least, so that nobody is listed idly."""
    typed = next((request.GET[n] for n in ("q", "requester", "affected") if n in request.GET), "")
    people = find_people(typed, at=request.at) if len(typed.strip()) >= 2 else ()
    return render(request, "desk/_people.html", {"people": people})


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: TricornRequest, ref: str) -> HttpResponse:
    """Give the ticket to somebody who serves it; to oneself with one button."""
    me = request.who.person
    if request.method == "POST" and request.POST.get("to") == "me" and me is not None:

        def take(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
            return verbs.assign(ticket, by=by, at=at, to=me)

        return press(request, ref, take, gettext("It is yours."))
    ticket = found(request, ref)
    agents = reads.agents_of(ticket, request.at)
    form = AssignForm(request.POST or None, agents=agents, initial={"to": ticket.assignee_id})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            to = next((a for a in agents if a.pk == form.cleaned_data["to"]), None)
            try:
                verbs.assign(ticket, by=request.actor, at=request.at, to=to)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = STATUS.get(type(refusal), 422)
            else:
                said = (
                    gettext("It is with %(name)s.") % {"name": to} if to else gettext("It is free.")
                )
                messages.success(request, said)
                return redirect("desk:ticket", ticket.ref)
    context = {"ticket": ticket, "form": form}
    return render(request, "desk/ticket/assign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: TricornRequest, ref: str) -> HttpResponse:
    """Hand the ticket over to another service or team, with a note for them."""
    ticket = found(request, ref)
    form = HandOverForm(
        request.POST or None,
        services=reads.services_to_reach(agent_of(request).services),
        teams=reads.teams(),
        served=agent_of(request).services,
        initial={"service": ticket.service_id, "team": ticket.team_id},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                ticket = verbs.hand_over(
                    ticket,
                    by=request.actor,
                    at=request.at,
                    note=given["text"],
                    service=given["service"],
                    team=given["team"],
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = STATUS.get(type(refusal), 422)
            else:
                said = gettext("%(ref)s is handed over.") % {"ref": ticket.ref}
                messages.success(request, said)
                return redirect("desk:queue")
    context = {"ticket": ticket, "form": form}
    return render(request, "desk/ticket/hand_over.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change_persons(request: TricornRequest, ref: str) -> HttpResponse:
    """Say who asks and whom it is for; the agreement is looked up again."""
    ticket = found(request, ref)
    if request.method == "POST":
        form = PeopleForm(request.POST, at=request.at)
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                verbs.change_persons(
                    ticket,
                    by=request.actor,
                    at=request.at,
                    requester=given["requester"],
                    affected=given["affected"],
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = STATUS.get(type(refusal), 422)
            else:
                messages.success(request, gettext("Noted whose matter it is."))
                return redirect("desk:ticket", ticket.ref)
    else:
        other = ticket.affected if ticket.affected_id != ticket.requester_id else None
        requester, affected = PeopleForm.typed(ticket.requester, other, at=request.at)
        form = PeopleForm(initial={"requester": requester, "affected": affected}, at=request.at)
        status = 200
    context = {"ticket": ticket, "form": form}
    return render(request, "desk/ticket/change_persons.html", context, status=status)
