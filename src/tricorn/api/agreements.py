"""Agreements as both sides signed them, and the question who may use a service, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tricorn.agreements.files import signed_file
from tricorn.agreements.models import Agreement, Version
from tricorn.agreements.reads import VersionShown, agreement_shown, clause_data, terms_data
from tricorn.api.catalogue import found_service
from tricorn.api.door import serve
from tricorn.api.fields import PathNumber, Slug, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import reader_of
from tricorn.api.tickets.told import Named, named
from tricorn.engine.roles import Door, rule
from tricorn.insight.scope import parties
from tricorn.parties.models import Person
from tricorn.standing.portrait import portrait

router = Router(tags=["agreements"])
# A version's number is small; a ref is what the text calls it.
VersionNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
AgreementRef = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\u0000/]*$")]


class AgreementRow(Told):
    """An agreement; `in_force` is the version that holds now."""

    ref: str = Field(examples=["A-7"])
    client: Named
    provider: Named
    in_force: int | None


class Signed(Told):
    """Who signed, in which capacity, on which day."""

    by: str
    capacity: str
    on: str = Field(examples=["2026-05-04"])
    acting_for: str


class VersionRow(Told):
    """One version; moments are half-open."""

    number: int
    title: str
    state: Literal["in_force", "begins_later", "superseded", "expired"]
    from_at: datetime
    to_at: datetime | None
    hash: str
    services: list[str]


class AgreementOne(AgreementRow):
    """One agreement with all its versions, the oldest first."""

    versions: list[VersionRow]


class AgreementPage(Told):
    """A page of agreements; `next` is the cursor of the page behind it, null on the last."""

    items: list[AgreementRow]
    next: str | None


class VersionOne(VersionRow):
    """One version: its promises and terms as data, who signed, and the signed text itself."""

    clauses: list[dict[str, Any]]
    terms: dict[str, Any]
    signatures: list[Signed]
    text: str = Field(description="The signed text as TOML; `tricorn agreement verify` proves it.")


def _agreements(reader: Reader) -> QuerySet[Agreement]:
    """All for who puts them into force; at Decide those that one is a party to."""
    known = Agreement.objects.select_related("client", "provider")
    if reader.may("activate_agreement"):
        return known
    if Door.DECIDE not in reader.doors:
        return known.none()
    return known.filter(pk__in=[each.agreement.pk for each in parties(reader.portrait)])


def _row(agreement: Agreement, in_force: dict[int, int]) -> dict[str, Any]:
    return {
        "ref": agreement.ref,
        "client": named(agreement.client),
        "provider": named(agreement.provider),
        "in_force": in_force.get(agreement.pk),
    }


def _in_force(ids: list[int], at: datetime) -> dict[int, int]:
    found = Version.objects.in_force(at).filter(agreement__in=ids)
    return dict(found.values_list("agreement", "number"))


@serve(router, "GET", "/agreements", gives=AgreementPage, scope="agreements:read")
def list_agreements(request: HttpRequest, paged: Query[Paged]) -> AgreementPage:
    """Agreements by number: all for who puts them into force, else those you are a party to."""
    reader = reader_of(request)
    shown, after = leaf(_agreements(reader), paged)
    in_force = _in_force([each.pk for each in shown], reader.at)
    rows = [AgreementRow(**_row(each, in_force)) for each in shown]
    return AgreementPage(items=rows, next=after)


def _found(reader: Reader, ref: str) -> Agreement:
    found = _agreements(reader).filter(ref=ref).first()
    if found is None:
        raise Http404("No such agreement.")
    return found


@serve(
    router,
    "GET",
    "/agreements/{agreement}",
    gives=AgreementOne,
    scope="agreements:read",
    is_one=True,
)
def read_agreement(request: HttpRequest, agreement: AgreementRef) -> AgreementOne:
    """One agreement with its versions."""
    reader = reader_of(request)
    found = _found(reader, agreement)
    shown = agreement_shown(found.ref, at=reader.at)
    return AgreementOne(
        **_row(found, _in_force([found.pk], reader.at)),
        versions=[VersionRow.model_validate(_version(each)) for each in shown.versions],
    )


def _version(version: VersionShown) -> dict[str, Any]:
    return {
        "number": version.number,
        "title": version.title,
        "state": version.state,
        "from_at": version.from_at,
        "to_at": version.to_at,
        "hash": version.hash,
        "services": list(version.services),
    }


@serve(
    router,
    "GET",
    "/agreements/{agreement}/versions/{number}",
    gives=VersionOne,
    scope="agreements:read",
    is_one=True,
)
def read_version(
    request: HttpRequest, agreement: AgreementRef, number: VersionNumber
) -> VersionOne:
    """One version: clauses, terms, signatures and the signed text."""
    reader = reader_of(request)
    found = _found(reader, agreement)
    shown = agreement_shown(found.ref, at=reader.at)
    version = next((each for each in shown.versions if each.number == number), None)
    if version is None:
        raise Http404("No such version.")
    row = found.versions.select_related("agreement").get(number=number)
    return VersionOne.model_validate(
        {
            **_version(version),
            "clauses": [clause_data(each) for each in version.clauses],
            "terms": terms_data(version.content),
            "signatures": [
                {
                    "by": each.by,
                    "capacity": each.capacity,
                    "on": each.on,
                    "acting_for": each.acting_for,
                }
                for each in version.signatures
            ],
            "text": signed_file(row).to_toml(),
        }
    )


class Entitlement(Told):
    """Whether this person may use this service, and why; `by` names the versions that say so."""

    person: Named
    service: str
    may_use: bool
    why: str
    because: list[str]
    by: list[str] = Field(examples=[["A-7 v1"]])


class Asked(BaseModel):
    person: PathNumber | None = Field(None, description="Left out: you.")


@serve(
    router,
    "GET",
    "/services/{service}/entitlement",
    gives=Entitlement,
    scope="agreements:read",
)
def read_entitlement(request: HttpRequest, service: Slug, asked: Query[Asked]) -> Entitlement:
    """May this person use this service, and why? Of others it is told to who serves or manages it."""
    reader = reader_of(request)
    found = found_service(reader, service)
    person = _of(reader, asked.person, found.pk)
    known = reader.portrait if person == reader.person else portrait(person.pk, reader.at)
    ruling = rule(known.standing(found.pk), "use")
    versions = {
        fact.evidence_id
        for fact in known.facts_known
        if fact.kind == "entitled"
        and fact.evidence == "version"
        and fact.evidence_id is not None
        and fact.service_id in (None, found.pk)
    }
    rows = Version.objects.filter(pk__in=versions).select_related("agreement").order_by("pk")
    return Entitlement(
        person=Named(id=person.pk, name=person.name),
        service=found.slug,
        may_use=ruling.allowed,
        why=ruling.reason,
        because=list(ruling.because),
        by=[str(each) for each in rows],
    )


def _of(reader: Reader, number: int | None, service_id: int) -> Person:
    if number is None or number == reader.person.pk:
        return reader.person
    is_theirs = reader.agent is not None and "desk" in reader.portrait.duties_for(service_id)
    person = None
    if is_theirs or reader.may("edit_parties"):
        person = Person.objects.filter(pk=number).first()
    if person is None:
        raise Http404("No such person.")
    return person
