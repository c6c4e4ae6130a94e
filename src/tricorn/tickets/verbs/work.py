"""Working on a ticket: take up, wait, go on, resolve, close, reopen, assign, prioritise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Person
from tricorn.standing.models import Duty
from tricorn.tickets.models import PRIORITIES, Ticket, TimeSpent
from tricorn.tickets.verbs.access import allow, lock, move, names
from tricorn.tickets.verbs.clocks import DUE_FIELDS, Promises, repin, resettle
from tricorn.tickets.verbs.drafts import discard_said
from tricorn.tickets.verbs.found import index
from tricorn.tickets.verbs.intake import choose_for, clean_text, organisation_of, post
from tricorn.tickets.verbs.moves import moved_on

MOMENTS = ["state", "waiting_on", "first_response_at", "resolved_at", "closed_at", "changed_at"]


def open_(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Take a new ticket up: somebody is on it."""
    return _step(ticket, "open", "ticket.opened", by=by, at=at)


def go_on(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """What held the ticket up is over; its clocks run again."""
    return _step(ticket, "go_on", "ticket.went_on", by=by, at=at)


def close(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Close a resolved ticket for good."""
    return _step(ticket, "close", "ticket.closed", by=by, at=at)


def cancel(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """It is not needed any more. Its clocks stop without a verdict."""
    return _step(ticket, "cancel", "ticket.cancelled", by=by, at=at)


def reopen(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """It was not over after all. Clocks go on from what had elapsed; the time between stands still."""
    return _step(ticket, "reopen", "ticket.reopened", by=by, at=at)


def wait(ticket: Ticket, *, by: Actor, at: datetime, holder: str) -> Ticket:
    """Put the ticket on hold, saying who holds it up; the clause decides which clocks stop.

    Errors  BadInput for a holder that there is not; StandingRefused or MoveRefused.
    """
    if holder not in [each.value for each in Holder]:
        names = ", ".join(each.value for each in Holder)
        raise BadInput(f"Say who holds it up: {names}.", field="holder")
    return _step(ticket, "wait", "ticket.waited", by=by, at=at, holder=holder)


def resolve(ticket: Ticket, *, by: Actor, at: datetime, note: str) -> Ticket:
    """Resolve the ticket with a public word on what fixed it, and stop its clocks.

    Errors  StandingRefused or MoveRefused, and then nothing has been written.
    """
    note = clean_text(note, what="outcome")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "resolve", by=by, at=at)
        take_up(ticket)
        move(ticket, "resolve")
        end_wait(ticket, at)
        words = post(ticket, note, by=by, at=at, is_from_desk=True)
        respond(ticket, at)
        ticket.resolved_at, ticket.waiting_on = at, ""
        _save(ticket, at)
        index(ticket)
        write(ticket, "ticket.resolved", by=by, at=at, digest=words.digest, message=words.pk)
        discard_said(ticket, by=by, at=at, kind="answer", text=note)
    return ticket


def _step(
    ticket: Ticket, verb: str, kind: str, *, by: Actor, at: datetime, holder: str = ""
) -> Ticket:
    """Take one step of the lifecycle with all that hangs on it: waits, moments, clocks, line."""
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, verb, by=by, at=at)
        if verb == "wait":
            take_up(ticket)
        was, ended_at = ticket.state, ticket.resolved_at or ticket.closed_at
        move(ticket, verb)
        if was == "waiting":
            end_wait(ticket, at)
        ticket.waiting_on = holder
        if verb == "wait":
            ticket.waits.create(holder=holder, started_at=at)
        elif verb == "close" or verb == "cancel":
            ticket.closed_at = at
        elif verb == "reopen":
            if ended_at is not None:
                stood_still(ticket, ended_at, at)
            ticket.resolved_at = ticket.closed_at = None
        _save(ticket, at)
        if ticket.is_done or verb == "reopen":
            index(ticket)
        write(ticket, kind, by=by, at=at, **({"holder": holder} if holder else {}))
    return ticket


def _save(ticket: Ticket, at: datetime) -> None:
    ticket.changed_at = at
    resettle(ticket, at=at)
    ticket.save(update_fields=[*MOMENTS, *DUE_FIELDS])


def take_up(ticket: Ticket) -> None:
    """A new ticket that the desk works on is open: nobody has to press a button for that."""
    if ticket.state == "new":
        move(ticket, "open")


def respond(ticket: Ticket, at: datetime) -> None:
    """The desk has spoken in public: the first time is the first response."""
    if ticket.first_response_at is None:
        ticket.first_response_at = at


def end_wait(ticket: Ticket, at: datetime) -> None:
    """End the wait that lasts, if one does. Of two requests the later one may come through first."""
    for wait in ticket.waits.filter(ended_at__isnull=True):
        wait.ended_at = max(at, wait.started_at)
        wait.save(update_fields=["ended_at"])


def stood_still(ticket: Ticket, since: datetime, at: datetime) -> None:
    """Between its end and its reopening nobody held the ticket up, and no clock ran."""
    ticket.waits.create(holder="", started_at=since, ended_at=max(since, at))


def assign(ticket: Ticket, *, by: Actor, at: datetime, to: Person | None) -> Ticket:
    """Give the ticket to somebody at the desk of its service, or to nobody."""
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "assign", by=by, at=at)
        if to is not None:
            _must_serve(to, ticket.service, at)
        if ticket.assignee_id != (to.pk if to else None):
            ticket.assignee = to
            ticket.changed_at = at
            ticket.save(update_fields=["assignee", "changed_at"])
            write(ticket, "ticket.assigned", by=by, at=at, to=to.pk if to else None)
    return ticket


def _must_serve(person: Person, service: Service, at: datetime) -> None:
    if not Duty.objects.at(at).filter(names(service), person=person).exists():
        raise BadInput(
            f"{person} does not work at the desk of {service}. Choose somebody who does.",
            field="to",
        )


def hand_over(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    note: str,
    service: Service | None = None,
    team: Organisation | None = None,
) -> Ticket:
    """Hand the ticket over to another service or team, with a note for them.

    In another service it runs by what that service promises, from when it was reported.

    Errors  BadInput for no words; StandingRefused; MoveRefused when the ticket is done.
    """
    note = clean_text(note, what="note")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "hand_over", by=by, at=at)
        if ticket.is_done:
            raise MoveRefused(
                f"{ticket.ref} is {ticket.state}. Reopen it before you hand it over.",
                verb="hand_over",
            )
        words = post(ticket, note, by=by, at=at, is_from_desk=True, is_public=False)
        ticket.assignee = None
        ticket.team = team
        ticket.changed_at = at
        if service is not None and service.pk != ticket.service_id:
            ticket.service = service
            _choose_again(ticket, at)
        ticket.save()
        index(ticket)
        write(
            ticket,
            "ticket.handed_over",
            by=by,
            at=at,
            digest=words.digest,
            message=words.pk,
            service=ticket.service_id,
            team=team.pk if team else None,
        )
    return ticket


def _choose_again(ticket: Ticket, at: datetime) -> None:
    promises = Promises(ticket.service_id)
    choice = choose_for(
        ticket.service,
        ticket.affected,
        ticket.place,
        ticket.kind,
        ticket.priority,
        ticket.reported_at,
        promises.clauses,
    )
    choice = moved_on(choice, ticket, at)
    ticket.version = choice.version if choice else None
    ticket.covered_by = choice.why[:300] if choice else ""
    ticket.organisation = organisation_of(choice, ticket.affected, ticket.reported_at)
    repin(ticket, promises, at=at)


def prioritise(ticket: Ticket, *, by: Actor, at: datetime, priority: str) -> Ticket:
    """Set the final priority; the computed one stays beside it.

    Clocks run by the clause for it, of the version that the ticket was raised under.

    Errors  BadInput for a priority that there is not; StandingRefused; MoveRefused when it is done.
    """
    if priority not in PRIORITIES:
        raise BadInput(f"A priority is one of {', '.join(PRIORITIES)}.", field="priority")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "prioritise", by=by, at=at)
        if priority == ticket.priority:
            return ticket
        if ticket.is_done:
            raise MoveRefused(
                f"{ticket.ref} is {ticket.state}, and what was promised for it is settled. "
                "Reopen it before you change its priority.",
                verb="prioritise",
            )
        was, ticket.priority = ticket.priority, priority
        ticket.changed_at = at
        repin(ticket, Promises(ticket.service_id), at=at)
        ticket.save()
        write(ticket, "ticket.prioritised", by=by, at=at, was=was, priority=priority)
    return ticket


def change_persons(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    requester: Person | None,
    affected: Person | None,
) -> Ticket:
    """Say whose matter this is: who asks, and whom it is for.

    The agreement is looked up again, unless the ticket is done: then its promise is settled.
    """
    affected = affected or requester
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "change_persons", by=by, at=at)
        if (ticket.requester, ticket.affected) == (requester, affected):
            return ticket
        ticket.requester, ticket.affected = requester, affected
        ticket.changed_at = at
        if not ticket.is_done:
            _choose_again(ticket, at)
        ticket.save()
        write(
            ticket,
            "ticket.persons_changed",
            by=by,
            at=at,
            requester=requester.pk if requester else None,
            affected=ticket.affected_id,
        )
    return ticket


def count_affected(ticket: Ticket, *, by: Actor, at: datetime, count: int) -> Ticket:
    """Say how many people this hurts.

    Errors  BadInput for other than 1 to 100,000; StandingRefused.
    """
    if not 1 <= count <= 100_000:
        raise BadInput("How many are affected is a number from 1 to 100,000.", field="count")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "count_affected", by=by, at=at)
        if count == ticket.affected_count:
            return ticket
        ticket.affected_count, ticket.changed_at = count, at
        ticket.save(update_fields=["affected_count", "changed_at"])
        write(ticket, "ticket.affected_counted", by=by, at=at, count=count)
    return ticket


def log_time(ticket: Ticket, *, by: Actor, at: datetime, minutes: int) -> Ticket:
    """Add minutes of work to the ticket. The same minutes again within a minute are one entry.

    Errors  BadInput for other than 1 to 1,440 minutes; StandingRefused.
    """
    if not 1 <= minutes <= 1440:
        raise BadInput("Time spent is 1 to 1,440 minutes at once.", field="minutes")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "log_time", by=by, at=at)
        last = TimeSpent.objects.filter(ticket=ticket, person=by.id).order_by("-id").first()
        if last and last.minutes == minutes and (at - last.at).total_seconds() < 60:
            return ticket
        TimeSpent.objects.create(ticket=ticket, person_id=by.id or 0, minutes=minutes, at=at)
        ticket.minutes_spent += minutes
        ticket.save(update_fields=["minutes_spent"])
        write(ticket, "ticket.time_logged", by=by, at=at, minutes=minutes)
    return ticket


def release(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """A held report is a real one: it joins the queue as of when it was reported.

    Errors  StandingRefused; MoveRefused for what is not held, or is done.
    """
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "release", by=by, at=at)
        if not ticket.held_for:
            raise MoveRefused(f"{ticket.ref} is not held.", verb="release")
        if ticket.is_done:
            raise MoveRefused(
                f"{ticket.ref} is {ticket.state}: somebody has looked at it already. "
                "Reopen it if it is a real report.",
                verb="release",
            )
        ticket.held_for, ticket.changed_at = "", at
        ticket.save(update_fields=["held_for", "changed_at"])
        index(ticket)
        write(ticket, "ticket.reported", by=by, at=at, service=ticket.service_id, kind=ticket.kind)
    return ticket
