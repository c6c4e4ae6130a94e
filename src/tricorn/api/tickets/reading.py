"""Reading tickets: the list with its filters, one, what was said, its clocks explained."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import BIGGEST, Line, Moment, Ref, Slug, Told
from tricorn.api.pages import Paged, leaf, leaf_by_change
from tricorn.api.reader import Reader
from tricorn.api.tickets.asking import meant_by
from tricorn.api.tickets.told import (
    RELATED,
    ClockRow,
    Kind,
    Priority,
    SaidPage,
    State,
    TicketOne,
    TicketPage,
    Waited,
    facts,
    rows,
    said,
)
from tricorn.engine.errors import StandingRefused
from tricorn.engine.lifecycle import Side, possible
from tricorn.engine.lifecycle import State as Stands
from tricorn.engine.questions import read
from tricorn.tickets.models import Message, Ticket, TicketQuerySet
from tricorn.tickets.reads.explained import clocks_shown
from tricorn.tickets.reads.queue import served_ticket
from tricorn.tickets.reads.ticket import moves_of

router = Router(tags=["tickets"])
MESSAGES = 100
Whom = Annotated[
    str,
    Field(
        pattern=r"^(me|nobody|[1-9][0-9]{0,17})$",
        description="A person's number, `me`, or `nobody`.",
        examples=["me"],
    ),
]


class Filters(Paged):
    """What to leave out of the list. Assignee, priority and late are the desk's alone."""

    state: list[State] = Field([], max_length=6, description="Any of these states.")
    service: Slug | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    assignee: Whom | None = None
    requester: Whom | None = None
    late: bool | None = Field(None, description="True: past the last instant of a promise.")
    changed_since: Moment | None = None
    reported_since: Moment | None = None
    reported_before: Moment | None = None
    q: Annotated[
        str,
        Line(200, "is:open service:mail due:<2h from:cleo slow"),
        Field(description="As in the box of the queue: words, phrases, and at the desk fields."),
    ] = ""
    order: Literal["newest", "oldest"] | None = Field(
        None,
        description="By number, the newest first; with `changed_since` by change, the oldest first.",
    )


@serve(router, "GET", "/tickets", gives=TicketPage, scope="tickets:read")
def list_tickets(request: HttpRequest, filters: Query[Filters]) -> TicketPage:
    """Tickets that you may know of: your own, and those of the services you work for."""
    reader = reader_of(request)
    found = _filtered(reader, filters).select_related(*RELATED)
    if filters.changed_since:
        shown, after = leaf_by_change(found, filters, is_down=filters.order == "newest")
    else:
        shown, after = leaf(found, filters, is_down=filters.order != "oldest")
    served = reader.served_among([each.pk for each in shown])
    return TicketPage(items=rows(shown, served, reader.at), next=after)


def reader_of(request: HttpRequest) -> Reader:
    return cast(Reader, cast(Any, request).auth)


def _filtered(reader: Reader, filters: Filters) -> TicketQuerySet:
    # By what only the desk reads, only the desk may choose: else the answer would tell it.
    is_desks = filters.assignee or filters.priority or filters.late is not None
    if filters.q.strip():
        found = meant_by(filters.q, reader)
    elif is_desks:
        found = reader.served().filter(held_for="")
    else:
        found = reader.tickets()
    if filters.state:
        found = found.filter(state__in=filters.state)
    if filters.service:
        found = found.filter(service__slug=filters.service)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.priority:
        found = found.filter(priority=filters.priority)
    if filters.assignee:
        found = found.filter(assignee=_whom(filters.assignee, reader))
    if filters.requester:
        found = found.filter(requester=_whom(filters.requester, reader))
    if filters.late is True:
        found = found.late(reader.at)
    elif filters.late is False:
        found = found.exclude(Q(breach_at__lt=reader.at, state__in=["new", "open", "waiting"]))
    if filters.changed_since:
        found = found.filter(changed_at__gte=filters.changed_since)
    if filters.reported_since:
        found = found.filter(reported_at__gte=filters.reported_since)
    if filters.reported_before:
        found = found.filter(reported_at__lt=filters.reported_before)
    return found


def _whom(typed: str, reader: Reader) -> int | None:
    if typed == "nobody":
        return None
    return reader.person.pk if typed == "me" else min(int(typed), BIGGEST)


def found_ticket(reader: Reader, ref: str) -> tuple[Ticket, bool]:
    """Return the ticket of that name and whether they read it as the desk does; 404 else."""
    if reader.agent is not None:
        served = served_ticket(reader.agent, ref).served_by(reader.person.pk)
        if ticket := served.select_related(*RELATED).first():
            return ticket, True
    own = reader.own().with_ref(ref).select_related(*RELATED).first()
    if own is None:
        raise Http404("No such ticket.")
    return own, False


