"""What a reviewer does: each deed finds the inquiry, checks its form, calls its verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.engine.errors import Refusal
from tricorn.parties.models import Person
from tricorn.tickets import verbs
from tricorn.tickets.models import Inquiry
from tricorn.web.inquiries.forms import AnswerForm, AskForm, EndForm, NameForm, ReleaseForm
from tricorn.web.inquiries.views import found, show
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

Do = Callable[[Inquiry, dict[str, Any]], str]


def _attempt(
    request: TricornRequest, inquiry: Inquiry, name: str, form: forms.Form, do: Do
) -> HttpResponse:
    """Do it and go back to the complaint, or to the list where it is no longer one's own."""
    status = 422
    if form.is_valid():
        try:
            said = do(inquiry, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = STATUS.get(type(refusal), 422)
        else:
            messages.success(request, said)
            still = Inquiry.objects.read_by(request.actor.id, request.at)
            if still.filter(pk=inquiry.pk).exists():
                return redirect("inquiry", inquiry.ticket.ref)
            return redirect("welcome")
    return show(request, inquiry, {name: form}, status=status)


@require_POST
def answer(request: TricornRequest, ref: str) -> HttpResponse:
    def do(inquiry: Inquiry, given: dict[str, Any]) -> str:
        verbs.answer_complaint(inquiry.ticket, by=request.actor, at=request.at, text=given["text"])
        return gettext("Your answer stands on their page.")

    form = AnswerForm(request.POST, auto_id="answer_%s")
    return _attempt(request, found(request, ref), "answer", form, do)


@require_POST
def name(request: TricornRequest, ref: str) -> HttpResponse:
    def do(inquiry: Inquiry, given: dict[str, Any]) -> str:
        verbs.name_staff(inquiry.ticket, given["persons"], by=request.actor, at=request.at)
        return gettext("Noted whom it is about.")

    inquiry = found(request, ref)
    form = NameForm(request.POST, at=request.at, auto_id="name_%s")
    return _attempt(request, inquiry, "name", form, do)


@require_POST
def ask(request: TricornRequest, ref: str) -> HttpResponse:
    inquiry = found(request, ref)
    named = {each.person_id: each.person for each in inquiry.named.select_related("person")}

    def do(inquiry: Inquiry, given: dict[str, Any]) -> str:
        person: Person = named[given["person"]]
        verbs.ask_named(
            inquiry.ticket,
            person,
            given["text"],
            by=request.actor,
            at=request.at,
            tells_who=given["tells_who"],
        )
        return gettext("%(name)s is asked.") % {"name": person}

    form = AskForm(request.POST, named=list(named.values()), auto_id="ask_%s")
    return _attempt(request, inquiry, "ask", form, do)


@require_POST
def end(request: TricornRequest, ref: str) -> HttpResponse:
    def do(inquiry: Inquiry, given: dict[str, Any]) -> str:
        verbs.end_inquiry(inquiry.ticket, by=request.actor, at=request.at, **given)
        return gettext("The inquiry is over.")

    form = EndForm(request.POST, auto_id="end_%s")
    return _attempt(request, found(request, ref), "end", form, do)


@require_POST
def release(request: TricornRequest, ref: str) -> HttpResponse:
    def do(inquiry: Inquiry, given: dict[str, Any]) -> str:
        fresh = verbs.release_inquiry(inquiry.ticket, by=request.actor, at=request.at, **given)
        return gettext("The desk has it as %(ref)s.") % {"ref": fresh.ref}

    form = ReleaseForm(request.POST, auto_id="release_%s")
    return _attempt(request, found(request, ref), "release", form, do)


@require_POST
def pass_on(request: TricornRequest, ref: str) -> HttpResponse:
    def do(inquiry: Inquiry, given: dict[str, Any]) -> str:
        verbs.pass_on(inquiry.ticket, by=request.actor, at=request.at)
        return gettext("Another reviewer has it now.")

    form = forms.Form(request.POST)
    return _attempt(request, found(request, ref), "passing", form, do)
