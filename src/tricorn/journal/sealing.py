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

from tricorn.journal.models import Line, Seal

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


def _finished(last: Seal | None) -> list[Line]:
    """The next lines after the last seal that no running transaction can still add to."""
    if connection.vendor != "postgresql":
        return list(Line.objects.filter(id__gt=last.last_id if last else 0).order_by("id")[:BATCH])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        oldest_running = cursor.fetchone()[0]
    after = Line.objects.filter(turn__gt=last.last_turn if last else 0, turn__lt=oldest_running)
    turns = list(after.order_by("turn", "id").values_list("turn", flat=True)[:BATCH])
    # A batch never cuts a transaction in two, so that the next one can go on by turn alone.
    return list(after.filter(turn__lte=turns[-1])) if turns else []


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
    previous, lines, seals, heads = "", 0, 0, set()
    for each in Seal.objects.order_by("id").iterator():
        seals += 1
        heads.add(each.hash)
        found = list(_lines_in(each.ranges))
        lines += len(found)
        if each.previous != previous:
            problems.append(f"Seal {each.id} does not follow the one before it.")
        if len(found) != each.count:
            problems.append(f"Seal {each.id} closed {each.count} lines; {len(found)} are there.")
        elif chain(each.previous, each.ranges, found) != each.hash:
            problems.append(f"A line in seal {each.id} ({_span(each.ranges)}) was changed.")
        previous = each.hash
    if head and head not in heads:
        problems.append(
            f"The head {head[:12]} is not part of this chain: "
            "the journal was replaced or cut since it was printed."
        )
    return Verdict(seals, lines, Line.objects.count() - lines, previous, tuple(problems))


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


def _lines_in(ranges: list[list[int]]) -> Iterator[Line]:
    for first, last in ranges:
        yield from Line.objects.filter(id__gte=first, id__lte=last).order_by("id")


def _span(ranges: list[list[int]]) -> str:
    return f"lines {ranges[0][0]} to {ranges[-1][1]}"