@serve(router, "GET", "/tickets/{ref}", gives=TicketOne, scope="tickets:read", is_one=True)
def read_ticket(request: HttpRequest, ref: Ref) -> TicketOne:
    """One ticket with its conversation; for the desk with notes, waits and clocks."""
    reader = reader_of(request)
    ticket, is_served = found_ticket(reader, ref)
    newest = list(_messages(ticket, is_served).order_by("-at", "-id")[: MESSAGES + 1])
    moves = moves_of(ticket) if is_served else possible(Stands(ticket.state), Side.OWN)
    return TicketOne(
        **facts(ticket, is_served, reader.at),
        moves=[move.verb for move in moves],
        messages=said(newest[:MESSAGES][::-1]),
        has_more_messages=len(newest) > MESSAGES,
        fields=ticket.fields if is_served else _own_fields(ticket),
        waits=_waits(ticket) if is_served else [],
        clocks=_clocks(ticket) if is_served else [],
    )


def _own_fields(ticket: Ticket) -> dict[str, Any]:
    asked = read(ticket.service.questions)
    keys = [each.key for each in asked if not each.is_desk_only and each.key in ticket.fields]
    return {key: ticket.fields[key] for key in keys}


def _messages(ticket: Ticket, is_served: bool) -> QuerySet[Message]:
    found = Message.objects.standing().filter(ticket=ticket).select_related("author")
    return found if is_served else found.filter(is_public=True)


def _waits(ticket: Ticket) -> list[Waited]:
    return [
        Waited.model_validate(
            {
                "holder": each.holder or None,
                "started_at": each.started_at,
                "ended_at": each.ended_at,
            }
        )
        for each in ticket.waits.all()
    ]


def _clocks(ticket: Ticket) -> list[ClockRow]:
    clocks = ticket.clocks.select_related("clause__version__agreement").order_by("id")
    return [
        ClockRow.model_validate(
            {
                "measure": each.measure,
                "agreement": each.clause.version.agreement.ref if each.clause else None,
                "version": each.clause.version.number if each.clause else None,
                "clause": each.clause.name if each.clause else None,
                "started_at": each.started_at,
                "stopped_at": each.stopped_at,
                "due_at": each.due_at,
                "breach_at": each.breach_at,
                "is_met": each.is_met,
                "paused_by": each.paused_by or None,
                "elapsed_seconds": each.elapsed_seconds,
                "explained": f"/api/v1/tickets/{ticket.ref}/clocks",
            }
        )
        for each in clocks
    ]


@serve(router, "GET", "/tickets/{ref}/messages", gives=SaidPage, scope="tickets:read")
def list_messages(request: HttpRequest, ref: Ref, paged: Query[Paged]) -> SaidPage:
    """Everything that was said on a ticket, the oldest first; notes for the desk alone."""
    reader = reader_of(request)
    ticket, is_served = found_ticket(reader, ref)
    shown, after = leaf(_messages(ticket, is_served), paged)
    return SaidPage(items=said(shown), next=after)


class Stretch(Told):
    """A stretch of service time that counted."""

    start: datetime
    end: datetime


class ClockOne(Told):
    """A promise as it stands at this moment, with how it comes to be so."""

    measure: Literal["closing", "first_response", "resolution"]
    agreement: str | None
    version: int | None
    clause: str | None
    target: str = Field(examples=["8h"])
    started_at: datetime
    stopped_at: datetime | None
    paused_by: str
    due_at: datetime | None
    elapsed_seconds: int
    closed_seconds: int = Field(description="Time waited outside service hours.")
    is_late: bool
    counted: list[Stretch] = Field(description="The newest 100 stretches that counted.")
    sentences: list[str] = Field(description="How it comes to be so, for people.")


class Clocks(Told):
    """Every clock of a ticket."""

    items: list[ClockOne]


@serve(router, "GET", "/tickets/{ref}/clocks", gives=Clocks, scope="tickets:read")
def explain_clocks(request: HttpRequest, ref: Ref) -> Clocks:
    """Every clock of a ticket at this moment, explained to the second; for the desk."""
    reader = reader_of(request)
    ticket, is_served = found_ticket(reader, ref)
    if not is_served:
        raise StandingRefused("Only the desk of this service reads how its clocks run.")
    return Clocks(
        items=[
            ClockOne.model_validate(
                {
                    "measure": each.measure,
                    "agreement": each.agreement,
                    "version": each.version,
                    "clause": each.clause,
                    "target": each.target,
                    "started_at": each.started_at,
                    "stopped_at": each.stopped_at,
                    "paused_by": each.paused_by,
                    "due_at": each.due_at,
                    "elapsed_seconds": each.elapsed_seconds,
                    "closed_seconds": each.closed_seconds,
                    "is_late": each.breached,
                    "counted": [{"start": s.start, "end": s.end} for s in each.counted[-100:]],
                    "sentences": list(each.sentences),
                }
            )
            for each in clocks_shown(ticket, at=reader.at)
        ]
    )
