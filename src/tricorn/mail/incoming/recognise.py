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
from django.db.models import Count

from tricorn.mail.incoming.boxes import bare
from tricorn.mail.models import Letter
from tricorn.mail.reading import Address, Read
from tricorn.mail.tokens import ticket_of
from tricorn.prepared import Prepared
from tricorn.tickets.models import Arrival, Ticket

HOUR = timedelta(hours=1)
MOST_HEADERS = 256 * 1024
MOST_REFERENCES = 50
DMARC_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b(?![^;]*\bp\s*=\s*none\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Thread:
    """The ticket that a letter is about; `local` is the address part that a token was found in.

    `told` is the address that a letter went to which only said that something happened, when this
    one answers that.
    """

    ticket: Ticket
    local: str = ""
    told: str = ""


OURS = Prepared(
    lambda ids, at: Letter.objects.filter(message_id__in=ids).order_by().values_list("pk"),
    texts=["ids"],
)
EARLIER = Prepared(
    lambda this, ids, at: (
        Arrival.objects.filter(mail_id__in=ids)
        .exclude(pk__in=this)
        .exclude(state="new")
        .order_by("id")[:1]
    ),
    "this",
    texts=["ids"],
)
WITHIN = Prepared(
    lambda this, senders, since, at: (
        Arrival.objects.filter(sender__in=senders, received_at__gt=since, received_at__lte=at)
        .exclude(pk__in=this)
        .order_by()
        .values_list("sender")
        .annotate(Count("pk"))
    ),
    "this",
    texts=["senders"],
    moments=["at", "since"],
)


def is_ours(read: Read, own: set[str]) -> bool:
    """Whether we sent it ourselves: one of our letters, or anything from an address of ours."""
    if read.sender is not None and bare(read.sender.address) in own:
        return True
    return bool(OURS.rows(ids=[read.message_id]))


def earlier(arrival: Arrival, read: Read) -> Arrival | None:
    """Return the letter with the same Message-ID that came before, if any."""
    found = EARLIER.objects(ids=[read.message_id[:500]], this=[arrival.pk])
    return found[0] if found else None


def is_one_too_many(sender: str, arrival: Arrival) -> bool:
    """Whether this sender has sent more letters within the hour than are taken."""
    until = arrival.received_at
    within = WITHIN.rows(until, since=until - HOUR, senders=[sender], this=[arrival.pk])
    return sum(count for _, count in within) >= settings.LETTERS_PER_HOUR


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
    ours = Letter.objects.filter(message_id__in=ids, ticket__isnull=False)
    sent = ours.values_list("message_id", "ticket", "kind", "recipient")
    found = {mail_id: (ticket, to if kind == "told" else "") for mail_id, ticket, kind, to in sent}
    came = Arrival.objects.filter(mail_id__in=ids, state="filed", ticket__isnull=False)
    found |= {mail_id: (ticket, "") for mail_id, ticket in came.values_list("mail_id", "ticket")}
    for each in reversed(ids):
        if each in found:
            ticket, told = found[each]
            return Thread(Ticket.objects.get(pk=ticket), told=told.lower())
    return None


def beside(read: Read, own: set[str], not_these: set[str]) -> list[Address]:
    """Return who else was addressed: neither us, nor the sender, nor whose matter it is."""
    found: dict[str, Address] = {}
    for each in (*read.to, *read.cc):
        address = each.address.lower()
        if bare(address) not in own and address not in not_these:
            found.setdefault(address, each)
    return list(found.values())
