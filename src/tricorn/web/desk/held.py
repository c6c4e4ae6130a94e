"""Held reports: read what they say, then release or discard them, one or many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import Refusal
from tricorn.tickets import verbs
from tricorn.tickets.reads import queue as reads
from tricorn.web.desk.queue import agent_of
from tricorn.web.requests import TricornRequest

MOST = 100


@require_safe
def held(request: TricornRequest) -> HttpResponse:
    """Show what waits for review, the oldest first."""
    agent = agent_of(request)
    return render(request, "desk/held.html", _context(agent))


def _context(agent: reads.Agent) -> dict[str, Any]:
    return {"reports": reads.held(agent)}


@require_POST
def release(request: TricornRequest) -> HttpResponse:
    """They are real reports: into the queue, as of when they were reported."""
    count = _each(request, verbs.release)
    if count:
        said = ngettext("%(count)d report is in the queue.", "%(count)d are in the queue.", count)
        messages.success(request, said % {"count": count})
    return redirect("desk:held")


@require_POST
def discard(request: TricornRequest) -> HttpResponse:
    """They are not reports."""
    count = _each(request, verbs.discard)
    if count:
        said = ngettext("%(count)d was discarded.", "%(count)d were discarded.", count)
        messages.success(request, said % {"count": count})
    return redirect("desk:held")


def _each(request: TricornRequest, verb: Callable[..., Any]) -> int:
    """Do it to the one whose button was pressed, or to every one that is ticked."""
    refs = request.POST.getlist("only") or request.POST.getlist("ref")
    if not refs:
        messages.error(request, gettext("Tick at least one report first."))
    agent = agent_of(request)
    done = 0
    for ref in refs[:MOST]:
        ticket = reads.served_ticket(agent, ref).first()
        if ticket is None:
            continue
        try:
            verb(ticket, by=request.actor, at=request.at)
            done += 1
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return done
