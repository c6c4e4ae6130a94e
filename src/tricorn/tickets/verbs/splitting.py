"""Splitting a ticket: some of what was said is another matter, and gets a ticket of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import new_key, write
from tricorn.parties.models import Person
from tricorn.standing.verbs import note_use
from tricorn.tickets.bridge import priority_of
from tricorn.tickets.links import hash_of, token_of
from tricorn.tickets.models import Clock, Link, Message, Ticket
from tricorn.tickets.verbs.access import allow, allow_services, lock
from tricorn.tickets.verbs.clocks import Promises, pin, settle
from tricorn.tickets.verbs.found import index_many
from tricorn.tickets.verbs.intake import already, choose_for, organisation_of, summary_of


@dataclass(frozen=True)
class Part:
    """What goes to the new ticket, of which service and for whom it is. `once`: of the form."""

    messages: Collection[int]
    service: Service
    requester: Person | None
    affected: Person | None = None
    once: str | None = None


def split(ticket: Ticket, part: Part, *, by: Actor, at: datetime) -> Ticket:
    """Make a ticket of some messages; they move there, and both tickets say so.

    It was reported when the first of them was said. Merging it back undoes this.
    Errors  BadInput when none or all are chosen; MoveRefused when it is held or merged.
    """
    try:
        with transaction.atomic():
            ticket = lock(ticket)
            allow(ticket, "split", by=by, at=at)
            allow_services([part.service], "split", by=by, at=at)
            if found := already(part.once):
                return found
            return _split(ticket, part, by=by, at=at)
    except IntegrityError:
        if found := already(part.once):
            return found
        raise


def _split(ticket: Ticket, part: Part, *, by: Actor, at: datetime) -> Ticket:
    if ticket.held_for or ticket.state == "merged":
        what = "held for review" if ticket.held_for else "merged into another ticket"
        raise MoveRefused(f"{ticket.ref} is {what}. That comes first, then split it.", verb="split")
    there = ticket.messages.standing()
    moving = list(there.filter(pk__in=list(part.messages)).order_by("at", "id"))
    if not moving or len(moving) != len(set(part.messages)):
        raise BadInput(
            f"Choose at least one of the messages of {ticket.ref} that are still there.",
            field="messages",
        )
    if not there.exclude(pk__in=[each.pk for each in moving]).exists():
        raise BadInput(
            "Everything would go. Leave at least one message here, or change this ticket itself.",
            field="messages",
        )
    new = _new_ticket(ticket, part, moving, at)
    Message.objects.filter(pk__in=[each.pk for each in moving]).update(ticket=new)
    note_use(
        new.service,
        at=new.reported_at,
        source="ticket",
        source_id=new.pk,
        person=new.affected,
        place=new.place,
        count=1,
    )
    Link.objects.create(source=ticket, target=new, kind="related", at=at)
    ticket.changed_at = at
    ticket.save(update_fields=["changed_at"])
    ids = [each.pk for each in moving]
    index_many([ticket, new])
    write(ticket, "ticket.split", by=by, at=at, into=new.pk, messages=ids)
    write(new, "ticket.split_off", by=by, at=at, out_of=ticket.pk, service=new.service_id)
    return new


def _new_ticket(ticket: Ticket, part: Part, moving: list[Message], at: datetime) -> Ticket:
    """Save the new ticket with its clocks: as if the first of the messages had reported it."""
    affected = part.affected or part.requester
    reported_at = moving[0].at
    answered = next((m.at for m in moving if m.is_from_desk and m.is_public), None)
    priority = priority_of(ticket.impact, ticket.urgency)
    promises = Promises(part.service.pk)
    choice = choose_for(
        part.service, affected, ticket.place, ticket.kind, priority, reported_at, promises.clauses
    )
    is_same = part.requester == ticket.requester
    new = Ticket(
        service=part.service,
        place=ticket.place,
        kind=ticket.kind,
        state="open" if answered else "new",
        summary=summary_of(moving[0].text),
        requester=part.requester,
        affected=affected,
        reported_by=ticket.reported_by if is_same else None,
        organisation=organisation_of(choice, affected, reported_at),
        contact_email=ticket.contact_email if is_same else "",
        impact=ticket.impact,
        urgency=ticket.urgency,
        computed_priority=priority,
        priority=priority,
        version=choice.version if choice else None,
        covered_by=choice.why[:300] if choice else "",
        began_at=reported_at,
        reported_at=reported_at,
        first_response_at=answered,
        changed_at=at,
        channel=ticket.channel,
        once=part.once,
        link_key=new_key(),
    )
    new.link_hash = hash_of(token_of(new))
    clocks = pin(new, promises, new.version)
    settle(new, clocks, [], at=at)
    new.save()
    for clock in clocks:
        clock.ticket = new
    Clock.objects.bulk_create(clocks)
    return new
