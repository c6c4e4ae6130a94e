"""Sealing: closed batches of lines, chained by hash, so that nobody can change the past quietly.

On PostgreSQL ids commit out of order, so a batch is what was written by transactions older than
every running one; on SQLite there is one writer and ids commit in order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from tricorn.journal.models import Line, LineQuerySet, Seal

BATCH = 5000


@dataclass(frozen=True)
class Verdict:
    """What `tricorn verify` found: `problems` are sentences, empty when every seal holds."""

    seals: int
    lines: int
    unsealed: int
    head: str
    problems: tuple[str, ...]


def seal(*, at: datetime) -> Seal | None:
    """Close the next batch of finished lines; None when there is nothing to seal."""
    if not _finished(Seal.objects.order_by("-id").first(), most=1):
        return None  # without taking the write lock: the worker asks every minute
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(7475001)")
        last = Seal.objects.order_by("-id").first()
        lines = sorted(_finished(last), key=lambda line: line.id)
        if not lines:
            return None
        previous = last.hash if last else ""
        ranges = as_ranges([line.id for line in lines])
        return Seal.objects.create(
            ranges=ranges,
            count=len(lines),
            last_id=lines[-1].id,
            last_turn=max(line.turn for line in lines),
            previous=previous,
            hash=chain(previous, ranges, lines),
            sealed_at=at,
        )


def _finished(last: Seal | None, most: int = BATCH) -> list[Line]:
    """The next lines after the last seal that no running transaction can still add to."""
    if connection.vendor != "postgresql":
        return list(Line.objects.filter(id__gt=last.last_id if last else 0).order_by("id")[:most])
    after = Line.objects.filter(
        turn__gt=last.last_turn if last else 0, turn__lt=_oldest_running_turn()
    )
    turns = list(after.order_by("turn", "id").values_list("turn", flat=True)[:most])
    # A batch never cuts a transaction in two, so that the next one can go on by turn alone.
    return list(after.filter(turn__lte=turns[-1])) if turns else []


def _oldest_running_turn() -> int:
    """PostgreSQL's number of the oldest transaction that may still write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def pending() -> int:
    """Return how many lines no seal covers yet."""
    return _beyond(Seal.objects.order_by("-id").first()).count()


def _beyond(last: Seal | None) -> LineQuerySet:
    """The lines after a seal, as sealing goes on: by turn on PostgreSQL, by id on SQLite."""
    if last is None:
        return Line.objects.all()
    if connection.vendor == "postgresql":
        return Line.objects.filter(turn__gt=last.last_turn)
    return Line.objects.filter(id__gt=last.last_id)


def _up_to(last: Seal | None) -> LineQuerySet:
    """The lines that a seal and those before it must cover: nothing is written there any more."""
    if last is None:
        return Line.objects.none()
    if connection.vendor == "postgresql":
        return Line.objects.filter(turn__lte=last.last_turn)
    return Line.objects.filter(id__lte=last.last_id)


def chain(previous: str, ranges: list[list[int]], lines: Iterable[Line]) -> str:
    """Return the hash of a batch: the one before it, which lines it holds, and each line."""
    total = hashlib.sha256(previous.encode() + json.dumps(ranges).encode())
    for line in lines:
        total.update(hashlib.sha256(canonical(line)).digest())
    return total.hexdigest()


def canonical(line: Line) -> bytes:
    """Return the bytes of a line that its seal covers, the same on every database."""
    return json.dumps(
        [
            line.id,
            line.kind,
            line.subject,
            line.subject_id,
            line.at.astimezone(UTC).isoformat(),
            line.by_kind,
            line.by_id,
            line.data,
            line.digest,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    ).encode()


def verify(head: str = "") -> Verdict:
    """Read every seal again. With `head`, say also whether that seal is part of the chain."""
    problems: list[str] = []
    previous, lines, heads = "", 0, set()
    last: Seal | None = None
    for last in Seal.objects.order_by("id").iterator():
        heads.add(last.hash)
        found = _lines_in(last.ranges)
        lines += len(found)
        if last.previous != previous:
            problems.append(f"Seal {last.pk} does not follow the one before it.")
        if len(found) != last.count:
            problems.append(f"Seal {last.pk} closed {last.count} lines; {len(found)} are there.")
        elif chain(last.previous, last.ranges, found) != last.hash:
            problems.append(f"A line in seal {last.pk} ({_span(last.ranges)}) was changed.")
        previous = last.hash
    if slipped_in := _up_to(last).count() - lines:
        problems.append(
            f"{slipped_in} lines stand among sealed ones and belong to no seal: "
            "they were slipped in afterwards."
        )
    if head and head not in heads:
        problems.append(
            f"The head {head[:12]} is not part of this chain: "
            "the journal was replaced or cut since it was printed."
        )
    if last and connection.vendor == "postgresql" and last.last_turn >= _oldest_running_turn():
        problems.append(
            "The numbers of transactions began anew: this database was moved to another "
            "PostgreSQL cluster, and new lines are not sealed there."
        )
    return Verdict(len(heads), lines, _beyond(last).count(), previous, tuple(problems))


def head() -> str:
    """Return the hash of the newest seal, as printed in signed files and reports."""
    last = Seal.objects.order_by("-id").values_list("hash", flat=True).first()
    return last or ""


def as_ranges(ids: list[int]) -> list[list[int]]:
    """Return sorted ids as [first, last] runs."""
    runs: list[list[int]] = []
    for number in ids:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def _lines_in(ranges: list[list[int]]) -> list[Line]:
    """The lines of one seal, by id, in one query: its ranges lie close together."""
    ids = set(_each_id(ranges))
    around = Line.objects.filter(id__gte=ranges[0][0], id__lte=ranges[-1][1]).order_by("id")
    return [line for line in around.iterator() if line.id in ids]


def _each_id(ranges: list[list[int]]) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)


def _span(ranges: list[list[int]]) -> str:
    return f"lines {ranges[0][0]} to {ranges[-1][1]}"
