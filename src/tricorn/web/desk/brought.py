"""What letters brought to a ticket, at the desk: files, the letters as they came, who is copied."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from tricorn.tickets.models import Arrival, Copied, Unreachable
from tricorn.tickets.reads.brought import brought
from tricorn.tickets.reads.merged import served_with
from tricorn.tickets.verbs import lift_unreachable, uncopy
from tricorn.tickets.verbs.arrivals import file_of as raw_file
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.ticket import found
from tricorn.web.mailed import file_of, served
from tricorn.web.requests import TricornRequest


@require_safe
def file(request: TricornRequest, ref: str, number: int) -> FileResponse:
    """One file that came with a message of this ticket, notes included."""
    return file_of(found(request, ref), number, at_desk=_read(request, ref))


@require_safe
def letter(request: TricornRequest, ref: str, number: int) -> FileResponse:
    """A letter as it came, with all its headers."""
    tickets = _read(request, ref)
    arrival = get_object_or_404(Arrival, pk=number, ticket__in=tickets, state="filed")
    return served(raw_file(arrival))


def _read(request: TricornRequest, ref: str) -> list[int]:
    """Return the tickets whose words stand on this ticket's page."""
    return served_with(found(request, ref), agent_of(request).services)


@require_POST
def stop_copying(request: TricornRequest, ref: str, number: int) -> HttpResponse:
    """Somebody gets no public answers of this ticket any more."""
    ticket = found(request, ref)
    copied = get_object_or_404(Copied.objects.select_related("ticket"), pk=number, ticket=ticket)
    uncopy(copied, by=request.actor, at=request.at)
    return redirect("desk:ticket", ticket.ref)


@require_POST
def reach_again(request: TricornRequest, ref: str, number: int) -> HttpResponse:
    """Letters go again to an address of this ticket that they came back from."""
    ticket = found(request, ref)
    row = get_object_or_404(Unreachable, pk=number)
    if row not in brought(ticket, ticket.messages.all()).unreachable:
        raise Http404("No such address on this ticket.")
    lift_unreachable(row, by=request.actor, at=request.at)
    return redirect("desk:ticket", ticket.ref)
