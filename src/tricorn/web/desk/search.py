"""One search for the desk, over matters, people and articles; and what is like a report being typed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tricorn.knowledge import reads as knowledge
from tricorn.tickets.reads import queue
from tricorn.tickets.reads import search as reads
from tricorn.tickets.reads.filters import Filters
from tricorn.web.articles import reader_of
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.ticket import found
from tricorn.web.requests import TricornRequest

# A few letters are like everything.
FEWEST_LETTERS = 8


@require_safe
def search(request: TricornRequest) -> HttpResponse:
    """Show what the words mean, in sections; a ticket's number leads to it.

    With `like`, the matters that are like a ticket.
    """
    agent = agent_of(request)
    if ref := request.GET.get("like", ""):
        ticket = found(request, ref)
        context = {"ticket": ticket, "alike": reads.like_ticket_at_desk(agent, ticket)}
        return render(request, "desk/alike.html", context)
    text = Filters.from_query(request.GET).text
    if text and not request.htmx and (named := queue.exactly(agent, text)):
        return redirect("desk:ticket", named.ref)
    context = {
        "text": text,
        "results": reads.results(agent, text, at=request.at, zone=request.who.zone),
        "articles": knowledge.found_by(reader_of(request), text, most=reads.ROWS),
    }
    template = "desk/_results.html" if request.htmx else "desk/search.html"
    return render(request, template, context)


@require_POST
def alike(request: TricornRequest) -> HttpResponse:
    """Matters like the report that is being typed; what is typed stays out of addresses."""
    text = request.POST.get("text", "")[:2000]
    is_enough = len(text.strip()) >= FEWEST_LETTERS
    shown = reads.alike_at_desk(agent_of(request), text) if is_enough else ()
    return render(request, "desk/_alike.html", {"alike": shown})
