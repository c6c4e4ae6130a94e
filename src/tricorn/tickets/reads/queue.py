"""The queue as the desk reads it: a page of rows by due, counts on the tabs, what is held.

Page by page along the index, never by counting rows from the start, so the last page costs what
the first does.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet

from tricorn.agreements.models.versions import Unindexed
from tricorn.catalogue.models import Service
from tricorn.engine.roles import Scheme
from tricorn.prepared import Prepared
from tricorn.standing.portrait import portraits
from tricorn.tickets.models import (
    ENDED_STATES,
    Message,
    Ticket,
    TicketQuerySet,
)
from tricorn.tickets.reads.agent import Agent, put_away
from tricorn.tickets.reads.asked import Asked, asked
from tricorn.tickets.reads.counts import Counts, counts
from tricorn.tickets.reads.fields import Reader
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.marks import marks_of
from tricorn.tickets.reads.who import highest_labels

ROWS = 40
CURSOR = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = (
    *(
        "id",
        "summary",
        "kind",
        "state",
        "priority",
        "waiting_on",
        "queue_at",
        "due_at",
        "breach_at",
    ),
    *("reported_at", "affected", "affected__name", "service", "service__name", "assignee__name"),
)


@dataclass(frozen=True)
class Row:
    """One ticket in the queue. `who` is "" for somebody without a name."""

    ref: str
    summary: str
    kind: str
    state: str
    priority: str
    waiting_on: str
    due_at: datetime | None
    breach_at: datetime | None
    reported_at: datetime
    who: str
    role: str
    service: str
    assignee: str
    cursor: str
    tags: tuple[str, ...] = ()
    reminder: str | None = None


@dataclass(frozen=True)
class Page:
    """A page of the queue: its rows, and where it goes on in either direction ("" for nowhere).

    problems   what was typed into the box and not understood, in sentences.
    is_capped  more tickets have the words than were looked through.
    """

    rows: tuple[Row, ...]
    counts: Counts
    before: str
    after: str
    problems: tuple[str, ...] = ()
    is_capped: bool = False
    newest_first: bool = False


def page(
    agent: Agent,
    filters: Filters,
    *,
    at: datetime,
    scheme: Scheme,
    zone: str = "UTC",
    after: str = "",
    before: str = "",
) -> Page:
    """Return the page behind (or before) a cursor, the first without: 10 queries for any page.

    One more where words were typed and the end is reached: whether more tickets have them.
    """
    meant = asked(filters.text, reader_of(agent, at, zone))
    newest_first = is_newest_first(filters, meant)
    after, before = (text if CURSOR.fullmatch(text) else "" for text in (after, before))
    if filters.text:
        found = matching(agent, filters, meant, at)
        tickets = list(_slice(found, after, before, newest_first))
    else:
        tickets = _plain(agent, filters, at, after, before)
    is_more = len(tickets) > ROWS
    tickets = tickets[:ROWS]
    if before:
        tickets.reverse()
    rows = rows_of(tickets, at=at, scheme=scheme, newest_first=newest_first, reader=agent.person_id)
    has_before = is_more if before else bool(after)
    has_after = bool(before) or is_more
    return Page(
        rows=rows,
        counts=counts(agent, at),
        before=rows[0].cursor if rows and has_before else "",
        after=rows[-1].cursor if rows and has_after else "",
        problems=meant.problems,
        is_capped=not has_after and meant.is_capped(among_unfinished=not newest_first),
        newest_first=newest_first,
    )


def reader_of(agent: Agent, at: datetime, zone: str) -> Reader:
    """Return who asks, as the fields of the box read them."""
    return Reader(agent.person_id, agent.teams, at, zone)


def matching(agent: Agent, filters: Filters, meant: Asked, at: datetime) -> TicketQuerySet:
    """Return the tickets that a view of the queue shows to this agent, in no order yet."""
    served = Ticket.objects.of_services(agent.services).alias(of_service=Unindexed(F("service")))
    if meant.reaches_done:
        found = served.filter(held_for="")
    elif filters.tab == "done":
        found = served.filter(state__in=ENDED_STATES, held_for="")
    else:
        found = served.queued()
    if filters.tab == "mine":
        found = found.filter(assignee=agent.person_id).exclude(pk__in=put_away(agent, at))
    elif filters.tab == "team":
        found = found.filter(team__in=agent.teams)
    elif filters.tab == "unassigned":
        found = found.filter(assignee=None)
    elif filters.tab == "waiting":
        found = found.filter(state="waiting")
    if filters.late:
        found = found.filter(breach_at__lt=at)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.priority:
        found = found.filter(priority=filters.priority)
    if filters.service:
        named = Service.objects.filter(slug=filters.service).values("pk")
        found = found.filter(of_service__in=named)
    return meant.narrow(found, among_unfinished=not is_newest_first(filters, meant))


def is_newest_first(filters: Filters, meant: Asked) -> bool:
    """Finished matters are not due any more: where they are shown, the newest stands on top."""
    return filters.tab == "done" or meant.reaches_done


BY_SOURCE = Prepared(
    lambda source: (
        Ticket.objects.filter(source_id__in=source).exclude(source_id="").order_by("id")[:50]
    ),
    texts=["source"],
)


def exactly(agent: Agent, text: str) -> Ticket | None:
    """Return the one ticket, finished or not, that is called T-2041, or so by its source."""
    served = Ticket.objects.of_services(agent.services)
    if re.fullmatch(r"[Tt]-\d{1,15}", text, re.ASCII):
        return served.with_ref(text).first()
    if not text:
        return None
    found = [each for each in BY_SOURCE.objects(source=text) if agent.serves(each)]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class _View:
    """What the text of a query depends on where nothing was typed into the box."""

    filters: Filters
    is_all: bool
    is_after: bool
    is_before: bool

    def make(
        self,
        person: list[int],
        services: list[int],
        teams: list[int],
        number: list[int],
        slug: list[str],
        at: datetime,
        moment: datetime,
    ) -> QuerySet[Ticket, Any]:
        agent = Agent(person[0], None if self.is_all else frozenset(services), tuple(teams))
        filters = replace(self.filters, service=slug[0] if self.filters.service else "")
        found = matching(agent, filters, Asked(), at)
        newest_first = is_newest_first(filters, Asked())
        point = (moment, number[0]) if self.is_after or self.is_before else None
        return _sliced(found, point, self.is_before, newest_first).values_list(*COLUMNS)


@cache
def _prepared(view: _View) -> Prepared:
    lists = ("person", "services", "teams", "number")
    return Prepared(view.make, *lists, texts=["slug"], moments=("at", "moment"))


def _plain(
    agent: Agent, filters: Filters, at: datetime, after: str, before: str
) -> list[dict[str, Any]]:
    """Return a view's rows by a query that is made once for each choice of filters."""
    # Of the service only that there is one is part of the text: there are as many as there are.
    shape = replace(filters, service="x" if filters.service else "")
    view = _View(shape, agent.services is None, bool(after), bool(before))
    moment, number = _point(after or before)
    rows = _prepared(view).rows(
        at,
        person=agent.person_id,
        services=agent.services,
        teams=agent.teams,
        number=number,
        slug=filters.service,
        moment=moment,
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _slice(
    found: TicketQuerySet, after: str, before: str, newest_first: bool
) -> QuerySet[Ticket, dict[str, Any]]:
    """Return one row more than a page holds, walking on from a cursor, backwards from `before`."""
    point = _point(after or before) if after or before else None
    return _sliced(found, point, bool(before), newest_first).values(*COLUMNS)


def _sliced(
    found: TicketQuerySet, point: tuple[datetime, int] | None, is_before: bool, newest_first: bool
) -> TicketQuerySet:
    is_down = newest_first != is_before
    if point:
        moment, number = point
        found = found.filter(_behind(moment, number, is_down, newest_first))
        if not newest_first:
            near = {"queue_at__lte": moment} if is_down else {"queue_at__gte": moment}
            found = found.filter(**near)
    sign = "-" if is_down else ""
    order = [f"{sign}id"] if newest_first else [f"{sign}queue_at", f"{sign}id"]
    return found.order_by(*order)[: ROWS + 1]


def _behind(moment: datetime, number: int, is_down: bool, newest_first: bool) -> Q:
    if newest_first:
        return Q(pk__lt=number) if is_down else Q(pk__gt=number)
    if is_down:
        return Q(queue_at__lt=moment) | Q(pk__lt=number)
    return Q(queue_at__gt=moment) | Q(pk__gt=number)


def _point(cursor: str) -> tuple[datetime, int]:
    match = CURSOR.fullmatch(cursor)
    if match is None:
        return BEGINNING, 0
    try:
        moment = BEGINNING + timedelta(microseconds=int(match[1]))
    except OverflowError:
        moment = BEGINNING
    return moment, int(match[2])


def rows_of(
    tickets: Collection[dict[str, Any]],
    *,
    at: datetime,
    scheme: Scheme,
    newest_first: bool,
    reader: int = 0,
) -> tuple[Row, ...]:
    """Return tickets as rows; roles, tags and the reader's reminders are read for all at once."""
    pairs = {(t["affected"], t["service"]) for t in tickets if t["affected"] is not None}
    known = portraits([person for person, _ in pairs], at)
    roles = highest_labels(pairs, known, scheme)
    numbers = [ticket["id"] for ticket in tickets]
    marks = marks_of(numbers, reader, at)
    return tuple(
        _row(ticket, roles, newest_first, *marks.get(ticket["id"], ((), None)))
        for ticket in tickets
    )


def _row(
    ticket: dict[str, Any],
    roles: dict[tuple[int, int], str],
    newest_first: bool,
    tags: tuple[str, ...],
    reminder: str | None,
) -> Row:
    since = 0 if newest_first else (ticket["queue_at"] - BEGINNING) // timedelta(microseconds=1)
    return Row(
        ref=f"T-{ticket['id']}",
        summary=ticket["summary"],
        kind=ticket["kind"],
        state=ticket["state"],
        priority=ticket["priority"],
        waiting_on=ticket["waiting_on"],
        due_at=ticket["due_at"],
        breach_at=ticket["breach_at"],
        reported_at=ticket["reported_at"],
        who=ticket["affected__name"] or "",
        role=roles.get((ticket["affected"], ticket["service"]), ""),
        service=ticket["service__name"],
        assignee=ticket["assignee__name"] or "",
        cursor=f"{since}-{ticket['id']}",
        tags=tuple(sorted(tags, key=str.casefold)),
        reminder=reminder,
    )


SERVICES = Prepared(lambda: Service.objects.order_by("name"))


def services(agent: Agent) -> list[Service]:
    """Return the services whose tickets this agent sees."""
    found = SERVICES.objects()
    return [each for each in found if agent.services is None or each.pk in agent.services]


@dataclass(frozen=True)
class HeldReport:
    """A report that waits for somebody to look at it."""

    ref: str
    text: str
    held_for: str
    service: str
    place: str
    who: str
    reported_at: datetime


def held(agent: Agent) -> tuple[HeldReport, ...]:
    """Return the oldest held reports with what they say: two queries."""
    tickets = list(
        Ticket.objects.held()
        .unfinished()
        .of_services(agent.services)
        .select_related("service", "place", "requester")
        .order_by("id")[:ROWS]
    )
    texts: dict[int, str] = {}
    for message in Message.objects.filter(ticket__in=[t.pk for t in tickets]).order_by("-id"):
        texts[message.ticket_id] = message.text
    return tuple(
        HeldReport(
            ref=ticket.ref,
            text=texts.get(ticket.pk, ticket.summary)[:2000],
            held_for=ticket.held_for,
            service=ticket.service.name,
            place=ticket.place.name if ticket.place else "",
            who=ticket.requester.name if ticket.requester else "",
            reported_at=ticket.reported_at,
        )
        for ticket in tickets
    )


def served_ticket(agent: Agent, ref: str) -> TicketQuerySet:
    """Return the ticket of that name, if this agent serves it: being its requester is not enough.

    Whose own matter it is sees it at My services, without the notes of the desk.
    """
    return Ticket.objects.of_services(agent.services).with_ref(ref)
