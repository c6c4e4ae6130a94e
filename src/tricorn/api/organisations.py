"""Organisations as a tree, and places: what the forms of the house offer to whoever asks."""

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import Flag, Given, Line, Number, PathNumber, Slug, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import reader_of
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.parties import verbs
from tricorn.parties.models import Organisation, Place
from tricorn.tickets.reads import desk as reads

router = Router(tags=["organisations and places"])


class OrganisationOne(Told):
    """An organisation; `above` are the numbers of those it is part of, the largest first."""

    id: int
    name: str = Field(examples=["Finance"])
    parent: int | None
    above: list[int]
    is_provider: bool


class OrganisationPage(Told):
    """A page of organisations; `next` is the cursor of the page behind it, null on the last."""

    items: list[OrganisationOne]
    next: str | None


class NewOrganisation(Given):
    name: Annotated[str, Line(200, "Finance", shortest=1)]
    parent: Number | None = Field(None, description="What it is part of.")


class RenamedOrganisation(Given):
    name: Annotated[str, Line(200, "Finance", shortest=1)]


class PlaceOne(Told):
    """A place with its short name, which is also in its address /at/<slug>/."""

    slug: str = Field(examples=["reception"])
    name: str = Field(examples=["Reception, Building B"])
    within: str | None = Field(description="The short name of the place that it lies in.")
    organisation: int | None
    is_open_to_reports: bool


class PlacePage(Told):
    """A page of places; `next` is the cursor of the page behind it, null on the last."""

    items: list[PlaceOne]
    next: str | None


class NewPlace(Given):
    name: Annotated[str, Line(200, "Reception, Building B", shortest=1)]
    slug: Slug | None = Field(None, description="Left out: made from the name. It never changes.")
    within: Slug | None = None
    organisation: Number | None = None


class ChangedPlace(Given):
    """What is left out stays."""

    name: Annotated[str, Line(200, "Reception", shortest=1)] | None = None
    within: Slug | None = None
    organisation: Number | None = None
    is_open_to_reports: Flag | None = None


def _organisations(reader: Reader) -> QuerySet[Organisation]:
    """All for who manages the house; at the desk the provider and its parts."""
    if reader.may("edit_parties"):
        return Organisation.objects.all()
    if reader.agent is None:
        raise StandingRefused("Only who works at the desk or manages the house reads these.")
    return reads.teams()


def _organisation(row: Organisation) -> OrganisationOne:
    return OrganisationOne(
        id=row.pk,
        name=row.name,
        parent=row.parent_id,
        above=row.above[:-1],
        is_provider=row.is_provider,
    )


@serve(router, "GET", "/organisations", gives=OrganisationPage, scope="people:read")
def list_organisations(request: HttpRequest, paged: Query[Paged]) -> OrganisationPage:
    """Organisations by number: all for who manages the house, at the desk the provider's parts."""
    shown, after = leaf(_organisations(reader_of(request)), paged)
    return OrganisationPage(items=[_organisation(each) for each in shown], next=after)


@serve(
    router,
    "GET",
    "/organisations/{organisation}",
    gives=OrganisationOne,
    scope="people:read",
    is_one=True,
)
def read_organisation(request: HttpRequest, organisation: PathNumber) -> OrganisationOne:
    """One organisation."""
    found = _organisations(reader_of(request)).filter(pk=organisation).first()
    if found is None:
        raise Http404("No such organisation.")
    return _organisation(found)


@serve(router, "POST", "/organisations", gives=OrganisationOne, scope="people:write", status=201)
def add_organisation(
    request: HttpRequest, given: Body[NewOrganisation]
) -> tuple[OrganisationOne, str]:
    """Put an organisation on record, under another when it is part of it."""
    reader = reader_of(request)
    reader.require("edit_parties")
    parent = _meant(given.parent, "parent")
    added = verbs.add_organisation(by=reader.actor, at=reader.at, name=given.name, parent=parent)
    return _organisation(added), f"/api/v1/organisations/{added.pk}"


