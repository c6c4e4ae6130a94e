"""Writing letters: who is concerned, which words, in which thread."""

from __future__ import annotations

import hashlib
import hmac
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, gettext_noop, pgettext

from tricorn.journal.models import Line
from tricorn.mail.arrivals import copied
from tricorn.mail.asking import links_to_say, whom_to_ask
from tricorn.mail.identities import signature_of
from tricorn.mail.models import Letter
from tricorn.mail.words import Words, in_words
from tricorn.notices.reads import chosen_by
from tricorn.parties.models import House, Person
from tricorn.prepared import Prepared
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Clock, Message, Ticket
from tricorn.tickets.reads.merged import told_with

WIDTH = 72
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Recipient:
    """Who is concerned, and at which address; no person for who gave only an address.

    `is_copied`: somebody else named this address, so it gets the answers and no private link.
    """

    address: str
    person: Person | None = None
    is_copied: bool = False


def code_letter(line: Line, person: Person, code: str, *, link: str, at: datetime) -> Letter:
    """Return the letter with a sign-in code. The code stands nowhere else, and goes once sent."""
    recipient = Recipient(str(person.email), person)
    house = House.objects.select_related("provider").first()
    with translation.override(language_of(person)):
        name = house.provider.name if house else "Tricorn"
        values = {"code": code, "link": link, **signed(name)}
        return new_letter(line, None, "code", recipient, in_words("code", values, at=at), at)


TICKET = Prepared(
    lambda tickets, at: Ticket.objects.filter(pk__in=tickets).select_related(
        "service", "requester", "affected"
    ),
    "tickets",
)
HOUSE = Prepared(lambda at: House.objects.select_related("provider").order_by("id")[:1])
RESPONSE = Prepared(
    lambda tickets, at: Clock.objects.filter(
        ticket__in=tickets, measure="first_response", stopped_at__isnull=True
    ).values_list("due_at"),
    "tickets",
)


def ticket_letters(line: Line, kind: str, ticket: Ticket, *, at: datetime) -> Iterator[Letter]:
    """Yield the letters of a line about a ticket: one for each address that is concerned.

    Nothing for what is held, what came from an import, or what the desk wrote for itself.
    """
    if ticket.is_with_reviewer:
        return
    house: House = HOUSE.objects()[0]
    text = ""
    if kind != "receipt":
        message = Message.objects.filter(pk=line.data.get("message"), ticket=ticket).first()
        if message is None or not (message.is_public and message.is_from_desk and message.text):
            return
        text = message.text
    if ticket.held_for or ticket.source:
        return
    author = line.by_id if line.by_kind == "person" and kind != "receipt" else None
    matters = [ticket, *(told_with(ticket) if kind != "receipt" else ())]
    recipients: dict[str, tuple[Ticket, Recipient]] = {}
    # What is answered here, the people of what was merged read too, each about their own matter.
    for matter in matters:
        for each in concerned(matter, with_copies=kind != "receipt"):
            if each.person is None or each.person.pk != author:
                recipients.setdefault(each.address.lower(), (matter, each))
    if kind != "receipt":
        recipients = _wanting(recipients)
    own = [each for matter, each in recipients.values() if matter is ticket]
    asked = whom_to_ask(line, ticket, own)
    for matter, recipient in recipients.values():
        is_asked = matter is ticket and recipient.address == asked
        yield _ticket_letter(line, kind, matter, house, recipient, text, at, is_asked=is_asked)


def _wanting(
    recipients: dict[str, tuple[Ticket, Recipient]],
) -> dict[str, tuple[Ticket, Recipient]]:
    """Leave out who chose to read answers another way; who has no account chose nothing."""
    chosen = chosen_by([each.person.pk for _, each in recipients.values() if each.person])
    return {
        address: (matter, each)
        for address, (matter, each) in recipients.items()
        if each.person is None
        or chosen.get((each.person.pk, "requester", "answer"), "at once") == "at once"
    }


