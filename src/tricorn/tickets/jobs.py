"""What the worker does here: move running clocks, remind, go on with what was asked for many."""

from __future__ import annotations

from datetime import datetime

from tricorn.agreements.models import Version
from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.tickets.models import Bulk, Move, Reminder
from tricorn.tickets.verbs.bulk import bulk_some
from tricorn.tickets.verbs.moves import move_some
from tricorn.tickets.verbs.reminders import tell_reminder

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


def remind_due(at: datetime) -> int:
    """Say which reminders are due; return how many. One query by its index when none is."""
    due = Reminder.objects.filter(done_at__isnull=True, told_at__isnull=True, due_at__lte=at)
    return sum(tell_reminder(each, by=WORKER, at=at) for each in due.order_by("due_at")[:100])


def go_on_with_bulk(at: datetime) -> int:
    """Do some tickets of the oldest bulk that is not through; return how many were dealt with."""
    bulk = Bulk.objects.filter(ended_at__isnull=True).order_by("id").first()
    return bulk_some(bulk, at=at) if bulk else 0
