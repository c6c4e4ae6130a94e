"""What mail does when it hears of a line: write the letters once, then send what is not sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tricorn.agreements.verbs.sign import LASTS as SIGNING_LASTS
from tricorn.journal.deliver import ATTEMPTS
from tricorn.journal.models import Delivery, Line
from tricorn.mail.models import Letter
from tricorn.mail.post import Refused, send
from tricorn.mail.verbs.letters import drop, fail, let_go, sent, take
from tricorn.mail.whether import why_not
from tricorn.mail.writing import ABOUT_AGREEMENTS, CODES, DIGEST, LETTERS, letters_of
from tricorn.notices.concerned import HEARD
from tricorn.notices.verbs import tell, went_out
from tricorn.prepared import Prepared
from tricorn.stored import insert_new

TOLD = frozenset({*LETTERS, *ABOUT_AGREEMENTS, *CODES, *HEARD, DIGEST})
# Somebody had a letter tried again: a line about whatever the letter was about.
AGAIN = frozenset(f"{kind.partition('.')[0]}.letter_tried_again" for kind in TOLD)
KINDS = TOLD | AGAIN
# A code is worth nothing afterwards, and an answer a week old is no news any more.
CODES_LAST = {"offer.code_sent": SIGNING_LASTS, "person.code_sent": timedelta(minutes=10)}
NEWS_LASTS = timedelta(days=7)


MINE = Prepared(
    lambda lines, at: (
        Letter.objects.filter(line__in=lines, retry=None, state="waiting")
        .select_related("line", "ticket")
        .order_by("id")
    ),
    "lines",
)
WRITTEN = Prepared(
    lambda lines, at: Letter.objects.filter(line__in=lines).order_by().values_list("pk")[:1],
    "lines",
)


class NotSent(Exception):
    """Some letters of this line could not be sent now; they are tried again."""


def react(line: Line, at: datetime) -> None:
    """Send the letters of one line; hearing of it twice sends nothing twice.

    A letter that is tried again belongs to the line that says so, and to no other any more.
    Errors  NotSent when the mail server was not reached or asked to come later.
    """
    if line.kind in AGAIN:
        mine = list(Letter.objects.filter(retry=line, state="waiting").order_by("id"))
    else:
        if line.kind in HEARD:
            tell(line, at)
        mine = _write_letters(line, at) or MINE.objects(lines=[line.pk])
    problems = []
    for letter in mine:
        if problem := _send(letter, line, at):
            problems.append((letter, problem))
    if not problems:
        return
    if _is_last_try(line):
        for letter, problem in problems:
            fail(letter, "tries", problem, at=at)
        return
    raise NotSent("; ".join(problem for _, problem in problems))


def _send(letter: Letter, line: Line, at: datetime) -> str:
    """Send one letter, or end it; return what kept it from being sent for now."""
    if at - line.at > CODES_LAST.get(line.kind, NEWS_LASTS):
        fail(letter, "late", "Too late to be of use.", at=at)
        return ""
    if reason := why_not(letter):
        if reason == "unreachable":
            fail(letter, reason, "Letters to this address come back.", at=at)
        else:
            drop(letter, reason)
        return ""
    if not take(letter, at=at):
        is_waiting = Letter.objects.filter(pk=letter.pk, state="waiting", retry=letter.retry_id)
        return "Somebody else has this letter in hand." if is_waiting.exists() else ""
    try:
        send(letter)
    except Refused as refused:
        fail(letter, "refused", str(refused), at=at)
    except OSError as problem:  # smtplib's own errors are OSErrors too
        words = without_addresses(problem)
        let_go(letter, words)
        return words
    except Exception:
        let_go(letter)
        raise
    else:
        sent(letter, at=at)
    return ""


def _write_letters(line: Line, at: datetime) -> list[Letter]:
    """Return the letters that were just written; none where somebody else wrote some before."""
    if line.kind == "person.code_sent" or WRITTEN.rows(lines=[line.pk]):
        return []
    if at - line.at > CODES_LAST.get(line.kind, NEWS_LASTS):
        return []
    with transaction.atomic():
        # Two workers after a lease ran out: the second one's rows meet the first one's.
        made = list(letters_of(line, at))
        is_ours = insert_new(made)
        went_out(line, [each.recipient for each in made], at=at)
    return made if is_ours else []


def _is_last_try(line: Line) -> bool:
    """Whether nobody comes back to this line: the journal gives up after so many attempts."""
    attempts = Delivery.objects.filter(line=line, reactor="mail").values_list("attempts", flat=True)
    return max(attempts, default=0) >= ATTEMPTS


def without_addresses(problem: Exception) -> str:
    """Return what went wrong, without anybody's address: it is kept beside the journal."""
    words = str(problem) or type(problem).__name__
    return " ".join(word if "@" not in word else "(address)" for word in words.split())[:200]
