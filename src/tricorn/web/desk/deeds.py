"""What the desk does to a ticket: each address finds the ticket, calls its verb, and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.engine.errors import Refusal
from tricorn.tickets import verbs
from tricorn.tickets.models import Message, Ticket
from tricorn.tickets.reads.relations import blockers_of, children_of
from tricorn.tickets.reads.ticket import said_since
from tricorn.web import words
from tricorn.web.desk.forms import CountForm, NoteForm, PriorityForm, SayForm, TimeForm, WaitForm
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.relations import resolved_too
from tricorn.web.desk.ticket import found, show
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

Deed = Callable[[Ticket, dict[str, Any]], str]


def attempt(
    request: TricornRequest, ref: str, name: str, form: forms.Form, deed: Deed
) -> HttpResponse:
    """Do it and go back to the page; what is refused comes back in its form, with its status."""
    ticket = found(request, ref)
    if not form.is_valid():
        return show(request, ticket, {name: form}, status=422)
    try:
        said = deed(ticket, form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        again = found(request, ref)
        return show(request, again, {name: form}, status=STATUS.get(type(refusal), 422))
    messages.success(request, said)
    return redirect("desk:ticket", ticket.ref)


def press(request: TricornRequest, ref: str, verb: Callable[..., Any], said: str) -> HttpResponse:
    """A button without a form: do it and go back to the page, or say there why not."""
    ticket = found(request, ref)
    try:
        verb(ticket, by=request.actor, at=request.at)
    except Refusal as refusal:
        status = STATUS.get(type(refusal), 422)
        return show(request, found(request, ref), refusal=str(refusal), status=status)
    messages.success(request, said)
    return redirect("desk:ticket", ticket.ref)


@require_POST
def answer(request: TricornRequest, ref: str) -> HttpResponse:
    """Say something that the person reads too; not past what somebody else has just said."""
    form = SayForm(request.POST, auto_id="reply_%s")
    if unseen := _unseen(request, ref, form):
        return unseen

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        with transaction.atomic():
            verbs.answer(ticket, by=request.actor, at=request.at, text=given["text"])
            verbs.discard_draft(ticket, by=request.actor, at=request.at, kind="answer")
        return gettext("Your answer is sent.")

    return attempt(request, ref, "reply", form, deed)


@require_POST
def resolve(request: TricornRequest, ref: str) -> HttpResponse:
    """Resolve it with a word that the person reads."""
    form = SayForm(request.POST, auto_id="reply_%s")
    form.fields["text"].error_messages["required"] = gettext(
        "Write what fixed it, for the person to read; then resolve."
    )
    ticket = found(request, ref)
    stopped = (
        None if ticket.is_done else _unseen(request, ref, form) or _blocked(request, ticket, form)
    )
    if stopped:
        return stopped

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        wanted = request.POST.get("children") == "yes"
        children = children_of(ticket, agent_of(request)) if wanted else []
        with transaction.atomic():
            verbs.resolve(ticket, by=request.actor, at=request.at, note=given["text"])
            verbs.discard_draft(ticket, by=request.actor, at=request.at, kind="answer")
        said = gettext("%(ref)s is resolved.") % {"ref": ticket.ref}
        return f"{said} {resolved_too(children, request, given['text'])}".strip()

    return attempt(request, ref, "reply", form, deed)


def _blocked(request: TricornRequest, ticket: Ticket, form: SayForm) -> HttpResponse | None:
    """Warn once when something that blocks this is not done; the words are kept."""
    if not form.is_valid():
        return None
    refs = ", ".join(each.ref for each in blockers_of(ticket))
    if not refs or form.cleaned_data["despite"] == refs:
        return None
    data = request.POST.copy()
    data["despite"] = refs
    again = SayForm(data, auto_id="reply_%s")
    again.is_valid()
    again.add_error(
        None,
        gettext("%(refs)s blocks this and is not done. If it is solved anyway, resolve again.")
        % {"refs": refs},
    )
    return show(request, ticket, {"reply": again}, status=409)


def _unseen(request: TricornRequest, ref: str, form: SayForm) -> HttpResponse | None:
    """Stop once when somebody else has spoken since the page was read; the words are kept."""
    if not form.is_valid() or form.cleaned_data["seen"] is None:
        return None
    ticket = found(request, ref)
    newer = said_since(
        ticket, request.actor.id or 0, form.cleaned_data["seen"], agent_of(request).services
    )
    if newer is None or _is_the_same(newer, form.cleaned_data["text"]):
        return None
    data = request.POST.copy()
    data["seen"] = str(newer.pk)
    again = SayForm(data, auto_id="reply_%s")
    again.is_valid()
    again.add_error(None, news(newer, request) + " " + gettext("Read it, then send again."))
    return show(request, ticket, {"reply": again}, status=409)


def _is_the_same(newer: Message, text: str) -> bool:
    return newer.text.strip() == text.strip()


def news(message: Message, request: TricornRequest) -> str:
    """Return who has spoken and when: "Desi answered 2 min ago."."""
    who = message.author.name if message.author else gettext("Somebody without a name")
    ago = words.duration(request.at - message.at)
    if not message.is_public:
        return gettext("%(who)s wrote a note %(ago)s ago.") % {"who": who, "ago": ago}
    if message.is_from_desk:
        return gettext("%(who)s answered %(ago)s ago.") % {"who": who, "ago": ago}
    return gettext("%(who)s wrote %(ago)s ago.") % {"who": who, "ago": ago}


@require_POST
def add_note(request: TricornRequest, ref: str) -> HttpResponse:
    """Keep a note for the desk alone."""

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        with transaction.atomic():
            verbs.add_note(ticket, by=request.actor, at=request.at, text=given["text"])
            verbs.discard_draft(ticket, by=request.actor, at=request.at, kind="note")
        return gettext("The note is kept.")

    return attempt(request, ref, "note", NoteForm(request.POST, auto_id="note_%s"), deed)


@require_POST
def wait(request: TricornRequest, ref: str) -> HttpResponse:
    """Put it on hold, and say on whom."""

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        verbs.wait(ticket, by=request.actor, at=request.at, holder=given["holder"])
        return gettext("%(ref)s waits.") % {"ref": ticket.ref}

    return attempt(request, ref, "wait", WaitForm(request.POST, auto_id="wait_%s"), deed)


@require_POST
def prioritise(request: TricornRequest, ref: str) -> HttpResponse:
    """Set the priority; the clocks run by the clause for it."""

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        verbs.prioritise(ticket, by=request.actor, at=request.at, priority=given["priority"])
        return gettext("The priority is set, and the clocks run by it.")

    form = PriorityForm(request.POST, auto_id="priority_%s")
    return attempt(request, ref, "priority", form, deed)


@require_POST
def count_affected(request: TricornRequest, ref: str) -> HttpResponse:
    """Say how many people it hurts."""

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        verbs.count_affected(ticket, by=request.actor, at=request.at, count=given["count"])
        return gettext("Noted how many are affected.")

    return attempt(request, ref, "count", CountForm(request.POST, auto_id="count_%s"), deed)


@require_POST
def log_time(request: TricornRequest, ref: str) -> HttpResponse:
    """Add minutes of work."""

    def deed(ticket: Ticket, given: dict[str, Any]) -> str:
        verbs.log_time(ticket, by=request.actor, at=request.at, minutes=given["minutes"])
        return gettext("The time is noted.")

    return attempt(request, ref, "time", TimeForm(request.POST, auto_id="time_%s"), deed)


@require_POST
def open_(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.open_, gettext("You took it up."))


@require_POST
def go_on(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.go_on, gettext("It goes on."))


@require_POST
def close(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.close, gettext("It is closed for good."))


@require_POST
def reopen(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.reopen, gettext("It is open again."))


@require_POST
def cancel(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.cancel, gettext("It is cancelled."))


@require_POST
def release(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.release, gettext("It is in the queue."))


@require_POST
def discard(request: TricornRequest, ref: str) -> HttpResponse:
    return press(request, ref, verbs.discard, gettext("It is discarded."))
