"""Reporting: for oneself as at My services, or for somebody as at the desk."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Body
from pydantic import Field, StrictInt

from tricorn.api.door import serve
from tricorn.api.fields import Given, Line, Moment, Number, Slug, Text
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import person_meant
from tricorn.api.tickets.reading import reader_of, router
from tricorn.api.tickets.told import RELATED, Kind, TicketRow, facts
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.parties.models import Place
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as reads

CHANNEL = "api"
# What one says of one's own matter; all else is for the desk to say of somebody's.
OWN = frozenset({"text", "service", "kind", "place", "requester"})
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
    services = Service.objects.filter(is_open_to_reports=True, is_retired=False)
    if reader.agent is not None:
        services = services | reads.services_on_offer(reader.agent.services)
    places = Place.objects.filter(is_open_to_reports=True)
    return verbs.Report(
        service=_service(services.filter(slug=given.service).first(), given),
        text=given.text,
        kind=given.kind,
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
    services = reads.services_on_offer(reader.agent.services)
    affected = person_meant(given.affected, "affected")
    own = reader.person if "requester" not in given.model_fields_set else None
    requester = own or person_meant(given.requester, "requester") or affected
    return verbs.Report(
        service=_service(services.filter(slug=given.service).first(), given),
        text=given.text,
        kind=given.kind,
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
