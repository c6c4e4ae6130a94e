"""One ticket as the desk reads it: conversation, clocks explained, who asks, what happened.

A fixed number of queries, however long the conversation is and however much happened.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tricorn.catalogue.models import Service
from tricorn.engine.hours import Span
from tricorn.engine.lifecycle import Move, Side, State, possible
from tricorn.engine.roles import Scheme
from tricorn.files.models import File
from tricorn.journal.models import Line
from tricorn.parties.models import Organisation, Person
from tricorn.prepared import ByServices, Prepared
from tricorn.standing.portrait import portrait
from tricorn.tickets.bridge import running, terms_of
from tricorn.tickets.models import Clock, Message, Presence, Rating, Tag, Ticket, Wait, number_of
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.brought import Brought, brought
from tricorn.tickets.reads.merged import conversation, served_with
from tricorn.tickets.reads.moved import moved_words
from tricorn.tickets.reads.others import Other, others_of
from tricorn.tickets.reads.who import RoleShown, remarks, roles_shown

LOOKING = timedelta(seconds=60)
MOST_LINES = 200
MOST_SPANS = 14
MOST_EARLIER = 5
# What in a line is the number of a person.
PERSONS = ("to", "requester", "affected", "person")

RELATED = (
    *("service__hours", "place", "requester", "affected", "reported_by", "organisation"),
    *("assignee", "team", "version__agreement", "merged_into"),
)
TICKET = Prepared(
    lambda ticket: Ticket.objects.filter(pk__in=ticket).select_related(*RELATED), "ticket"
)
LINES = Prepared(
    lambda ticket: Line.objects.filter(subject="ticket", subject_id__in=ticket).order_by("-id")[
        :MOST_LINES
    ],
    "ticket",
)
WAITS = Prepared(lambda ticket: Wait.objects.filter(ticket__in=ticket), "ticket")
CLOCKS = Prepared(
    lambda ticket: Clock.objects.filter(ticket__in=ticket).select_related(
        "clause__version__agreement", "target__level"
    ),
    "ticket",
)
PHOTOS = Prepared(
    lambda tickets: File.objects.filter(subject="ticket", subject_id__in=tickets), "tickets"
)
RATING = Prepared(lambda ticket: Rating.objects.filter(ticket__in=ticket), "ticket")
PRESENT = Prepared(
    lambda ticket, at: (
        Presence.objects.filter(ticket__in=ticket, seen_at__gt=at)
        .select_related("person")
        .order_by("person__name")
    ),
    "ticket",
)


def _earlier(person: list[int], ticket: list[int], services: list[int] | None) -> Any:
    found = Ticket.objects.of_services(services).filter(affected__in=person)
    return found.exclude(pk__in=ticket).order_by("-reported_at", "-id")[:MOST_EARLIER]


EARLIER = ByServices(_earlier, "person", "ticket")
NAMES = {
    kind: Prepared(
        lambda ids, model=model: model.objects.filter(pk__in=ids).values_list("pk", "name"), "ids"
    )
    for kind, model in (
        ("person", Person),
        ("service", Service),
        ("team", Organisation),
        ("tag", Tag),
    )
}


@dataclass(frozen=True)
class Said:
    """One message: `voice` is theirs, ours or note; `who` is "" for somebody without a name.

    `typed_by` is who of the desk wrote it down for them; `through` the merged ticket it stands on.
    By mail came `html`, what it `quoted`, its `files`, and the `letter` itself (0: none).
    `withdrawn` says that it was an answer or a note until somebody undid it.
    """

    id: int
    voice: str
    who: str
    typed_by: str
    at: datetime
    text: str
    channel: str
    through: str = ""
    html: str = ""
    quoted: str = ""
    files: tuple[File, ...] = ()
    letter: int = 0
    withdrawn: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that happened, with the names of whom and what it speaks of."""

    kind: str
    at: datetime
    who: str
    data: dict[str, Any]


@dataclass(frozen=True)
class ClockShown:
    """One promise: what it runs by, where it stands, and how it came to stand there."""

    measure: str
    runs_by: str
    due_at: datetime | None
    breach_at: datetime | None
    stopped_at: datetime | None
    is_met: bool | None
    paused_by: str
    elapsed: timedelta
    target: timedelta | None
    sentences: tuple[str, ...]
    counted: tuple[Span, ...]
    more_counted: int
    zone: str


