"""Reporting: for oneself as at My services, or for somebody as at the desk."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Body
from pydantic import Field, StrictInt

from tricorn.api.door import serve
from tricorn.api.fields import Flag, Given, Line, Moment, Number, Slug, Text
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import person_meant
from tricorn.api.tickets.reading import reader_of, router
from tricorn.api.tickets.told import RELATED, Kind, TicketRow, facts
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.questions import read, shown
from tricorn.parties.models import Place
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as reads
from tricorn.tickets.reviewers import is_reviewed

CHANNEL = "api"
# What one says of one's own matter; all else is for the desk to say of somebody's.
OWN = frozenset({"text", "service", "kind", "place", "requester", "about_staff", "fields"})
QuestionKey = Annotated[str, Field(pattern=r"^[-a-z0-9]{1,40}$", examples=["3-1"])]
Third = Annotated[StrictInt, Field(ge=1, le=3, examples=[2])]


class Report(Given):
    """Left out, the requester is you. For others, or for nobody (null), it takes the desk."""

    text: Text
    service: Slug
    kind: Kind = "incident"
    place: Slug | None = None
    requester: Number | None = Field(None, description="Who asks. Left out: you; null: nobody.")
    affected: Number | None = Field(None, description="For whom, if for somebody else.")
    contact_email: Annotated[str, Line(254, "guest@example.org")] = Field(
        "", description="For the answer to somebody whom nobody here knows."
    )
    began_at: Moment | None = Field(None, description="When it began; left out: now.")
    impact: Third = Field(2, description="How much of the work it hurts: 1 is much.")
    urgency: Third = Field(2, description="How soon it is needed: 1 is at once.")
    affected_count: Annotated[StrictInt, Field(ge=1, le=100_000, examples=[1])] = 1
    about_staff: Flag = Field(
        False,
        description="It is about somebody who works here: a reviewer reads it, and no desk. "
        "For your own matter alone.",
    )
    fields: dict[QuestionKey, Annotated[str, Line(10_000, "12.5")]] = Field(
        {},
        max_length=40,
        description="Answers to the questions of the service, by their keys, as one types them.",
    )


@serve(router, "POST", "/tickets", gives=TicketRow, scope="tickets:write", status=201)
def report(request: HttpRequest, given: Body[Report]) -> tuple[TicketRow, str]:
    """Report something, for yourself or (at the desk) for somebody else."""
    reader = reader_of(request)
    is_own = "requester" not in given.model_fields_set or given.requester == reader.person.pk
    is_own = is_own and not given.model_fields_set - OWN
    made = verbs.report(
        _own(given, reader) if is_own else _for_somebody(given, reader),
        by=reader.actor,
        at=reader.at,
    )
    ticket = Ticket.objects.select_related(*RELATED).get(pk=made.pk)
    served = reader.served_among([ticket.pk])
    row = TicketRow(**facts(ticket, ticket.pk in served, reader.at))
    return row, f"/api/v1/tickets/{ticket.ref}"


def _own(given: Report, reader: Reader) -> verbs.Report:
    """What My services takes: about a service that takes reports, at a place that does."""
    if given.about_staff and not is_reviewed(reader.at):
        raise BadInput(
            "Nobody reads complaints about people here in confidence yet. Ask whoever manages the "
            "house to set a reviewer.",
            field="about_staff",
        )
    services = Service.objects.filter(is_open_to_reports=True, is_retired=False)
    if reader.agent is not None:
        services = services | reads.services_on_offer(reader.agent.services)
    places = Place.objects.filter(is_open_to_reports=True)
    service = _service(services.filter(slug=given.service).first(), given)
    return verbs.Report(
        service=service,
        text=given.text,
        kind=given.kind,
        about_staff=given.about_staff,
        fields=_answered(service, given, "named"),
        place=_place(places.filter(slug=given.place).first(), given),
        requester=reader.person,
        channel=CHANNEL,
    )


def _for_somebody(given: Report, reader: Reader) -> verbs.Report:
    """What the desk takes down, for a service that it serves."""
    if reader.agent is None:
        raise StandingRefused(
            "Only the desk reports for others, or says how pressing it is. "
            "Report for yourself: leave out everything but text, service, kind and place."
        )
    if given.about_staff:
        raise BadInput(
            "Only whose own matter it is says so here. Take it down, then name the person on its "
            "page.",
            field="about_staff",
        )
    services = reads.services_on_offer(reader.agent.services)
    service = _service(services.filter(slug=given.service).first(), given)
    affected = person_meant(given.affected, "affected")
    own = reader.person if "requester" not in given.model_fields_set else None
    requester = own or person_meant(given.requester, "requester") or affected
    return verbs.Report(
        service=service,
        text=given.text,
        kind=given.kind,
        fields=_answered(service, given, "desk"),
        place=_place(reads.places().filter(slug=given.place).first(), given),
        requester=requester,
        affected=affected,
        reported_by=reader.person,
        contact_email=given.contact_email,
        began_at=given.began_at,
        impact=given.impact,
        urgency=given.urgency,
        affected_count=given.affected_count,
        channel=CHANNEL,
    )


def _answered(service: Service, given: Report, side: str) -> dict[str, str]:
    """Return the answers: each to a question that this side is asked, and none left out."""
    asked = shown(read(service.questions), side)
    if unknown := sorted(set(given.fields) - {each.key for each in asked}):
        raise BadInput(f"{service.name} asks no question {unknown[0]}.", field="fields")
    for each in asked:
        if each.is_required_of(side) and not given.fields.get(each.key, "").strip():
            raise BadInput(f"{service.name} asks: {each.label}", field=f"fields.{each.key}")
    return given.fields


def _service(found: Service | None, given: Report) -> Service:
    if found is None:
        raise BadInput(
            f"There is no service {given.service} that takes this. GET /services lists them.",
            field="service",
        )
    return found


def _place(found: Place | None, given: Report) -> Place | None:
    if found is None and given.place is not None:
        raise BadInput(
            f"There is no place {given.place} that takes reports. GET /places lists them.",
            field="place",
        )
    return found
