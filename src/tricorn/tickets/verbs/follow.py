"""Following a ticket, and being named in a note of the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import StandingRefused
from tricorn.engine.mentions import mentioned
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.tickets.models import Follower, Message, Ticket
from tricorn.tickets.reads.desk import agents_of
from tricorn.tickets.verbs.access import allow, lock


def follow(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Hear what happens to a ticket that one may see. Twice is once."""
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "follow", by=by, at=at)
        if not by.is_person or not Ticket.objects.visible_to(by).filter(pk=ticket.pk).exists():
            raise StandingRefused(
                "Only somebody who may see a ticket can follow it.", verb="follow"
            )
        if _begins(ticket, by.id or 0, at):
            write(ticket, "ticket.followed", by=by, at=at)
    return ticket


def unfollow(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Hear of it no more than one's part in it asks for."""
    with transaction.atomic():
        ticket = lock(ticket)
        gone, _ = Follower.objects.filter(ticket=ticket, person=by.id).delete()
        if gone:
            write(ticket, "ticket.unfollowed", by=by, at=at)
    return ticket


def mention(ticket: Ticket, note: Message, *, by: Actor, at: datetime) -> list[int]:
    """Let whom a note names follow the ticket, and say so: only who may see it can be named.

    Called inside the transaction of the note.
    """
    if "@" not in note.text:
        return []
    agents = {each.pk: each.name for each in agents_of(ticket, at) if each.pk != by.id}
    meant = mentioned(note.text, agents)
    for person in meant:
        _begins(ticket, person, at)
        write(ticket, "ticket.mentioned", by=by, at=at, person=person, message=note.pk)
    return meant


def _begins(ticket: Ticket, person: int, at: datetime) -> bool:
    _, is_new = Follower.objects.get_or_create(
        ticket=ticket, person_id=person, defaults={"since": at}
    )
    return is_new
