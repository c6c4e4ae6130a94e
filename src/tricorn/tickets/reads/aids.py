"""What helps with one ticket, as its page shows it: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.models import Service
from tricorn.engine.hours import Schedule
from tricorn.engine.questions import Question
from tricorn.journal.actor import Actor
from tricorn.prepared import Prepared
from tricorn.tickets.models import (
    Canned,
    CheckItem,
    Checklist,
    Draft,
    Follower,
    Macro,
    Reminder,
    Tag,
    Ticket,
    TicketTag,
)
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.verbs.fields import asked_on
from tricorn.tickets.verbs.tags import key_of

MOST_OFFERED = 12


def _offered(person: list[int], service: list[int]) -> QuerySet[Any, Any]:
    fits = Q(owner__in=person) | Q(service__in=service)

    def rows(kind: str, found: QuerySet[Any]) -> QuerySet[Any, Any]:
        labelled = found.annotate(sort=Value(kind, output_field=CharField()))
        return labelled.order_by().values_list("sort", "id", "name", "service")

    lists = Checklist.objects.filter(service__in=service, is_retired=False)
    return (
        rows("canned", Canned.objects.filter(fits))
        .union(rows("macro", Macro.objects.filter(fits)), rows("checklist", lists), all=True)
        .order_by("name", "id")
    )


OFFERED = Prepared(_offered, "person", "service")
FOLLOWERS = Prepared(
    lambda ticket: Follower.objects.filter(ticket__in=ticket).values_list("person", "person__name")[
        :50
    ],
    "ticket",
)
TAGS = Prepared(
    lambda ticket: (
        TicketTag.objects.filter(ticket__in=ticket).order_by("tag__name").values_list("tag__name")
    ),
    "ticket",
)
CHECKS = Prepared(
    lambda ticket: CheckItem.objects.filter(
        Q(ticket__in=ticket)
        | Q(ticket__in=Ticket.objects.filter(survivor__in=ticket).order_by().values("pk"))
    ).select_related("ticked_by", "ticket"),
    "ticket",
)
DRAFTS = Prepared(
    lambda ticket, person: Draft.objects.filter(ticket__in=ticket, person__in=person),
    *("ticket", "person"),
)
REMINDER = Prepared(
    lambda ticket, person: Reminder.objects.filter(
        ticket__in=ticket, person__in=person, done_at__isnull=True
    ).order_by("pk"),
    *("ticket", "person"),
)


@dataclass(frozen=True)
class Offer:
    """Something to choose by name; `is_own`: nobody else has it."""

    id: int
    name: str
    is_own: bool


@dataclass(frozen=True)
class Answered:
    """A question with what was answered; None for nothing yet."""

    question: Question
    value: Any


@dataclass(frozen=True)
class Aids:
    """What helps with this ticket, for this agent."""

    tags: tuple[str, ...]
    asked: tuple[Answered, ...]
    checks: tuple[CheckItem, ...]
    canned: tuple[Offer, ...]
    macros: tuple[Offer, ...]
    checklists: tuple[Offer, ...]
    drafts: dict[str, Draft]
    followers: tuple[str, ...]
    is_following: bool
    reminder: Reminder | None

    @property
    def ticked(self) -> int:
        return sum(each.ticked_at is not None for each in self.checks)

    @property
    def left(self) -> int:
        return len(self.checks) - self.ticked


def aids_of(ticket: Ticket, agent: Agent) -> Aids:
    """Return the aids of a ticket's page: seven queries, one for questions of another service."""
    me = agent.person_id
    offers = offered(ticket, me)
    followers = FOLLOWERS.rows(ticket=ticket.pk)
    return Aids(
        tags=tags_on(ticket),
        asked=tuple(
            Answered(each, ticket.fields.get(each.key))
            for each in asked_on(ticket)
            if not each.is_retired or each.key in ticket.fields
        ),
        checks=checks_of(ticket, agent),
        canned=offers["canned"],
        macros=offers["macro"],
        checklists=offers["checklist"],
        drafts={each.kind: each for each in DRAFTS.objects(ticket=ticket.pk, person=me)},
        followers=tuple(name for _, name in followers),
        is_following=any(person == me for person, _ in followers),
        reminder=REMINDER.first(ticket=ticket.pk, person=me),
    )