def concerned(ticket: Ticket, *, with_copies: bool = False) -> list[Recipient]:
    """Return whose matter it is and how to reach them; each address once."""
    people = [person for person in (ticket.requester, ticket.affected) if person is not None]
    found = [Recipient(person.email, person) for person in people if person.email]
    asleep = {each.address.lower() for each in found if each.person and not each.person.is_active}
    if ticket.contact_email:
        found.append(Recipient(ticket.contact_email))
    if with_copies:
        found += [Recipient(address, is_copied=True) for address in copied(ticket)]
    once: dict[str, Recipient] = {}
    for each in found:
        once.setdefault(each.address.lower(), each)
    return [each for address, each in once.items() if address not in asleep]


def _ticket_letter(
    line: Line,
    kind: str,
    ticket: Ticket,
    house: House,
    recipient: Recipient,
    text: str,
    at: datetime,
    *,
    is_asked: bool = False,
) -> Letter:
    person = recipient.person
    zone = ZoneInfo((person.zone if person else "") or house.zone)
    with translation.override(language_of(person)):
        due = [at for (at,) in RESPONSE.rows(tickets=[ticket.pk]) if at]
        values = {
            "ref": ticket.ref,
            # An address that nobody has proved gets none of the report's words in its subject.
            "about": gettext("your report") if person is None else ticket.summary,
            "service": ticket.service.name,
            "text": text,
            "answer_by": said(due[0], zone) if due else "",
            "link": "" if recipient.is_copied else link_of(ticket, house, person),
            "caution": "",
            **links_to_say(address_of(house), ticket, recipient if is_asked else None),
            **signed(house.provider.name, ticket.service_id),
        }
        if values["link"] and person is None:
            values["caution"] = gettext(CAUTION)
        return new_letter(line, ticket, kind, recipient, in_words(kind, values, at=at), at)


CAUTION = gettext_noop(
    "Whoever has this address can read your report, so keep it to yourself. If you did not report "
    "anything, somebody mistyped an address: then please just delete this mail."
)


def signed(provider: str, service_id: int | None = None) -> dict[str, str]:
    """Return what every letter may name: who provides the services, and the signature."""
    return {"provider": provider, "signature": signature_of(service_id) or provider}


def new_letter(
    line: Line,
    ticket: Ticket | None,
    kind: str,
    recipient: Recipient,
    words: Words,
    at: datetime,
) -> Letter:
    return Letter(
        line=line,
        ticket=ticket,
        kind=kind,
        recipient=recipient.address,
        message_id=message_id(line.pk, recipient.address),
        subject=plain_line(words.subject),
        body=words.text,
        language=(translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0],
        made_at=at,
    )


def message_id(line: int, address: str) -> str:
    """Return the one Message-ID of this line for this address; it gives neither away."""
    told = f"letter:{line}:{address.lower()}".encode()
    mark = hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:32]
    own = urlsplit(settings.PUBLIC_URL).hostname
    domain = own or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{line}.{mark}@{domain}>"


def link_of(ticket: Ticket, house: House, person: Person | None) -> str:
    """Return where the ticket can be read; empty as long as nobody said this house's address.

    Who has an account goes through the door for who they are; who has none gets the private link.
    """
    address = address_of(house)
    if not address:
        return ""
    if person is not None:
        return address + reverse("ticket", args=[ticket.ref])
    return address + reverse("report:private", args=[token_of(ticket)])


def address_of(house: House) -> str:
    """Return where this house is reached, without a slash; empty as long as nobody said."""
    return (settings.PUBLIC_URL or house.public_url).rstrip("/")


def said(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as a letter says it: "Monday 12 October, 08:00"."""
    return date_format(moment.astimezone(zone), pgettext("moment in a letter", "l j F, H:i"))


def wrapped(text: str) -> str:
    """Return the text in lines of at most 72 characters; addresses and empty lines stay whole."""
    lines = (
        textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
        for line in text.split("\n")
    )
    return "\n".join(line for group in lines for line in group)


def plain_line(text: str) -> str:
    """One line without control characters and without marks that turn the direction of writing."""
    shown = (c if not unicodedata.category(c).startswith("Z") else " " for c in text)
    kept = "".join(c for c in shown if unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\n\r")
    kept = "".join(c for c in kept if unicodedata.bidirectional(c) not in _TURNING)
    line = " ".join(kept.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def language_of(person: Person | None) -> str:
    return (person.language if person else "") or settings.LANGUAGE_CODE
