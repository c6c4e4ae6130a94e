"""What helps with a ticket: tags, checklist, following, reminders, kept words and macros."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Body, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import Flag, Given, Line, Moment, Number, PathNumber, Ref, Told
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import act, deed, who
from tricorn.api.tickets.reading import found_ticket, reader_of
from tricorn.api.tickets.reporting import QuestionKey
from tricorn.api.tickets.told import Named, TicketRow, named
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.questions import read
from tricorn.engine.questions import shown as asked_at
from tricorn.engine.wording import fill
from tricorn.tickets import verbs
from tricorn.tickets.models import Canned, Checklist, Macro, Ticket
from tricorn.tickets.reads.aids import Offer, aids_of, checks_of, kept_by
from tricorn.tickets.reads.queue import Agent
from tricorn.tickets.reads.variables import values_of

router = Router(tags=["what helps with a ticket"])
Tagged = Annotated[str, Line(40, "printer", 1)]


class Check(Told):
    """A line of the checklist."""

    id: int
    text: str
    ticked_at: datetime | None
    ticked_by: Named | None


class Offered(Told):
    """Something to choose; `is_own`: nobody else has it."""

    id: int
    name: str
    is_own: bool


class Reminded(Told):
    """When you wanted to see it again."""

    due_at: datetime
    note: str
    is_snooze: bool


class Aids(Told):
    """What helps with a ticket, for you."""

    tags: list[str]
    checklist: list[Check]
    canned: list[Offered] = Field(description="Kept answers that fit.")
    macros: list[Offered]
    checklists: list[Offered] = Field(description="Lists of its service that can be added.")
    followers: list[str]
    is_following: bool
    reminder: Reminded | None


class CannedText(Told):
    """A kept answer with its variables filled in; nothing is sent."""

    name: str
    text: str


class Tag(Given):
    name: Tagged


class Reminder(Given):
    due_at: Moment
    note: Annotated[str, Line(200, "Ask the supplier")] = ""
    is_snooze: Flag = Field(True, description="Until then it is not in your view of the queue.")


class Items(Given):
    """Lines of your own, or a whole list of the service."""

    items: list[Annotated[str, Line(200, "Order the part")]] = Field([], max_length=60)
    checklist: Number | None = None


class Item(Given):
    item: Number


class Answers(Given):
    """What was answered, by the keys of the questions, as one types it; empty takes it away."""

    fields: dict[QuestionKey, Annotated[str, Line(10_000, "12.5")]] = Field(
        min_length=1, max_length=40
    )


class Run(Given):
    macro: Number


def _at_desk(reader: Reader, ref: str) -> tuple[Ticket, Agent]:
    ticket, is_served = found_ticket(reader, ref)
    if not is_served or reader.agent is None:
        raise StandingRefused("Only the desk of this service reads what helps with it.")
    return ticket, reader.agent


@serve(router, "GET", "/tickets/{ref}/aids", gives=Aids, scope="tickets:read")
def read_aids(request: HttpRequest, ref: Ref) -> Aids:
    """Tags, checklist, kept words and your reminder; for the desk."""
    ticket, agent = _at_desk(reader_of(request), ref)
    found = aids_of(ticket, agent)
    kept = found.reminder
    return Aids(
        tags=list(found.tags),
        checklist=[
            Check(
                id=each.pk,
                text=each.text,
                ticked_at=each.ticked_at,
                ticked_by=named(each.ticked_by),
            )
            for each in found.checks
        ],
        canned=_offers(found.canned),
        macros=_offers(found.macros),
        checklists=_offers(found.checklists),
        followers=list(found.followers),
        is_following=found.is_following,
        reminder=Reminded(due_at=kept.due_at, note=kept.note, is_snooze=kept.is_snooze)
        if kept
        else None,
    )


def _offers(offers: tuple[Offer, ...]) -> list[Offered]:
    return [Offered(id=each.id, name=each.name, is_own=each.is_own) for each in offers]


# Its link may open the ticket to whoever holds it, so reading alone does not do.
@serve(router, "GET", "/tickets/{ref}/canned/{number}", gives=CannedText, scope="tickets:write")
def fill_canned(request: HttpRequest, ref: Ref, number: PathNumber) -> CannedText:
    """A kept answer as it reads on this ticket, to be sent with `answer`."""
    reader = reader_of(request)
    ticket, agent = _at_desk(reader, ref)
    chosen = next((each for each in kept_by(agent, Canned) if each.pk == number), None)
    if chosen is None:
        raise Http404("No such kept answer.")
    return CannedText(name=chosen.name, text=fill(chosen.text, values_of(ticket, reader.actor)))


@deed("tag", router)
def tag(request: HttpRequest, ref: Ref, given: Body[Tag]) -> TicketRow:
    """Put a tag on it; one that nobody used before comes to be."""
    return act(request, ref, "tag", lambda r, t: verbs.tag(t, name=given.name, **who(r)))


@deed("untag", router)
def untag(request: HttpRequest, ref: Ref, given: Body[Tag]) -> TicketRow:
    """Take a tag off. Twice is once."""
    return act(request, ref, "tag", lambda r, t: verbs.untag(t, name=given.name, **who(r)))


@deed("edit_fields", router)
def edit_fields(request: HttpRequest, ref: Ref, given: Body[Answers]) -> TicketRow:
    """Change what was answered to the questions of its service."""

    def do(reader: Reader, ticket: Ticket) -> None:
        known = {each.key for each in asked_at(read(ticket.service.questions), "desk")}
        if unknown := sorted(set(given.fields) - known):
            raise BadInput(f"{ticket.ref} is asked no question {unknown[0]}.", field="fields")
        verbs.edit_fields(ticket, given=given.fields, **who(reader))

    return act(request, ref, "edit_fields", do)


@deed("follow", router)
def follow(request: HttpRequest, ref: Ref) -> TicketRow:
    """Hear what happens to it. Twice is once."""
    return act(request, ref, "follow", lambda r, t: verbs.follow(t, **who(r)))


@deed("unfollow", router)
def unfollow(request: HttpRequest, ref: Ref) -> TicketRow:
    """Hear of it no more than your part in it asks for."""
    return act(request, ref, "follow", lambda r, t: verbs.unfollow(t, **who(r)))


@deed("remind", router)
def remind(request: HttpRequest, ref: Ref, given: Body[Reminder]) -> TicketRow:
    """Snooze it, or be reminded of it; no clock stops for that."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.remind(
            ticket,
            due_at=given.due_at,
            note=given.note,
            is_snooze=given.is_snooze,
            **who(reader),
        )

    return act(request, ref, "remind", do)


