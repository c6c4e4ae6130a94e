"""Which letters one journal line means, in words: for the first writing, and for writing anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tricorn.journal.models import Line
from tricorn.mail.approvals import approval_letters
from tricorn.mail.compose import TICKET, ticket_letters
from tricorn.mail.models import Letter
from tricorn.mail.notices import NOTICES, notice_letters
from tricorn.mail.offers import OFFERS
from tricorn.mail.reviewed import review_letters
from tricorn.mail.told import digest_letters, told_letters
from tricorn.notices.concerned import HEARD
from tricorn.tickets.models import Ticket

# Everything that is ever mailed. A code's letter is written by its verb: no line may carry it.
LETTERS = {
    "ticket.reported": "receipt",
    "ticket.answered": "answer",
    "ticket.resolved": "outcome",
    "approval.asked": "asked",
    "approval.reminded": "reminded",
    "approval.escalated": "escalated",
}
ABOUT_AGREEMENTS = {**NOTICES, **OFFERS}
CODES = frozenset({"offer.code_sent", "person.code_sent"})
DIGEST = "person.digested"


def letters_of(line: Line, at: datetime) -> Iterator[Letter]:
    """Yield the letters of a line as they would be written now; none for a kind without letters."""
    ticket = _ticket(line)
    if ticket is not None and ticket.is_with_reviewer:
        yield from review_letters(line, ticket, at)
        return
    if notices := ABOUT_AGREEMENTS.get(line.kind):
        kind = "code" if line.kind in CODES else "notice"
        yield from notice_letters(line, notices(line, at), kind=kind, at=at)
    elif kind := LETTERS.get(line.kind, ""):
        if line.subject == "approval":
            yield from approval_letters(line, kind, at=at)
        elif ticket is not None:
            yield from ticket_letters(line, kind, ticket, at=at)
    if line.kind in HEARD:
        yield from told_letters(line, at)
    elif line.kind == DIGEST:
        yield from digest_letters(line, at)


def _ticket(line: Line) -> Ticket | None:
    """Return the ticket that a line is about, if it is about one."""
    if line.subject != "ticket":
        return None
    found: Ticket | None = TICKET.first(tickets=[line.subject_id])
    return found
