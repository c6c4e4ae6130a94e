"""One search over what the desk may see: matters by their summary, by what was said, and people.

And over one's own matters, for My services: there the desk's notes are not looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from tricorn.agreements.models.versions import Unindexed
from tricorn.parties.models import Person
from tricorn.prepared import Prepared
from tricorn.search import reads as search
from tricorn.search.excerpts import Piece, excerpt, highlight
from tricorn.search.words import Wanted, wanted
from tricorn.tickets.models import Message, Ticket, TicketQuerySet
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.asked import EVERYWHERE, MOST, asked
from tricorn.tickets.reads.missed import Missed, missed
from tricorn.tickets.reads.people import Found, people
from tricorn.tickets.reads.queue import reader_of

ROWS = 10
# Sections are counted up to here.
COUNTED = 1_000
# Of a word in many tickets the newest are looked through first: most often they are enough.
NEAR = 2 * COUNTED
MOST_MESSAGES = 500


@dataclass(frozen=True)
class Hit:
    """A matter that was found: its summary and what was said, hits marked."""

    ref: str
    summary: tuple[Piece, ...]
    said: tuple[Piece, ...]
    state: str
    service: str
    who: str
    reported_at: datetime


@dataclass(frozen=True)
class Counted:
    """How many there are of a section; `is_more` when it was not counted further."""

    count: int
    is_more: bool = False


@dataclass(frozen=True)
class Results:
    """What was found, in sections: at most ROWS of each, and how many there are."""

    named: tuple[Hit, ...] = ()
    named_count: Counted = Counted(0)
    said: tuple[Hit, ...] = ()
    said_count: Counted = Counted(0)
    people: tuple[Found, ...] = ()
    people_count: Counted = Counted(0)
    is_capped: bool = False
    problems: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.named or self.said or self.people)


def _said(is_public_only: bool) -> Prepared:
    def make(tickets: list[int]) -> QuerySet[Message, Any]:
        found = Message.objects.standing().filter(ticket__in=tickets).order_by("-id")
        found = found.filter(is_public=True) if is_public_only else found
        return found.values_list("ticket", "text")[:MOST_MESSAGES]

    return Prepared(make, "tickets")


# By whether only what is public is read.
SAID = {True: _said(True), False: _said(False)}
SHOWN = Prepared(
    lambda tickets: Ticket.objects.filter(pk__in=tickets).select_related("service", "affected"),
    "tickets",
)
ACTIVE = Prepared(
    lambda persons: Person.objects.filter(pk__in=persons, is_active=True).values_list("pk"),
    "persons",
)


def results(agent: Agent, text: str, *, at: datetime, zone: str = "UTC") -> Results:
    """Return what an agent finds: nine queries. Held reports and other desks' matters are not there.

    Fields narrow what the words find; alone they find the newest matters that fit.
    """
    meant = asked(text, reader_of(agent, at, zone))
    looked = meant.words if meant.has_fields else wanted(text)
    if not looked and not meant.conditions:
        return Results(problems=meant.problems)
    served = Ticket.objects.of_services(agent.services).filter(held_for="")
    served = every = served.alias(of_service=Unindexed(F("service")))
    for condition in meant.conditions:
        served = served.filter(condition)
    if looked:
        named, said, is_capped = _found(served, looked, EVERYWHERE)
    else:
        newest = served.order_by("-pk").values_list("pk", flat=True)
        named, said, is_capped = list(newest[:COUNTED]), [], False
    if meant.conditions and not (named or said):
        reader = reader_of(agent, at, zone)
        return Results(problems=meant.problems, missed=missed(text, every, agent, reader))
    hits = hits_of([*named[:ROWS], *said[:ROWS]], looked, is_public_only=False)
    persons = search.find("person", looked, most=COUNTED)
    active = set(ACTIVE.column(persons=persons)) if persons else set()
    persons = [each for each in persons if each in active]
    shown = {each.id: each for each in people(persons[:ROWS], at=at)}
    return Results(
        named=tuple(hits[each] for each in named[:ROWS] if each in hits),
        named_count=Counted(len(named), is_capped),
        said=tuple(hits[each] for each in said[:ROWS] if each in hits),
        said_count=Counted(len(said), is_capped),
        people=tuple(shown[each] for each in persons[:ROWS] if each in shown),
        people_count=Counted(len(persons), len(persons) >= COUNTED),
        is_capped=is_capped,
        problems=meant.problems if meant.has_fields else (),
    )


def own_results(tickets: TicketQuerySet, text: str) -> tuple[Hit, ...]:
    """Return which of one's own matters the text means, best first: four queries at most."""
    looked = wanted(text)
    if not looked:
        return ()
    mine = tickets.filter(held_for="")
    named, said, _ = _found(mine, looked, search.EVERYWHERE)
    found = [*named, *said][: 3 * ROWS]
    hits = hits_of(found, looked, is_public_only=True)
    return tuple(hits[each] for each in found if each in hits)


