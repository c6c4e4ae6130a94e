"""What the worker does here: say once what is due, so that nobody has to look for it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from tricorn.agreements import rhythm
from tricorn.agreements.models import Review, Trial, Version
from tricorn.agreements.verbs import announce_ending, ask_how_it_was, tell_overdue
from tricorn.journal.actor import Actor


def say_what_is_due(at: datetime, *, by: Actor) -> int:
    """Tell of overdue verdicts, of terms and notice days to come, of trials that are over.

    Each once; cheap when nothing is due. Return how many were told now. Run it once an hour.
    """
    told = 0
    # A day starts somewhere fourteen hours before it does in UTC; the verb asks the very zone.
    overdue = Review.objects.waiting().filter(overdue_told_at__isnull=True, due_on__lte=at.date())
    for review in overdue.order_by("id"):
        told += tell_overdue(review, by=by, at=at)
    for version, ending in endings_to_announce(at):
        told += announce_ending(version, ending, by=by, at=at)
    for trial in Trial.objects.filter(asked_at__isnull=True).over(at).order_by("id"):
        told += ask_how_it_was(trial, by=by, at=at)
    return told


def endings_to_announce(at: datetime) -> list[tuple[Version, rhythm.Ending]]:
    """Return the versions in force that nothing follows and whose notice or last day comes near."""
    found = []
    newer = Version.objects.filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number"))
    versions = Version.objects.filter(~Exists(newer), to_at__isnull=False, from_at__lte=at)
    for version in versions.select_related("agreement").order_by("id"):
        ending = rhythm.ending(version, at=at)
        if ending is None:
            continue
        today = rhythm.local_day(version, at)
        if ending.decide_by - rhythm.ANNOUNCED_BEFORE <= today <= ending.last_day:
            found.append((version, ending))
    return found
