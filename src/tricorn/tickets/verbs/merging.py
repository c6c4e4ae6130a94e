"""Merging tickets: several that are one matter are handled in one, and unmerged exactly.

Nothing said is moved: the survivor's conversation reads what was merged into it.
Source  docs/decisions/0015-merged-tickets.md
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs.access import allow, lock_all, move
from tricorn.tickets.verbs.clocks import DUE_FIELDS, resettle
from tricorn.tickets.verbs.found import index_many
from tricorn.tickets.verbs.joining import bring, chain_above, take_along
from tricorn.tickets.verbs.work import end_wait, stood_still

MOST_MERGED = 50
FIELDS = [
    *("state", "waiting_on", "closed_at", "changed_at"),
    *("merged_into", "survivor", "merged_was"),
    *DUE_FIELDS,
]


def merge(ticket: Ticket, *, by: Actor, at: datetime, into: Ticket) -> Ticket:
    """Handle a ticket as part of another one. Its clocks stop without a verdict.

    Errors  BadInput for itself; MoveRefused when one of the two is held, done or merged elsewhere;
            StandingRefused unless the actor serves both.
    """
    if ticket.pk == into.pk:
        raise BadInput(
            f"{ticket.ref} cannot be merged into itself. Choose another ticket.", field="into"
        )
    with transaction.atomic():
        ticket, into = lock_all(ticket, into)
        allow(ticket, "merge", by=by, at=at)
        allow(into, "merge", by=by, at=at)
        if ticket.merged_into_id == into.pk:
            return ticket
        _must_merge(ticket, into)
        was, is_late = ticket.state, bool(ticket.breach_at and at > ticket.breach_at)
        move(ticket, "merge")
        end_wait(ticket, at)
        ticket.waiting_on, ticket.closed_at, ticket.merged_was = "", at, was
        ticket.merged_into = ticket.survivor = into
        _save(ticket, at)
        Ticket.objects.handled_with(ticket).update(survivor=into)
        into.changed_at = at
        into.save(update_fields=["changed_at"])
        brought: dict[str, Any] = bring(ticket, into, at=at)
        index_many([ticket, into])
        write(ticket, "ticket.merged", by=by, at=at, into=into.pk, was=was, late=is_late)
        write(into, "ticket.took_in", by=by, at=at, merged=ticket.pk, **brought)
    return ticket


def unmerge(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Let a merged ticket be one of its own again, standing where it stood before.

    Its clocks go on from what had elapsed; the time in between stands still. What was merged into
    it goes with it. Errors  MoveRefused when it is not merged.
    """
    with transaction.atomic():
        found = Ticket.objects.only("pk", "merged_into", "survivor").get(pk=ticket.pk)
        above = [Ticket(pk=pk) for pk in (found.merged_into_id, found.survivor_id) if pk]
        ticket, *others = lock_all(ticket, *above)
        allow(ticket, "unmerge", by=by, at=at)
        if ticket.state != "merged":
            raise MoveRefused(
                f"{ticket.ref} is not merged into another ticket, so there is nothing to undo.",
                verb="unmerge",
            )
        if [ticket.merged_into_id, ticket.survivor_id] != [each.pk for each in others]:
            raise MoveRefused(f"{ticket.ref} has just been moved. Look at it again.")
        into, survivor = others
        allow(into, "unmerge", by=by, at=at)
        _stand_again(ticket, at)
        Ticket.objects.filter(pk__in=_below(ticket, survivor)).update(survivor=ticket)
        survivor.changed_at = at
        survivor.save(update_fields=["changed_at"])
        taken: dict[str, Any] = take_along(ticket, chain_above(into, survivor))
        index_many([ticket, survivor])
        write(ticket, "ticket.unmerged", by=by, at=at, out_of=into.pk)
        write(into, "ticket.let_go", by=by, at=at, merged=ticket.pk, **taken)
    return ticket


def _stand_again(ticket: Ticket, at: datetime) -> None:
    """Put the ticket back to the state it had, and to whom it waited for."""
    was, since = ticket.merged_was, ticket.closed_at or at
    held = ticket.waits.exclude(holder="").order_by("-id").first()
    move(ticket, "unmerge")
    stood_still(ticket, since, at)
    if was == "waiting" and held is not None:
        ticket.waits.create(holder=held.holder, started_at=max(since, at))
        ticket.waiting_on = held.holder
    ticket.state = was
    ticket.closed_at = ticket.merged_into = ticket.survivor = None
    ticket.merged_was = ""
    _save(ticket, at)


def _save(ticket: Ticket, at: datetime) -> None:
    ticket.changed_at = at
    resettle(ticket, at=at)
    ticket.save(update_fields=FIELDS)


def _must_merge(ticket: Ticket, into: Ticket) -> None:
    for each in (ticket, into):
        if each.held_for:
            raise MoveRefused(
                f"{each.ref} is held for review. Release it before it is merged.", verb="merge"
            )
    if into.survivor_id == ticket.pk:
        raise MoveRefused(
            f"{into.ref} is part of {ticket.ref} already. Unmerge {into.ref} first.", verb="merge"
        )
    if into.survivor_id is not None:
        raise MoveRefused(
            f"{into.ref} is merged itself. Merge {ticket.ref} into T-{into.survivor_id}, where "
            f"{into.ref} is handled.",
            verb="merge",
        )
    if ticket.survivor_id is not None:
        raise MoveRefused(
            f"{ticket.ref} is merged into T-{ticket.merged_into_id} already. Unmerge it first.",
            verb="merge",
        )
    if into.is_done:
        raise MoveRefused(
            f"{into.ref} is {into.state}: nobody works on it, so nobody would answer "
            f"{ticket.ref}. Reopen {into.ref} first, or link the two.",
            verb="merge",
        )
    if ticket.is_done:
        raise MoveRefused(
            f"{ticket.ref} is {ticket.state}: nothing of it is left to be handled. "
            "Link it as a duplicate instead.",
            verb="merge",
        )
    if ticket.service_id != into.service_id and (
        ticket.service.is_private or into.service.is_private
    ):
        raise MoveRefused(
            "What is in a private service is handled there alone. Hand the other ticket over "
            "into it first, or leave the two apart.",
            verb="merge",
        )
    own = Ticket.objects.handled_with(ticket).count()
    if Ticket.objects.handled_with(into).count() + own + 1 > MOST_MERGED:
        raise MoveRefused(
            f"At most {MOST_MERGED} tickets are handled as one. Link {ticket.ref} to {into.ref}, "
            "or make it a child of it.",
            verb="merge",
        )


def _below(ticket: Ticket, survivor: Ticket) -> list[int]:
    """Return what was merged into this ticket, straight or through others. One query."""
    into: dict[int, list[int]] = {}
    rows = Ticket.objects.handled_with(survivor).values_list("pk", "merged_into")
    for pk, above in rows:
        into.setdefault(above or 0, []).append(pk)
    found, next_ones = [], [ticket.pk]
    while next_ones:
        next_ones = [pk for each in next_ones for pk in into.get(each, ())]
        found += next_ones
    return found
