"""Writing lines. Every verb of every package ends here, inside its own transaction."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models

from tricorn.journal.actor import Actor
from tricorn.journal.cause import cause
from tricorn.journal.models import Delivery, Line
from tricorn.journal.reactors import hearing
from tricorn.stored import insert_all

_HELD: ContextVar[tuple[datetime, list[int]] | None] = ContextVar("held", default=None)


@contextmanager
def held_until(moment: datetime) -> Iterator[list[int]]:
    """Inside the block nobody is told of a line before this moment; gives the ids of its lines.

    What is held can be withdrawn meanwhile: `journal.deliver.withdraw`.
    """
    lines: list[int] = []
    before = _HELD.set((moment, lines))
    try:
        yield lines
    finally:
        _HELD.reset(before)


@dataclass(frozen=True)
class Entry:
    """A line before it is written: `subject` is the model's word, `data` ids and figures."""

    subject: str
    subject_id: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    at: datetime | None = None


def write(
    subject: models.Model,
    kind: str,
    /,
    *,
    by: Actor,
    at: datetime,
    digest: str = "",
    **data: Any,
) -> Line:
    """Write what happened to `subject`, and one delivery for each reactor that wants to hear of it.

    Must be called inside the transaction of the change; `data` holds ids, codes and figures only.
    """
    entry = Entry(word(subject), subject.pk, kind, data, digest)
    return write_all([entry], by=by, at=at)[0]


def write_all(entries: Iterable[Entry], *, by: Actor, at: datetime) -> list[Line]:
    """Write many lines at once, for the set-wise verbs of imports: the same lines, fewer trips."""
    if not connection.in_atomic_block:
        raise RuntimeError("A journal line is written in the transaction of its change.")
    turn, because = _turn(), cause()
    lines = [
        Line(
            kind=entry.kind,
            subject=entry.subject,
            subject_id=entry.subject_id,
            at=entry.at or at,
            by_kind=by.kind,
            by_id=by.id,
            data={**entry.data, **because} | ({} if by.via is None else {"via": by.via}),
            digest=entry.digest,
            turn=turn,
        )
        for entry in entries
    ]
    insert_all(lines)
    held = _HELD.get()
    if held is not None:
        held[1].extend(line.pk for line in lines)
    not_before = max(at, held[0]) if held else at
    heard = {kind: hearing(kind) for kind in {line.kind for line in lines}}
    insert_all(
        [
            Delivery(line=line, reactor=name, not_before=not_before)
            for line in lines
            for name in heard[line.kind]
        ]
    )
    return lines


def word(subject: models.Model) -> str:
    """The one word of this kind of record, as the journal and the addresses use it."""
    return str(subject._meta.model_name)


def new_key() -> bytes:
    """Return a random key for one personal text; destroying it makes its digests say nothing."""
    return secrets.token_bytes(32)


def digest(key: bytes, text: str) -> str:
    """Return the keyed hash of a personal text: proves it while its key exists, nothing after."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _turn() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])
