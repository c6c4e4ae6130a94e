"""Before a verb acts: lock the ticket, ask whether this actor may, take the step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.engine import lifecycle, roles
from tricorn.engine.errors import MoveRefused, StandingRefused
from tricorn.engine.lifecycle import State
from tricorn.engine.roles import Standing
from tricorn.journal.actor import Actor
from tricorn.standing.models import Duty
from tricorn.tickets.models import Ticket


def lock(ticket: Ticket) -> Ticket:
    """Return the ticket as it is now, held until the transaction ends.

    On SQLite the transaction itself is the lock; on PostgreSQL the row is.
    """
    return (
        Ticket.objects.select_for_update(of=("self",)).select_related("service").get(pk=ticket.pk)
    )


def lock_all(*tickets: Ticket) -> list[Ticket]:
    """Return several tickets as they are now, in the order given; locked always in one order."""
    ids = sorted({each.pk for each in tickets})
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("service")
    found = {each.pk: each for each in rows.filter(pk__in=ids).order_by("pk")}
    return [found[each.pk] for each in tickets]


def lock_with_survivor(ticket: Ticket) -> tuple[Ticket, Ticket]:
    """Return a ticket and the one in which it is handled: itself, unless it was merged.

    Errors  MoveRefused when it was merged or unmerged at this very moment.
    """
    survivor_id = Ticket.objects.values_list("survivor", flat=True).get(pk=ticket.pk)
    found, survivor = lock_all(ticket, Ticket(pk=survivor_id or ticket.pk))
    if found.survivor_id != survivor_id:
        raise MoveRefused(f"{found.ref} has just been moved. Look at it again, then send it again.")
    return found, survivor


def standing_of(by: Actor, ticket: Ticket, at: datetime) -> Standing:
    """Return how the actor stands to this ticket: own matter, duty for its service."""
    if by.is_program:
        return Standing(duties=frozenset({"system"}))
    if by.kind == "link":
        return Standing(own=by.id == ticket.pk)
    if not by.is_person:
        return Standing()
    return Standing(duties=duties_for(by.id, ticket, at), own=owns(by.id, ticket))


def owns(person_id: int | None, ticket: Ticket) -> bool:
    """Whether it is somebody's own matter, as `is_own` says it of many."""
    if ticket.is_with_reviewer:
        return Ticket.objects.own(person_id).filter(pk=ticket.pk).exists()
    own = {ticket.requester_id, ticket.affected_id}
    return person_id in (own if ticket.service.is_private else own | {ticket.reported_by_id})


def duties_for(person_id: int | None, ticket: Ticket, at: datetime) -> frozenset[str]:
    """Return the duties that open this ticket to somebody: none while it is with a reviewer."""
    if ticket.is_with_reviewer:
        return frozenset()
    held = Duty.objects.at(at).filter(person=person_id).filter(names(ticket.service))
    return frozenset(held.values_list("duty", flat=True))


def names(service: Service) -> Q:
    """The condition on a duty that it opens tickets of this service; a private one asks its name."""
    return Q(service=service) if service.is_private else Q(service=service) | Q(service=None)


def allow(ticket: Ticket, verb: str, *, by: Actor, at: datetime) -> Standing:
    """Return the actor's standing when it allows the verb.

    Errors  StandingRefused with a sentence that says whose deed it is.
    """
    standing = standing_of(by, ticket, at)
    ruling = roles.rule(standing, verb)
    if not ruling.allowed:
        raise StandingRefused(ruling.reason, verb=verb)
    return standing


def allow_services(services: Iterable[Service], verb: str, *, by: Actor, at: datetime) -> None:
    """Errors: StandingRefused unless the actor may do this for every one of the services."""
    for service in sorted(set(services), key=lambda each: each.pk):
        ruling = roles.rule(standing_for(by, service, at), verb)
        if not ruling.allowed:
            raise StandingRefused(ruling.reason, verb=verb)


def standing_for(by: Actor, service: Service, at: datetime) -> Standing:
    """Return how the actor stands to a service by duty; a private one asks for its name."""
    if by.is_program:
        return Standing(duties=frozenset({"system"}))
    if not by.is_person:
        return Standing()
    duties = Duty.objects.at(at).filter(person=by.id).filter(names(service))
    return Standing(duties=frozenset(duties.values_list("duty", flat=True)))


def move(ticket: Ticket, verb: str) -> None:
    """Take the ticket one step on; MoveRefused says what is possible instead."""
    ticket.state = lifecycle.step(State(ticket.state), verb).value
