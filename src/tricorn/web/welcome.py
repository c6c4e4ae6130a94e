"""Addresses that belong to no door: the first page after signing in, a ticket's right door, health."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from tricorn.engine.roles import Door
from tricorn.tickets.models import Ticket
from tricorn.web.context import DOOR_URLS
from tricorn.web.requests import TricornRequest

# Where somebody with several doors arrives: at what waits for them.
FIRST = (Door.DESK, Door.DECIDE, Door.MY, Door.MANAGE)


def welcome(request: TricornRequest) -> HttpResponse:
    """Send whoever signed in to the first door that is open to them."""
    for door in FIRST:
        if door in request.who.doors:
            return redirect(DOOR_URLS[door])
    return redirect("report:front")


def ticket(request: TricornRequest, ref: str) -> HttpResponse:
    """Send the reader to this ticket at the right door for who they are; 404 when not theirs.

    Who is not signed in is asked to, whether or not there is such a ticket.
    """
    if request.who.person is None:
        return redirect_to_login(request.get_full_path())
    found = Ticket.objects.visible_to(request.actor).with_ref(ref).first()
    if found is None:
        raise Http404("No such ticket.")
    is_own = Ticket.objects.own(request.who.person.pk).filter(pk=found.pk).exists()
    known = request.who.portrait
    served = known and known.serves(found.service_id) and not found.is_with_reviewer
    if Door.DESK in request.who.doors and served:
        return redirect("desk:ticket", found.ref)
    if is_own and Door.MY in request.who.doors:
        return redirect("my:ticket", found.ref)
    raise Http404("No such ticket.")


def health(request: TricornRequest) -> HttpResponse:
    """Say that web and database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
