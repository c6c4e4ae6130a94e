"""A report typed in by the desk: a paper slip, a call, somebody at the counter."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as reads
from tricorn.tickets.reads.queue import served_ticket
from tricorn.tickets.reviewers import is_reviewed
from tricorn.web.articles import is_looking, looked
from tricorn.web.asked import AskedForm, questions_for, typed_in
from tricorn.web.desk.forms import NewForm
from tricorn.web.desk.queue import agent_of
from tricorn.web.requests import TricornRequest

# Where a refused figure is said: the form's box for what the verb calls so.
BOX = {"text": "text", "email": "contact_email"}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: TricornRequest) -> HttpResponse:
    """Take it down, on behalf of somebody who is known or of nobody."""
    agent = agent_of(request)
    is_typing = is_looking(request)
    services = reads.services_to_reach(agent.services)
    form = NewForm(
        None if is_typing else request.POST or None,
        at=request.at,
        zone=request.who.zone,
        services=services,
        places=reads.places(),
        initial=request.POST.dict() if is_typing else {"once": secrets.token_urlsafe(24)},
        reviewed=is_reviewed(request.at),
    )
    if is_typing:
        number = request.POST.get("service", "")
        typed = _asked(_service(request, number), typed=request.POST)
        context = {"form": form, "asked_form": typed, **looked(request)}
        return render(request, "desk/new.html", context)
    if request.method != "POST":
        context = {"form": form, "asked_form": _asked(services.first())}
        return render(request, "desk/new.html", context)
    is_valid = form.is_valid()
    asked = _asked(form.cleaned_data.get("service"), request.POST)
    if is_valid & asked.is_valid():
        try:
            ticket = _take(request, form, asked)
        except BadInput as refusal:
            box = BOX.get(str(refusal.facts.get("field")), "")
            if "future" in str(refusal):
                box = "began"
            form.add_error(box or None, str(refusal))
        else:
            messages.success(request, gettext("%(ref)s is taken down.") % {"ref": ticket.ref})
            if not served_ticket(agent, ticket.ref).exists():
                return redirect("desk:queue")
            return redirect("desk:ticket", ticket.ref)
    return render(request, "desk/new.html", {"form": form, "asked_form": asked}, status=422)


@require_safe
def questions(request: TricornRequest) -> HttpResponse:
    """What the chosen service asks, for the form."""
    service = _service(request, request.GET.get("service", ""))
    return render(request, "_questions.html", {"asked_form": _asked(service)})


def _service(request: TricornRequest, number: str) -> Service | None:
    services = reads.services_on_offer(agent_of(request).services)
    known = number.isascii() and number.isdigit() and len(number) < 16
    return services.filter(pk=int(number)).first() if known else None


def _asked(service: Service | None, data: Any = None, *, typed: Any = None) -> AskedForm:
    questions = questions_for(service, "desk")
    return AskedForm(data, questions=questions, asked="desk", values=typed_in(typed))


def _take(request: TricornRequest, form: NewForm, asked: AskedForm) -> Ticket:
    given = form.cleaned_data
    return verbs.report(
        verbs.Report(
            service=given["service"],
            text=given["text"],
            kind=given["kind"],
            place=given["place"],
            requester=given["requester"] or given["affected"],
            affected=given["affected"],
            reported_by=request.who.person,
            contact_email=given["contact_email"],
            began_at=given["began"],
            impact=given["impact"],
            urgency=given["urgency"],
            affected_count=given["affected_count"],
            about_staff=given.get("about_staff", False),
            once=given["once"] or None,
            channel=given["channel"],
            fields=asked.given,
        ),
        by=request.actor,
        at=request.at,
    )
