"""What may be done to a ticket: each address finds it, calls its verb, and tells how it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field, StrictInt

from tricorn.api.door import serve
from tricorn.api.fields import Given, Line, Number, Ref, Slug, Text
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import found_ticket, reader_of
from tricorn.api.tickets.told import RELATED, Holder, Priority, TicketRow, facts
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.roles import Standing, rule
from tricorn.parties.models import Organisation, Person
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as reads
from tricorn.tickets.reads.queue import served_ticket

router = Router(tags=["what may be done to a ticket"])
# What My services offers to whose matter it is; everything else is done at the desk.
OWN = frozenset({"answer", "rate", "reopen", "close", "cancel", "follow"})


class Words(Given):
    text: Text


class Outcome(Given):
    note: Text = Field(description="What fixed it; the person reads it.")


class Assigned(Given):
    to: Number | None = Field(description="A person at the desk of its service; null: nobody.")


class Held(Given):
    holder: Holder = Field(description="Who holds it up.")


class Pressing(Given):
    priority: Priority


class Persons(Given):
    requester: Number | None = Field(description="Who asks.")
    affected: Number | None = Field(None, description="For whom, if for somebody else.")


class HandedOver(Given):
    note: Text = Field(description="What the others must know; a note for the desk alone.")
    service: Slug | None = Field(None, description="Left out: it stays in its service.")
    team: Number | None = Field(None, description="A part of the provider.")


class Rated(Given):
    score: Annotated[StrictInt, Field(ge=1, le=5, examples=[4])]
    reason: Literal["", "functionality", "reliability", "support"] = ""
    text: Annotated[str, Line(100_000, "It took long, but it works.")] = ""


class Minutes(Given):
    minutes: Annotated[StrictInt, Field(ge=1, le=1440, examples=[15])]


class Counted(Given):
    count: Annotated[StrictInt, Field(ge=1, le=100_000, examples=[3])]


Do = Callable[[Reader, Ticket], object]


def act(request: HttpRequest, ref: str, verb: str, do: Do) -> TicketRow:
    """Do it to the ticket, if its page would offer it, and tell how it stands then."""
    reader = reader_of(request)
    ticket, is_served = found_ticket(reader, ref)
    if not is_served and verb not in OWN:
        raise StandingRefused(rule(Standing(own=True), verb).reason, verb=verb)
    do(reader, ticket)
    after = Ticket.objects.select_related(*RELATED).get(pk=ticket.pk)
    return TicketRow(**facts(after, is_served, reader.at))


def who(reader: Reader) -> dict[str, Any]:
    return {"by": reader.actor, "at": reader.at}


def deed(path: str, router: Router = router) -> Any:
    """Put a verb at its address; it is written as a program writes tickets."""
    return serve(router, "POST", f"/tickets/{{ref}}/{path}", gives=TicketRow, scope="tickets:write")


def person_meant(number: int | None, field: str) -> Person | None:
    """Return the person of that number, if they may still sign in; BadInput says the field."""
    if number is None:
        return None
    found = Person.objects.filter(pk=number, is_active=True).first()
    if found is None:
        raise BadInput(f"There is no person {number}. Look them up under /people.", field=field)
    return found


def other_ticket(reader: Reader, ref: str, field: str) -> Ticket:
    """Return another ticket that their desk serves; BadInput says the field."""
    found = None
    if reader.agent is not None:
        found = served_ticket(reader.agent, ref).served_by(reader.person.pk).first()
    if found is None:
        raise BadInput(f"There is no ticket {ref} at your desk.", field=field)
    return found


@deed("answer")
def answer(request: HttpRequest, ref: Ref, given: Body[Words]) -> TicketRow:
    """Say something for everybody who may see the ticket.

    The same words within a minute are one message.
    """
    return act(request, ref, "answer", lambda r, t: verbs.answer(t, text=given.text, **who(r)))


@deed("add_note")
def add_note(request: HttpRequest, ref: Ref, given: Body[Words]) -> TicketRow:
    """Keep a note for the desk alone. The same words within a minute are one note."""
    return act(request, ref, "add_note", lambda r, t: verbs.add_note(t, text=given.text, **who(r)))


@deed("assign")
def assign(request: HttpRequest, ref: Ref, given: Body[Assigned]) -> TicketRow:
    """Give it to somebody at the desk of its service, or to nobody."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.assign(ticket, to=person_meant(given.to, "to"), **who(reader))

    return act(request, ref, "assign", do)


