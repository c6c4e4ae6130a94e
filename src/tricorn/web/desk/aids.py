"""What helps on a ticket: tags, answers, checklists, following, reminders, drafts, kept words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import BadInput, Refusal
from tricorn.engine.wording import fill
from tricorn.tickets import verbs
from tricorn.tickets.models import Canned, Checklist, Macro, Ticket
from tricorn.tickets.reads.aids import aids_of, checks_of, kept_by, presets, tags_like
from tricorn.tickets.reads.drafts import TELLING
from tricorn.tickets.reads.variables import values_of
from tricorn.web.desk.aids_shown import RemindForm, asked_form, keeps_draft
from tricorn.web.desk.begun import say_begun
from tricorn.web.desk.forms import SayForm, moment_of
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.ticket import found, show
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

Deed = Callable[[Ticket], Any]


@require_safe
def tags(request: TricornRequest) -> HttpResponse:
    """Offer the tags that begin with the letters typed."""
    typed = request.GET.get("name", "")
    assert request.who.portrait is not None
    names = tags_like(typed, request.who.portrait.hidden) if typed else []
    return render(request, "desk/_tag_names.html", {"names": names})


@require_POST
def tag(request: TricornRequest, ref: str) -> HttpResponse:
    name = request.POST.get("name", "")
    return _do(request, ref, "_tags", lambda t: verbs.tag(t, name=name, **_by(request)))


@require_POST
def untag(request: TricornRequest, ref: str) -> HttpResponse:
    name = request.POST.get("name", "")
    return _do(request, ref, "_tags", lambda t: verbs.untag(t, name=name, **_by(request)))


@require_POST
def follow(request: TricornRequest, ref: str) -> HttpResponse:
    return _do(request, ref, "_follow", lambda t: verbs.follow(t, **_by(request)))


@require_POST
def unfollow(request: TricornRequest, ref: str) -> HttpResponse:
    return _do(request, ref, "_follow", lambda t: verbs.unfollow(t, **_by(request)))


@require_POST
def add_items(request: TricornRequest, ref: str) -> HttpResponse:
    """Add a line of one's own, or a whole list of the service."""

    def deed(ticket: Ticket) -> None:
        chosen = request.POST.get("checklist", "")
        if chosen:
            lists = Checklist.objects.filter(service=ticket.service_id, is_retired=False)
            checklist = lists.filter(pk=_number(chosen)).first()
            if checklist is None:
                raise BadInput(gettext("This checklist is not there any more. Choose another."))
            verbs.add_checklist(ticket, checklist=checklist, **_by(request))
        else:
            items = request.POST.get("items", "").splitlines()
            verbs.add_items(ticket, items=items, **_by(request))

    return _do(request, ref, "_checks", deed)


@require_POST
def tick(request: TricornRequest, ref: str) -> HttpResponse:
    return _item(request, ref, verbs.tick)


@require_POST
def untick(request: TricornRequest, ref: str) -> HttpResponse:
    return _item(request, ref, verbs.untick)


@require_POST
def remove_item(request: TricornRequest, ref: str) -> HttpResponse:
    return _item(request, ref, verbs.remove_item)


def _item(request: TricornRequest, ref: str, verb: Callable[..., Any]) -> HttpResponse:
    def deed(ticket: Ticket) -> None:
        number = _number(request.POST.get("item", ""))
        item = next((i for i in checks_of(ticket, agent_of(request)) if i.pk == number), None)
        if item is None:
            raise BadInput(gettext("Somebody has taken this line off already."))
        verb(item, **_by(request))

    return _do(request, ref, "_checks", deed)


@require_POST
def edit_fields(request: TricornRequest, ref: str) -> HttpResponse:
    """Change what was answered to the questions of the service."""
    ticket = found(request, ref)
    form = asked_form(ticket, request.POST)
    if not form.is_valid():
        return show(request, ticket, {"asked_form": form}, status=422)
    try:
        verbs.edit_fields(ticket, given=form.given, **_by(request))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        status = STATUS.get(type(refusal), 422)
        return show(request, ticket, {"asked_form": form}, status=status)
    messages.success(request, gettext("The answers are kept."))
    return redirect("desk:ticket", ticket.ref)


@require_POST
def remind(request: TricornRequest, ref: str) -> HttpResponse:
    """Remind me at one of the times on offer, or at one of my own."""
    ticket = found(request, ref)
    form = RemindForm(request.POST, auto_id="remind_%s")
    if form.is_valid():
        try:
            verbs.remind(
                ticket,
                due_at=_due(request, ticket, form),
                note=form.cleaned_data["note"],
                is_snooze=form.cleaned_data["is_snooze"],
                **_by(request),
            )
        except forms.ValidationError as problem:
            form.add_error("due", problem)
        except Refusal as refusal:
            form.add_error("due" if refusal.facts.get("field") == "due_at" else None, str(refusal))
        else:
            messages.success(request, gettext("You will be reminded."))
            return redirect("desk:ticket", ticket.ref)
    return show(request, ticket, {"remind": form}, status=422)


