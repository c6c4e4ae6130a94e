"""What the worker does here: hears lines, rings what is due, makes what comes again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from tricorn.automation.alarms import AT_ONCE, Timed, begin_sweep, ring, sweep_some, watch
from tricorn.automation.models import Alarm, Recurring, Run, Sweep
from tricorn.automation.running import hear
from tricorn.automation.verbs.recurring import make_due
from tricorn.journal.models import Line
from tricorn.prepared import Prepared
from tricorn.tickets.models import Ticket

# What could not be done for a reason that nobody foresaw is tried again so much later.
AGAIN = timedelta(minutes=10)
# How long the log of the rules goes back.
KEPT = timedelta(days=400)
SOME = 1000
TICKET = Prepared(lambda tickets, at: Ticket.objects.filter(pk__in=tickets), "tickets")
log = logging.getLogger("tricorn.automation")


def react(line: Line, at: datetime) -> None:
    """Set the ticket's alarm, then let the rules look at the line; twice is once."""
    timed = Timed()
    ticket = TICKET.first(tickets=[line.subject_id])
    if ticket is not None and timed:
        watch(ticket, timed, at=at)
    hear(line, at)


def work(at: datetime) -> int:
    """Do what is due now, some of each; return how many were looked at, 0 when nothing is.

    One query by its index for each of the three when nothing is due.
    """
    return ring_due(at) + make_recurring(at) + sweep_some(at=at)


def ring_due(at: datetime) -> int:
    """Look at the tickets whose moment has come."""
    due = list(Alarm.objects.filter(at__lte=at).order_by("at")[:AT_ONCE])
    timed = Timed() if due else None
    for alarm in due:
        assert timed is not None
        try:
            ring(alarm, timed, at=at)
        except (InterfaceError, OperationalError):
            raise
        except Exception:  # one ticket must not hold up all others
            log.exception("The alarm of ticket %s failed.", alarm.ticket_id)
            Alarm.objects.filter(pk=alarm.pk).update(at=at + AGAIN)
    return len(due)


def make_recurring(at: datetime) -> int:
    """Make what comes again now."""
    due = list(Recurring.objects.filter(is_on=True, next_at__lte=at).order_by("next_at")[:20])
    for each in due:
        try:
            make_due(each, at=at)
        except (InterfaceError, OperationalError):
            raise
        except Exception:  # one that cannot be made must not hold up all others
            log.exception("Recurring %s failed.", each.pk)
            Recurring.objects.filter(pk=each.pk).update(next_at=at + AGAIN)
    return len(due)


def forget_runs(at: datetime) -> int:
    """Remove from the rules' log what is older than it is kept, some at a time; return how many.

    Nothing runs again for that: a line is heard within days, and alarms know how far they have come.
    """
    removed = 0
    while True:
        old = list(Run.objects.filter(at__lt=at - KEPT).order_by("at").values_list("pk")[:SOME])
        if not old:
            return removed
        removed += Run.objects.filter(pk__in=[pk for (pk,) in old]).delete()[0]


def sweep_again(at: datetime) -> None:
    """Once an hour: tickets that came by an import told nobody, so they are looked through."""
    going = Sweep.objects.filter(done_at__isnull=True).exists()
    if not going and Timed():
        begin_sweep(at)
