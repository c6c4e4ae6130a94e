"""What a person was told, and how they wish to be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Value, When

from tricorn.journal.actor import Actor
from tricorn.journal.models import Line
from tricorn.notices.abouts import ABOUTS, About, Said, happened
from tricorn.notices.models import Notice, Preference
from tricorn.prepared import Prepared
from tricorn.tickets.models import Ticket

PER_PAGE = 25
MOST_COUNTED = 100


@dataclass(frozen=True)
class Told:
    """One notice in words. No `ref` when the ticket is not theirs to see any more."""

    number: int
    said: Said
    at: datetime
    is_read: bool
    ref: str = ""
    summary: str = ""
    capacity: str = ""
    is_review: bool = False
    # With a reviewer: no letter says what it is about.
    is_private: bool = False


# Every page asks this.
UNREAD = Prepared(
    lambda people, at: (
        Notice.objects.filter(person__in=people, read_at__isnull=True, made_at__lte=at)
        .order_by()
        .values_list("pk")[:MOST_COUNTED]
    ),
    "people",
)


def unread(person_id: int, at: datetime) -> int:
    """Return how many are unread at this moment, at most a hundred. One query."""
    return len(UNREAD.rows(at, people=[person_id]))


def page_of(actor: Actor, number: str | None) -> tuple[Page[Notice], list[Told]]:
    """Return a page of somebody's notices, unread first: three queries."""
    is_read = Case(
        When(read_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    mine = Notice.objects.filter(person=actor.id).select_related("line")
    page = Paginator(mine.order_by(is_read, "-id"), PER_PAGE).get_page(number)
    return page, told(list(page.object_list), actor)


def told(notices: Collection[Notice], actor: Actor) -> list[Told]:
    """Put notices into words; of a ticket only what its reader may see now. One query."""
    ids = [each.ticket_id for each in notices if each.ticket_id]
    visible = {each.pk: each for each in Ticket.objects.visible_to(actor).filter(pk__in=ids)}
    found = []
    for each in notices:
        ticket = visible.get(each.ticket_id or 0)
        words = happened(each.about, each.line.kind)
        found.append(
            Told(
                each.pk,
                words,
                each.made_at,
                each.read_at is not None,
                ticket.ref if ticket else "",
                ticket.summary if ticket else "",
                each.capacity,
                each.about == "review",
                ticket is not None and ticket.is_with_reviewer,
            )
        )
    return found


OF_LINE = Prepared(
    lambda lines, at: Notice.objects.filter(line__in=lines).select_related("person").order_by("pk"),
    "lines",
)


def of_line(line: Line) -> list[Notice]:
    """Return everybody who was told of a line, as notices. One query."""
    return OF_LINE.objects(lines=[line.pk])


def chosen_by(person_ids: Collection[int]) -> dict[tuple[int, str, str], str]:
    """Return what people chose, by person, capacity and about. One query."""
    rows = Preference.objects.filter(person__in=person_ids)
    return {
        (person, capacity, about): how
        for person, capacity, about, how in rows.values_list("person", "capacity", "about", "how")
    }


def ways_of(person_id: int, capacities: Collection[str]) -> list[tuple[About, str]]:
    """Return everything somebody may be told in these capacities, and how they are now."""
    chosen = chosen_by([person_id])
    return [
        (each, chosen.get((person_id, each.capacity, each.code), each.how))
        for each in ABOUTS
        if each.capacity in capacities
    ]


def how_of(person_id: int, capacity: str, code: str) -> str:
    """Return how somebody is told of one thing. One query."""
    return next(how for each, how in ways_of(person_id, [capacity]) if each.code == code)
