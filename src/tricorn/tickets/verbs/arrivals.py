"""Letters that came in: kept before anything else, then filed, put aside, or let in by hand."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from tricorn.engine.errors import MoveRefused
from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.prepared import Prepared
from tricorn.stored import update
from tricorn.tickets.models import Arrival, Mailbox, Message, Ticket

LETTER = "message/rfc822"
MOST_ADDRESSES = 20
SYNCS = 8


@dataclass(frozen=True)
class Came:
    """A letter as a mail server brought it. `too_big` says that these are its headers alone."""

    raw: bytes
    mailbox: Mailbox
    at: datetime
    delivered_to: tuple[str, ...] = ()
    too_big: int = 0


MARKS = Prepared(
    lambda marks, at: Arrival.objects.filter(sha256__in=marks).values_list("sha256"),
    texts=["marks"],
)
KEPT = Prepared(lambda marks, at: Arrival.objects.filter(sha256__in=marks), texts=["marks"])
# The first file of an arrival comes last, so that it is the one that counts.
PLACES = Prepared(
    lambda arrivals, at: (
        File.objects.filter(subject="arrival", subject_id__in=arrivals)
        .order_by("-id")
        .values_list("subject_id", "stored_as")
    ),
    "arrivals",
)


def keep(letters: Sequence[Came]) -> list[Arrival]:
    """Store letters, all together or none; the very same bytes twice are one letter.

    When this returns they outlive any crash. The bytes reach the disk before the rows.
    """
    marks = [hashlib.sha256(each.raw).hexdigest() for each in letters]
    known = {mark for (mark,) in MARKS.rows(marks=marks)}
    new = {mark: each for mark, each in zip(marks, letters, strict=True) if mark not in known}
    places = {mark: where(f"{secrets.token_hex(16)}.eml") for mark in new}
    _to_disk([(places[mark], each.raw) for mark, each in new.items()])
    try:
        with transaction.atomic():
            # Two who bring the same letter at once: the second one's row meets the first one's.
            Arrival.objects.bulk_create(
                [_arrival(mark, each) for mark, each in new.items()], ignore_conflicts=True
            )
            rows = {row.sha256: row for row in KEPT.objects(marks=marks)}
            kept = _with_files(rows, list(new))
            File.objects.bulk_create([_file(rows[mark], places[mark], new[mark]) for mark in kept])
    except BaseException:  # also when told to stop: no bytes stay that no row names
        for place in places.values():
            place.unlink(missing_ok=True)
        raise
    for mark in set(new) - set(kept):
        places[mark].unlink(missing_ok=True)
    return [rows[mark] for mark in marks]


def _arrival(mark: str, came: Came) -> Arrival:
    is_whole = not came.too_big
    return Arrival(
        sha256=mark,
        size=len(came.raw) if is_whole else came.too_big,
        mailbox=came.mailbox,
        delivered_to="\n".join(came.delivered_to[:MOST_ADDRESSES]),
        received_at=came.at,
        not_before=came.at,
        state="new" if is_whole else "quarantined",
        reason="" if is_whole else "too_big",
    )


def _with_files(rows: dict[str, Arrival], new: list[str]) -> list[str]:
    """Return which of the new ones have no file yet: those whose rows are ours."""
    ids = {rows[mark].pk: mark for mark in new}
    taken = {ids[pk] for pk, _ in PLACES.rows(arrivals=ids)}
    return [mark for mark in new if mark not in taken]


def _file(row: Arrival, place: Path, came: Came) -> File:
    return File(
        name=f"letter-{row.pk}.eml",
        media_type=LETTER,
        size=len(came.raw),
        sha256=row.sha256,
        stored_as=place.name,
        subject="arrival",
        subject_id=row.pk,
        added_at=came.at,
    )


def _to_disk(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write files so that they outlive a crash; several at once share the wait for the disk."""

    def one(place: Path, data: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    if len(files) == 1:
        one(*files[0])
    elif files:
        with ThreadPoolExecutor(min(SYNCS, len(files))) as pool:
            list(pool.map(lambda each: one(*each), files))


def raw_of(arrival: Arrival) -> bytes:
    """Return the bytes of a letter. FileNotFoundError when they are not in their folder any more."""
    return where(file_of(arrival).stored_as).read_bytes()


def places_of(arrivals: Sequence[Arrival]) -> dict[int, Path]:
    """Return where the bytes of these letters are, by the letter's id: one query."""
    files = PLACES.rows(arrivals=[each.pk for each in arrivals])
    return {pk: where(name) for pk, name in files}


def file_of(arrival: Arrival) -> File:
    return File.objects.filter(subject="arrival", subject_id=arrival.pk).earliest("id")


@dataclass(frozen=True)
class Known:
    """What filing read of a letter, kept with it for the list; personal, so never in a line."""

    mail_id: str = ""
    sender: str = ""
    subject: str = ""


OUTCOME = ["state", "reason", "detail", "mail_id", "sender", "subject", "ticket", "message"]


def end_filing(
    arrival: Arrival,
    state: str,
    *,
    by: Actor,
    at: datetime,
    known: Known,
    reason: str = "",
    detail: str = "",
    ticket: Ticket | None = None,
    message: Message | None = None,
) -> Arrival:
    """Say what became of a letter; called last in the transaction that files it."""
    arrival.state, arrival.reason, arrival.detail = state, reason, detail[:300]
    arrival.mail_id = known.mail_id[:500]
    arrival.sender = known.sender[:254].lower()
    arrival.subject = known.subject[:200]
    arrival.ticket, arrival.message = ticket, message
    update(arrival, OUTCOME)
    about = ticket.pk if ticket else None
    if state == "filed":
        words = message.pk if message else None
        write(arrival, "arrival.filed", by=by, at=at, ticket=about, message=words)
    elif state == "bounce":
        write(arrival, "arrival.bounced", by=by, at=at, ticket=about)
    elif state == "quarantined":
        write(arrival, "arrival.quarantined", by=by, at=at, reason=reason)
    else:
        write(arrival, "arrival.ignored", by=by, at=at, reason=reason, ticket=about)
    return arrival


def let_in(arrival: Arrival, *, by: Actor, at: datetime, ticket: Ticket | None = None) -> Arrival:
    """File a letter that was put aside: as a new ticket, or to the ticket given.

    It is filed by the worker within a moment; what it is not recognised as any more is decided.
    Errors  MoveRefused when it was filed already, or only its headers are here.
    """
    with transaction.atomic():
        arrival = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        _refuse_filed(arrival, "let_in")
        if arrival.reason == "too_big":
            raise MoveRefused(
                "Only the headers of this letter are here: it was too big. "
                "Ask the sender for a smaller one, or write the ticket by hand.",
                verb="let_in",
            )
        arrival.state, arrival.order = "new", "ticket" if ticket else "new"
        arrival.ticket, arrival.ordered_by_id = ticket, by.id if by.is_person else None
        arrival.attempts, arrival.not_before = 0, at
        arrival.save()
        write(arrival, "arrival.let_in", by=by, at=at, ticket=ticket.pk if ticket else None)
    return arrival


def discard_arrival(arrival: Arrival, *, by: Actor, at: datetime) -> Arrival:
    """Say that nothing is to be done about a letter; it stays in the list, and its bytes are kept."""
    with transaction.atomic():
        arrival = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        _refuse_filed(arrival, "discard_arrival")
        if arrival.state != "discarded":
            arrival.state, arrival.order = "discarded", ""
            arrival.save(update_fields=["state", "order"])
            write(arrival, "arrival.discarded", by=by, at=at)
    return arrival


def _refuse_filed(arrival: Arrival, verb: str) -> None:
    if arrival.state == "filed":
        ticket = arrival.ticket.ref if arrival.ticket else "a ticket"
        raise MoveRefused(f"This letter was filed to {ticket} already.", verb=verb)
    if arrival.state == "new" and arrival.order:
        raise MoveRefused("This letter is being filed at this moment. Look again.", verb=verb)