def checks_of(ticket: Ticket, agent: Agent) -> tuple[CheckItem, ...]:
    """Return what is to be done, then that of what was merged into it and is served. One query."""
    found = [
        each
        for each in CHECKS.objects(ticket=ticket.pk)
        if each.ticket_id == ticket.pk
        or agent.services is None
        or each.ticket.service_id in agent.services
    ]
    return tuple(sorted(found, key=lambda each: (each.ticket_id != ticket.pk, each.ticket_id)))


def is_following(ticket: Ticket, reader: Actor) -> bool:
    """Whether this person follows the ticket. One query."""
    return Follower.objects.filter(ticket=ticket, person=reader.id).exists()


def tags_on(ticket: Ticket) -> tuple[str, ...]:
    return tuple(TAGS.column(ticket=ticket.pk))


def offered(ticket: Ticket, person_id: int) -> dict[str, tuple[Offer, ...]]:
    """Return the words, macros and checklists that fit a ticket: one query for all three."""
    sorted_: dict[str, list[Offer]] = {"canned": [], "macro": [], "checklist": []}
    found = OFFERED.rows(person=person_id, service=ticket.service_id)
    for kind, number, name, service in found:
        sorted_[kind].append(Offer(number, name, service is None))
    return {kind: tuple(offers) for kind, offers in sorted_.items()}


def kept_by(agent: Agent, model: type[Canned] | type[Macro], text: str = "") -> list[Any]:
    """Return the words or macros that an agent may use, one's own first; with these letters."""
    shared = Q(service__isnull=False)
    if agent.services is not None:
        shared = Q(service__in=agent.services)
    rows: QuerySet[Any] = model._default_manager.filter(Q(owner=agent.person_id) | shared)
    for word in text.replace("\0", " ").split()[:5]:
        within = Q(name__icontains=word)
        if model is Canned:
            within |= Q(text__icontains=word)
        rows = rows.filter(within)
    return list(rows.select_related("service").order_by("service__name", "name", "id")[:500])


def tags_like(text: str, hidden: Collection[int] = ()) -> list[str]:
    """Return tags that begin with these letters, of those that are in use."""
    rows = tags_known(hidden).filter(key__startswith=key_of(text))
    return list(rows.order_by("key").values_list("name", flat=True)[:MOST_OFFERED])


def tags_known(hidden: Collection[int]) -> QuerySet[Tag]:
    """Return the tags, but for those that stand only on tickets of these services."""
    rows = Tag.objects.filter(merged_into__isnull=True)
    if not hidden:
        return rows
    on = TicketTag.objects.filter(tag=OuterRef("pk")).order_by()
    outside = on.exclude(ticket__service__in=hidden)
    return rows.filter(~Exists(on) | Exists(outside))


@dataclass(frozen=True)
class Preset:
    """A time to be reminded at, that one button offers."""

    code: str
    due_at: datetime


def presets(service: Service, *, at: datetime, zone: str) -> tuple[Preset, ...]:
    """Return when one may want to see it again: soon, next morning, next Monday, by its hours."""
    return preset_times(schedule(service.hours), at=at, zone=zone)


def preset_times(hours: Schedule, *, at: datetime, zone: str) -> tuple[Preset, ...]:
    local = at.astimezone(ZoneInfo(zone))

    def begin(days: int) -> datetime:
        day = datetime.combine(local.date() + timedelta(days=days), time(7), tzinfo=ZoneInfo(zone))
        return hours.next_open(day) or day

    found: Sequence[Preset] = (
        Preset("hours", at + timedelta(hours=2)),
        Preset("tomorrow", begin(1)),
        Preset("monday", begin(7 - local.weekday())),
    )
    return tuple(found)
