"""Running clocks go on by a newer version, where its text says so: both sides signed that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tricorn.agreements.choose import Choice, Chooser, One
from tricorn.agreements.models import Version
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.tickets.models import DONE_STATES, Move, Ticket, TicketQuerySet
from tricorn.tickets.verbs.access import lock
from tricorn.tickets.verbs.clocks import Promises, repin

BATCH = 100


def move_some(move: Move, *, by: Actor, at: datetime) -> int:
    """Move the next hundred tickets of an older version, each with a line; return how many.

    Whatever ran when the version began moves, also what ended since: when the worker comes by
    decides nothing. Whom the version does not cover stays. Killed at any moment, it goes on where
    it was: how far it came is written in the transaction of the batch. 1 at the least: not done.
    """
    with transaction.atomic():
        move = Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
        if move.done_at is not None:
            return 0
        version = Version.objects.select_related("agreement").get(pk=move.version_id)
        numbers = _next(version, move)
        promises: dict[int, Promises] = {}
        for number in numbers:
            ticket = lock(Ticket(pk=number))
            own = promises.get(ticket.service_id) or Promises(ticket.service_id)
            promises[ticket.service_id] = own
            _move(ticket, version, own, move.at, by=by)
        if len(numbers) < BATCH:
            move.done_at = at
        move.last_ticket = max([move.last_ticket, *numbers])
        move.save(update_fields=["last_ticket", "done_at"])
    return max(len(numbers), 1)


def _next(version: Version, move: Move) -> list[int]:
    """Return the tickets that come next, by number. Two queries, each by the version's index."""
    older = list(
        Version.objects.filter(
            agreement=version.agreement_id, number__lt=version.number
        ).values_list("pk", flat=True)
    )
    behind: TicketQuerySet = Ticket.objects.filter(
        version__in=older, pk__gt=move.last_ticket, reported_at__lt=move.at
    )
    ended = behind.filter(state__in=DONE_STATES).filter(
        Q(resolved_at__gte=move.at) | Q(resolved_at__isnull=True, closed_at__gte=move.at)
    )
    found = [
        *behind.unfinished().order_by("id").values_list("pk", flat=True)[:BATCH],
        *ended.order_by("id").values_list("pk", flat=True)[:BATCH],
    ]
    return sorted(set(found))[:BATCH]


def _move(ticket: Ticket, version: Version, promises: Promises, at: datetime, *, by: Actor) -> None:
    """Pin one ticket to the newer version, unless that does not cover whom it is for."""
    choice = covered(ticket, version)
    if choice is None or ticket.version_id == version.pk:
        return
    was = ticket.version
    ticket.version = version
    ticket.covered_by = choice.why[:300]
    ticket.organisation = choice.entitlement.funder
    repin(ticket, promises, at=at)
    ticket.save()
    write(
        ticket,
        "ticket.moved",
        by=by,
        at=at,
        agreement=version.agreement.ref,
        was=was.number if was else None,
        now=version.number,
        version=version.pk,
    )


def covered(ticket: Ticket, version: Version) -> Choice | None:
    """Return by which entitlement of a version whom a ticket is for is covered. Three queries."""
    one = One.at(ticket.reported_at, person_id=ticket.affected_id, place_id=ticket.place_id)
    return Chooser(ticket.service_id, one.whom).by_version(one, version.pk)


def moved_on(choice: Choice | None, ticket: Ticket, at: datetime) -> Choice | None:
    """Return the choice for a ticket after the moves of its agreement that are over.

    For a ticket whose service or person changes after its clocks went on by a newer version.
    """
    if choice is None:
        return None
    moves = Move.objects.filter(
        version__agreement=choice.version.agreement_id,
        version__number__gt=choice.version.number,
        at__gt=ticket.reported_at,
        at__lte=at,
    )
    newest = moves.select_related("version__agreement").order_by("-version__number").first()
    return (covered(ticket, newest.version) or choice) if newest else choice
