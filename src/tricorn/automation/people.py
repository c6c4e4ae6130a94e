"""Who is meant: who serves now and is not away, who has the least on the table, who is to hear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, Q, QuerySet
from django.db.models.functions import Coalesce

from tricorn.automation.models import Turn
from tricorn.catalogue.models import Service
from tricorn.parties.models import Membership, Person
from tricorn.standing.models import Absence, Duty
from tricorn.tickets.models import Ticket
from tricorn.tickets.models.ticket import IsUnfinished


def _opening(service_id: int) -> Q:
    """Say which duties open a service: for a private one only those that name it."""
    is_shared = ~Exists(Service.objects.filter(pk=service_id, is_private=True))
    return Q(service=service_id) | (Q(service=None) & Q(is_shared))


def serving(service_id: int, at: datetime, team: int | None = None) -> QuerySet[Person]:
    """Return who works at the desk of a service (in a team, if one is named) and is not away."""
    duties = Duty.objects.at(at).filter(_opening(service_id), duty="desk")
    found = (
        Person.objects.filter(is_active=True, pk__in=duties.values("person"))
        .exclude(pk__in=Absence.objects.at(at).values("person"))
        .order_by("id")
    )
    if not team:
        return found
    members = Membership.objects.at(at).filter(organisation=team)
    return found.filter(pk__in=members.values("person"))


def least_loaded(service_id: int, at: datetime, team: int | None = None) -> Person | None:
    """Return who of them has the fewest unfinished tickets. Nobody is shown how many anybody has."""
    people = list(serving(service_id, at, team))
    held = dict(
        Ticket.objects.filter(IsUnfinished(F("state")), assignee__in=people, held_for="")
        .order_by()
        .values_list("assignee")
        .annotate(n=Count("pk"))
    )
    return min(people, key=lambda each: (held.get(each.pk, 0), each.pk), default=None)


def next_in_turn(service_id: int, at: datetime, team: int | None = None) -> Person | None:
    """Return who comes after the last one, round and round, and remember it.

    Inside the caller's transaction, which the row keeps in order.
    """
    Turn.objects.get_or_create(service_id=service_id, team_id=team)
    turn = Turn.objects.select_for_update().get(service=service_id, team=team)
    people = list(serving(service_id, at, team))
    behind = [each for each in people if each.pk > (turn.last_id or 0)]
    chosen = next(iter(behind or people), None)
    if chosen is not None:
        turn.last = chosen
        turn.save(update_fields=["last"])
    return chosen


def managers(service_id: int, at: datetime) -> list[int]:
    """Return who manages a service: its own managers, else those of everything."""
    duties = list(
        Duty.objects.at(at)
        .filter(_opening(service_id), duty="manage", person__is_active=True)
        .values_list("person", "service")
    )
    own = {person for person, service in duties if service == service_id}
    return sorted(own or {person for person, _ in duties})


def whom(ticket: Ticket, sort: str, at: datetime, person: int = 0) -> list[int]:
    """Return the ids of who is meant: assignee, team, manager, or one person.

    A ticket that nobody has is the whole team's; one without a team is everybody's who serves.
    """
    if sort == "person":
        merged = Person.objects.filter(pk=person).values(now=Coalesce("merged_into", "pk"))
        return list(
            Person.objects.filter(pk__in=merged, is_active=True).values_list("pk", flat=True)
        )
    if sort == "manager":
        return managers(ticket.service_id, at)
    if sort == "assignee" and ticket.assignee_id:
        return [ticket.assignee_id]
    there = serving(ticket.service_id, at, ticket.team_id).values_list("pk", flat=True)
    return list(there) or list(serving(ticket.service_id, at).values_list("pk", flat=True))


def names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people by their ids: one query."""
    return dict(Person.objects.filter(pk__in=set(ids)).values_list("pk", "name"))
