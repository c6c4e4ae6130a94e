"""What mail does when it hears of a line: write the letters once, then send what is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from tricorn.agreements.verbs.sign import LASTS as SIGNING_LASTS
from tricorn.journal.models import Line
from tricorn.mail.approvals import approval_letters
from tricorn.mail.compose import ticket_letters
from tricorn.mail.models import Letter
from tricorn.mail.notices import NOTICES, notice_letters
from tricorn.mail.offers import OFFERS
from tricorn.mail.post import Refused, send

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
KINDS = frozenset({*LETTERS, *ABOUT_AGREEMENTS, "person.code_sent"})
# A code is worth nothing afterwards, and an answer a week old is no news any more.
CODES_LAST = {"offer.code_sent": SIGNING_LASTS, "person.code_sent": timedelta(minutes=10)}
NEWS_LASTS = timedelta(days=7)


class NotSent(Exception):
    """Some letters of this line could not be sent now; they are tried again."""


def react(line: Line, at: datetime) -> None:
    """Send the letters of one line; hearing of it twice sends nothing twice.

    Errors  NotSent when the mail server was not reached or asked to come later.
    """
    _write_letters(line, at)
    problems = []
    for letter in Letter.objects.filter(line=line, state="waiting"):
        if at - line.at > CODES_LAST.get(line.kind, NEWS_LASTS):
            _over(letter, "failed", problem="Too late to be of use.")
            continue
        try:
            send(letter)
        except Refused as refused:
            _over(letter, "failed", problem=str(refused)[:200])
        except OSError as problem:  # smtplib's own errors are OSErrors too
            problems.append(without_addresses(problem))
        else:
            _over(letter, "sent", sent_at=at)
    if problems:
        raise NotSent("; ".join(problems))


def _write_letters(line: Line, at: datetime) -> None:
    is_known = line.kind in LETTERS or line.kind in ABOUT_AGREEMENTS
    if not is_known or Letter.objects.filter(line=line).exists():
        return
    if at - line.at > CODES_LAST.get(line.kind, NEWS_LASTS):
        return
    with transaction.atomic():
        # Two workers after a lease ran out: the second one's rows meet the first one's.
        Letter.objects.bulk_create(_letters(line, at), ignore_conflicts=True)


def _letters(line: Line, at: datetime) -> Iterator[Letter]:
    if notices := ABOUT_AGREEMENTS.get(line.kind):
        kind = "code" if line.kind in CODES_LAST else "notice"
        return notice_letters(line, notices(line, at), kind=kind, at=at)
    compose = approval_letters if line.subject == "approval" else ticket_letters
    return compose(line, LETTERS[line.kind], at=at)


def _over(letter: Letter, state: str, **changes: object) -> None:
    """The letter is on its way, or never will be: its words go."""
    Letter.objects.filter(pk=letter.pk, state="waiting").update(
        state=state, subject="", body="", **changes
    )


def without_addresses(problem: Exception) -> str:
    """Return what went wrong, without anybody's address: it is kept beside the journal."""
    words = str(problem) or type(problem).__name__
    return " ".join(word if "@" not in word else "(address)" for word in words.split())[:200]
