"""Keeping the index: called by the verbs that change what is found, inside their transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from tricorn.search.dialects import fts_row, vector
from tricorn.search.kinds import SOURCES, Document, table

FTS = "INSERT OR REPLACE INTO {} (rowid, title, body, aside, marks) VALUES (%s, %s, %s, %s, %s)"
TSVECTOR = (
    "INSERT INTO {} (id, vector) VALUES (%s, %s::tsvector) "
    "ON CONFLICT (id) DO UPDATE SET vector = EXCLUDED.vector"
)


def put(
    kind: str,
    subject_id: int,
    *,
    title: str,
    body: str,
    aside: str = "",
    marks: tuple[str, ...] = (),
) -> None:
    """Let something be found by these words from now on, in place of the earlier ones.

    Words of `aside` are found only by reads that ask for them.
    """
    put_many(kind, [Document(subject_id, title, body, aside, marks)])


def put_many(kind: str, documents: Iterable[Document]) -> None:
    """Do the same for many at once."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(FTS.format(table(kind)), [fts_row(each) for each in documents])
        else:
            rows = [(each.subject_id, vector(each)) for each in documents]
            cursor.executemany(TSVECTOR.format(table(kind)), rows)


def forget(kind: str, subject_id: int) -> None:
    """Let something be found no more; to forget it twice is to forget it once."""
    forget_many(kind, [subject_id])


def forget_many(kind: str, subject_ids: Iterable[int]) -> None:
    key = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        rows = [(each,) for each in subject_ids]
        cursor.executemany(f"DELETE FROM {table(kind)} WHERE {key} = %s", rows)


def rebuild(kind: str, *, on_batch: Callable[[int], None] | None = None) -> int:
    """Build the index of a kind anew from what there is; return how many can be found.

    One transaction: who searches meanwhile finds by the old one.
    """
    count = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table(kind)}")
        for batch in SOURCES[kind].batches():
            put_many(kind, batch)
            count += len(batch)
            if on_batch:
                on_batch(len(batch))
        if connection.vendor == "sqlite":
            # What was forgotten leaves the file for good, and reading is quicker.
            with connection.cursor() as cursor:
                name = table(kind)
                cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
    return count
