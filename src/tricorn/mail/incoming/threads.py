"""A letter becomes words on a ticket, or a new ticket: with its files, and with who was copied."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_noop

from tricorn.engine.errors import BadInput
from tricorn.files.verbs import attach_any
from tricorn.journal.actor import VISITOR, WORKER, Actor
from tricorn.mail.incoming.recognise import Thread, beside, is_by_machine
from tricorn.mail.reading import Read
from tricorn.mail.tokens import is_given_to
from tricorn.parties.models import Person
from tricorn.parties.reads import person_by_address
from tricorn.parties.verbs import known_email
from tricorn.prepared import Prepared
from tricorn.tickets import verbs
from tricorn.tickets.models import Arrival, Copied, Message, Ticket, Unreachable
from tricorn.tickets.verbs import Mailed, end_filing
from tricorn.tickets.verbs.access import duties_for, owns
from tricorn.tickets.verbs.arrivals import Known
from tricorn.tickets.verbs.letters import MOST_COPIED

# What ended longer ago than this is not opened again by a letter: the letter is a new matter.
FOLLOW_UP = timedelta(days=14)
LONGEST = 99_000
CID = re.compile(r'data-cid="([^"]*)"')


WORDS = Prepared(
    lambda tickets, at: Message.objects.filter(ticket__in=tickets).order_by("id")[:1], "tickets"
)
UNREACHABLE = Prepared(
    lambda addresses, at: Unreachable.objects.filter(address__in=addresses),
    texts=["addresses"],
)


UNOPENED = {
    "sealed": gettext_noop(
        "This letter is encrypted, or sealed by S/MIME or PGP, and cannot be opened here. What came "
        "is kept beside it. Ask for it once more as a usual letter."
    ),
    "packed": gettext_noop(
        "Outlook packed the files of this letter into winmail.dat, which cannot be opened here. "
        "Ask for them once more as usual attachments."
    ),
}


def file_new(
    arrival: Arrival,
    got: Read,
    known: Known,
    own: set[str],
    *,
    at: datetime,
    follows: Ticket | None = None,
) -> Arrival:
    """Make a ticket of a letter, in the sender's name where we know them by their address."""
    person = _person(known.sender)
    mailbox = arrival.mailbox
    report = verbs.Report(
        service=mailbox.service,
        text=_words(got),
        kind=mailbox.kind,
        requester=person,
        contact_email="" if person else _address(known.sender),
        once=arrival.sha256,
        channel="mail",
        summary=got.subject,
        mailed=_mailed(got),
    )
    ticket = verbs.report(report, by=person.actor if person else VISITOR, at=at)
    message: Message = WORDS.objects(tickets=[ticket.pk])[0]
    if follows is not None:
        text = gettext("This letter answers %(ref)s, which is done.") % {"ref": follows.ref}
        verbs.note_returned(ticket, by=WORKER, at=at, text=text, mailed=Mailed())
    # A machine's letter that somebody let in, or one that asks for silence: neither gets a receipt.
    reason = "" if not got.automatic else "automatic" if is_by_machine(got) else "no_answer"
    return _filed(arrival, got, known, own, ticket, message, at, reason=reason)


def file_reply(
    arrival: Arrival, got: Read, known: Known, thread: Thread, own: set[str], *, at: datetime
) -> Arrival:
    """Add a letter to the ticket that it belongs to, as far as its sender may speak there."""
    ticket = thread.ticket
    if is_by_machine(got) and not arrival.order:
        message = verbs.note_returned(
            ticket, by=WORKER, at=at, text=_words(got), mailed=_mailed(got)
        )
        return end_filing(
            arrival,
            "filed",
            by=WORKER,
            at=at,
            known=known,
            reason="automatic",
            ticket=ticket,
            message=message,
        )
    by = _speaker(ticket, known.sender, thread, at)
    if by is None and (colleague := _colleague(ticket, known.sender, thread, at)):
        message = verbs.add_note(ticket, by=colleague, at=at, text=_words(got), mailed=_mailed(got))
        return _filed(arrival, got, known, own, ticket, message, at)
    # Of a merged ticket the state of the one counts in which it is handled.
    live = ticket.survivor or ticket
    if by is None and live.is_done and not arrival.order:
        return file_new(arrival, got, known, own, at=at, follows=ticket)
    if by is None:
        message = _guest(ticket, got, known, at, is_ordered=bool(arrival.order))
        reason = "" if message.is_public else "stranger"
        return _filed(arrival, got, known, own, ticket, message, at, reason=reason)
    if live.state in ("closed", "cancelled"):
        is_old = live.closed_at is not None and at - live.closed_at > FOLLOW_UP
        if live != ticket or (is_old and not arrival.order):
            return file_new(arrival, got, known, own, at=at, follows=ticket)
        ticket = verbs.reopen(ticket, by=by, at=at)
    message = verbs.answer(ticket, by=by, at=at, text=_words(got), mailed=_mailed(got))
    return _filed(arrival, got, known, own, ticket, message, at)


