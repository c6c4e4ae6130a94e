"""A ticket as the API tells it: what everybody reads whose matter it is, and what the desk does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from tricorn.api.fields import Told
from tricorn.parties.models import Organisation, Person
from tricorn.tickets.models import Message, Ticket

Kind = Literal["complaint", "incident", "praise", "question", "request", "wish"]
State = Literal["cancelled", "closed", "merged", "new", "open", "resolved", "waiting"]
Priority = Literal["critical", "high", "low", "moderate"]
Holder = Literal["client", "customer", "provider", "supplier", "user"]
RELATED = (
    *("service", "place", "requester", "affected", "reported_by"),
    *("organisation", "assignee", "team", "rating"),
)


class Named(Told):
    """Somebody, or something, by number and name."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Cleo"])


class DeskFacts(Told):
    """What only the desk reads. `breach_at` is the last instant at which the promise is kept."""

    priority: Priority
    computed_priority: Priority
    impact: int
    urgency: int
    assignee: Named | None
    team: Named | None
    organisation: Named | None
    reported_by: Named | None
    contact_email: str
    affected_count: int
    minutes_spent: int
    breach_at: datetime | None
    is_late: bool
    source: str
    source_id: str


class TicketRow(Told):
    """A ticket in a list. `desk` is null where it is your own matter and not your work."""

    ref: str = Field(examples=["T-2041"])
    summary: str = Field(examples=["Mail is slow since Monday"])
    kind: Kind
    state: State
    waiting_on: Holder | None = Field(description="Who holds it up, while it waits.")
    service: str = Field(description="The short name of the service.", examples=["mail"])
    place: str | None = Field(description="The short name of the place.")
    requester: Named | None
    affected: Named | None
    began_at: datetime
    reported_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    due_at: datetime | None = Field(description="By when the next of its promises is due.")
    covered_by: str = Field(description="The agreement it runs by, in words; empty: the house's.")
    score: int | None = Field(description="How it was, from 1 to 5, once somebody said so.")
    channel: str
    desk: DeskFacts | None


class Said(Told):
    """Something said on a ticket. A note is for the desk alone."""

    id: int
    voice: Literal["theirs", "ours", "note"]
    who: Named | None = Field(description="Nobody where it came without a name.")
    at: datetime
    text: str
    channel: str


class Waited(Told):
    """A stretch in which somebody held it up; null holder: between its end and its reopening."""

    holder: Holder | None
    started_at: datetime
    ended_at: datetime | None


class ClockRow(Told):
    """A promise as it stands since the last change; `explained` says how it comes to be so."""

    measure: Literal["closing", "first_response", "resolution"]
    agreement: str | None = Field(description="Null: the promise of the house.")
    version: int | None
    clause: str | None
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    breach_at: datetime | None
    is_met: bool | None = Field(description="Null while it runs, or when it was cancelled.")
    paused_by: Holder | None
    elapsed_seconds: int = Field(description="Service time up to the last change.")
    explained: str = Field(examples=["/api/v1/tickets/T-2041/clocks"])


class TicketOne(TicketRow):
    """One ticket. `clocks` and `waits` are empty where it is your own matter and not your work."""

    moves: list[str] = Field(description="The verbs that its state allows.", examples=[["close"]])
    messages: list[Said] = Field(description="The newest 100, the oldest of them first.")
    has_more_messages: bool
    fields: dict[str, str | bool | int | float] = Field(
        description="What was answered, by the keys of the service's questions.",
        examples=[{"4-2": "Room 5"}],
    )
    waits: list[Waited]
    clocks: list[ClockRow]


class TicketPage(Told):
    """A page of tickets; `next` is the cursor of the page behind it, null on the last."""

    items: list[TicketRow]
    next: str | None


class SaidPage(Told):
    """A page of what was said; `next` is the cursor of the page behind it, null on the last."""

    items: list[Said]
    next: str | None


def named(row: Person | Organisation | None) -> Named | None:
    return Named(id=row.pk, name=row.name) if row is not None else None


def rows(tickets: Iterable[Ticket], served: set[int], at: datetime) -> list[TicketRow]:
    return [TicketRow(**facts(each, each.pk in served, at)) for each in tickets]


def facts(ticket: Ticket, is_served: bool, at: datetime) -> dict[str, Any]:
    """Return what a row of this ticket tells; `is_served`: to the desk."""
    rating = getattr(ticket, "rating", None)
    return {
        "ref": ticket.ref,
        "summary": ticket.summary,
        "kind": ticket.kind,
        "state": ticket.state,
        "waiting_on": ticket.waiting_on or None,
        "service": ticket.service.slug,
        "place": ticket.place.slug if ticket.place else None,
        "requester": named(ticket.requester),
        "affected": named(ticket.affected),
        "began_at": ticket.began_at,
        "reported_at": ticket.reported_at,
        "first_response_at": ticket.first_response_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "changed_at": ticket.changed_at,
        "due_at": ticket.due_at,
        "covered_by": ticket.covered_by,
        "score": rating.score if rating else None,
        "channel": ticket.channel,
        "desk": _desk(ticket, at) if is_served else None,
    }


def _desk(ticket: Ticket, at: datetime) -> DeskFacts:
    return DeskFacts.model_validate(
        {
            "priority": ticket.priority,
            "computed_priority": ticket.computed_priority,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "assignee": named(ticket.assignee),
            "team": named(ticket.team),
            "organisation": named(ticket.organisation),
            "reported_by": named(ticket.reported_by),
            "contact_email": ticket.contact_email,
            "affected_count": ticket.affected_count,
            "minutes_spent": ticket.minutes_spent,
            "breach_at": ticket.breach_at,
            "is_late": bool(not ticket.is_done and ticket.breach_at and ticket.breach_at < at),
            "source": ticket.source,
            "source_id": ticket.source_id,
        }
    )


def said(messages: Sequence[Message]) -> list[Said]:
    return [
        Said.model_validate(
            {
                "id": each.pk,
                "voice": _voice(each),
                "who": named(each.author),
                "at": each.at,
                "text": each.text,
                "channel": each.channel,
            }
        )
        for each in messages
    ]


def _voice(message: Message) -> str:
    if not message.is_public:
        return "note"
    return "ours" if message.is_from_desk else "theirs"
