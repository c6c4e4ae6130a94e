"""How tickets belong together: merged, linked, parent and children, articles and problems."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from tricorn.api.articles import article_meant
from tricorn.api.door import serve
from tricorn.api.fields import Given, Number, Ref, Slug, Told
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import act, deed, other_ticket, person_meant, who
from tricorn.api.tickets.reading import found_ticket, reader_of
from tricorn.api.tickets.told import RELATED, State, TicketRow, facts
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.roles import Standing, rule
from tricorn.knowledge.models import Article
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.articles import linked_for
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.tickets.reads.relations import OTHER_END, relations_of

router = Router(tags=["how tickets belong together"])
LinkKind = Literal[
    "blocked_by",
    "blocks",
    "caused_by",
    "causes",
    "duplicate_of",
    "has_duplicate",
    "related",
]
# Links that are said from their other end: which kind it is there.
FROM_OTHER = {end: kind for kind, end in OTHER_END.items() if end != kind}


class Near(Told):
    """Another ticket that its desk serves."""

    ref: str = Field(examples=["T-2040"])
    summary: str
    state: State
    service: str


class Linked(Told):
    """A link as it reads from this ticket: it `blocks` the other, or is `caused_by` it."""

    kind: LinkKind
    other: Near


class Behind(Told):
    """A problem that lies behind this ticket."""

    ref: str = Field(examples=["P-3"])
    title: str
    workaround: str
    is_known_error: bool


class Relations(Told):
    """What belongs to a ticket. Whose own matter it is reads the articles alone."""

    merged_into: Near | None
    merged: list[Near]
    parent: Near | None
    children: list[Near]
    links: list[Linked]
    problems: list[Behind]
    articles: list[str] = Field(description="Linked articles, by their short names.")
    hidden: int = Field(description="How many more there are that you do not serve.")


class Into(Given):
    into: Ref = Field(description="The ticket in which it is handled from now on.")


class Link(Given):
    other: Ref
    kind: LinkKind = Field("related", description="As it reads from the ticket of the address.")


class Parent(Given):
    parent: Ref | None = Field(description="Null: it is a matter of its own again.")


class Apart(Given):
    """What is another matter. Left out: the service and the persons stay the same."""

    messages: list[Number] = Field(min_length=1, max_length=1000, examples=[[12]])
    service: Slug | None = None
    requester: Number | None = Field(None, description="Who asks; null: nobody.")
    affected: Number | None = Field(None, description="For whom, if for somebody else.")


class Helps(Given):
    article: Slug


@serve(router, "GET", "/tickets/{ref}/relations", gives=Relations, scope="tickets:read")
def read_relations(request: HttpRequest, ref: Ref) -> Relations:
    """What belongs to a ticket, as far as you serve it."""
    reader = reader_of(request)
    ticket, is_served = found_ticket(reader, ref)
    if not is_served or reader.agent is None:
        articles = linked_for(ticket, reader.reads, reader.at)
        return Relations(
            merged_into=None,
            merged=[],
            parent=None,
            children=[],
            links=[],
            problems=[],
            articles=[each.slug for each in articles],
            hidden=0,
        )
    found = relations_of(ticket, reader.agent)
    linked = Article.objects.filter(ticket_links__ticket=ticket).written_by_duty(reader.reads)
    return Relations(
        merged_into=_near(found.into) if found.into else None,
        merged=[_near(each) for each in found.merged],
        parent=_near(found.parent) if found.parent else None,
        children=[_near(each) for each in found.children],
        links=[
            Linked.model_validate({"kind": each.kind, "other": _near(each.other)})
            for each in found.links
        ],
        problems=[
            Behind(
                ref=each.ref,
                title=each.title,
                workaround=each.workaround,
                is_known_error=each.is_known_error,
            )
            for each in found.problems
        ],
        articles=[each.slug for each in linked],
        hidden=found.hidden,
    )


def _near(ticket: Ticket) -> Near:
    return Near.model_validate(
        {
            "ref": ticket.ref,
            "summary": ticket.summary,
            "state": ticket.state,
            "service": ticket.service.slug,
        }
    )


@deed("merge", router)
def merge(request: HttpRequest, ref: Ref, given: Body[Into]) -> TicketRow:
    """Handle it as part of another one; both stay readable, and unmerging leads back."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.merge(ticket, into=other_ticket(reader, given.into, "into"), **who(reader))

    return act(request, ref, "merge", do)


