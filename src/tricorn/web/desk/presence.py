"""Two agents on one ticket see each other, and what the other has just said."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tricorn.tickets import verbs
from tricorn.tickets.reads.ticket import others_here, said_since
from tricorn.web.desk.deeds import news
from tricorn.web.desk.ticket import found
from tricorn.web.requests import TricornRequest


@require_POST
def seen(request: TricornRequest, ref: str) -> HttpResponse:
    """Say that one is here; hear who else is, and what is new since the page was read."""
    ticket = found(request, ref)
    verbs.seen(ticket, by=request.actor, at=request.at)
    if not request.htmx:
        return redirect("desk:ticket", ticket.ref)
    last = request.POST.get("seen", "")
    number = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else 0
    newer = said_since(ticket, request.actor.id or 0, number)
    context = {
        "ticket": ticket,
        "here": [each.name for each in others_here(ticket, request.actor.id or 0, request.at)],
        "news": news(newer, request) if newer else "",
        "last_said": number,
    }
    return render(request, "desk/ticket/_presence.html", context)
