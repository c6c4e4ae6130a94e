"""Views of the queue on a page of their own: counted, shared, renamed, put in order."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import BadInput
from tricorn.tickets import verbs
from tricorn.tickets.models import SavedFilter
from tricorn.tickets.reads import queue as reads
from tricorn.tickets.reads import views as keeping
from tricorn.tickets.reads.filters import Filters
from tricorn.web.desk.queue import agent_of
from tricorn.web.requests import TricornRequest


@require_safe
def views(request: TricornRequest) -> HttpResponse:
    """Every view that I may look at."""
    return _drawn(request)


def _drawn(request: TricornRequest, status: int = 200, **more: Any) -> HttpResponse:
    agent = agent_of(request)
    found = keeping.views(agent, request.at, with_whose=True)
    context = {
        "views": keeping.counted(agent, found, at=request.at, zone=request.who.zone),
        "services": reads.services(agent),
        **more,
    }
    return render(request, "desk/views.html", context, status=status)


@require_safe
def counts(request: TricornRequest) -> HttpResponse:
    """The views beside the queue's tabs, with how many fit each."""
    agent = agent_of(request)
    found = keeping.views(agent, request.at)
    context = {
        "views": keeping.counted(agent, found, at=request.at, zone=request.who.zone),
        "views_query": Filters.from_query(request.GET).query,
    }
    return render(request, "desk/_views.html", context)


@require_POST
def change(request: TricornRequest, saved: int) -> HttpResponse:
    """Give a view another name, or share it."""
    found = _found(request, saved)
    shared = request.POST.get("shared", "")
    agent = agent_of(request)
    service = next((each for each in reads.services(agent) if each.slug == shared), None)
    name = request.POST.get("name", "")
    try:
        if shared not in ("", "all") and service is None:
            raise BadInput("There is no such desk to share it with. Choose another.")
        verbs.change_filter(
            found,
            by=request.actor,
            at=request.at,
            name=name,
            is_shared=shared != "",
            service=service,
        )
    except BadInput as refusal:
        return _drawn(request, 422, refusal=str(refusal), wrong=found.pk, typed_name=name)
    return redirect("desk:views")


@require_POST
def up(request: TricornRequest, saved: int) -> HttpResponse:
    """Let a view of mine stand one place further up."""
    verbs.move_filter_up(_found(request, saved), by=request.actor, at=request.at)
    return redirect("desk:views")


def _found(request: TricornRequest, number: int) -> SavedFilter:
    agent = agent_of(request)
    seen = SavedFilter.objects.seen_by(agent.person_id, agent.services)
    found = seen.filter(pk=number).first()
    if found is None:
        raise Http404("No such view.")
    return found
