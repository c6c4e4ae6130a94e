"""What outgoing mail asks about incoming mail: which letters came, what bounces, who is copied."""

from __future__ import annotations

from django.db.models import Q

from tricorn.prepared import Prepared
from tricorn.tickets.models import Arrival, Copied, Mailbox, Ticket, Unreachable

MOST_IDS = 50


# What a stranger wrote is the desk's alone; not even its number goes out.
IDS = Prepared(
    lambda tickets, at: (
        Arrival.objects.filter(ticket__in=tickets, state="filed")
        .exclude(mail_id="")
        .exclude(reason="stranger")
        .order_by("id")
        .values_list("mail_id")[:MOST_IDS]
    ),
    "tickets",
)
BY_MACHINE = Prepared(
    lambda tickets, at: (
        Arrival.objects.filter(ticket__in=tickets, state="filed")
        .filter(Q(reason="no_answer") | Q(reason="automatic", order="new"))
        .order_by()
        .values_list("pk")[:1]
    ),
    "tickets",
)
UNREACHABLE = Prepared(
    lambda addresses, at: Unreachable.objects.filter(address__in=addresses).values_list("pk"),
    texts=["addresses"],
)
BOXES = Prepared(
    lambda at: Mailbox.objects.filter(is_open=True).order_by("id").values_list("address", "service")
)


def incoming_ids(ticket_id: int) -> list[str]:
    """Return the Message-IDs of the letters that came in on a ticket, oldest first."""
    return [mail_id for (mail_id,) in IDS.rows(tickets=[ticket_id])]


def came_by_machine(ticket_id: int) -> bool:
    """Whether the letter that made this ticket was written by a machine."""
    return bool(BY_MACHINE.rows(tickets=[ticket_id]))


def is_unreachable(address: str) -> bool:
    """Whether letters to this address came back for good."""
    return bool(UNREACHABLE.rows(addresses=[address.strip().lower()]))


def box_for(service_id: int, address: str) -> str:
    """Return the mailbox that answers about a service go to: this address, if letters to it are
    read here, else one of the service; empty where there is none.
    """
    boxes = BOXES.rows()
    if address.lower() in {box.lower() for box, _ in boxes}:
        return address.lower()
    return next((box for box, service in boxes if service == service_id), "")


def copied(ticket: Ticket) -> list[str]:
    """Return the addresses that somebody named in copy on a ticket."""
    return list(Copied.objects.filter(ticket=ticket).values_list("address", flat=True))
