"""What comes again: added, changed, paused, and made when its time has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tricorn.automation.models import Recurring
from tricorn.automation.verbs.access import allow
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, Refusal
from tricorn.engine.recurring import Rhythm, following
from tricorn.journal.actor import WORKER, Actor
from tricorn.journal.cause import caused
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Person
from tricorn.parties.verbs import clean, known_zone
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import KINDS, Checklist, Ticket
from tricorn.tickets.verbs.intake import clean_text

MOST = 500
# Two with all of these the same are one that was sent twice.
SAME = (
    *("service", "text", "kind", "requester", "affected", "team", "assignee", "checklist"),
    *("from_on", "at_time", "zone", "unit", "every", "day", "weekdays", "skips_while_open"),
    "is_on",
)


@dataclass(frozen=True)
class Again:
    """What shall come again, before it is stored."""

    service: Service
    text: str
    rhythm: Rhythm
    kind: str = "request"
    requester: Person | None = None
    affected: Person | None = None
    team: Organisation | None = None
    assignee: Person | None = None
    checklist: str = ""
    skips_while_open: bool = True


def add_recurring(given: Again, *, by: Actor, at: datetime) -> Recurring:
    """Let something come again from now on. The same twice is once.

    Errors  BadInput for an empty text, an unknown kind or zone, a rhythm that never comes.
    """
    with transaction.atomic():
        allow(by, at)
        # On SQLite the transaction itself is the lock; on PostgreSQL the row is.
        Service.objects.select_for_update(of=("self",)).get(pk=given.service.pk)
        row = Recurring()
        _fill(row, given, at)
        if same := Recurring.objects.filter(**{name: getattr(row, name) for name in SAME}).first():
            return same
        if Recurring.objects.count() >= MOST:
            raise BadInput(f"{MOST} matters come again already, which is as many as fit.")
        row.save()
        write(row, "recurring.added", by=by, at=at, service=given.service.pk)
    return row


def change_recurring(row: Recurring, given: Again, *, by: Actor, at: datetime) -> Recurring:
    """Change what comes again, or when; what was made already stays as it is."""
    with transaction.atomic():
        allow(by, at)
        row = Recurring.objects.select_for_update(of=("self",)).get(pk=row.pk)
        _fill(row, given, at)
        row.save()
        write(row, "recurring.changed", by=by, at=at, service=given.service.pk)
    return row


def pause_recurring(row: Recurring, *, by: Actor, at: datetime) -> Recurring:
    """Let it not come until somebody says so. Twice is once."""
    return _switch(row, False, by, at)


def resume_recurring(row: Recurring, *, by: Actor, at: datetime) -> Recurring:
    """Let it come again, from its next time on: what was left out meanwhile is not made up for."""
    return _switch(row, True, by, at)


def _switch(row: Recurring, is_on: bool, by: Actor, at: datetime) -> Recurring:
    with transaction.atomic():
        allow(by, at)
        row = Recurring.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.is_on == is_on:
            return row
        row.is_on, row.next_at = is_on, _next(row.rhythm, at)
        row.save(update_fields=["is_on", "next_at"])
        write(row, "recurring.resumed" if is_on else "recurring.paused", by=by, at=at)
    return row


def _fill(row: Recurring, given: Again, at: datetime) -> None:
    if given.kind not in KINDS:
        raise BadInput(f"A ticket is one of {', '.join(KINDS)}.", field="kind")
    rhythm = given.rhythm
    row.service, row.text, row.kind = given.service, clean_text(given.text), given.kind
    row.requester, row.affected = given.requester, given.affected
    row.team, row.assignee = given.team, given.assignee
    row.checklist = clean(given.checklist, "checklist", 120, required=False)
    row.from_on, row.at_time, row.zone = rhythm.from_on, rhythm.at, known_zone(rhythm.zone)
    row.unit, row.every, row.day = rhythm.unit, rhythm.every, rhythm.day
    row.weekdays = sorted(set(rhythm.weekdays))
    row.skips_while_open = given.skips_while_open
    row.next_at = _next(rhythm, at)
    if row.next_at is None:
        raise BadInput("It would never come. Choose an earlier first day.", field="from_on")


def _next(rhythm: Rhythm, at: datetime) -> datetime | None:
    return next(iter(following(rhythm, at, 1)), None)


def make_due(row: Recurring, *, at: datetime) -> Ticket | None:
    """Make what comes now, once, and set its next time; None when it was made or is left out.

    A worker that was away for weeks makes one, not many. One transaction: what a crash undoes is
    done again whole, and the word in `once` keeps it one.
    """
    with transaction.atomic():
        rows = Recurring.objects.select_for_update(of=("self",))
        row = rows.select_related("service", "last").get(pk=row.pk)
        if not row.is_on or row.next_at is None or row.next_at > at:
            return None
        came_at, row.next_at = row.next_at, _next(row.rhythm, at)
        skips = row.service.is_retired or (
            row.skips_while_open and row.last is not None and not row.last.is_done
        )
        made = None
        if skips:
            write(row, "recurring.skipped", by=WORKER, at=at)
        else:
            with caused(recurring=row.pk):
                made = _make(row, came_at, at)
            row.last = made
            write(row, "recurring.made", by=WORKER, at=at, ticket=made.pk)
        row.save(update_fields=["next_at", "last"])
    return made


def _make(row: Recurring, came_at: datetime, at: datetime) -> Ticket:
    given = tickets.Report(
        service=row.service,
        text=row.text,
        kind=row.kind,
        requester=row.requester,
        affected=row.affected,
        channel="recurring",
        once=f"recurring-{row.pk}-{int(came_at.timestamp())}",
    )
    made = tickets.report(given, by=WORKER, at=at)
    if row.team is not None:
        made.team = row.team
        Ticket.objects.filter(pk=made.pk).update(team=row.team)
    if row.assignee is not None:
        try:
            with transaction.atomic():
                made = tickets.assign(made, by=WORKER, at=at, to=row.assignee)
        except Refusal:
            pass  # who does not serve here any more leaves it to everybody
    lists = Checklist.objects.filter(service=row.service, is_retired=False)
    if row.checklist and (found := lists.filter(name__iexact=row.checklist).first()):
        tickets.add_checklist(made, by=WORKER, at=at, checklist=found)
    return made
