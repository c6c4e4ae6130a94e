"""What the worker does here: move running clocks to a version, where both sides signed that."""

from __future__ import annotations

from datetime import datetime

from tricorn.agreements.models import Version
from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.tickets.models import Move
from tricorn.tickets.verbs.moves import move_some

KINDS = frozenset({"agreement.activated"})


def note_move(line: Line, at: datetime) -> None:
    """Remember, when a version was put on record that moves clocks, to move them; twice is once.

    They move when it begins, and not before it was put on record.
    """
    if not line.data.get("moves"):
        return
    version = Version.objects.get(pk=line.data["version"])
    Move.objects.get_or_create(
        version=version, defaults={"at": max(version.from_at, version.activated_at)}
    )


def move_clocks(at: datetime) -> int:
    """Move the clocks of some tickets; return how many were looked at, 0 when all is done.

    One query by its index when nothing is due.
    """
    due = Move.objects.filter(done_at__isnull=True, at__lte=at).order_by("at", "id").first()
    return move_some(due, by=WORKER, at=at) if due else 0
