"""What a rule would have done: read-only, over the matters of the last days.

Events are those that the journal knows. What a ticket is about is read as it stands today; what it
was when it came (its first priority, nobody's yet) is put back for rules about reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from tricorn.automation.known import RELATED, facts_of, names_in
from tricorn.automation.running import when_of
from tricorn.engine.escalation import Step, moment
from tricorn.engine.rules import PASSES, Outcome, Written, because, evaluate
from tricorn.journal.actor import Actor
from tricorn.journal.models import Line
from tricorn.tickets.bridge import running
from tricorn.tickets.models import Clock, Ticket, Wait

MOST = 1000
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Tried:
    """One matter, when the rule would have looked at it, whether it had run, and why."""

    ticket: Ticket
    at: datetime
    holds: bool
    because: tuple[str, ...]


@dataclass(frozen=True)
class Rehearsal:
    """How a rule would have fared: matters looked at, and those where it was set off, newest first."""

    looked_at: int
    is_cut: bool
    tried: tuple[Tried, ...]

    @property
    def count(self) -> int:
        """How many times it would have run."""
        return sum(each.holds for each in self.tried)


def rehearse(written: Written, *, days: int, by: Actor, at: datetime) -> Rehearsal:
    """Return what a rule would have done in the last days: at most nine queries and the names'.

    Only matters that the reader may know of are looked at: none of somebody else's private service.
    """
    since = at - timedelta(days=max(1, min(days, LONGEST_DAYS)))
    found = (
        Ticket.objects.visible_to(by)
        .select_related(*RELATED)
        .filter(reported_at__gt=since, reported_at__lte=at, held_for="")
    )
    tickets = list(found.order_by("-reported_at", "-id")[: MOST + 1])
    is_cut, tickets = len(tickets) > MOST, tickets[:MOST]
    by_id = {ticket.pk: ticket for ticket in tickets}
    events = sorted(
        (event for event in _events(written, tickets, at) if since < event[0] <= at),
        key=lambda event: (event[0], event[1]),
        reverse=True,
    )[:MOST]
    outcomes: list[tuple[datetime, Ticket, Outcome]] = []
    if events:
        as_then = {n: _as_then(by_id[n], written) for _, n in events}
        moments = {n: moment_of for moment_of, n in reversed(events)}
        known = facts_of(list(as_then.values()), moments, [written])
        outcomes = [(on, by_id[n], evaluate(written.conditions, known[n])) for on, n in events]
    named = names_in(reason for _, _, outcome in outcomes for reason in outcome.reasons)
    return Rehearsal(
        looked_at=len(tickets),
        is_cut=is_cut,
        tried=tuple(
            Tried(ticket, on, out.holds, tuple(because(each, named) for each in out.reasons))
            for on, ticket, out in outcomes
        ),
    )


def _as_then(ticket: Ticket, written: Written) -> Ticket:
    """Return the ticket as it was when it came, for a rule that looks at it then."""
    if written.when != "reported":
        return ticket
    then = copy(ticket)
    then.priority, then.assignee, then.team, then.state = (
        ticket.computed_priority,
        None,
        None,
        "new",
    )
    return then


def _events(
    written: Written, tickets: Sequence[Ticket], at: datetime
) -> Iterator[tuple[datetime, int]]:
    """Return every moment at which the rule would have been set off, with the ticket's number."""
    ids = [ticket.pk for ticket in tickets]
    length = timedelta(minutes=written.minutes or 0)
    if written.when == "reported":
        yield from ((ticket.reported_at, ticket.pk) for ticket in tickets)
    elif written.when == "waiting_since":
        for wait in Wait.objects.filter(ticket__in=ids).exclude(holder=""):
            if (wait.ended_at or at) - wait.started_at >= length:
                yield wait.started_at + length, wait.ticket_id
    elif written.when == "resolved_since":
        for ticket in tickets:
            ended = ticket.resolved_at
            if ended is not None and (ticket.closed_at or at) - ended >= length:
                yield ended + length, ticket.pk
    elif written.when in PASSES:
        yield from _by_clock(written, tickets, at)
    else:
        for line in Line.objects.filter(subject="ticket", subject_id__in=ids):
            if when_of(line) == written.when:
                yield line.at, line.subject_id


def _by_clock(
    written: Written, tickets: Sequence[Ticket], at: datetime
) -> Iterator[tuple[datetime, int]]:
    step = Step("late" if written.when == "late" else "before", written.minutes or 0)
    ids = [ticket.pk for ticket in tickets]
    waits: dict[int, list[Wait]] = {}
    for wait in Wait.objects.filter(ticket__in=ids):
        waits.setdefault(wait.ticket_id, []).append(wait)
    cancelled = {ticket.pk for ticket in tickets if ticket.state == "cancelled"}
    for clock in Clock.objects.filter(ticket__in=ids).select_related("clause", "target"):
        end = clock.stopped_at or at
        due = moment(running(clock, waits.get(clock.ticket_id, [])), step, end)
        if due is not None and due <= end and clock.ticket_id not in cancelled:
            yield due, clock.ticket_id
