"""What comes with time: escalation and rules, found by one indexed moment for each ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tricorn.automation.chains import Chained, Chains
from tricorn.automation.models import Alarm, Escalated, Rule, Sweep
from tricorn.automation.people import managers, whom
from tricorn.automation.running import Cause, run_all
from tricorn.engine.escalation import Step, moment
from tricorn.engine.rules import PASSES
from tricorn.journal.actor import WORKER
from tricorn.journal.verbs import write
from tricorn.prepared import Prepared
from tricorn.tickets.bridge import running
from tricorn.tickets.models import Clock, Ticket, Wait
from tricorn.tickets.verbs.access import lock

AT_ONCE = 100
# The states in which something can still come with time.
LIVE = ("new", "open", "waiting", "resolved")
STEP_OF = {"due_in": "before", "late": "late"}

TIMED = Prepared(lambda at: Rule.objects.on().filter(when__in=PASSES))


@dataclass(frozen=True)
class Coming:
    """One thing that comes with time: a step of a chain for a clock, or a rule for a cause."""

    at: datetime
    cause: str
    clock: Clock | None = None
    step: Chained | None = None
    rule: Rule | None = None


class Timed:
    """The chains and rules that come with time, read once for many tickets."""

    def __init__(self) -> None:
        self.chains = Chains()
        self.rules = TIMED.objects()

    def __bool__(self) -> bool:
        return bool(self.chains or self.rules)

    def concerns(self, ticket: Ticket) -> bool:
        return bool(self.rules) or bool(self.chains.of(ticket))


def coming(ticket: Ticket, timed: Timed, at: datetime) -> list[Coming]:
    """Return everything that comes, or came, with time for a ticket as it stands: two queries."""
    if ticket.held_for or ticket.state not in LIVE:
        return []
    clocks = [
        each for each in ticket.clocks.select_related("clause", "target") if not each.stopped_at
    ]
    waits = list(ticket.waits.all())
    found = [*_steps(ticket, timed, clocks, waits, at), *_rules(ticket, timed, clocks, waits, at)]
    return sorted(found, key=lambda each: each.at)


def _steps(
    ticket: Ticket, timed: Timed, clocks: Sequence[Clock], waits: Sequence[Wait], at: datetime
) -> Iterator[Coming]:
    for each in timed.chains.of(ticket):
        for clock in clocks:
            due = moment(running(clock, waits), each.step, at)
            if due is not None and due >= each.since:
                yield Coming(due, f"clock:{clock.pk}", clock=clock, step=each)


def _rules(
    ticket: Ticket, timed: Timed, clocks: Sequence[Clock], waits: Sequence[Wait], at: datetime
) -> Iterator[Coming]:
    for rule in timed.rules:
        minutes = int(rule.written.get("minutes") or 0)
        length = timedelta(minutes=minutes)
        moments: list[tuple[datetime | None, str]] = []
        if rule.when == "waiting_since":
            moments = [
                (wait.started_at + length, f"wait:{wait.pk}")
                for wait in waits
                if wait.ended_at is None
            ]
        elif rule.when == "resolved_since" and ticket.state == "resolved" and ticket.resolved_at:
            ended = int(ticket.resolved_at.timestamp())
            moments = [(ticket.resolved_at + length, f"resolved:{ended}")]
        elif rule.when in STEP_OF:
            step = Step(STEP_OF[rule.when], minutes)
            moments = [
                (moment(running(clock, waits), step, at), f"clock:{clock.pk}") for clock in clocks
            ]
        for due, cause in moments:
            if due is not None and due >= rule.since:
                yield Coming(due, cause, rule=rule)


def watch(ticket: Ticket, timed: Timed, *, at: datetime) -> Alarm | None:
    """Set when this ticket is to be looked at next. What fell due before that is not forgotten."""
    if not timed.concerns(ticket):
        return None
    begun = ticket.reported_at - timedelta(microseconds=1)
    with transaction.atomic():
        ticket = lock(ticket)
        alarm, _ = Alarm.objects.get_or_create(ticket=ticket, defaults={"seen_until": begun})
        ahead = [each.at for each in coming(ticket, timed, at) if each.at > alarm.seen_until]
        alarm.at = min(ahead, default=None)
        alarm.save(update_fields=["at"])
    return alarm


def ring(alarm: Alarm, timed: Timed, *, at: datetime) -> int:
    """Take every step and let every rule look that is due; then set the next moment.

    A crash in the middle rings again: steps and runs know that they were taken.
    """
    ticket = Ticket.objects.get(pk=alarm.ticket_id)
    due = [each for each in coming(ticket, timed, at) if alarm.seen_until < each.at <= at]
    for each in due:
        if each.rule is not None:
            cause = Cause(each.cause, each.cause)
            run_all([each.rule], ticket.pk, cause, at=at, moment=at)
        elif each.clock is not None and each.step is not None:
            escalate(ticket, each.clock, each.step, at=at)
    with transaction.atomic():
        ticket = lock(ticket)
        alarm.refresh_from_db()
        alarm.seen_until = max(at, alarm.seen_until)
        ahead = [each.at for each in coming(ticket, timed, at) if each.at > alarm.seen_until]
        alarm.at = min(ahead, default=None)
        alarm.save(update_fields=["at", "seen_until"])
    return len(due)


def escalate(ticket: Ticket, clock: Clock, chained: Chained, *, at: datetime) -> Escalated | None:
    """Take one step of a chain for a clock, once, if it still runs and is still due; else None.

    Where the agreement says so, a second line about it has the client told.
    """
    step, agreed = chained.step, chained.agreed
    with transaction.atomic():
        ticket = lock(ticket)
        fresh = Clock.objects.select_related("clause", "target").filter(pk=clock.pk).first()
        if fresh is None or fresh.stopped_at is not None or ticket.held_for:
            return None
        due = moment(running(fresh, list(ticket.waits.all())), step, at)
        if due is None or due > at:
            return None
        same = {"agreed": agreed} if agreed else {"agreed": None, "number": chained.number}
        if Escalated.objects.filter(clock=fresh, **same).exists():
            return None
        persons = whom(ticket, step.whom, at, step.person)
        if agreed is not None and not persons:  # what was signed is kept when people leave
            persons = managers(ticket.service_id, at)
        taken = Escalated.objects.create(
            ticket=ticket,
            clock=fresh,
            number=chained.number,
            steps=chained.steps,
            when=step.when,
            persons=persons,
            at=at,
            agreed=agreed,
        )
        by: dict[str, Any] = {"clause": agreed.name, "version": agreed.version_id} if agreed else {}
        write(
            ticket,
            "ticket.escalated",
            by=WORKER,
            at=at,
            step=chained.number,
            of=chained.steps,
            when=step.when,
            measure=fresh.measure,
            persons=persons,
            **by,
        )
        if agreed is not None and agreed.tells_client:
            write(
                agreed.version.agreement,
                "agreement.escalated",
                by=WORKER,
                at=at,
                ticket=ticket.pk,
                when=step.when,
                measure=fresh.measure,
                **by,
            )
    return taken


def begin_sweep(at: datetime) -> None:
    """Have the worker set the alarms of all tickets that still live, from the first one on."""
    Sweep.objects.update_or_create(
        pk=1, defaults={"last_ticket": 0, "begun_at": at, "done_at": None}
    )


def sweep_some(*, at: datetime) -> int:
    """Set the alarms of some more tickets; return how many were looked at, 0 when all is done."""
    sweep = Sweep.objects.filter(done_at__isnull=True).first()
    if sweep is None:
        return 0
    timed = Timed()
    found = Ticket.objects.filter(pk__gt=sweep.last_ticket, state__in=LIVE, held_for="")
    tickets = list(found.order_by("pk")[:AT_ONCE]) if timed else []
    timed.chains.learn({ticket.version_id for ticket in tickets})
    with transaction.atomic():
        for ticket in tickets:
            watch(ticket, timed, at=at)
        # Unless somebody began anew meanwhile.
        mine = Sweep.objects.filter(begun_at=sweep.begun_at, last_ticket=sweep.last_ticket)
        if tickets:
            mine.update(last_ticket=tickets[-1].pk)
        else:
            mine.update(done_at=at)
    return len(tickets)
