"""How tickets relate: links with a direction, parents and children, and resolving several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput, MoveRefused, Refusal
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.tickets.models import LINKS, Link, Ticket
from tricorn.tickets.verbs.access import allow, lock_all
from tricorn.tickets.verbs.work import resolve

MOST_LINKS = 100
MOST_CHILDREN = 200
MOST_LEVELS = 4


def link(ticket: Ticket, other: Ticket, *, by: Actor, at: datetime, kind: str) -> Link:
    """Say that a ticket is a duplicate of, is caused by, blocks or is related to another one.

    Twice is once. Errors  BadInput for itself and for both directions at once.
    """
    if kind not in LINKS:
        raise BadInput(f"Tickets are linked as one of {', '.join(LINKS)}.", field="kind")
    with transaction.atomic():
        source, target = _both(ticket, other, by=by, at=at)
        if kind == "related":
            source, target = sorted((source, target), key=lambda each: each.pk)
        if found := Link.objects.filter(source=source, target=target, kind=kind).first():
            return found
        if Link.objects.filter(source=target, target=source, kind=kind).exists():
            words = kind.replace("_", " ")
            raise BadInput(
                f"{target.ref} and {source.ref} are linked the other way round ({words}). "
                "Unlink that first.",
                field="kind",
            )
        if source.links_out.count() + source.links_in.count() >= MOST_LINKS:
            raise BadInput(f"A ticket has at most {MOST_LINKS} links.", field="ref")
        made = Link.objects.create(source=source, target=target, kind=kind, at=at)
        write(source, "ticket.linked", by=by, at=at, kind=kind, other=target.pk)
    return made


def unlink(ticket: Ticket, other: Ticket, *, by: Actor, at: datetime, kind: str) -> None:
    """Take a link away, whichever of the two was named first. Twice is once."""
    with transaction.atomic():
        source, target = _both(ticket, other, by=by, at=at)
        pairs = [(source, target)] if kind != "related" else [(source, target), (target, source)]
        for one, two in pairs:
            gone, _ = Link.objects.filter(source=one, target=two, kind=kind).delete()
            if gone:
                write(one, "ticket.unlinked", by=by, at=at, kind=kind, other=two.pk)


def _both(ticket: Ticket, other: Ticket, *, by: Actor, at: datetime) -> tuple[Ticket, Ticket]:
    if ticket.pk == other.pk:
        raise BadInput(f"{ticket.ref} is this ticket itself. Choose another one.", field="ref")
    ticket, other = lock_all(ticket, other)
    for each in (ticket, other):
        allow(each, "relate", by=by, at=at)
        _must_not_be_held(each)
    return ticket, other


def _must_not_be_held(ticket: Ticket) -> None:
    if ticket.held_for:
        raise MoveRefused(f"{ticket.ref} is held for review. Release it first.", verb="relate")


def set_parent(ticket: Ticket, *, by: Actor, at: datetime, parent: Ticket | None) -> Ticket:
    """Make a ticket part of a larger one, or (None) one of its own again. Twice is once.

    Errors  BadInput for a circle, or for more levels or children than anybody can follow.
    """
    with transaction.atomic():
        ticket, *above = lock_all(ticket, *(_chain(parent) if parent else ()))
        allow(ticket, "relate", by=by, at=at)
        was = ticket.parent_id
        if was == (parent.pk if parent else None):
            return ticket
        if parent is not None:
            parent = above[0]
            _must_be_parent(ticket, parent, by=by, at=at)
        ticket.parent, ticket.changed_at = parent, at
        ticket.save(update_fields=["parent", "changed_at"])
        if parent is None:
            write(ticket, "ticket.parted", by=by, at=at, parent=was)
        else:
            write(ticket, "ticket.belongs", by=by, at=at, parent=parent.pk)
    return ticket


def _must_be_parent(ticket: Ticket, parent: Ticket, *, by: Actor, at: datetime) -> None:
    allow(parent, "relate", by=by, at=at)
    for each in (ticket, parent):
        _must_not_be_held(each)
    if parent.pk == ticket.pk:
        raise BadInput(f"{ticket.ref} cannot be its own parent.", field="ref")
    if parent.is_done:
        raise MoveRefused(
            f"{parent.ref} is {parent.state}. Reopen it before it gets children.", verb="relate"
        )
    above = _chain(parent)
    if ticket.pk in {each.pk for each in above}:
        raise BadInput(
            f"{parent.ref} belongs to {ticket.ref} itself: that would be a circle.", field="ref"
        )
    if len(above) + _levels(ticket) > MOST_LEVELS:
        raise BadInput(
            f"Tickets are nested at most {MOST_LEVELS} deep. Choose a parent further up.",
            field="ref",
        )
    if parent.children.count() >= MOST_CHILDREN:
        raise BadInput(f"{parent.ref} has {MOST_CHILDREN} children, which is enough.", field="ref")


def _chain(ticket: Ticket) -> list[Ticket]:
    """Return a ticket and those above it, nearest first; never more than may be."""
    chain = [ticket]
    while len(chain) <= MOST_LEVELS:
        above = Ticket.objects.filter(children=chain[-1].pk).first()
        if above is None:
            break
        chain.append(above)
    return chain


def _levels(ticket: Ticket) -> int:
    """Return how many levels a ticket and what belongs to it have."""
    levels, ids = 0, [ticket.pk]
    while ids and levels <= MOST_LEVELS:
        levels += 1
        ids = list(Ticket.objects.filter(parent__in=ids).values_list("pk", flat=True))
    return levels


@dataclass(frozen=True)
class Each:
    """What became of several tickets: which are done, and which were refused, and why."""

    done: tuple[Ticket, ...]
    refused: tuple[tuple[Ticket, str], ...]


def resolve_each(tickets: Iterable[Ticket], *, by: Actor, at: datetime, note: str) -> Each:
    """Resolve several tickets with the same words: one verb for each, every refusal told."""
    done, refused = [], []
    for each in tickets:
        try:
            done.append(resolve(each, by=by, at=at, note=note))
        except Refusal as refusal:
            refused.append((each, str(refusal)))
    return Each(tuple(done), tuple(refused))
