"""How often a token asks, counted across the processes that serve, mostly without a database.

Each process counts for itself and tells the others after every SHARED requests; so a program that
asks seldom costs no write, and one that asks often is known everywhere.
Source  docs/decisions/0019-pace.md
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from django.db import connection

from tricorn.api.models import Pace

# Requests of one token in one minute.
MOST = 300
WINDOW = 60
SHARED = 20
MOST_TOKENS = 10_000
# The minute that began last counts, also where the clocks of two machines differ.
SQL = """
    INSERT INTO {table} (token_id, minute, count) VALUES (%s, %s, %s)
    ON CONFLICT (token_id) DO UPDATE SET
        count = CASE WHEN excluded.minute > {table}.minute
            THEN excluded.count ELSE {table}.count + excluded.count END,
        minute = CASE WHEN excluded.minute > {table}.minute
            THEN excluded.minute ELSE {table}.minute END
    RETURNING count
"""


@dataclass
class _Mine:
    """What this process knows of a token: what it counted and told nobody, and what all told."""

    minute: int
    untold: int = 0
    told: int = 0


_known: dict[int, _Mine] = {}
_lock = Lock()


def count(token_id: int, second: int) -> tuple[int, int]:
    """Count a request; return how many are left in this minute, and in how many seconds it ends."""
    minute = second // WINDOW
    with _lock:
        mine = _known.get(token_id)
        if mine is None or mine.minute != minute:
            if len(_known) > MOST_TOKENS:
                _known.clear()
            mine = _known[token_id] = _Mine(minute)
        mine.untold += 1
        tells = mine.untold if mine.untold >= SHARED and mine.told <= MOST else 0
        mine.untold -= tells
        mine.told += tells
        left = MOST - mine.told - mine.untold
    if tells:
        told = _tell(token_id, minute, tells)
        with _lock:
            mine.told = max(mine.told, told)
            left = MOST - mine.told - mine.untold
    return left, WINDOW - second % WINDOW


def _tell(token_id: int, minute: int, number: int) -> int:
    """Add to what all processes know of; return how many that are. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(table=Pace._meta.db_table), [token_id, minute, number])
        return int(cursor.fetchone()[0])


def forget() -> None:
    """Know nothing, as a process that has just begun."""
    with _lock:
        _known.clear()