def _meant(number: int | None, field: str) -> Organisation | None:
    found = Organisation.objects.filter(pk=number).first() if number is not None else None
    if number is not None and found is None:
        raise BadInput(f"There is no organisation {number}.", field=field)
    return found


@serve(
    router, "PATCH", "/organisations/{organisation}", gives=OrganisationOne, scope="people:write"
)
def rename_organisation(
    request: HttpRequest, organisation: PathNumber, given: Body[RenamedOrganisation]
) -> OrganisationOne:
    """Give an organisation another name; who belongs to it stays."""
    reader = reader_of(request)
    reader.require("edit_parties")
    found = Organisation.objects.filter(pk=organisation).first()
    if found is None:
        raise Http404("No such organisation.")
    renamed = verbs.rename_organisation(found, by=reader.actor, at=reader.at, name=given.name)
    return _organisation(renamed)


def _places(reader: Reader) -> QuerySet[Place]:
    """All for who works here; for others those that take reports."""
    found = Place.objects.select_related("within")
    if reader.agent is not None or reader.may("edit_parties"):
        return found
    return found.filter(is_open_to_reports=True)


def _place(row: Place) -> PlaceOne:
    return PlaceOne(
        slug=row.slug,
        name=row.name,
        within=row.within.slug if row.within else None,
        organisation=row.organisation_id,
        is_open_to_reports=row.is_open_to_reports,
    )


@serve(router, "GET", "/places", gives=PlacePage, scope="services:read")
def list_places(request: HttpRequest, paged: Query[Paged]) -> PlacePage:
    """Places by number: those that take reports; for who works here all."""
    shown, after = leaf(_places(reader_of(request)), paged)
    return PlacePage(items=[_place(each) for each in shown], next=after)


@serve(router, "GET", "/places/{place}", gives=PlaceOne, scope="services:read", is_one=True)
def read_place(request: HttpRequest, place: Slug) -> PlaceOne:
    """One place."""
    found = _places(reader_of(request)).filter(slug=place).first()
    if found is None:
        raise Http404("No such place.")
    return _place(found)


@serve(router, "POST", "/places", gives=PlaceOne, scope="people:write", status=201)
def add_place(request: HttpRequest, given: Body[NewPlace]) -> tuple[PlaceOne, str]:
    """Put a place on record, with its own address."""
    reader = reader_of(request)
    reader.require("edit_parties")
    added = verbs.add_place(
        by=reader.actor,
        at=reader.at,
        name=given.name,
        slug=given.slug or "",
        within=_within(given.within),
        organisation=_meant(given.organisation, "organisation"),
    )
    return _place(added), f"/api/v1/places/{added.slug}"


@serve(router, "PATCH", "/places/{place}", gives=PlaceOne, scope="people:write")
def change_place(request: HttpRequest, place: Slug, given: Body[ChangedPlace]) -> PlaceOne:
    """Change a place; what is left out stays, and its address always does."""
    reader = reader_of(request)
    reader.require("edit_parties")
    found = _places(reader).select_related("organisation").filter(slug=place).first()
    if found is None:
        raise Http404("No such place.")
    said = given.model_fields_set
    changed = verbs.change_place(
        found,
        by=reader.actor,
        at=reader.at,
        name=given.name or found.name,
        within=_within(given.within) if "within" in said else found.within,
        organisation=(
            _meant(given.organisation, "organisation")
            if "organisation" in said
            else found.organisation
        ),
        is_open_to_reports=(
            found.is_open_to_reports
            if given.is_open_to_reports is None
            else given.is_open_to_reports
        ),
    )
    return _place(changed)


def _within(slug: str | None) -> Place | None:
    found = Place.objects.filter(slug=slug).first() if slug is not None else None
    if slug is not None and found is None:
        raise BadInput(f"There is no place {slug}.", field="within")
    return found
