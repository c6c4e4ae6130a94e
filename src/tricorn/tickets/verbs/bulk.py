"""One deed on many tickets: one verb for each, refusals listed, and a few minutes to undo it.

Nobody is told before those minutes are over, so that undoing takes every letter back. Who undoes
calls verbs too; what somebody changed meanwhile stays as it is, and is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, MoveRefused, Refusal, StandingRefused
from tricorn.engine.steps import Step, checked, read
from tricorn.journal.actor import Actor
from tricorn.journal.deliver import postpone, withdraw
from tricorn.journal.models import Line
from tricorn.journal.reactors import quiet
from tricorn.journal.verbs import held_until, write
from tricorn.parties.models import Organisation, Person
from tricorn.tickets.models import DONE_STATES, Bulk, BulkRow, Macro, Tag, Ticket, TicketTag
from tricorn.tickets.verbs import work
from tricorn.tickets.verbs.access import lock
from tricorn.tickets.verbs.steps import fresh, run_macro, take_step
from tricorn.tickets.verbs.tags import tag, untag
from tricorn.tickets.verbs.withdrawing import withdraw_added

MOST = 1000
AT_ONCE = 25
UNDO = timedelta(minutes=5)
# Undoing many takes a while: nobody is told meanwhile.
UNDOING = timedelta(minutes=30)
BATCH = 500
# Lines that are no work on a ticket: what is written for its readers, or by the clock.
NO_WORK = (
    *("ticket.escalated", "ticket.followed", "ticket.unfollowed"),
    *("ticket.reminded", "ticket.reminder_set", "ticket.reminder_ended"),
)


@dataclass(frozen=True)
class Stand:
    """How a ticket stands in what a bulk can change."""

    state: str
    waiting_on: str
    assignee: int | None
    priority: str
    service: int
    team: int | None
    tags: list[int]
    was_answered: bool = True

    @classmethod
    def of(cls, ticket: Ticket) -> Stand:
        tags = TicketTag.objects.filter(ticket=ticket).order_by("tag")
        return cls(
            ticket.state,
            ticket.waiting_on,
            ticket.assignee_id,
            ticket.priority,
            ticket.service_id,
            ticket.team_id,
            list(tags.values_list("tag", flat=True)),
            ticket.first_response_at is not None,
        )


def begin_bulk(tickets: Sequence[int], step: Step | Macro, *, by: Actor, at: datetime) -> Bulk:
    """Note a deed for these tickets, given by number; `bulk_some` does it, a few at a time.

    The door hands in only what this person serves. Each verb asks for itself whether they may.
    Errors  BadInput for no ticket, too many, or a step that makes no sense.
    """
    numbers = list(dict.fromkeys(tickets))
    if not numbers:
        raise BadInput("No ticket is chosen. Tick at least one first.", field="ref")
    if len(numbers) > MOST:
        raise BadInput(f"At most {MOST:,} tickets are done at once. Choose fewer.", field="ref")
    deed = {"macro": str(step.pk)} if isinstance(step, Macro) else checked(step).to_data()
    with transaction.atomic():
        bulk = Bulk.objects.create(
            person_id=by.id or 0, via=by.via, deed=deed, made_at=at, undo_until=at + UNDO
        )
        BulkRow.objects.bulk_create([BulkRow(bulk=bulk, ticket_id=each) for each in numbers])
        write(
            bulk,
            "bulk.begun",
            by=by,
            at=at,
            deed=deed.get("do", "macro"),
            macro=int(deed["macro"]) if "macro" in deed else None,
            count=len(numbers),
        )
    return bulk


def bulk_some(bulk: Bulk, *, at: datetime, most: int = AT_ONCE) -> int:
    """Do the next few tickets of a bulk, or undo them; return how many, 0 when it is through."""
    bulk = Bulk.objects.get(pk=bulk.pk)
    state = "waiting" if bulk.undone_at is None else "done"
    numbers = bulk.rows.filter(state=state).order_by("id").values_list("pk", flat=True)[:most]
    rows = list(numbers)
    macro = _macro(bulk)
    for number in rows:
        with transaction.atomic():
            row = _locked(number, state)
            if row is not None and bulk.undone_at is None:
                _do(bulk, row, macro, at)
            elif row is not None:
                _undo(bulk, row, at)
    if not bulk.rows.filter(state=state).exists():
        Bulk.objects.filter(pk=bulk.pk, ended_at__isnull=True).update(ended_at=at)
    return len(rows)


def undo_bulk(bulk: Bulk, *, by: Actor, at: datetime) -> Bulk:
    """Take a bulk back, within its minutes: `bulk_some` then sets each ticket back by verbs.

    Errors  MoveRefused when it is too late or was done; StandingRefused for somebody else's.
    """
    with transaction.atomic():
        bulk = Bulk.objects.select_for_update(of=("self",)).get(pk=bulk.pk)
        if not by.is_person or by.id != bulk.person_id:
            raise StandingRefused("Only who did it can undo it.", verb="undo")
        if bulk.undone_at is not None:
            return bulk
        if at > bulk.undo_until:
            raise MoveRefused(
                "It is too late to undo this: people were told. Change each ticket instead.",
                verb="undo",
            )
        bulk.rows.filter(state="waiting").update(
            state="refused", reason="Not done: it was undone first."
        )
        lines = [n for row in bulk.rows.filter(state="done") for n in row.lines]
        for start in range(0, len(lines), BATCH):
            postpone(lines[start : start + BATCH], until=at + UNDOING)
        bulk.undone_at, bulk.ended_at = at, None
        bulk.save(update_fields=["undone_at", "ended_at"])
        write(bulk, "bulk.undone", by=by, at=at)
    return bulk


def _locked(number: int, state: str) -> BulkRow | None:
    """Return the row if nobody else has dealt with it; held until the transaction ends."""
    rows = BulkRow.objects.select_for_update(of=("self",)).filter(pk=number, state=state)
    return rows.select_related("ticket").first()


def _do(bulk: Bulk, row: BulkRow, macro: Macro | None, at: datetime) -> None:
    ticket = fresh(lock(row.ticket))
    was, by = Stand.of(ticket), bulk.actor
    try:
        with transaction.atomic(), held_until(bulk.undo_until) as lines:
            if macro is not None:
                run_macro(ticket, macro, by=by, at=at)
            elif "macro" in bulk.deed:
                raise BadInput("This macro was forgotten meanwhile.")
            else:
                take_step(ticket, read([bulk.deed])[0], by=by, at=at)
    except Refusal as refusal:
        _end(row, "refused", str(refusal))
        return
    row.was, row.lines = asdict(was), lines
    _end(row, "done")


def _undo(bulk: Bulk, row: BulkRow, at: datetime) -> None:
    ticket = lock(row.ticket)
    worked = Line.objects.about("ticket", ticket.pk).exclude(kind__in=NO_WORK)
    if row.lines and worked.filter(pk__gt=max(row.lines)).exists():
        postpone(row.lines, until=at)
        _end(row, "kept", "Somebody has worked on it since, so it stays as it is.")
        return
    try:
        with transaction.atomic(), quiet():
            was, by = Stand(**row.was), bulk.actor
            withdraw_added(ticket, row.lines, by=by, at=at, was_answered=was.was_answered)
            _set_back(ticket, was, by=by, at=at)
    except Refusal as refusal:
        postpone(row.lines, until=at)
        _end(row, "kept", str(refusal))
        return
    withdraw(row.lines, at=at)
    now = Ticket.objects.get(pk=ticket.pk)
    before = row.was["state"]
    is_back = now.state == before
    _end(row, "undone", "" if is_back else f"It was {before} before, and is {now.state} now.")


def _set_back(ticket: Ticket, was: Stand, *, by: Actor, at: datetime) -> None:
    """Call the verbs that lead back to how the ticket stood, as far as verbs do."""
    now = Stand.of(ticket)
    if now.state in DONE_STATES and was.state != now.state:
        work.reopen(ticket, by=by, at=at)
    elif now.state == "waiting" and (was.state, was.waiting_on) != ("waiting", now.waiting_on):
        work.go_on(ticket, by=by, at=at)
    if (now.service, now.team) != (was.service, was.team):
        work.hand_over(
            ticket,
            by=by,
            at=at,
            note="Undone: back to where it was.",
            service=Service.objects.get(pk=was.service),
            team=Organisation.objects.filter(pk=was.team or 0).first(),
        )
    if now.priority != was.priority:
        work.prioritise(ticket, by=by, at=at, priority=was.priority)
    _set_tags_back(ticket, now, was, by=by, at=at)
    if Ticket.objects.values_list("assignee", flat=True).get(pk=ticket.pk) != was.assignee:
        to = Person.objects.filter(pk=was.assignee or 0).first()
        work.assign(ticket, by=by, at=at, to=to)
    state = Ticket.objects.values_list("state", flat=True).get(pk=ticket.pk)
    if was.state == "waiting" and state == "open":
        work.wait(ticket, by=by, at=at, holder=was.waiting_on)


def _set_tags_back(ticket: Ticket, now: Stand, was: Stand, *, by: Actor, at: datetime) -> None:
    changed = set(now.tags) ^ set(was.tags)
    for each in Tag.objects.filter(pk__in=changed):
        verb = untag if each.pk in now.tags else tag
        verb(ticket, by=by, at=at, name=each.name)


def _macro(bulk: Bulk) -> Macro | None:
    return Macro.objects.filter(pk=bulk.deed["macro"]).first() if "macro" in bulk.deed else None


def _end(row: BulkRow, state: str, reason: str = "") -> None:
    row.state, row.reason = state, reason[:500]
    row.save(update_fields=["state", "reason", "was", "lines"])
