"""The queue: what is due next, by the filters in its address; views that one keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import BadInput
from tricorn.tickets import verbs
from tricorn.tickets.reads import queue as reads
from tricorn.tickets.reads import views as keeping
from tricorn.tickets.reads.asked import Asked, asked
from tricorn.tickets.reads.fields import ALIASES, FIELDS
from tricorn.tickets.reads.filters import TABS, Filters
from tricorn.tickets.reads.missed import Missed, missed
from tricorn.tickets.reads.who import scheme_of
from tricorn.web import labels
from tricorn.web.desk.escalated import escalated_in
from tricorn.web.desk.words import BULK
from tricorn.web.desk.words import TABS as TAB_NAMES
from tricorn.web.requests import TricornRequest


def agent_of(request: TricornRequest) -> reads.Agent:
    """Return who reads, from the portrait that opened the door."""
    assert request.who.portrait is not None, "the door let somebody in without a name"
    return reads.Agent.of(request.who.portrait)


@require_safe
def queue(request: TricornRequest) -> HttpResponse:
    """Show one page of the queue; a ref or a source's id in the box leads to the ticket itself."""
    agent = agent_of(request)
    filters = Filters.from_query(request.GET)
    if filters.text and not request.htmx and (found := reads.exactly(agent, filters.text)):
        return redirect("desk:ticket", found.ref)
    template = "desk/_queue.html" if request.htmx else "desk/queue.html"
    return render(request, template, _context(request, agent, filters))


def _context(request: TricornRequest, agent: reads.Agent, filters: Filters) -> dict[str, Any]:
    assert request.who.house is not None
    page = reads.page(
        agent,
        filters,
        at=request.at,
        scheme=scheme_of(request.who.house),
        zone=request.who.zone,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return {
        "page": page,
        "missed": () if page.rows else _missed(request, agent, filters),
        "escalated": escalated_in(page.rows),
        "filters": filters,
        "tabs": [_tab(filters, tab, page.counts) for tab in TABS if _is_shown(tab, filters, page)],
        **shown_views(agent, filters, request.at),
        "fields": [field for name, field in FIELDS.items() if name not in ALIASES],
        "services": reads.services(agent),
        "kinds": labels.KINDS,
        "priorities": labels.PRIORITIES,
        "held_count": page.counts.held,
        "offered": BULK,
        "before_url": address(filters, before=page.before) if page.before else "",
        "after_url": address(filters, after=page.after) if page.after else "",
        "clear_url": address(Filters(tab=filters.tab)),
    }


def _missed(request: TricornRequest, agent: reads.Agent, filters: Filters) -> tuple[Missed, ...]:
    """Say what of the box fits nothing on this tab, where nothing was found."""
    if not filters.text:
        return ()
    reader = reads.reader_of(agent, request.at, request.who.zone)
    reaches_done = asked(filters.text, reader).reaches_done
    tab = reads.matching(
        agent, replace(filters, text=""), Asked(reaches_done=reaches_done), request.at
    )
    return missed(filters.text, tab, agent, reader)


def shown_views(agent: reads.Agent, filters: Filters, at: datetime) -> dict[str, Any]:
    """Return the views beside the tabs; which one is shown, and whether it is one's own."""
    found = keeping.views(agent, at)
    here = [each for each in found if each.saved.query == filters.query]
    return {
        "views": found,
        "views_query": filters.query,
        "is_saved": bool(here),
        "own_here": [each.saved for each in here if each.is_own],
    }


def _is_shown(tab: str, filters: Filters, page: reads.Page) -> bool:
    """The team's tab appears where anything was handed to a team."""
    return tab != "team" or filters.tab == "team" or page.counts.team > 0


def _tab(filters: Filters, tab: str, counts: reads.Counts) -> dict[str, Any]:
    count = None if tab == "done" else getattr(counts, tab)
    url = address(replace(filters, tab=tab))
    return {"name": TAB_NAMES[tab], "count": count, "url": url, "current": tab == filters.tab}


def address(filters: Filters, **more: str) -> str:
    """Return the address of a view of the queue."""
    query = "&".join(part for part in (filters.query, urlencode(more)) if part)
    return reverse("desk:queue") + (f"?{query}" if query else "")


@require_POST
def save_filter(request: TricornRequest) -> HttpResponse:
    """Keep the present view under a name."""
    filters = Filters.from_query(request.POST)
    try:
        saved = verbs.save_filter(
            by=request.actor, at=request.at, name=request.POST.get("name", ""), query=filters.query
        )
    except BadInput as refusal:
        context = _context(request, agent_of(request), filters)
        context |= {"refusal": str(refusal), "typed_name": request.POST.get("name", "")}
        return render(request, "desk/queue.html", context, status=422)
    messages.success(request, gettext("Kept as “%(name)s”.") % {"name": saved.name})
    return redirect(address(filters))


@require_POST
def forget_filter(request: TricornRequest, saved: int) -> HttpResponse:
    """Forget a view."""
    verbs.forget_filter(saved, by=request.actor, at=request.at)
    return redirect("desk:views" if "views" in request.POST else "desk:queue")
