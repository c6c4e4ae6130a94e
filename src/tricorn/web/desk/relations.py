"""How a ticket relates to others: merge and unmerge, split, link, parent and children."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tricorn.engine.errors import Refusal
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as offers
from tricorn.tickets.reads.queue import served_ticket
from tricorn.tickets.reads.relations import find_others
from tricorn.web.desk.begun import say_begun
from tricorn.web.desk.forms import PeopleForm
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.relation_forms import (
    CHILD,
    MERGE,
    PARENT,
    OtherForm,
    RelateForm,
    SplitForm,
)
from tricorn.web.desk.ticket import found, show
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

# Links that are said from the other end: which kind it is there.
FROM_OTHER = {"has_duplicate": "duplicate_of", "causes": "caused_by", "blocked_by": "blocks"}


@dataclass(frozen=True)
class Seen:
    """What one side of a merge will read, for the page that asks before it."""

    who: str
    ticket: Ticket
    own: int


@require_safe
def tickets(request: TricornRequest) -> HttpResponse:
    """Offer which ticket the typed letters may mean; three at least."""
    typed = request.GET.get("other", "").replace("\0", "")[:200]
    offered = find_others(agent_of(request), None, typed) if len(typed.strip()) >= 3 else []
    return render(request, "desk/_tickets.html", {"tickets": offered})


@require_POST
def relate(request: TricornRequest, ref: str) -> HttpResponse:
    """Say how this ticket relates to another one; the same matter goes on to the page of merging."""
    ticket = found(request, ref)
    form = RelateForm(request.POST, agent=agent_of(request), ticket=ticket, auto_id="relate_%s")
    if not form.is_valid() or form.found is None:
        return show(request, ticket, {"relate": form}, status=422)
    kind, other = form.cleaned_data["kind"], form.found
    if kind == MERGE:
        return redirect(_merge_url(ticket, other))
    try:
        _relate(ticket, other, kind, request)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        status = STATUS.get(type(refusal), 422)
        return show(request, found(request, ref), {"relate": form}, status=status)
    said = gettext("%(ref)s and %(other)s belong together now.")
    messages.success(request, said % {"ref": ticket.ref, "other": other.ref})
    return redirect("desk:ticket", ticket.ref)


def _relate(ticket: Ticket, other: Ticket, kind: str, request: TricornRequest) -> None:
    who: dict[str, Any] = {"by": request.actor, "at": request.at}
    if kind == CHILD:
        verbs.set_parent(ticket, parent=other, **who)
    elif kind == PARENT:
        verbs.set_parent(other, parent=ticket, **who)
    elif kind in FROM_OTHER:
        verbs.link(other, ticket, kind=FROM_OTHER[kind], **who)
    else:
        verbs.link(ticket, other, kind=kind, **who)


@require_POST
def unlink(request: TricornRequest, ref: str) -> HttpResponse:
    """Take one link away; `kind` as it reads from this ticket."""

    def deed(ticket: Ticket, other: Ticket, kind: str, **who: Any) -> None:
        if kind in FROM_OTHER:
            ticket, other, kind = other, ticket, FROM_OTHER[kind]
        verbs.unlink(ticket, other, kind=kind, **who)

    return _apart(request, ref, deed)


@require_POST
def part(request: TricornRequest, ref: str) -> HttpResponse:
    """Take a child out of its parent: this ticket, or the one that is named."""

    def deed(ticket: Ticket, other: Ticket, kind: str, **who: Any) -> None:
        child = ticket if ticket.parent_id == other.pk else other
        verbs.set_parent(child, parent=None, **who)

    return _apart(request, ref, deed)


def _apart(request: TricornRequest, ref: str, deed: Callable[..., None]) -> HttpResponse:
    """Do what takes this ticket and another one, both served by the reader, apart."""
    ticket = found(request, ref)
    other = found(request, request.POST.get("other", ""))
    kind = request.POST.get("kind", "related")
    try:
        deed(ticket, other, kind, by=request.actor, at=request.at)
    except Refusal as refusal:
        status = STATUS.get(type(refusal), 422)
        return show(request, found(request, ref), refusal=str(refusal), status=status)
    said = gettext("%(ref)s and %(other)s do not belong together any more.")
    messages.success(request, said % {"ref": ticket.ref, "other": other.ref})
    return redirect("desk:ticket", ticket.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: TricornRequest, ref: str) -> HttpResponse:
    """Choose the ticket to merge into, see who will read what, and merge."""
    ticket = found(request, ref)
    agent = agent_of(request)
    into_ref = (request.POST if request.method == "POST" else request.GET).get("into", "")
    into = served_ticket(agent, into_ref).select_related("service", "requester").first()
    typed = request.GET if "other" in request.GET else None
    form = OtherForm(typed, agent=agent, ticket=ticket)
    if typed is not None and form.is_valid() and form.found is not None:
        return redirect(_merge_url(ticket, form.found))
    if request.method == "POST" and into is None:
        form = OtherForm({"other": into_ref}, agent=agent, ticket=ticket)
    if request.method == "POST" and into is not None:
        try:
            verbs.merge(ticket, by=request.actor, at=request.at, into=into)
        except Refusal as refusal:
            status = STATUS.get(type(refusal), 422)
            return _merging(request, found(request, ref), into, form, status, str(refusal))
        return redirect(f"{reverse('desk:ticket', args=[into.ref])}?merged={ticket.ref}")
    return _merging(request, ticket, into, form, 422 if form.errors else 200)


def _merge_url(ticket: Ticket, into: Ticket) -> str:
    return f"{reverse('desk:ticket-merge', args=[ticket.ref])}?into={into.ref}"


def _merging(
    request: TricornRequest,
    ticket: Ticket,
    into: Ticket | None,
    form: forms.Form,
    status: int,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "into": into,
        "form": form,
        "refusal": refusal,
        "is_late": bool(ticket.breach_at and request.at > ticket.breach_at),
        "sides": [_seen(each) for each in (ticket, into) if each],
    }
    return render(request, "desk/ticket/merge.html", context, status=status)


def _seen(ticket: Ticket) -> Seen:
    who = ticket.requester.name if ticket.requester else gettext("a visitor without a name")
    return Seen(who, ticket, ticket.messages.filter(is_public=True).count())


@require_POST
def unmerge(request: TricornRequest, ref: str) -> HttpResponse:
    """It is a matter of its own after all."""
    ticket = found(request, ref)
    into = ticket.merged_into
    if into is not None:
        found(request, into.ref)
    try:
        verbs.unmerge(ticket, by=request.actor, at=request.at)
    except Refusal as refusal:
        status = STATUS.get(type(refusal), 422)
        return show(request, found(request, ref), refusal=str(refusal), status=status)
    said = gettext("%(ref)s is a ticket of its own again, as it stood before.")
    messages.success(request, said % {"ref": ticket.ref})
    return redirect("desk:ticket", ticket.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: TricornRequest, ref: str) -> HttpResponse:
    """Choose what is another matter; it gets a ticket of its own."""
    ticket = found(request, ref)
    said = list(ticket.messages.standing().select_related("author").order_by("at", "id"))
    services = offers.services_on_offer(agent_of(request).services)
    given: dict[str, Any] = {"said": said, "services": services, "at": request.at}
    if request.method != "POST":
        other = ticket.affected if ticket.affected_id != ticket.requester_id else None
        requester, affected = PeopleForm.typed(ticket.requester, other, at=request.at)
        initial = {
            "service": ticket.service_id,
            "requester": requester,
            "affected": affected,
            "once": secrets.token_urlsafe(24),
        }
        return _splitting(request, ticket, SplitForm(initial=initial, **given))
    form = SplitForm(request.POST, **given)
    if not form.is_valid():
        return _splitting(request, ticket, form, 422)
    chosen = form.cleaned_data
    part_of = verbs.Part(
        messages=chosen["messages"],
        service=chosen["service"],
        requester=chosen["requester"],
        affected=chosen["affected"],
        once=chosen["once"] or None,
    )
    try:
        new = verbs.split(ticket, part_of, by=request.actor, at=request.at)
    except Refusal as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(refusal))
        return _splitting(request, ticket, form, STATUS.get(type(refusal), 422))
    words = gettext("%(new)s is split off %(ref)s. To undo it, merge it back.")
    messages.success(request, words % {"new": new.ref, "ref": ticket.ref})
    return redirect("desk:ticket", new.ref)


def _splitting(
    request: TricornRequest, ticket: Ticket, form: SplitForm, status: int = 200
) -> HttpResponse:
    context = {"ticket": ticket, "form": form}
    return render(request, "desk/ticket/split.html", context, status=status)


def resolved_too(children: list[Ticket], request: TricornRequest, note: str) -> str:
    """Resolve the children with the same words; return what became of them, in a sentence."""
    each = verbs.resolve_each(children, by=request.actor, at=request.at, note=note)
    for ticket, why in each.refused:
        messages.error(
            request, gettext("%(ref)s is not: %(why)s") % {"ref": ticket.ref, "why": why}
        )
    say_begun(request, each.done)
    count = len(each.done)
    said = ngettext(
        "%(count)d part of it is resolved too.", "%(count)d parts of it are resolved too.", count
    )
    return said % {"count": count} if count else ""
