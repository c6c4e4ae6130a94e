"""Letters about a complaint that is with a reviewer: that there is something to read, and where.

No letter has a word of it, neither its summary nor what was answered: a letter passes through more
hands than a page. They go to who complained and to who reviews it, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from tricorn.journal.models import Line
from tricorn.mail.compose import (
    CAUTION,
    Recipient,
    address_of,
    language_of,
    link_of,
    new_letter,
    signed,
)
from tricorn.mail.models import Letter
from tricorn.mail.words import in_words
from tricorn.notices.models import Notice
from tricorn.parties.models import House, Person
from tricorn.tickets.models import Ticket

ANSWERS = ("ticket.answered", "ticket.resolved")


def review_letters(line: Line, ticket: Ticket, at: datetime) -> Iterator[Letter]:
    """Yield the letters of a line about a complaint; `tell` has noted before who hears of it."""
    house = House.objects.select_related("provider").get()
    base = address_of(house)
    told = Notice.objects.filter(line=line, how="at once").select_related("person")
    for each in told:
        if not (each.person.email and each.person.is_active):
            continue
        if each.about == "review":
            link = base and base + reverse("inquiries")
            yield _letter(line, ticket, house, _recipient(each.person), _TO_REVIEWER, link, at)
        elif each.about == "answer":
            link = link_of(ticket, house, each.person)
            yield _letter(line, ticket, house, _recipient(each.person), _TO_WHO_ASKED, link, at)
    if line.kind == "ticket.staff_named" and line.at == ticket.reported_at:
        yield from _receipts(line, ticket, house, at)
    is_ours = line.kind == "ticket.resolved" or bool(line.data.get("from_desk"))
    if ticket.requester is None and ticket.contact_email and line.kind in ANSWERS and is_ours:
        link = link_of(ticket, house, None)
        yield _letter(line, ticket, house, Recipient(ticket.contact_email), _TO_WHO_ASKED, link, at)


def _receipts(line: Line, ticket: Ticket, house: House, at: datetime) -> Iterator[Letter]:
    """Say to who complained that it came in; of what it is about, and of whom, nothing."""
    whom = Recipient(ticket.contact_email) if ticket.contact_email else None
    if ticket.requester is not None:
        person = ticket.requester
        whom = _recipient(person) if person.email and person.is_active else None
    if whom is None:
        return
    with translation.override(language_of(whom.person)):
        values = {
            "ref": ticket.ref,
            "about": gettext("your report"),
            "service": ticket.service.name,
            "answer_by": "",
            "link": link_of(ticket, house, whom.person),
            "caution": gettext(CAUTION) if whom.person is None else "",
            **signed(house.provider.name),
        }
        words = in_words("receipt", values, at=at)
        yield new_letter(line, ticket, "receipt", whom, words, at)


def _letter(
    line: Line,
    ticket: Ticket,
    house: House,
    recipient: Recipient,
    said: tuple[str, str],
    link: str,
    at: datetime,
) -> Letter:
    subject, text = said
    with translation.override(language_of(recipient.person)):
        values = {
            "subject": gettext(subject),
            "text": gettext(text),
            "link": link,
            **signed(house.provider.name),
        }
        return new_letter(line, ticket, "notice", recipient, in_words("notice", values, at=at), at)


def _recipient(person: Person) -> Recipient:
    return Recipient(str(person.email), person)


_TO_REVIEWER = (
    translation.gettext_noop("Something is yours to read"),
    translation.gettext_noop(
        "Something that only you may read is new, or has gone on. This letter has nothing of it: "
        "please sign in to read it."
    ),
)
_TO_WHO_ASKED = (
    translation.gettext_noop("There is an answer to your report"),
    translation.gettext_noop(
        "Whoever looks at your report has answered. So that nobody else reads along, the answer "
        "stands on the page of your report alone."
    ),
)
