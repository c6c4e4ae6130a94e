"""What belongs to a ticket: links, parent and children, what is merged, problems behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tricorn.prepared import ByServices, Prepared
from tricorn.search.reads import find
from tricorn.tickets.models import Link, Problem, Ticket
from tricorn.tickets.reads.agent import Agent

# How a link reads from its other end.
OTHER_END = {
    "duplicate_of": "has_duplicate",
    "caused_by": "causes",
    "blocks": "blocked_by",
    "related": "related",
}
MOST = 8
LOOKED_THROUGH = 200
MOST_KNOWN = 50
REF = re.compile(r"\s*([Tt]-\d{1,15})(?!\d)", re.ASCII)
WORD = re.compile(r"\w{4,}")


LINKS = Prepared(
    lambda ticket: (
        Link.objects.filter(Q(source__in=ticket) | Q(target__in=ticket))
        .select_related("source__service", "target__service")
        .order_by("kind", "id")
    ),
    "ticket",
)
AROUND = Prepared(
    lambda ticket, above: (
        Ticket.objects.filter(Q(parent__in=ticket) | Q(survivor__in=ticket) | Q(pk__in=above))
        .select_related("service", "requester")
        .order_by("pk")
    ),
    *("ticket", "above"),
)


def _problems(ticket: list[int], service: list[int], services: list[int] | None) -> Any:
    through, of = Problem.tickets.through.objects, Problem.services.through.objects
    linked = through.filter(problem=OuterRef("pk"), ticket__in=ticket)
    own = of.filter(problem=OuterRef("pk"), service__in=service)
    near = Q(Exists(own), is_known_error=True) & ~Q(state="solved")
    found = Problem.objects.annotate(is_linked=Exists(linked))
    if services is not None:
        found = found.filter(pk__in=of.filter(service__in=services).values("problem"))
    rows = found.filter(Q(is_linked=True) | near).order_by("-is_linked", "-pk")
    return rows[: MOST + MOST_KNOWN]


PROBLEMS = ByServices(_problems, "ticket", "service")


@dataclass(frozen=True)
class Relation:
    """Another ticket, and how it relates as seen from this one."""

    kind: str
    other: Ticket


@dataclass(frozen=True)
class Relations:
    """What belongs to a ticket, as far as the reader serves it; `hidden` says how much is not.

    `workarounds` are known errors: those linked, then those whose words are alike.
    """

    links: tuple[Relation, ...]
    parent: Ticket | None
    children: tuple[Ticket, ...]
    merged: tuple[Ticket, ...]
    into: Ticket | None
    problems: tuple[Problem, ...]
    workarounds: tuple[Problem, ...]
    hidden: int

    @property
    def together(self) -> list[int]:
        """The merged tickets that the reader serves, by number."""
        return [each.pk for each in self.merged]

    @property
    def open_children(self) -> tuple[Ticket, ...]:
        return tuple(each for each in self.children if not each.is_done)

    @property
    def is_alone(self) -> bool:
        return not (self.links or self.parent or self.children or self.merged or self.hidden)


def relations_of(ticket: Ticket, agent: Agent) -> Relations:
    """Return what belongs to a ticket: three queries, however much that is."""
    found = [
        Relation(link.kind, link.target)
        if link.source_id == ticket.pk
        else Relation(OTHER_END[link.kind], link.source)
        for link in LINKS.objects(ticket=ticket.pk)
    ]
    above = [pk for pk in (ticket.parent_id, ticket.survivor_id) if pk]
    around = AROUND.objects(ticket=ticket.pk, above=above)
    links = [each for each in found if agent.serves(each.other)]
    near = [each for each in around if agent.serves(each)]
    problems, workarounds = problems_of(ticket, agent)
    return Relations(
        links=tuple(links),
        parent=next((each for each in near if each.pk == ticket.parent_id), None),
        children=tuple(each for each in near if each.parent_id == ticket.pk),
        merged=tuple(each for each in near if each.survivor_id == ticket.pk),
        into=next((each for each in near if each.pk == ticket.survivor_id), None),
        problems=tuple(problems),
        workarounds=tuple(workarounds),
        hidden=_count_hidden([*(each.other for each in found), *around], agent),
    )


def _count_hidden(others: Iterable[Ticket], agent: Agent) -> int:
    """How many are served elsewhere; what is private is not even counted."""
    return sum(
        not (agent.serves(each) or each.service.is_private or each.is_with_reviewer)
        for each in others
    )


def problems_of(ticket: Ticket, agent: Agent) -> tuple[list[Problem], list[Problem]]:
    """Return the problems behind a ticket, and the known errors that may help on it. One query.

    These are the linked ones that are not solved, then of the ticket's service those whose title
    shares words with its summary, the most alike first.
    """
    rows = PROBLEMS.of(agent.services).objects(
        ticket=ticket.pk, service=ticket.service_id, services=agent.services
    )
    behind: list[Problem] = [each for each in rows if each.is_linked]
    helpful = [each for each in behind if each.is_known_error and each.state != "solved"]
    if ticket.is_done:
        return behind, helpful
    others: list[Problem] = [each for each in rows if not each.is_linked]
    ranked = [(alike(ticket.summary, each.title), each) for each in others]
    ranked.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return behind, helpful + [each for score, each in ranked if score][:3]


def alike(one: str, other: str) -> int:
    """Return how many longer words two lines share, whatever the case."""
    first, second = (set(WORD.findall(line.casefold())) for line in (one, other))
    return len(first & second)


def blockers_of(ticket: Ticket) -> list[Ticket]:
    """Return what blocks a ticket and is not done, whoever serves it. One query."""
    rows = Ticket.objects.filter(links_out__target=ticket, links_out__kind="blocks")
    return list(rows.unfinished().order_by("pk"))


def find_others(agent: Agent, ticket: Ticket | None, text: str) -> list[Ticket]:
    """Return whom the typed words may mean: "T-7 ..." one ticket, else at most eight by words.

    What the agent does not serve, and the ticket itself, are never offered.
    """
    served = Ticket.objects.of_services(agent.services).filter(held_for="")
    if ticket is not None:
        served = served.exclude(pk=ticket.pk)
    named = REF.match(text)
    if named:
        return list(served.with_ref(named[1]).select_related("service"))
    ids = find("ticket", text, most=LOOKED_THROUGH)
    order = {number: place for place, number in enumerate(ids)}
    found = served.filter(pk__in=ids).unfinished().select_related("service")
    return sorted(found, key=lambda each: order[each.pk])[:MOST]


def children_of(ticket: Ticket, agent: Agent) -> list[Ticket]:
    """Return the children that are not done and that this agent serves. One query."""
    rows = Ticket.objects.filter(parent=ticket).unfinished().of_services(agent.services)
    return list(rows.order_by("pk"))
