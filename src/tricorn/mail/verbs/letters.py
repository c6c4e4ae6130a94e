"""What becomes of a letter: sent, failed, dropped on purpose; tried again or given up by somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from tricorn.engine.errors import MoveRefused
from tricorn.journal.actor import WORKER, Actor
from tricorn.journal.models import Line
from tricorn.journal.verbs import Entry, write_all
from tricorn.mail.models import Letter
from tricorn.mail.writing import letters_of
from tricorn.stored import change

# Less than a delivery's own lease, so that who takes that up again finds the letter free.
HELD_FOR = timedelta(seconds=110)


def take(letter: Letter, *, at: datetime) -> bool:
    """Take a letter in hand to send it; False when somebody else has it, or it is over.

    Who dies meanwhile loses it after two minutes; who cannot send it lets it go.
    """
    until, mine = at + HELD_FOR, {"state": "waiting", "retry": letter.retry_id}
    is_free = letter.held_until is None or letter.held_until <= at
    if is_free and change(letter, {**mine, "held_until": letter.held_until}, held_until=until):
        return True
    free = Letter.objects.filter(Q(held_until__isnull=True) | Q(held_until__lte=at))
    return bool(free.filter(pk=letter.pk, **mine).update(held_until=until))


def let_go(letter: Letter, problem: str = "") -> None:
    """It could not be sent now, for this reason: whoever tries next may."""
    Letter.objects.filter(pk=letter.pk, state="waiting").update(held_until=None, problem=problem)


def sent(letter: Letter, *, at: datetime) -> None:
    """The letter is on its way. Only one that had failed before gets a line of its own."""
    if not letter.retry_id:
        _over(letter, "sent", sent_at=at)
        return
    with transaction.atomic():
        if _over(letter, "sent", sent_at=at):
            write_all([_step(letter, {}, ".letter_went")], by=WORKER, at=at)


def fail(letter: Letter, reason: str, problem: str = "", *, at: datetime) -> None:
    """It should have gone out and never will by itself; whoever reads its subject is told."""
    with transaction.atomic():
        if _over(letter, "failed", reason=reason, problem=problem[:200]):
            write_all([_step(letter, {"reason": reason}, ".letter_failed")], by=WORKER, at=at)


def came_back(letter: Letter, *, by: Actor, at: datetime) -> None:
    """What had gone out was returned for good: it failed after all; twice is once."""
    with transaction.atomic():
        gone = Letter.objects.filter(pk=letter.pk, state="sent")
        if gone.update(state="failed", reason="unreachable", sent_at=None):
            data: dict[str, object] = {"reason": "unreachable"}
            write_all([_step(letter, data, ".letter_failed")], by=by, at=at)


def drop(letter: Letter, reason: str) -> None:
    """It is not to go out: to ourselves, to a machine, one of too many. Nobody needs to know."""
    with transaction.atomic():
        _over(letter, "dropped", reason=reason)


def try_again(letter: Letter, *, by: Actor, at: datetime) -> Letter:
    """Have a letter sent once more: written anew where its words are gone, as the same mail.

    Where its reader has another address by now, the letter goes there, and that one is returned.
    Errors  MoveRefused for what went out already or is just going, for a code, and where nothing
            is left to say.
    """
    with transaction.atomic():
        letter = _held(letter)
        _refuse_in_hand(letter, "try_again", at)
        if letter.state == "sent":
            raise MoveRefused(
                gettext("This letter went out already. Answer on the ticket to say more."),
                verb="try_again",
                state=letter.state,
            )
        if letter.kind == "code":
            raise MoveRefused(
                gettext("A code is worth nothing later. Whoever wants one asks for a new one."),
                verb="try_again",
            )
        if letter.state != "waiting":
            letter = _anew(letter, at)
        line = write_all([_step(letter, {}, ".letter_tried_again")], by=by, at=at)[0]
        Letter.objects.filter(pk=letter.pk).update(retry=line)
        letter.refresh_from_db()
    return letter


def give_up(letter: Letter, *, by: Actor, at: datetime) -> Letter:
    """Say that a letter need not go out any more; twice is once."""
    with transaction.atomic():
        letter = _held(letter)
        _refuse_in_hand(letter, "give_up", at)
        if letter.state == "sent":
            raise MoveRefused(
                gettext("This letter went out already, and nothing calls it back."),
                verb="give_up",
                state=letter.state,
            )
        if letter.state != "dropped":
            Letter.objects.filter(pk=letter.pk).update(
                state="dropped", reason="given_up", subject="", body=""
            )
            write_all([_step(letter, {}, ".letter_given_up")], by=by, at=at)
        letter.refresh_from_db()
    return letter


def _refuse_in_hand(letter: Letter, verb: str, at: datetime) -> None:
    if letter.state == "waiting" and letter.held_until is not None and letter.held_until > at:
        raise MoveRefused(
            gettext("This letter is on its way at this moment. Look again in two minutes."),
            verb=verb,
            state=letter.state,
        )


def _anew(letter: Letter, at: datetime) -> Letter:
    """Write the words of a letter again, from what is true now."""
    written = {each.message_id: each for each in letters_of(letter.line, at)}
    if found := written.get(letter.message_id):
        Letter.objects.filter(pk=letter.pk).update(
            state="waiting", reason="", problem="", subject=found.subject, body=found.body
        )
        return letter
    known = set(letter.line.letters.values_list("message_id", flat=True))
    new = next((each for key, each in written.items() if key not in known), None)
    if new is None:
        raise MoveRefused(
            gettext("Nothing is left to say: what this letter was about is over, or is nobody's."),
            verb="try_again",
        )
    Letter.objects.filter(pk=letter.pk).update(state="dropped", reason="given_up")
    new.save()
    return new


def _held(letter: Letter) -> Letter:
    return Letter.objects.select_for_update(of=("self",)).select_related("line").get(pk=letter.pk)


def _over(letter: Letter, state: str, **changes: object) -> bool:
    """Its words go. False when it was over before."""
    gone = {"problem": "", "held_until": None, **changes, "subject": "", "body": ""}
    return change(letter, {"state": "waiting"}, **gone, state=state)


def _step(letter: Letter, data: dict[str, object], what: str) -> Entry:
    """A line about whatever the letter was about: of a ticket it names the answer as well."""
    line: Line = letter.line
    data = {"letter": letter.pk, "message": line.data.get("message"), **data}
    return Entry(line.subject, line.subject_id, f"{line.kind.partition('.')[0]}{what}", data)
