"""Triggers that keep lines, seals and signed texts from being changed, on both databases.

SQLite's table remakes in migrations drop triggers, so they are put back after every migration
(`install`, on the command line and in the tests' database), and a house test finds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Tables whose rows stand for ever. Higher packages add theirs when they are loaded.
APPEND_ONLY: list[str] = ["journal_line", "journal_seal"]


def keep(*tables: str) -> None:
    """Add tables whose rows stand for ever; called when a higher package is loaded."""
    APPEND_ONLY.extend(table for table in tables if table not in APPEND_ONLY)


SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION tricorn_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH {each} EXECUTE FUNCTION tricorn_append_only()
"""


def install(connection: Any) -> None:
    """Put the triggers on every append-only table that exists; twice is once."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) & set(APPEND_ONLY)
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for table in sorted(tables):
            for verb in ("update", "delete"):
                text = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
                cursor.execute(text.format(table=table, verb=verb, each="ROW"))
            if connection.vendor == "postgresql":
                cursor.execute(POSTGRESQL.format(table=table, verb="truncate", each="STATEMENT"))


def remove(connection: Any) -> None:
    """Take the triggers away: for the tests' own flushing of tables, never in the program."""
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            for verb in ("update", "delete", "truncate"):
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")


@contextmanager
def suspended(connection: Any) -> Iterator[None]:
    """Without the triggers inside the block: for the tests' flush only."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def missing(connection: Any) -> list[str]:
    """Name the triggers that should be there and are not."""
    verbs: tuple[str, ...] = ("update", "delete")
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        verbs = ("update", "delete", "truncate")
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
    wanted = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in verbs}
    return sorted(wanted - found)
