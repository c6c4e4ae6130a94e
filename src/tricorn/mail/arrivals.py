"""What outgoing mail asks about incoming mail: which letters came, what bounces, who is copied."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from tricorn.tickets.models import Arrival, Copied, Mailbox, Ticket, Unreachable

MOST_IDS = 50


def incoming_ids(ticket_id: int) -> list[str]:
    """Return the Message-IDs of the letters that came in on a ticket, oldest first."""
    filed = Arrival.objects.filter(ticket=ticket_id, state="filed").exclude(mail_id="")
    # What a stranger wrote is the desk's alone; not even its number goes out.
    filed = filed.exclude(reason="stranger")
    return list(filed.order_by("id").values_list("mail_id", flat=True)[:MOST_IDS])


def came_by_machine(ticket_id: int) -> bool:
    """Whether the letter that made this ticket was written by a machine."""
    made = Arrival.objects.filter(ticket=ticket_id, state="filed")
    return made.filter(Q(reason="no_answer") | Q(reason="automatic", order="new")).exists()


def is_unreachable(address: str) -> bool:
    """Whether letters to this address came back for good."""
    return Unreachable.objects.filter(address=address.strip().lower()).exists()


def own_boxes() -> Collection[str]:
    """Return the addresses whose letters are read here, those of closed mailboxes too."""
    return [each.lower() for each in Mailbox.objects.values_list("address", flat=True)]


def box_for(service_id: int, address: str) -> str:
    """Return the mailbox that answers about a service go to: this address, if letters to it are
    read here, else one of the service; empty where there is none.
    """
    boxes = Mailbox.objects.filter(is_open=True).order_by("id")
    if address and boxes.filter(address__iexact=address).exists():
        return address.lower()
    return boxes.filter(service=service_id).values_list("address", flat=True).first() or ""


def copied(ticket: Ticket) -> list[str]:
    """Return the addresses that somebody named in copy on a ticket."""
    return list(Copied.objects.filter(ticket=ticket).values_list("address", flat=True))
