"""What a letter does to a ticket beyond an answer: words of a guest, who is copied, what came back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import known_email
from tricorn.tickets.models import Copied, Message, Ticket, Unreachable
from tricorn.tickets.verbs.access import lock
from tricorn.tickets.verbs.found import index
from tricorn.tickets.verbs.intake import Mailed, clean_text, post

MOST_COPIED = 20


def hear_guest(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    mailed: Mailed,
    is_public: bool,
    why: str = "",
) -> Message:
    """Add words of somebody whose matter it is not: they move nothing, and grant nothing.

    Public where the sender is copied on the ticket, else for the desk alone.
    """
    text = clean_text(text)
    with transaction.atomic():
        ticket = lock(ticket)
        message = post(
            ticket,
            text,
            by=by,
            at=at,
            is_from_desk=False,
            is_public=is_public,
            channel="mail",
            mailed=mailed,
        )
        index(ticket)
        ticket.changed_at = at
        ticket.save(update_fields=["changed_at"])
        write(
            ticket,
            "ticket.guest_wrote",
            by=by,
            at=at,
            digest=message.digest,
            message=message.pk,
            public=is_public,
            why=why,
        )
    return message


def copy_in(
    ticket: Ticket, addresses: Iterable[tuple[str, str]], *, by: Actor, at: datetime
) -> int:
    """Keep (address, name) pairs that get every public answer; at most 20 on a ticket.

    What is no address is passed over. Returns how many are new.
    """
    wanted: dict[str, str] = {}
    for address, name in addresses:
        try:
            wanted.setdefault(known_email(address).lower(), name)
        except BadInput:
            continue
        if len(wanted) > MOST_COPIED:
            break
    if not wanted:
        return 0
    with transaction.atomic():
        lock(ticket)
        known = set(Copied.objects.filter(ticket=ticket).values_list("address", flat=True))
        new = [each for each in wanted if each not in known][: MOST_COPIED - len(known)]
        Copied.objects.bulk_create(
            Copied(ticket=ticket, address=each, name=_name(wanted[each]), added_at=at)
            for each in new
        )
        if new:
            write(ticket, "ticket.copied_in", by=by, at=at, count=len(new))
    return len(new)


def uncopy(copied: Copied, *, by: Actor, at: datetime) -> None:
    """Somebody is copied no more."""
    with transaction.atomic():
        if Copied.objects.filter(pk=copied.pk).delete()[0]:
            write(copied.ticket, "ticket.copied_out", by=by, at=at, count=1)


def note_unreachable(address: str, *, by: Actor, at: datetime, reason: str = "") -> Unreachable:
    """A letter of ours came back from this address for good: none goes there any more."""
    with transaction.atomic():
        row, is_new = Unreachable.objects.get_or_create(
            address=address.strip().lower(),
            defaults={"since": at, "reason": "".join(filter(str.isprintable, reason))[:200]},
        )
        if is_new:
            write(row, "unreachable.noted", by=by, at=at)
    return row


def lift_unreachable(row: Unreachable, *, by: Actor, at: datetime) -> None:
    """Letters go to this address again: it was mended, or it has written to us."""
    with transaction.atomic():
        found = Unreachable.objects.select_for_update().filter(pk=row.pk).first()
        if found is not None:
            write(found, "unreachable.lifted", by=by, at=at)
            found.delete()


def note_returned(ticket: Ticket, *, by: Actor, at: datetime, text: str, mailed: Mailed) -> Message:
    """Tell the desk, on the ticket, that a letter about it came back, or met a machine that answers."""
    text = clean_text(text)
    with transaction.atomic():
        ticket = lock(ticket)
        message = post(
            ticket,
            text,
            by=by,
            at=at,
            is_from_desk=False,
            is_public=False,
            channel="mail",
            mailed=mailed,
        )
        write(
            ticket,
            "ticket.letter_returned",
            by=by,
            at=at,
            digest=message.digest,
            message=message.pk,
        )
    return message


def _name(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:100]
