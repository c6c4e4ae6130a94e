"""Who reads a complaint that names somebody of us: of its service first, then of the house."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from tricorn.parties.models import Person
from tricorn.prepared import Prepared
from tricorn.standing.models import Absence
from tricorn.tickets.models import Hearing, Inquiry, Reviewer, Ticket


def next_reviewer(
    ticket: Ticket, named: Collection[int], at: datetime, *, wished: Person | None = None
) -> Person | None:
    """Return the first who may read it: not named, no part of it, there, and able to sign in.

    For each reviewer who may not, their deputy. Who is away is asked where nobody else is there.
    With `wished`, nobody but them. Two queries.
    """
    part = {ticket.requester_id, ticket.affected_id, ticket.reported_by_id} | set(named)
    rows = list(
        Reviewer.objects.at(at)
        .filter(service=None)
        .select_related("person", "deputy")
        .order_by("id")
    )
    of_service = Reviewer.objects.at(at).filter(service=ticket.service_id)
    rows = [*of_service.select_related("person", "deputy").order_by("id"), *rows]
    away = set(Absence.objects.at(at).values_list("person", flat=True))
    able = [
        each
        for row in rows
        for each in (row.person, row.deputy)
        if each is not None and each.is_active and each.pk not in part
    ]
    if wished is not None:
        return next((each for each in able if each.pk == wished.pk), None)
    return next((each for each in able if each.pk not in away), able[0] if able else None)


ANY = Prepared(
    lambda at: Reviewer.objects.at(at).filter(person__is_active=True).values_list("pk")[:1]
)


def is_reviewed(at: datetime) -> bool:
    """Whether anybody reads complaints that name somebody: else no form asks for them."""
    return bool(ANY.rows(at))


def is_reviewer(person_id: int, at: datetime) -> bool:
    """Whether somebody reads complaints, or stands in for who does. One query."""
    either = Q(person=person_id) | Q(deputy=person_id)
    return Reviewer.objects.at(at).filter(either).exists()


def is_concerned(person_id: int, at: datetime) -> bool:
    """Whether somebody reviews complaints, or is asked about one. At most three queries."""
    return (
        Reviewer.objects.at(at).filter(person=person_id).exists()
        or Inquiry.objects.read_by(person_id, at).exists()
        or Hearing.objects.filter(person=person_id).exists()
    )
