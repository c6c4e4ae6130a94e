"""The files of a ticket, as far as its reader may have them: its photos, and what came with words."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from tricorn.files.models import File
from tricorn.tickets.models import Message, Ticket
from tricorn.tickets.reads.merged import read_by, served_with


def files_at_desk(ticket: Ticket, services: Collection[int] | None) -> QuerySet[File]:
    """Return what the desk of these services may have, notes and merged tickets included."""
    together = served_with(ticket, services)
    return _files(together, Message.objects.filter(ticket__in=together))


def files_of_mine(ticket: Ticket) -> QuerySet[File]:
    """Return what whose matter it is may have: what came with public words, and its photos."""
    return _files([ticket.pk], Message.objects.filter(read_by(ticket), is_public=True))


def _files(tickets: Collection[int], messages: QuerySet[Message]) -> QuerySet[File]:
    return File.objects.filter(
        Q(subject="ticket", subject_id__in=tickets)
        | Q(subject="message", subject_id__in=messages.values("pk"))
    )