def _found(
    tickets: TicketQuerySet, looked: Wanted, within: str
) -> tuple[list[int], list[int], bool]:
    """Return which tickets the words are the summary of, and in which they were said otherwise."""
    visible: list[int] = []
    for most in (NEAR, MOST):
        some = search.matches("ticket", looked, within=within, most=most)
        newest = tickets.filter(pk__in=some).order_by("-pk").values_list("pk", flat=True)
        visible = list(newest[: COUNTED + 1])
        if len(visible) > COUNTED or not search.is_more_than(most, "ticket", looked, within=within):
            break
    is_capped = len(visible) > COUNTED
    visible = visible[:COUNTED]
    found = search.find("ticket", looked, most=COUNTED, ids=visible, within=within)
    named = search.among("ticket", looked, found, within=search.TITLE)
    return [n for n in found if n in named], [n for n in found if n not in named], is_capped


def hits_of(ids: Sequence[int], looked: Wanted, *, is_public_only: bool) -> dict[int, Hit]:
    """Return these tickets with what was said on them around the words: two queries."""
    said: dict[int, list[str]] = {}
    if not ids:
        return {}
    for number, text in SAID[is_public_only].rows(tickets=ids):
        said.setdefault(number, []).append(text)
    tickets = SHOWN.objects(tickets=ids)
    return {
        each.pk: Hit(
            ref=each.ref,
            summary=highlight(each.summary, looked),
            said=excerpt(said.get(each.pk, ()), looked),
            state=each.state,
            service=each.service.name,
            who=each.affected.name if each.affected else "",
            reported_at=each.reported_at,
        )
        for each in tickets
    }


@dataclass(frozen=True)
class Alike:
    """A matter like the one being typed."""

    ref: str
    summary: str
    state: str
    service: str
    reported_at: datetime


def alike_at_desk(agent: Agent, text: str, *, most: int = 5, but: int = 0) -> tuple[Alike, ...]:
    """Return matters of this desk that share the rarest words: three queries."""
    ids = search.similar("ticket", text, most=10 * most, within=EVERYWHERE)
    served = Ticket.objects.of_services(agent.services).filter(held_for="", pk__in=ids)
    return _alike(served.exclude(pk=but), ids, most)


def like_ticket_at_desk(agent: Agent, ticket: Ticket) -> tuple[Alike, ...]:
    """Return matters of this desk that are like a ticket: four queries."""
    return alike_at_desk(agent, _first_words(ticket), most=20, but=ticket.pk)


def alike_of_mine(
    tickets: TicketQuerySet, text: str, *, most: int = 3, but: int = 0
) -> tuple[Alike, ...]:
    """Return matters among one's own newest that share the rarest words: four queries."""
    own = list(tickets.filter(held_for="").order_by("-pk").values_list("pk", flat=True)[:COUNTED])
    ids = search.similar("ticket", text, most=most + 1, ids=own)
    return _alike(tickets.filter(pk__in=ids).exclude(pk=but), ids, most)


def like_mine(tickets: TicketQuerySet, ticket: Ticket) -> tuple[Alike, ...]:
    return alike_of_mine(tickets, _first_words(ticket), most=20, but=ticket.pk)


def _first_words(ticket: Ticket) -> str:
    first = ticket.messages.filter(is_public=True).order_by("id").values_list("text", flat=True)
    return f"{ticket.summary}\n{first.first() or ''}"


def _alike(tickets: TicketQuerySet, ids: list[int], most: int) -> tuple[Alike, ...]:
    order = {number: place for place, number in enumerate(ids)}
    rows = sorted(tickets.select_related("service"), key=lambda each: order[each.pk])[:most]
    return tuple(
        Alike(each.ref, each.summary, each.state, each.service.name, each.reported_at)
        for each in rows
    )
