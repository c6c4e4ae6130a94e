"""Views of the queue: one's own and those shared with one's desk, each with how many fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from tricorn.prepared import ByServices
from tricorn.standing.models import Duty
from tricorn.tickets.models import SavedFilter
from tricorn.tickets.reads.asked import asked
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.queue import Agent, matching, reader_of

# Further than that nobody counts: "99+".
MOST_COUNTED = 100
MOST_SHOWN = 60


@dataclass(frozen=True)
class View:
    """A view as its reader sees it. `count` is None before it was counted."""

    saved: SavedFilter
    is_own: bool
    may_change: bool
    count: int | None = None

    @property
    def counted(self) -> str:
        if self.count is None:
            return ""
        return f"{MOST_COUNTED - 1}+" if self.count >= MOST_COUNTED else str(self.count)


def _seen(person: list[int], services: list[int] | None) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.seen_by(person[0], services)[:MOST_SHOWN]


def _seen_with_whose(person: list[int], services: list[int] | None) -> QuerySet[SavedFilter]:
    found = SavedFilter.objects.seen_by(person[0], services)
    return found.select_related("person", "service")[:MOST_SHOWN]


SEEN = ByServices(_seen, "person")
SEEN_WITH_WHOSE = ByServices(_seen_with_whose, "person")


def views(agent: Agent, at: datetime, *, with_whose: bool = False) -> tuple[View, ...]:
    """Return what this agent may look at, own ones first: one query, two with whose they are."""
    managed: set[int | None] = set()
    if with_whose:
        duties = Duty.objects.at(at).filter(person=agent.person_id, duty="manage")
        managed = set(duties.values_list("service", flat=True))
    seen = (SEEN_WITH_WHOSE if with_whose else SEEN).of(agent.services)
    found: list[SavedFilter] = seen.objects(person=agent.person_id, services=agent.services)
    rows = sorted(found, key=lambda each: each.person_id != agent.person_id)
    return tuple(
        View(
            saved=each,
            is_own=each.person_id == agent.person_id,
            may_change=each.person_id == agent.person_id
            or None in managed
            or each.service_id in managed,
        )
        for each in rows
    )


def counted(agent: Agent, shown: Sequence[View], *, at: datetime, zone: str) -> tuple[View, ...]:
    """Return the views with how many tickets fit each, counted to MOST_COUNTED: one query for all."""
    parts: list[str] = []
    params: list[Any] = []
    numbers: list[int] = []
    for number, view in enumerate(shown):
        filters = Filters.from_query(QueryDict(view.saved.query))
        meant = asked(filters.text, reader_of(agent, at, zone))
        some = matching(agent, filters, meant, at).order_by().values("pk")[:MOST_COUNTED]
        try:
            sql, values = some.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) fitting)")  # noqa: S608 - our own text
        params += values
        numbers.append(number)
    counts = dict.fromkeys(range(len(shown)), 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", params)
            counts |= dict(zip(numbers, cursor.fetchone(), strict=True))
    return tuple(
        View(view.saved, view.is_own, view.may_change, counts[number])
        for number, view in enumerate(shown)
    )
