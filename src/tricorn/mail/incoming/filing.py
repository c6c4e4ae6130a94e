"""Filing letters: each in one transaction, whatever it becomes; after a crash simply again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error, connection, transaction
from django.db.models import F

from tricorn.journal.actor import WORKER
from tricorn.mail.incoming import recognise
from tricorn.mail.incoming.bounced import file_bounce
from tricorn.mail.incoming.boxes import own_addresses
from tricorn.mail.incoming.threads import file_new, file_reply
from tricorn.mail.reading import Read, Unreadable, read
from tricorn.prepared import Prepared
from tricorn.tickets.models import Arrival, Ticket
from tricorn.tickets.verbs import end_filing
from tricorn.tickets.verbs.arrivals import Known, places_of

AT_ONCE = 16
ATTEMPTS = 5
PAUSE = timedelta(seconds=30)
WAITING = Prepared(
    lambda at: (
        Arrival.objects.filter(state="new", not_before__lte=at).order_by().values_list("pk")[:1]
    )
)
log = logging.getLogger("tricorn.mail")


def file_waiting(
    now: Callable[[], datetime], *, most: int = AT_ONCE, behind: timedelta = timedelta()
) -> int:
    """File letters that wait, some in one commit; return how many were taken up.

    `behind` is how long they must have waited: so one process leaves to another what it has in hand.

    A letter that was tried before, because the program died over it, is tried alone: so one that
    kills harms no other.
    """
    at = now()
    letters = _claim(at, most, behind)
    if not letters:
        return 0
    if letters[0].attempts > ATTEMPTS:
        _give_up(letters[0], at)
        return 1
    places = places_of(letters)
    readings = [(each, *_reading(places.get(each.pk))) for each in letters]
    with transaction.atomic():
        own = own_addresses()
        ours = _still_ours(letters)
        failed = [
            each
            for each, raw, got in readings
            if each.pk in ours and not _file_safely(each, raw, got, own, at)
        ]
    for each in failed:
        if each.attempts >= ATTEMPTS:
            _give_up(each, at)
    return len(letters)


def _claim(at: datetime, most: int, behind: timedelta) -> list[Arrival]:
    """Return letters to file, each counted as tried: on record before anything is read of them."""
    if not WAITING.rows(at - behind):
        return []  # without taking the write lock: this is asked again and again
    waiting = Arrival.objects.filter(state="new", not_before__lte=at - behind)
    with transaction.atomic():
        rows = waiting.order_by("not_before", "id").select_related("mailbox__service")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        found = list(rows[:most])
        is_again = bool(found) and found[0].attempts > 0
        found = found[:1] if is_again else [each for each in found if not each.attempts]
        ids = [each.pk for each in found]
        # Nobody else takes them up until then, unless we died meanwhile.
        Arrival.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, not_before=at + PAUSE)
    for each in found:
        each.attempts += 1
        each.not_before = at + PAUSE
    return found


def _still_ours(letters: list[Arrival]) -> set[int]:
    """Return which of these nobody else has taken up or filed meanwhile, and hold on to them."""
    rows = Arrival.objects.select_for_update(of=("self",)).filter(
        pk__in=[each.pk for each in letters], state="new"
    )
    tried = dict(rows.order_by("id").values_list("pk", "attempts"))
    return {each.pk for each in letters if tried.get(each.pk) == each.attempts}


def _reading(place: Path | None) -> tuple[bytes, Read | Unreadable]:
    try:
        raw = place.read_bytes() if place else b""
        return raw, read(raw)
    except Unreadable as problem:
        return b"", problem
    except OSError:
        return b"", Unreadable("Its bytes are not in their folder any more.")


def _file_safely(
    arrival: Arrival, raw: bytes, got: Read | Unreadable, own: set[str], at: datetime
) -> bool:
    """File one letter; False when it failed, and then nothing of it is written."""
    try:
        with transaction.atomic():
            file_letter(arrival, raw, got, own, at=at)
    except Error:
        raise
    except Exception as problem:  # a letter must never stop the others
        log.exception("Letter %s could not be filed: %s", arrival.pk, type(problem).__name__)
        arrival.detail = type(problem).__name__
        return False
    return True


def _give_up(arrival: Arrival, at: datetime) -> None:
    """It failed, or the program died over it, five times: somebody has to look at it."""
    with transaction.atomic():
        known = Known(arrival.mail_id, arrival.sender, arrival.subject)
        detail = arrival.detail
        end_filing(
            arrival, "quarantined", by=WORKER, at=at, known=known, reason="failed", detail=detail
        )


def file_letter(
    arrival: Arrival, raw: bytes, got: Read | Unreadable, own: set[str], *, at: datetime
) -> Arrival:
    """Decide what a letter is and do what follows. Called in a transaction of its own."""
    if isinstance(got, Unreadable):
        known = Known()
        return end_filing(
            arrival,
            "quarantined",
            by=WORKER,
            at=at,
            known=known,
            reason="unreadable",
            detail=str(got),
        )
    sender = got.sender.address.lower() if got.sender else ""
    known = Known(got.message_id, sender, got.subject)
    if arrival.order:
        return _by_order(arrival, got, known, own, at)
    if recognise.is_ours(got, own):
        return _ignored(arrival, known, "own", at)
    before = recognise.earlier(arrival, got)
    if before is not None:
        return _ignored(arrival, known, "duplicate", at, before.ticket)
    if got.bounce is not None:
        return file_bounce(arrival, got, known, by=WORKER, at=at)
    thread = recognise.thread_of(arrival, got)
    if recognise.is_by_machine(got):
        if thread is None:
            return _ignored(arrival, known, "automatic", at)
        return file_reply(arrival, got, known, thread, own, at=at)
    if not sender:
        return _quarantined(arrival, known, "no_sender", at)
    if recognise.is_spoofed(raw):
        return _quarantined(arrival, known, "spoofed", at)
    if recognise.is_one_too_many(sender, arrival):
        return _quarantined(arrival, known, "too_many", at)
    if thread is not None:
        return file_reply(arrival, got, known, thread, own, at=at)
    return file_new(arrival, got, known, own, at=at)


def _by_order(arrival: Arrival, got: Read, known: Known, own: set[str], at: datetime) -> Arrival:
    """Do what a manager said: they have looked at it, so nothing is recognised any more."""
    if arrival.order == "ticket" and arrival.ticket is not None:
        thread = recognise.Thread(arrival.ticket)
        return file_reply(arrival, got, known, thread, own, at=at)
    return file_new(arrival, got, known, own, at=at)


def _ignored(
    arrival: Arrival, known: Known, reason: str, at: datetime, ticket: Ticket | None = None
) -> Arrival:
    return end_filing(
        arrival, "ignored", by=WORKER, at=at, known=known, reason=reason, ticket=ticket
    )


def _quarantined(arrival: Arrival, known: Known, reason: str, at: datetime) -> Arrival:
    return end_filing(arrival, "quarantined", by=WORKER, at=at, known=known, reason=reason)
