"""What the worker does here: the digests of the morning, and what was read long ago."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from tricorn.journal.actor import WORKER
from tricorn.notices.models import Notice
from tricorn.notices.verbs import forget_old, send_digest
from tricorn.parties.models import Person
from tricorn.parties.reads import the_house

MORNING = time(7)


def last_morning(at: datetime, zone: str) -> datetime:
    """Return the last time that it was seven in the morning in a zone."""
    here = at.astimezone(ZoneInfo(zone))
    today = datetime.combine(here.date(), MORNING, here.tzinfo)
    if today <= here:
        return today
    return datetime.combine(here.date() - timedelta(days=1), MORNING, here.tzinfo)


def send_digests(at: datetime) -> int:
    """Send everybody what waited when it was last seven in the morning where they are."""
    house = the_house()
    if house is None:
        return 0
    waiting = Notice.objects.filter(how="digest", mailed_at__isnull=True, read_at__isnull=True)
    oldest = dict(waiting.order_by().values_list("person").annotate(Min("made_at")))
    people = Person.objects.filter(pk__in=oldest, is_active=True, email__isnull=False)
    due = [
        each
        for each in people.exclude(email="").order_by("pk")
        if oldest[each.pk] < last_morning(at, each.zone or house.zone)
    ]
    return sum(1 for each in due if send_digest(each, by=WORKER, at=at))


def tidy(at: datetime) -> None:
    """Remove what was read long ago."""
    while forget_old(at=at):
        pass
