"""What there is to manage, counted, and what is still missing: the front page of Manage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.models import Version
from tricorn.catalogue.models import Service, ServiceHours, Target
from tricorn.parties.models import House, Organisation, Person, Place
from tricorn.standing.models import Duty


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a code for what, and the record that it is about, if one."""

    code: str
    name: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Overview:
    """Counts by the word of their page, and what is missing, most pressing first."""

    services: int
    hours: int
    people: int
    organisations: int
    places: int
    agreements: int
    missing: tuple[Missing, ...]


def overview(house: House | None, at: datetime) -> Overview:
    """Return counts and what is missing for the whole house: nine queries."""
    services = list(Service.objects.filter(is_retired=False).select_related("hours"))
    places = Place.objects.count()
    return Overview(
        services=len(services),
        hours=ServiceHours.objects.count(),
        people=Person.objects.filter(is_active=True).count(),
        organisations=Organisation.objects.count(),
        places=places,
        agreements=Version.objects.in_force(at).count(),
        missing=(*_house(house, places), *_services(services, at)),
    )


def _house(house: House | None, places: int) -> list[Missing]:
    missing = []
    if house and not house.danger_number:
        missing.append(Missing("no_danger_number"))
    if house and places and not house.public_url:
        missing.append(Missing("no_public_address"))
    return missing


def _services(services: list[Service], at: datetime) -> list[Missing]:
    """Services that are never open, promise nothing, or that nobody works for; a lone manager."""
    if not services:
        return [Missing("no_service"), *_managers(list(Duty.objects.at(at)))]
    promising = set(Target.objects.at(at).values_list("level__service", flat=True))
    duties = list(Duty.objects.at(at).filter(person__is_active=True))
    served = {duty.service_id for duty in duties if duty.duty == "desk"}
    missing = []
    for each in services:
        spec = each.hours.spec
        if not any(spec.get("weekly", {}).values()) and not spec.get("open"):
            missing.append(Missing("never_open", each.name, each.pk))
        if each.pk not in promising:
            missing.append(Missing("no_target", each.name, each.pk))
        if each.pk not in served and (each.is_private or None not in served):
            missing.append(Missing("nobody_at_desk", each.name, each.pk))
    return [*missing, *_managers(duties)]


def _managers(duties: list[Duty]) -> list[Missing]:
    managers = {d.person_id for d in duties if d.duty == "manage" and d.service_id is None}
    return [Missing("one_manager")] if len(managers) == 1 else []