@deed("forget_reminder", router)
def forget_reminder(request: HttpRequest, ref: Ref) -> TicketRow:
    """See it again now. Twice is once."""
    return act(request, ref, "remind", lambda r, t: verbs.forget_reminder(t, **who(r)))


@deed("add_items", router)
def add_items(request: HttpRequest, ref: Ref, given: Body[Items]) -> TicketRow:
    """Add lines to its checklist, or a whole list of its service."""

    def do(reader: Reader, ticket: Ticket) -> None:
        if given.checklist is None:
            verbs.add_items(ticket, items=given.items, **who(reader))
            return
        lists = Checklist.objects.filter(service=ticket.service_id, is_retired=False)
        chosen = lists.filter(pk=given.checklist).first()
        if chosen is None:
            raise BadInput(f"Its service has no list {given.checklist}.", field="checklist")
        verbs.add_checklist(ticket, checklist=chosen, **who(reader))

    return act(request, ref, "tick", do)


@deed("tick", router)
def tick(request: HttpRequest, ref: Ref, given: Body[Item]) -> TicketRow:
    """A line of its checklist is done."""
    return _on_item(request, ref, given.item, verbs.tick)


@deed("untick", router)
def untick(request: HttpRequest, ref: Ref, given: Body[Item]) -> TicketRow:
    """A line of its checklist is not done after all."""
    return _on_item(request, ref, given.item, verbs.untick)


@deed("remove_item", router)
def remove_item(request: HttpRequest, ref: Ref, given: Body[Item]) -> TicketRow:
    """Take a line off its checklist: it is not needed."""
    return _on_item(request, ref, given.item, verbs.remove_item)


def _on_item(request: HttpRequest, ref: str, number: int, verb: Callable[..., Any]) -> TicketRow:
    def do(reader: Reader, ticket: Ticket) -> None:
        # What was merged into it brought its lines along; they are ticked here.
        shown = checks_of(ticket, reader.agent) if reader.agent is not None else ()
        item = next((each for each in shown if each.pk == number), None)
        if item is None:
            raise BadInput(f"{ticket.ref} has no line {number} on its list.", field="item")
        verb(item, **who(reader))

    return act(request, ref, "tick", do)


@deed("run_macro", router)
def run_macro(request: HttpRequest, ref: Ref, given: Body[Run]) -> TicketRow:
    """Take every step of a macro, or none."""

    def do(reader: Reader, ticket: Ticket) -> None:
        kept = kept_by(reader.agent, Macro) if reader.agent is not None else []
        chosen = next((each for each in kept if each.pk == given.macro), None)
        if chosen is None:
            raise BadInput(f"There is no macro {given.macro} for you.", field="macro")
        verbs.run_macro(ticket, chosen, **who(reader))

    return act(request, ref, "add_note", do)