def _speaker(ticket: Ticket, sender: str, thread: Thread, at: datetime) -> Actor | None:
    """Return as whom the sender answers: whose matter it is, or the desk; None for anybody else.

    Who works at the desk speaks for it only with a token that was given to their very address: an
    address is soon forged, the token of somebody else's letter is not.
    """
    person = _person(sender)
    if person is not None:
        if person.pk in (ticket.requester_id, ticket.affected_id):
            return person.actor
        if "desk" in duties_for(person.pk, ticket, at):
            return person.actor if is_given_to(thread.local, sender) else None
        if owns(person.pk, ticket):
            return person.actor
    if sender and sender == ticket.contact_email.lower():
        return Actor("link", ticket.pk)
    return None


def _colleague(ticket: Ticket, sender: str, thread: Thread, at: datetime) -> Actor | None:
    """Return who of the desk answers a letter that told them of something: a note, never an answer.

    Its Message-ID can only be known from that letter, as a token is.
    """
    person = _person(sender) if thread.told and thread.told == sender else None
    if person is None or "desk" not in duties_for(person.pk, ticket, at):
        return None
    return person.actor


def _guest(ticket: Ticket, got: Read, known: Known, at: datetime, *, is_ordered: bool) -> Message:
    """Words of somebody else: everybody's where they are copied, else for the desk alone."""
    is_copied = Copied.objects.filter(ticket=ticket, address=known.sender).exists()
    return verbs.hear_guest(
        ticket,
        by=WORKER,
        at=at,
        text=_words(got),
        mailed=_mailed(got),
        is_public=is_copied,
        why="" if is_copied else "ordered" if is_ordered else "stranger",
    )


def _filed(
    arrival: Arrival,
    got: Read,
    known: Known,
    own: set[str],
    ticket: Ticket,
    message: Message,
    at: datetime,
    reason: str = "",
) -> Arrival:
    """Store the files, keep who was copied, and say what became of the letter."""
    _attach(message, got, at)
    notes = list(got.notes)
    is_own = message.is_public and not message.is_from_desk and message.by_kind != "worker"
    if is_own:
        notes += _copy(ticket, got, known, own, at)
        for row in UNREACHABLE.objects(addresses=[known.sender]):
            verbs.lift_unreachable(row, by=WORKER, at=at)
    return end_filing(
        arrival,
        "filed",
        by=WORKER,
        at=at,
        known=known,
        reason=reason,
        detail=" ".join(notes),
        ticket=ticket,
        message=message,
    )


def _copy(ticket: Ticket, got: Read, known: Known, own: set[str], at: datetime) -> list[str]:
    people = [each for each in (ticket.requester, ticket.affected) if each is not None]
    theirs = {str(each.email).lower() for each in people} | {known.sender}
    theirs.add(ticket.contact_email.lower())
    others = beside(got, own, theirs)
    if len(others) > MOST_COPIED:
        return [
            gettext("It was addressed to %(count)d people: none of them is copied.")
            % {"count": len(others)}
        ]
    verbs.copy_in(ticket, [(each.address, each.name) for each in others], by=WORKER, at=at)
    return []


def _attach(message: Message, got: Read, at: datetime) -> None:
    """Store what came along; a picture in the text points to its file from now on."""
    by_cid: dict[str, int] = {}
    for each in got.attachments:
        file = attach_any(
            message, each.content, name=each.name, media_type=each.media_type, by=WORKER, at=at
        )
        if each.cid:
            by_cid.setdefault(each.cid, file.pk)
    if not message.html or "data-cid" not in message.html:
        return

    def point(found: re.Match[str]) -> str:
        pk = by_cid.get(html.unescape(found[1]))
        return f'data-file="{pk}"' if pk else ""

    message.html = CID.sub(point, message.html)
    message.save(update_fields=["html"])


def _words(got: Read) -> str:
    """Return the letter's own words; one without any says so, since its files may say it all."""
    said = UNOPENED.get(got.unopened, "")
    if any(not each.isspace() and each.isprintable() for each in got.text):
        return f"{got.text[:LONGEST]}\n\n({gettext(said)})" if said else got.text[:LONGEST]
    if said:
        return gettext(said)
    if any(not each.isspace() and each.isprintable() for each in got.subject):
        return got.subject
    return gettext("(The letter has no words of its own.)")


def _mailed(got: Read) -> Mailed:
    sender = got.sender
    said = f"{sender.name} <{sender.address}>".strip() if sender else ""
    return Mailed(html=got.html, quoted=got.quoted, sender=said)


def _person(sender: str) -> Person | None:
    found = person_by_address(sender)
    return found if found is not None and found.is_active else None


def _address(sender: str) -> str:
    """Return the sender's address where it is one that a letter can be sent to, else nothing."""
    try:
        return known_email(sender)
    except BadInput:
        return ""