@deed("unmerge", router)
def unmerge(request: HttpRequest, ref: Ref) -> TicketRow:
    """Let it be a ticket of its own again, as it stood before."""

    def do(reader: Reader, ticket: Ticket) -> None:
        if ticket.merged_into_id is not None:
            other_ticket(reader, f"T-{ticket.merged_into_id}", "ref")
        verbs.unmerge(ticket, **who(reader))

    return act(request, ref, "unmerge", do)


@serve(
    *(router, "POST", "/tickets/{ref}/split"), gives=TicketRow, scope="tickets:write", status=201
)
def split(request: HttpRequest, ref: Ref, given: Body[Apart]) -> tuple[TicketRow, str]:
    """Make a ticket of some of its messages: they move there. Merging it back undoes this."""
    reader = reader_of(request)
    ticket, is_served = found_ticket(reader, ref)
    if not is_served or reader.agent is None:
        raise StandingRefused(rule(Standing(own=True), "split").reason, verb="split")
    is_same = not given.model_fields_set & {"requester", "affected"}
    part = verbs.Part(
        messages=given.messages,
        service=_service(reader, given.service) if given.service else ticket.service,
        requester=ticket.requester if is_same else person_meant(given.requester, "requester"),
        affected=ticket.affected if is_same else person_meant(given.affected, "affected"),
    )
    made = verbs.split(ticket, part, **who(reader))
    new = Ticket.objects.select_related(*RELATED).get(pk=made.pk)
    row = TicketRow(**facts(new, new.pk in reader.served_among([new.pk]), reader.at))
    return row, f"/api/v1/tickets/{new.ref}"


def _service(reader: Reader, slug: str) -> Service:
    services = reader.agent.services if reader.agent else ()
    found = services_on_offer(services).filter(slug=slug).first()
    if found is None:
        raise BadInput(f"Your desk serves no service {slug}.", field="service")
    return found


@deed("link", router)
def link(request: HttpRequest, ref: Ref, given: Body[Link]) -> TicketRow:
    """Say how it relates to another ticket. Twice is once."""

    def do(reader: Reader, ticket: Ticket) -> None:
        source, target, kind = _ends(reader, ticket, given)
        verbs.link(source, target, kind=kind, **who(reader))

    return act(request, ref, "relate", do)


@deed("unlink", router)
def unlink(request: HttpRequest, ref: Ref, given: Body[Link]) -> TicketRow:
    """Take a link away. Twice is once."""

    def do(reader: Reader, ticket: Ticket) -> None:
        source, target, kind = _ends(reader, ticket, given)
        verbs.unlink(source, target, kind=kind, **who(reader))

    return act(request, ref, "relate", do)


def _ends(reader: Reader, ticket: Ticket, given: Link) -> tuple[Ticket, Ticket, str]:
    other = other_ticket(reader, given.other, "other")
    if given.kind in FROM_OTHER:
        return other, ticket, FROM_OTHER[given.kind]
    return ticket, other, given.kind


@deed("set_parent", router)
def set_parent(request: HttpRequest, ref: Ref, given: Body[Parent]) -> TicketRow:
    """Make it a part of a larger one, or a matter of its own again."""

    def do(reader: Reader, ticket: Ticket) -> None:
        parent = other_ticket(reader, given.parent, "parent") if given.parent else None
        verbs.set_parent(ticket, parent=parent, **who(reader))

    return act(request, ref, "relate", do)


@deed("link_article", router)
def link_article(request: HttpRequest, ref: Ref, given: Body[Helps]) -> TicketRow:
    """Say that an article helps with it; whose matter it is sees it if they may read it."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.link_article(ticket, article_meant(reader, given.article), **who(reader))

    return act(request, ref, "link_article", do)


@deed("unlink_article", router)
def unlink_article(request: HttpRequest, ref: Ref, given: Body[Helps]) -> TicketRow:
    """Say that an article does not belong to it. Twice is once."""

    def do(reader: Reader, ticket: Ticket) -> None:
        verbs.unlink_article(ticket, article_meant(reader, given.article), **who(reader))

    return act(request, ref, "link_article", do)
