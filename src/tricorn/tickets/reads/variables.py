"""What the variables of kept words become on a ticket."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as date_format

from tricorn.journal.actor import Actor
from tricorn.parties.models import House, Person
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Ticket


def values_of(ticket: Ticket, by: Actor) -> dict[str, str]:
    """Return a value for each of engine.wording.VARIABLES; "" where nothing is known."""
    asker = ticket.requester or ticket.affected
    house = House.objects.select_related("provider").first()
    writer = Person.objects.filter(pk=by.id or 0).first() if by.is_person else None
    zone = ZoneInfo((asker.zone if asker else "") or (house.zone if house else "UTC"))
    due = ticket.due_at.astimezone(zone) if ticket.due_at else None
    return {
        "name": asker.name if asker else "",
        "ref": ticket.ref,
        "summary": ticket.summary,
        "service": ticket.service.name,
        "place": ticket.place.name if ticket.place else "",
        "due": date_format(due, "l j F, H:i") if due else "",
        "agent": writer.name if writer else "",
        "link": _link(ticket, house),
        "provider": house.provider.name if house else "",
    }


def _link(ticket: Ticket, house: House | None) -> str:
    known = (settings.PUBLIC_URL or (house.public_url if house else "")).rstrip("/")
    if ticket.requester_id is None:
        return known + reverse("report:private", args=[token_of(ticket)])
    return known + reverse("ticket", args=[ticket.ref])
