"""A made-up history of any length, in the shape of a real desk's: for loading, never for results."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tricorn.tickets.imports import Record

KINDS = ("incident",) * 7 + ("request",) * 4 + ("question", "complaint", "wish")
THINGS = ("Mail", "Laptop", "Printer", "Phone", "Access", "Projector", "Calendar", "Network")
TROUBLES = ("is slow", "does not start", "is gone", "is needed", "asks for a password", "is loud")
DONE_AFTER_DAYS = 60


def records(count: int, *, until: datetime, seed: int = 7) -> Iterator[Record]:
    """Yield tickets of two years up to `until`; one in twenty is still unfinished."""
    chance = random.Random(seed)
    start = until - timedelta(days=730)
    span = (until - start).total_seconds()
    for number in range(count):
        reported = start + timedelta(seconds=int(span * (number + chance.random()) / count))
        reported = reported.astimezone(UTC).replace(microsecond=0)
        response = reported + timedelta(minutes=chance.randint(2, 2000))
        resolved = response + timedelta(minutes=chance.randint(10, 12000))
        is_open = chance.random() < 0.05 or resolved > until
        holder = chance.choice(["", "", "", "customer", "supplier"])
        state = "open" if is_open else "closed"
        yield Record(
            source="made-up",
            source_id=f"M{number:07d}",
            summary=f"{chance.choice(THINGS)} {chance.choice(TROUBLES)}",
            text="It began this morning, and nobody has touched anything.",
            reported_at=reported,
            state=state,
            kind=chance.choice(KINDS),
            first_response_at=response if response < until else None,
            resolved_at=None if is_open else resolved,
            closed_at=None if is_open else resolved,
            waits=((holder, response, min(response + timedelta(hours=5), resolved)),)
            if holder and not is_open and response < resolved
            else (),
            impact=chance.randint(1, 3),
            urgency=chance.randint(1, 3),
            requester=f"Person {chance.randint(1, 2000)}",
        )
