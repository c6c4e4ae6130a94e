"""People, organisations and places: read by who works here, changed by who manages the house."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import Given, Line, Moment, Number, PathNumber, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import reader_of
from tricorn.api.tickets.told import Named
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.parties import verbs
from tricorn.parties.models import Membership, Organisation, Person
from tricorn.parties.reads import find_people
from tricorn.standing import verbs as standing
from tricorn.tickets.verbs import must_reach

router = Router(tags=["people"])
# As at the desk: so many letters at least, so that nobody is listed idly.
LETTERS = 2


class Me(Told):
    """Whose token this is, what it holds, and which doors are open to them."""

    id: int
    name: str
    email: str | None
    doors: list[Literal["report", "my", "decide", "desk", "manage"]]
    scopes: list[str]
    ends_at: datetime = Field(description="When the token ends.")


class PersonRow(Told):
    """A person: where they belong now."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Cleo"])
    email: str | None
    is_active: bool = Field(description="Whether they may sign in.")
    organisations: list[Named]


class MembershipRow(Told):
    """From when to when somebody belongs to an organisation."""

    id: int
    organisation: Named
    title: str
    since: datetime
    until: datetime | None


class PersonOne(PersonRow):
    """One person with every membership; these are read by who manages the house."""

    memberships: list[MembershipRow]


class PersonPage(Told):
    """A page of people; `next` is the cursor of the page behind it, null on the last."""

    items: list[PersonRow]
    next: str | None


class People(Paged):
    q: Annotated[
        str,
        Line(200, "cleo"),
        Field(description="The beginning of a name or address. At the desk two letters at least."),
    ] = ""


class NewPerson(Given):
    name: Annotated[str, Line(200, "Cleo", shortest=1)]
    email: Annotated[str, Line(254, "cleo@example.org")] | None = None
    organisation: Number | None = Field(None, description="Where they belong from now on.")


class ChangedPerson(Given):
    """What is left out stays."""

    name: Annotated[str, Line(200, "Cleo", shortest=1)] | None = None
    email: Annotated[str, Line(254, "cleo@example.org")] | None = Field(
        None, description="Empty: none any more."
    )


class Joined(Given):
    organisation: Number
    title: Annotated[str, Line(120, "Head of Finance")] = ""
    since: Moment | None = Field(None, description="Left out: now.")


class Left(Given):
    membership: Number


@serve(router, "GET", "/me", gives=Me)
def read_me(request: HttpRequest) -> Me:
    """Whose token this is; any token may ask."""
    reader = reader_of(request)
    return Me.model_validate(
        {
            "id": reader.person.pk,
            "name": reader.person.name,
            "email": reader.person.email,
            "doors": [door.value for door in reader.doors],
            "scopes": reader.token.scopes,
            "ends_at": reader.token.ends_at,
        }
    )


@serve(router, "GET", "/people", gives=PersonPage, scope="people:read")
def list_people(request: HttpRequest, asked: Query[People]) -> PersonPage:
    """People, by number: everybody for who manages the house; at the desk, whom the letters mean."""
    reader = reader_of(request)
    words = " ".join(asked.q.split())
    found = find_people(words)
    if not reader.may("edit_parties"):
        _works_here(reader)
        if len(words) < LETTERS:
            raise BadInput("Say whom you look for: two letters at least.", field="q")
        found = found.filter(is_active=True)
    shown, after = leaf(found, asked)
    where = _where([each.pk for each in shown], reader.at)
    return PersonPage(items=[_row(each, where) for each in shown], next=after)


def _works_here(reader: Reader) -> None:
    if reader.agent is None:
        raise StandingRefused("Only who works at the desk or manages the house looks people up.")


def _where(ids: list[int], at: datetime) -> dict[int, list[Named]]:
    where: dict[int, list[Named]] = {each: [] for each in ids}
    members = Membership.objects.at(at).filter(person__in=ids).select_related("organisation")
    for each in members.order_by("since", "id"):
        named = Named(id=each.organisation_id, name=each.organisation.name)
        where[each.person_id].append(named)
    return where


def _row(person: Person, where: dict[int, list[Named]]) -> PersonRow:
    return PersonRow(
        id=person.pk,
        name=person.name,
        email=person.email,
        is_active=person.is_active,
        organisations=where[person.pk],
    )


def _one(reader: Reader, person: Person) -> PersonOne:
    rows = person.memberships.select_related("organisation").order_by("-since", "-id")
    row = _row(person, _where([person.pk], reader.at))
    is_shown = reader.may("edit_parties") or person == reader.person
    return PersonOne(
        **row.model_dump(),
        memberships=[_membership(each) for each in rows] if is_shown else [],
    )


