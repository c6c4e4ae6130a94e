"""A report typed in by the desk: a paper slip, a call, somebody at the counter."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
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
from tricorn.tickets.verbs.drafts import Of
from tricorn.web.articles import is_looking, looked
from tricorn.web.asked import AskedForm, questions_for, typed_in
from tricorn.web.desk.begun import Begun
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
    initial = request.POST.dict() if is_typing else {"once": secrets.token_urlsafe(24)}
    form = _form(request, None if is_typing else request.POST or None, initial)
    begun = Begun.of(request, "report", None)
    context: dict[str, Any] = {"form": form, "begun": begun}
    if is_typing:
        number = request.POST.get("service", "")
        typed = _asked(_service(request, number), typed=request.POST)
        context |= {"asked_form": typed, "is_typing": True, **looked(request)}
        return render(request, "desk/new.html", context)
    if request.method != "POST":
        begun.fill(form)
        context["asked_form"] = _begun_asked(request, form, begun)
        return render(request, "desk/new.html", context)
    is_valid = form.is_valid()
    asked = _asked(form.cleaned_data.get("service"), request.POST)
    if is_valid & asked.is_valid():
        try:
            with transaction.atomic():
                ticket = _take(request, form, asked)
                verbs.discard_draft(None, by=request.actor, at=request.at, kind="report")
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
    return render(request, "desk/new.html", {**context, "asked_form": asked}, status=422)


def blank(request: TricornRequest, of: Of) -> list[forms.Form]:
    """Return the forms as they are before anybody types, with what was typed."""
    service = _service(request, request.POST.get("service", ""))
    return [_form(request, request.POST, {}), _asked(service, request.POST)]


def _form(request: TricornRequest, data: Any, initial: dict[str, Any]) -> NewForm:
    return NewForm(
        data,
        at=request.at,
        zone=request.who.zone,
        services=reads.services_to_reach(agent_of(request).services),
        places=reads.places(),
        initial=initial,
        reviewed=is_reviewed(request.at),
    )


def _begun_asked(request: TricornRequest, form: NewForm, begun: Begun) -> AskedForm:
    """Return what the service asks that was chosen, or that stands first, with what was begun."""
    service = _service(request, str(form.initial.get("service", "")))
    if service is None:
        service = reads.services_to_reach(agent_of(request).services).first()
    asked = _asked(service)
    begun.fill(asked)
    return asked


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
