"""What a letter is before anybody asks what it says: ours, known, automatic, too many, a reply.

Only looks; what follows from it is written by `filing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32

from django.conf import settings

from tricorn.mail.incoming.boxes import bare
from tricorn.mail.models import Letter
from tricorn.mail.reading import Address, Read
from tricorn.mail.tokens import ticket_of
from tricorn.tickets.models import Arrival, Ticket

HOUR = timedelta(hours=1)
MOST_HEADERS = 256 * 1024
MOST_REFERENCES = 50
DMARC_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b(?![^;]*\bp\s*=\s*none\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Thread:
    """The ticket that a letter is about; `local` is the address part that a token was found in."""

    ticket: Ticket
    local: str = ""


def is_ours(read: Read, own: set[str]) -> bool:
    """Whether we sent it ourselves: one of our letters, or anything from an address of ours."""
    if read.sender is not None and bare(read.sender.address) in own:
        return True
    return Letter.objects.filter(message_id=read.message_id).exists()


def earlier(arrival: Arrival, read: Read) -> Arrival | None:
    """Return the letter with the same Message-ID that came before, if any."""
    known = Arrival.objects.filter(mail_id=read.message_id[:500]).exclude(pk=arrival.pk)
    return known.exclude(state="new").only("ticket").order_by("id").first()


def is_one_too_many(sender: str, arrival: Arrival) -> bool:
    """Whether this sender has sent more letters within the hour than are taken."""
    since = arrival.received_at - HOUR
    within = Arrival.objects.filter(
        sender=sender, received_at__gt=since, received_at__lte=arrival.received_at
    )
    return within.exclude(pk=arrival.pk).count() >= settings.LETTERS_PER_HOUR


def is_by_machine(read: Read) -> bool:
    """Whether a machine wrote it. That one asks not to be answered by machines says nothing yet."""
    return read.automatic not in ("", "no-answer")


def is_spoofed(raw: bytes) -> bool:
    """Whether the mail server before us says that the sender is not who it says it is (DMARC).

    A domain that only watches (p=none) refuses nothing, and neither do we.
    """
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:MOST_HEADERS], headersonly=True)
    results = [str(each) for each in head.get_all("Authentication-Results", [])]
    return any(DMARC_FAILED.search(each) for each in results[:1])


def thread_of(arrival: Arrival, read: Read) -> Thread | None:
    """Return the ticket that a letter belongs to: by a signed token, else by what it refers to.

    Never by its subject. A forged token says nothing.
    """
    for address in _addressed(arrival, read):
        local = address.rpartition("@")[0]
        number = ticket_of(local)
        if number is not None and (ticket := Ticket.objects.filter(pk=number).first()):
            return Thread(ticket, local)
    return _referred(read.references[-MOST_REFERENCES:])


def _addressed(arrival: Arrival, read: Read) -> Iterable[str]:
    yield from arrival.delivered_to.split("\n")
    yield from read.delivered_to
    yield from (each.address for each in (*read.to, *read.cc))


def _referred(ids: tuple[str, ...]) -> Thread | None:
    """Find the newest of these letters that we sent, or that was filed, and return its ticket."""
    if not ids:
        return None
    found = dict(
        Letter.objects.filter(message_id__in=ids, ticket__isnull=False).values_list(
            "message_id", "ticket"
        )
    )
    came = Arrival.objects.filter(mail_id__in=ids, state="filed", ticket__isnull=False)
    found |= dict(came.values_list("mail_id", "ticket"))
    for each in reversed(ids):
        if each in found:
            return Thread(Ticket.objects.get(pk=found[each]))
    return None


def beside(read: Read, own: set[str], not_these: set[str]) -> list[Address]:
    """Return who else was addressed: neither us, nor the sender, nor whose matter it is."""
    found: dict[str, Address] = {}
    for each in (*read.to, *read.cc):
        address = each.address.lower()
        if bare(address) not in own and address not in not_these:
            found.setdefault(address, each)
    return list(found.values())