def _membership(row: Membership) -> MembershipRow:
    return MembershipRow(
        id=row.pk,
        organisation=Named(id=row.organisation_id, name=row.organisation.name),
        title=row.title,
        since=row.since,
        until=row.until,
    )


def _found(reader: Reader, number: int, *, right: str = "") -> Person:
    """Return a person: oneself, at the desk who may sign in, for a manager anybody; 404 else."""
    if right:
        reader.require(right)
    found = Person.objects.filter(pk=number)
    if number != reader.person.pk and not reader.may("edit_parties"):
        found = found.filter(is_active=True) if reader.agent else found.none()
    person = found.first()
    if person is None:
        raise Http404("No such person.")
    return person


@serve(router, "GET", "/people/{person}", gives=PersonOne, scope="people:read", is_one=True)
def read_person(request: HttpRequest, person: PathNumber) -> PersonOne:
    """One person: yourself; at the desk who may sign in; for who manages the house, anybody."""
    reader = reader_of(request)
    return _one(reader, _found(reader, person))


@serve(router, "POST", "/people", gives=PersonOne, scope="people:write", status=201)
def add_person(request: HttpRequest, given: Body[NewPerson]) -> tuple[PersonOne, str]:
    """Put somebody on record, and where they belong."""
    reader = reader_of(request)
    reader.require("edit_parties")
    with transaction.atomic():
        added = verbs.add_person(
            by=reader.actor, at=reader.at, name=given.name, email=given.email or None
        )
        if given.organisation is not None:
            organisation = _organisation(given.organisation)
            verbs.join(added, organisation, by=reader.actor, at=reader.at)
    return _one(reader, added), f"/api/v1/people/{added.pk}"


def _organisation(number: int, field: str = "organisation") -> Organisation:
    found = Organisation.objects.filter(pk=number).first()
    if found is None:
        raise BadInput(f"There is no organisation {number}.", field=field)
    return found


@serve(router, "PATCH", "/people/{person}", gives=PersonOne, scope="people:write")
def change_person(
    request: HttpRequest, person: PathNumber, given: Body[ChangedPerson]
) -> PersonOne:
    """Change somebody's name or address; what is left out stays."""
    reader = reader_of(request)
    found = _found(reader, person, right="edit_parties")
    email = (given.email or "") if "email" in given.model_fields_set else None
    if email is not None and email != (found.email or ""):
        must_reach(found, by=reader.actor, at=reader.at)
    changed = verbs.change_person(
        found, by=reader.actor, at=reader.at, name=given.name, email=email
    )
    return _one(reader, changed)


@serve(router, "POST", "/people/{person}/join", gives=PersonOne, scope="people:write")
def join(request: HttpRequest, person: PathNumber, given: Body[Joined]) -> PersonOne:
    """Let somebody belong to an organisation."""
    reader = reader_of(request)
    found = _found(reader, person, right="edit_parties")
    verbs.join(
        found,
        _organisation(given.organisation),
        by=reader.actor,
        at=reader.at,
        since=given.since,
        title=given.title,
    )
    return _one(reader, found)


@serve(router, "POST", "/people/{person}/leave", gives=PersonOne, scope="people:write")
def leave(request: HttpRequest, person: PathNumber, given: Body[Left]) -> PersonOne:
    """End a membership; what happened while it lasted stays."""
    reader = reader_of(request)
    found = _found(reader, person, right="edit_parties")
    membership = found.memberships.filter(pk=given.membership).first()
    if membership is None:
        raise BadInput(f"{found} has no membership {given.membership}.", field="membership")
    verbs.leave(membership, by=reader.actor, at=reader.at)
    return _one(reader, found)


@serve(router, "POST", "/people/{person}/shut_out", gives=PersonOne, scope="people:write")
def shut_out(request: HttpRequest, person: PathNumber) -> PersonOne:
    """Let somebody no longer sign in, nor their tokens; what they did stays."""
    reader = reader_of(request)
    found = _found(reader, person, right="edit_parties")
    return _one(reader, standing.shut_out(found, by=reader.actor, at=reader.at))


@serve(router, "POST", "/people/{person}/let_in", gives=PersonOne, scope="people:write")
def let_in(request: HttpRequest, person: PathNumber) -> PersonOne:
    """Let somebody sign in again."""
    reader = reader_of(request)
    found = _found(reader, person, right="edit_parties")
    return _one(reader, standing.let_in(found, by=reader.actor, at=reader.at))
