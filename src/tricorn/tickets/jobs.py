"""What the worker does here: move running clocks, remind, go on with what was asked for many."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from tricorn.agreements.models import Version
from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.tickets.models import Bulk, Inquiry, Keeping, Move, Reminder
from tricorn.tickets.verbs.bulk import bulk_some
from tricorn.tickets.verbs.inquiries import find_readers, forget_names
from tricorn.tickets.verbs.moves import move_some
from tricorn.tickets.verbs.reminders import tell_reminder

SOME = 100
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


def tend_inquiries(at: datetime) -> int:
    """Forget names that were kept long enough; find a reader for what has none. Return how many.

    Two queries by their indexes when nothing is due.
    """
    keeping = Keeping.objects.first() or Keeping()
    before = months_before(at, keeping.months)
    due = list(
        Inquiry.objects.filter(ended_at__lte=before, names_gone_at__isnull=True).order_by(
            "ended_at"
        )[:SOME]
    )
    forget_names(due, by=WORKER, at=at, blanks=keeping.blanks_words)
    return len(due) + find_readers(by=WORKER, at=at, most=SOME)


def months_before(at: datetime, months: int) -> datetime:
    """Return the same day so many months before, or the last day of that month."""
    count = at.year * 12 + at.month - 1 - months
    year, month = divmod(count, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


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