@dataclass(frozen=True)
class Held:
    """How long somebody held the ticket up, in service time; "" is the time it was resolved."""

    holder: str
    span: timedelta


@dataclass(frozen=True)
class WhoAsks:
    """The person whose matter it is, for this service. Nobody: it came without a name."""

    person: Person | None
    asked_by: Person | None
    typed_by: Person | None
    organisation: Organisation | None
    roles: tuple[RoleShown, ...]
    remarks: tuple[RoleShown, ...]
    earlier: tuple[Ticket, ...]


@dataclass(frozen=True)
class Photo:
    """A photo by its number, and the ticket it was sent with."""

    ref: str
    number: int


@dataclass(frozen=True)
class TicketShown:
    """Everything on the ticket's page."""

    ticket: Ticket
    said: tuple[Said, ...]
    photos: tuple[Photo, ...]
    clocks: tuple[ClockShown, ...]
    held: tuple[Held, ...]
    who: WhoAsks
    others: tuple[Other, ...]
    steps: tuple[Step, ...]
    here: tuple[str, ...]
    rating: Rating | None
    moves: tuple[Move, ...]
    brought: Brought

    @property
    def last_said(self) -> int:
        """The id of the newest message; 0 where nothing was said."""
        return max((each.id for each in self.said), default=0)


def one_served(agent: Agent, ref: str) -> Ticket | None:
    """Return the ticket of that name with whom and what it names, if this agent serves it.

    Being its requester is not enough: whose own matter it is sees it at My services, without the
    notes of the desk. One query.
    """
    number = number_of(ref)
    found: Ticket | None = TICKET.first(ticket=number) if number else None
    return found if found is not None and agent.serves(found) else None


def ticket_shown(
    ticket: Ticket, agent: Agent, *, at: datetime, scheme: Scheme, merged: Sequence[int] = ()
) -> TicketShown:
    """Return the page of a ticket that was found with its relations: at most 26 queries.

    `merged` are the tickets handled in it whose words the agent may read.
    """
    together = [ticket.pk, *merged]
    messages = conversation(together)
    lines = LINES.objects(ticket=ticket.pk)[::-1]
    waits = WAITS.objects(ticket=ticket.pk)
    clocks = CLOCKS.objects(ticket=ticket.pk)
    came = brought(ticket, messages)
    return TicketShown(
        ticket=ticket,
        said=tuple(_said(message, ticket, came) for message in messages),
        photos=tuple(
            Photo(f"T-{each.subject_id}", each.pk) for each in PHOTOS.objects(tickets=together)
        ),
        clocks=tuple(_clock(clock, waits, at, lines) for clock in clocks),
        held=_held(clocks, waits, at),
        who=_who(ticket, agent, at, scheme),
        others=others_of(ticket),
        steps=_steps(lines),
        here=tuple(each.name for each in others_here(ticket, agent.person_id, at)),
        rating=RATING.first(ticket=ticket.pk),
        moves=moves_of(ticket),
        brought=came,
    )


def moves_of(ticket: Ticket) -> tuple[Move, ...]:
    """Return the moves the desk may make, as buttons. What is new is taken up along the way."""
    moves = list(possible(State(ticket.state), Side.DESK))
    if ticket.state == State.NEW:
        known = {move.verb for move in moves}
        moves += [m for m in possible(State.OPEN, Side.DESK) if m.verb not in known]
    return tuple(moves)


def _said(message: Message, page: Ticket, came: Brought) -> Said:
    ticket = message.ticket
    voice = "ours" if message.is_from_desk else "theirs"
    name, typed_by = message.author.name if message.author else "", ""
    is_typed = message.author_id is not None and message.author_id == ticket.reported_by_id
    if not message.is_from_desk and (is_typed or not name):
        name, typed_by = ticket.requester.name if ticket.requester else "", name
    if message.sender and message.author_id is None:
        name = message.sender
    return Said(
        id=message.pk,
        voice=voice if message.is_public else "note",
        who=name,
        typed_by=typed_by,
        at=message.at,
        text=message.text,
        channel=message.channel,
        through=ticket.ref if ticket.pk != page.pk else "",
        html=message.html,
        quoted=message.quoted,
        files=came.files.get(message.pk, ()),
        letter=came.letters.get(message.pk, 0),
        withdrawn=message.withdrawn,
    )


