"""Reminders: see a ticket again at a time of one's own. The clocks run on meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean
from tricorn.tickets.models import Reminder, Ticket
from tricorn.tickets.verbs.access import allow, lock

FURTHEST = timedelta(days=732)


def remind(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    due_at: datetime,
    note: str = "",
    is_snooze: bool = True,
) -> Reminder:
    """Remind whoever asks at a moment; until then, unless they say otherwise, it leaves their view.

    A second reminder takes the place of the first. No clock stops for it.
    """
    if due_at <= at:
        raise BadInput("This time is over. Give a later one.", field="due_at")
    if due_at > at + FURTHEST:
        raise BadInput("This is more than two years ahead. Give a nearer day.", field="due_at")
    note = clean(note, "note", 200, required=False)
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "remind", by=by, at=at)
        _open(ticket, by).update(done_at=at)
        reminder = Reminder.objects.create(
            ticket=ticket,
            person_id=by.id or 0,
            due_at=due_at,
            note=note,
            is_snooze=is_snooze,
            made_at=at,
        )
        write(
            ticket,
            "ticket.reminder_set",
            by=by,
            at=at,
            reminder=reminder.pk,
            due_at=due_at.isoformat(),
            snooze=is_snooze,
        )
    return reminder


def forget_reminder(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """It is seen, or not wanted any more: the ticket is in one's view again."""
    with transaction.atomic():
        ticket = lock(ticket)
        if _open(ticket, by).update(done_at=at):
            write(ticket, "ticket.reminder_ended", by=by, at=at)
    return ticket


def tell_reminder(reminder: Reminder, *, by: Actor, at: datetime) -> bool:
    """Say once that a reminder is due, so that whoever set it hears of it. False: it was told."""
    with transaction.atomic():
        ticket = lock(Ticket(pk=reminder.ticket_id))
        due = Reminder.objects.filter(
            pk=reminder.pk, told_at__isnull=True, done_at__isnull=True, due_at__lte=at
        )
        if not due.update(told_at=at):
            return False
        write(
            ticket,
            "ticket.reminded",
            by=by,
            at=at,
            person=reminder.person_id,
            reminder=reminder.pk,
        )
    return True


def _open(ticket: Ticket, by: Actor) -> QuerySet[Reminder]:
    return Reminder.objects.filter(ticket=ticket, person=by.id, done_at__isnull=True)