def _due(request: TricornRequest, ticket: Ticket, form: RemindForm) -> datetime:
    wanted = request.POST.get("when", "")
    for each in presets(ticket.service, at=request.at, zone=request.who.zone):
        if each.code == wanted:
            return each.due_at
    moment = moment_of(form.cleaned_data["due"], request.who.zone)
    if moment is None:
        raise forms.ValidationError(gettext("Choose when."))
    return moment


@require_POST
def forget_reminder(request: TricornRequest, ref: str) -> HttpResponse:
    return _do(request, ref, "", lambda t: verbs.forget_reminder(t, **_by(request)))


@require_POST
def draft(request: TricornRequest, ref: str) -> HttpResponse:
    """Keep what was typed so far: every few seconds by itself, or by a button."""
    ticket = found(request, ref)
    kind = "note" if request.POST.get("kind") == "note" else "answer"
    text = request.POST.get("text", "")
    kept = verbs.keep_draft(ticket, kind=kind, text=text, **_by(request))
    if not request.htmx:
        if kept:
            messages.success(request, gettext("The draft is kept."))
        return redirect("desk:ticket", ticket.ref)
    discard_url = reverse("desk:ticket-discard-draft", args=[ticket.ref])
    context = {"kind": kind, "draft": kept, "discard_url": discard_url}
    return render(request, "desk/_draft.html", context)


@require_POST
def discard_draft(request: TricornRequest, ref: str) -> HttpResponse:
    """Forget what was begun."""
    ticket = found(request, ref)
    kind = "note" if request.POST.get("kind") == "note" else "answer"
    verbs.discard_draft(ticket, kind=kind, **_by(request))
    return redirect("desk:ticket", ticket.ref)


@require_POST
def insert(request: TricornRequest, ref: str) -> HttpResponse:
    """Put kept words behind what was typed, with their variables filled in; nothing is sent."""
    ticket = found(request, ref)
    number = _number(request.POST.get("canned", ""))
    chosen = next((c for c in kept_by(agent_of(request), Canned) if c.pk == number), None)
    typed = request.POST.get("text", "").replace("\0", "")
    words = fill(chosen.text, values_of(ticket, request.actor)) if chosen else ""
    data = request.POST.copy()
    data["text"] = "\n\n".join(filter(None, (typed.rstrip(), words)))
    form = SayForm(data, auto_id="reply_%s")
    form.is_valid()
    form.errors.clear()
    keeps_draft(form, ticket, "answer")
    if request.htmx:
        return render(request, "desk/ticket/_reply_box.html", {"reply": form})
    return show(request, ticket, {"reply": form})


@require_POST
def run_macro(request: TricornRequest, ref: str) -> HttpResponse:
    """Take all steps of a macro, or none."""
    number = _number(request.POST.get("macro", ""))
    chosen = next((m for m in kept_by(agent_of(request), Macro) if m.pk == number), None)

    def deed(ticket: Ticket) -> None:
        if chosen is None:
            raise BadInput(gettext("Choose a macro first."))
        verbs.run_macro(ticket, chosen, **_by(request))
        messages.success(request, gettext("“%(name)s” is done.") % {"name": chosen.name})
        if TELLING.intersection(each["do"] for each in chosen.steps):
            say_begun(request, [ticket])

    return _do(request, ref, "", deed, to_queue=True)


def _do(
    request: TricornRequest, ref: str, part: str, deed: Deed, *, to_queue: bool = False
) -> HttpResponse:
    """Do it; answer htmx with the part of the page, anybody else with the page."""
    ticket = found(request, ref)
    if request.htmx and part:
        deed(ticket)
        ticket = found(request, ref)
        context = {"ticket": ticket, "aids": aids_of(ticket, agent_of(request))}
        return render(request, f"desk/ticket/{part}.html", context)
    try:
        deed(ticket)
    except Refusal as refusal:
        status = STATUS.get(type(refusal), 422)
        return show(request, found(request, ref), refusal=str(refusal), status=status)
    if to_queue:
        try:
            found(request, ref)
        except Http404:  # it was handed over to whom this agent does not serve
            return redirect("desk:queue")
    return redirect("desk:ticket", ticket.ref)


def _by(request: TricornRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