def _clock(clock: Clock, waits: Sequence[Wait], at: datetime, lines: Sequence[Line]) -> ClockShown:
    engine = running(clock, waits)
    explained = engine.explain(at, MOST_SPANS)
    terms = terms_of(clock)
    seconds = terms.target.seconds
    if clock.clause is not None:
        runs_by = f"{clock.clause.version}, clause {clock.clause.name}"
    else:
        runs_by = f"House promise, level {clock.target.level.name}" if clock.target else ""
    promise = explained.sentences[0].replace(f"Clause {terms.clause}", runs_by, 1)
    zone = terms.schedule.hours.zone
    moved = moved_words(lines, zone) if clock.clause is not None else ()
    return ClockShown(
        measure=clock.measure,
        runs_by=runs_by,
        due_at=clock.due_at,
        breach_at=clock.breach_at,
        stopped_at=clock.stopped_at,
        is_met=clock.is_met,
        paused_by=clock.paused_by,
        elapsed=engine.elapsed(clock.stopped_at or at),
        target=timedelta(seconds=seconds) if seconds is not None else None,
        sentences=(promise, *explained.sentences[1:], *moved),
        counted=explained.counted,
        more_counted=explained.earlier,
        zone=zone,
    )


def _held(clocks: Sequence[Clock], waits: Sequence[Wait], at: datetime) -> tuple[Held, ...]:
    """Return the time by holder of the clock that says when it is done; of the first, without."""
    order = {"resolution": 0, "closing": 1, "first_response": 2}
    if not clocks:
        return ()
    clock = min(clocks, key=lambda each: order[each.measure])
    times = running(clock, waits).by_holder(at)
    return tuple(
        Held(holder.value if holder else "", span) for holder, span in times.items() if span
    )


def _who(ticket: Ticket, agent: Agent, at: datetime, scheme: Scheme) -> WhoAsks:
    person = ticket.affected or ticket.requester
    if person is None:
        return WhoAsks(None, None, ticket.reported_by, None, (), (), ())
    facts = portrait(person.pk, at).facts(ticket.service_id)
    earlier = EARLIER.of(agent.services).objects(
        person=person.pk, ticket=ticket.pk, services=agent.services
    )
    return WhoAsks(
        person=person,
        asked_by=ticket.requester if ticket.requester_id != person.pk else None,
        typed_by=ticket.reported_by,
        organisation=ticket.organisation,
        roles=roles_shown(facts, scheme),
        remarks=remarks(facts, scheme),
        earlier=tuple(earlier),
    )


def _steps(lines: Sequence[Line]) -> tuple[Step, ...]:
    """Return what happened with names for ids: four queries for any number of lines."""
    people = {line.by_id for line in lines if line.by_kind == "person"}
    people |= {line.data.get(name) for line in lines for name in PERSONS}
    names = _named("person", people)
    services = _named("service", {line.data.get("service") for line in lines})
    teams = _named("team", {line.data.get("team") for line in lines})
    tags = _named("tag", {line.data.get("tag") for line in lines})

    def one(line: Line) -> Step:
        named = dict(line.data)
        for key in PERSONS:
            if key in named:
                named[key] = names.get(named[key], "")
        if "service" in named:
            named["service"] = services.get(named["service"], "")
        if "tag" in named:
            named["tag"] = tags.get(named["tag"], "")
        if "team" in named:
            named["team"] = teams.get(named["team"], "")
        who = names.get(line.by_id, "") if line.by_kind == "person" else ""
        return Step(line.kind, line.at, who, {**named, "by_kind": line.by_kind})

    return tuple(one(line) for line in lines)


def _named(kind: str, ids: set[Any]) -> dict[Any, str]:
    wanted = [each for each in ids if isinstance(each, int)]
    return dict(NAMES[kind].rows(ids=wanted)) if wanted else {}


def others_here(ticket: Ticket, person_id: int, at: datetime) -> list[Person]:
    """Return who else of the desk has had the ticket open within the last minute."""
    present = PRESENT.objects(at - LOOKING, ticket=ticket.pk)
    return [each.person for each in present if each.person_id != person_id]


def said_since(
    ticket: Ticket, person_id: int, last: int, services: Collection[int] | None = None
) -> Message | None:
    """Return the newest message that somebody else wrote after the one numbered `last`.

    What was said on a merged ticket counts, of these services (None: of any).
    """
    return (
        Message.objects.standing()
        .filter(ticket__in=served_with(ticket, services), pk__gt=last)
        .exclude(author=person_id, by_kind="person")
        .select_related("author")
        .order_by("-id")
        .first()
    )