@deed("open")
def open_ticket(request: HttpRequest, ref: Ref) -> TicketRow:
    """Take a new ticket up: somebody is on it."""
    return act(request, ref, "open", lambda r, t: verbs.open_(t, **who(r)))


@deed("wait")
def wait(request: HttpRequest, ref: Ref, given: Body[Held]) -> TicketRow:
    """Put it on hold, and say on whom; the clause decides which clocks stop."""
    return act(request, ref, "wait", lambda r, t: verbs.wait(t, holder=given.holder, **who(r)))


@deed("go_on")
def go_on(request: HttpRequest, ref: Ref) -> TicketRow:
    """What held it up is over; its clocks run again."""
    return act(request, ref, "go_on", lambda r, t: verbs.go_on(t, **who(r)))


@deed("resolve")
def resolve(request: HttpRequest, ref: Ref, given: Body[Outcome]) -> TicketRow:
    """Resolve it with a word that the person reads, and stop its clocks."""
    return act(request, ref, "resolve", lambda r, t: verbs.resolve(t, note=given.note, **who(r)))


@deed("close")
def close(request: HttpRequest, ref: Ref) -> TicketRow:
    """Close a resolved ticket for good."""
    return act(request, ref, "close", lambda r, t: verbs.close(t, **who(r)))


@deed("reopen")
def reopen(request: HttpRequest, ref: Ref) -> TicketRow:
    """It was not over after all. The time between does not count."""
    return act(request, ref, "reopen", lambda r, t: verbs.reopen(t, **who(r)))


@deed("cancel")
def cancel(request: HttpRequest, ref: Ref) -> TicketRow:
    """It is not needed any more. Its clocks stop without a verdict."""
    return act(request, ref, "cancel", lambda r, t: verbs.cancel(t, **who(r)))


@deed("prioritise")
def prioritise(request: HttpRequest, ref: Ref, given: Body[Pressing]) -> TicketRow:
    """Set the priority; its clocks run by the clause for it."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.prioritise(ticket, priority=given.priority, **who(reader))

    return act(request, ref, "prioritise", do)


@deed("change_persons")
def change_persons(request: HttpRequest, ref: Ref, given: Body[Persons]) -> TicketRow:
    """Say whose matter it is; the agreement is looked up again."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.change_persons(
            ticket,
            requester=person_meant(given.requester, "requester"),
            affected=person_meant(given.affected, "affected"),
            **who(reader),
        )

    return act(request, ref, "change_persons", do)


@deed("hand_over")
def hand_over(request: HttpRequest, ref: Ref, given: Body[HandedOver]) -> TicketRow:
    """Hand it over to another service or team, with a note for them."""

    def do(reader: Reader, ticket: Ticket) -> None:
        served = reader.agent.services if reader.agent else frozenset()
        service = reads.services_to_reach(served).filter(slug=given.service).first()
        if given.service and service is None:
            raise BadInput(f"There is no service {given.service} on offer.", field="service")
        verbs.hand_over(
            ticket, note=given.note, service=service, team=team_meant(given.team), **who(reader)
        )

    return act(request, ref, "hand_over", do)


def team_meant(number: int | None) -> Organisation | None:
    if number is None:
        return None
    found = reads.teams().filter(pk=number).first()
    if found is None:
        raise BadInput(f"The provider has no part {number}.", field="team")
    return found


@deed("rate")
def rate(request: HttpRequest, ref: Ref, given: Body[Rated]) -> TicketRow:
    """Say once, at the end, how it was: by whose matter it is."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.rate(ticket, score=given.score, reason=given.reason, text=given.text, **who(reader))

    return act(request, ref, "rate", do)


@deed("log_time")
def log_time(request: HttpRequest, ref: Ref, given: Body[Minutes]) -> TicketRow:
    """Add minutes of work. The same minutes within a minute are one entry."""
    return act(
        request, ref, "log_time", lambda r, t: verbs.log_time(t, minutes=given.minutes, **who(r))
    )


@deed("count_affected")
def count_affected(request: HttpRequest, ref: Ref, given: Body[Counted]) -> TicketRow:
    """Say how many people it hurts."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.count_affected(ticket, count=given.count, **who(reader))

    return act(request, ref, "count_affected", do)
