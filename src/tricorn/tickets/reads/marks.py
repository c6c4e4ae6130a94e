"""What stands beside the rows of a page of tickets: their tags, what one is reminded of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Value

from tricorn.prepared import Prepared
from tricorn.tickets.models import Reminder, TicketTag


def marks_of(
    tickets: Collection[int], person_id: int, at: datetime
) -> dict[int, tuple[tuple[str, ...], str | None]]:
    """Return for each of these tickets its tags, and what this person is reminded of now.

    One query for both; a reminder without a note is "", none is None.
    """
    both = MARKS.rows(at, tickets=tickets, person=person_id) if tickets else []
    found: dict[int, tuple[tuple[str, ...], str | None]] = {}
    for ticket, words, sort in both:
        names, reminder = found.get(ticket, ((), None))
        found[ticket] = (names, words) if sort else ((*names, words), reminder)
    return found


def _marks(tickets: list[int], person: list[int], at: datetime) -> QuerySet[TicketTag, Any]:
    tags = TicketTag.objects.filter(ticket__in=tickets).order_by()
    due = Reminder.objects.filter(
        ticket__in=tickets, person__in=person, done_at__isnull=True, due_at__lte=at
    )
    both = tags.annotate(sort=Value(0)).values_list("ticket_id", "tag__name", "sort")
    return both.union(
        due.annotate(sort=Value(1)).values_list("ticket_id", "note", "sort"), all=True
    )


MARKS = Prepared(_marks, "tickets", "person")
