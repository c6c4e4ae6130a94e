"""Services, levels, hours and targets: the only code that changes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from tricorn.catalogue.models import MEASURES, Level, Service, ServiceHours, Target
from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Hours
from tricorn.engine.hours import Target as Within
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Place
from tricorn.parties.verbs import clean

KINDS = ("complaint", "incident", "praise", "question", "request", "wish")
PRIORITIES = ("critical", "high", "moderate", "low")


@dataclass(frozen=True)
class Promise:
    """One target before it is stored: first response within "4h" for incidents of high priority."""

    measure: str
    within: str
    kinds: Sequence[str] = ()
    priorities: Sequence[str] = ()
    stopped_by: Sequence[str] = field(default=("customer", "user"))


def add_hours(*, by: Actor, at: datetime, name: str, spec: dict[str, Any]) -> ServiceHours:
    """Add named service hours. `spec` is as in H.toml; BadCalendar says where it contradicts itself."""
    name = clean(name, "name of the hours", 120)
    data = as_data(spec, name)
    with transaction.atomic():
        if ServiceHours.objects.filter(name__iexact=name).exists():
            raise BadInput(f"There are service hours called {name} already.", name=name)
        hours = ServiceHours.objects.create(name=name, spec=data)
        write(hours, "hours.added", by=by, at=at)
    return hours


def change_hours(
    hours: ServiceHours, *, by: Actor, at: datetime, name: str, spec: dict[str, Any]
) -> ServiceHours:
    """Change when the provider serves, for what is raised from now on; running clocks keep theirs."""
    name = clean(name, "name of the hours", 120)
    data = as_data(spec, name)
    with transaction.atomic():
        hours = ServiceHours.objects.select_for_update().get(pk=hours.pk)
        if ServiceHours.objects.filter(name__iexact=name).exclude(pk=hours.pk).exists():
            raise BadInput(f"There are service hours called {name} already.", name=name)
        hours.name, hours.spec = name, data
        hours.save(update_fields=["name", "spec"])
        for level in hours.levels.select_related("hours"):
            _put(level, promises_of(level, at), at)
        write(hours, "hours.changed", by=by, at=at)
    return hours


def as_data(spec: dict[str, Any], name: str) -> dict[str, Any]:
    """Return checked hours as plain JSON data."""
    checked: dict[str, Any] = json.loads(
        json.dumps(Hours.from_data(spec, where=name).to_data(), default=str)
    )
    return checked


def add_service(
    *,
    by: Actor,
    at: datetime,
    name: str,
    provider: Organisation,
    hours: ServiceHours,
    description: str = "",
    places: Iterable[Place] = (),
    promises: Sequence[Promise] = (),
) -> Service:
    """Add a service with its standard level: the house promise that holds without an agreement."""
    name = clean(name, "name of the service", 120)
    slug = slugify(name)[:60] or f"service-{Service.objects.count() + 1}"
    with transaction.atomic():
        if Service.objects.filter(name__iexact=name).exists():
            raise BadInput(f"There is a service called {name} already.", name=name)
        if Service.objects.filter(slug=slug).exists():
            slug = f"{slug[:52]}-{Service.objects.count() + 1}"
        service = Service.objects.create(
            name=name,
            slug=slug,
            description=clean(description, "description", 500, required=False),
            provider=provider,
            hours=hours,
        )
        service.places.set(places)
        write(service, "service.added", by=by, at=at, hours=hours.pk)
        add_level(
            service, by=by, at=at, name="Standard", hours=hours, promises=promises, is_default=True
        )
    return service


def change_service(
    service: Service,
    *,
    by: Actor,
    at: datetime,
    name: str,
    description: str,
    hours: ServiceHours,
    places: Iterable[Place],
    is_open_to_reports: bool = True,
    is_retired: bool = False,
) -> Service:
    """Change a service's name, words, hours, places, or whether it still takes reports.

    Levels that were measured in the former hours go along with the service; running clocks do not.
    """
    name = clean(name, "name of the service", 120)
    with transaction.atomic():
        service = Service.objects.select_for_update().get(pk=service.pk)
        if Service.objects.filter(name__iexact=name).exclude(pk=service.pk).exists():
            raise BadInput(f"There is a service called {name} already.", name=name)
        former = service.hours_id
        service.name = name
        service.description = clean(description, "description", 500, required=False)
        service.hours = hours
        service.is_open_to_reports = is_open_to_reports
        service.is_retired = is_retired
        service.save()
        service.places.set(places)
        if former != hours.pk:
            for level in service.levels.filter(hours=former):
                level.hours = hours
                level.save(update_fields=["hours"])
                _put(level, promises_of(level, at), at)
        write(service, "service.changed", by=by, at=at, hours=hours.pk)
    return service


def add_level(
    service: Service,
    *,
    by: Actor,
    at: datetime,
    name: str,
    hours: ServiceHours,
    promises: Sequence[Promise] = (),
    is_default: bool = False,
    price: Decimal | None = None,
    currency: str = "",
) -> Level:
    """Add a service level with its targets."""
    name = clean(name, "name of the level", 80)
    _check_price(price)
    checked = [check(promise) for promise in promises]
    with transaction.atomic():
        if service.levels.filter(name__iexact=name).exists():
            raise BadInput(f"{service.name} has a level called {name} already.", name=name)
        if is_default and service.levels.filter(is_default=True).exists():
            raise BadInput(f"{service.name} has a standard level already. There is one only.")
        level = Level.objects.create(
            service=service,
            name=name,
            hours=hours,
            is_default=is_default,
            price=price,
            currency=currency.upper()[:3],
        )
        _put(level, checked, at)
        write(service, "service.level_added", by=by, at=at, level=level.pk)
    return level


def change_level(
    level: Level,
    *,
    by: Actor,
    at: datetime,
    hours: ServiceHours,
    promises: Sequence[Promise],
    price: Decimal | None = None,
    currency: str = "",
) -> Level:
    """Change a level for what is raised from now on; running clocks keep the target they began with."""
    _check_price(price)
    checked = [check(promise) for promise in promises]
    with transaction.atomic():
        level = Level.objects.select_for_update(of=("self",)).get(pk=level.pk)
        level.hours, level.price, level.currency = hours, price, currency.upper()[:3]
        level.save()
        _put(level, checked, at)
        write(level.service, "service.level_changed", by=by, at=at, level=level.pk)
    return level


def _check_price(price: Decimal | None) -> None:
    if price is not None and not (price.is_finite() and 0 <= price < 10**10):
        raise BadInput("The price is an amount from 0 to below ten thousand million.", price="")


def check(promise: Promise) -> Promise:
    """Return the promise when it can be kept by a clock; else say what is wrong with it."""
    if promise.measure not in MEASURES:
        raise BadInput(f"A target is one of {', '.join(MEASURES)}, not {promise.measure!r}.")
    within = str(Within.parse(promise.within))
    for given, known, what in (
        (promise.kinds, KINDS, "kind of ticket"),
        (promise.priorities, PRIORITIES, "priority"),
        (promise.stopped_by, [holder.value for holder in Holder], "holder"),
    ):
        for each in given:
            if each not in known:
                raise BadInput(f"There is no {what} {each!r}. Choose from {', '.join(known)}.")
    return replace(promise, within=within)


def promises_of(level: Level, at: datetime) -> list[Promise]:
    """Return the targets of a level that hold at an instant."""
    return [
        Promise(
            measure=target.measure,
            within=target.within,
            kinds=tuple(target.kinds),
            priorities=tuple(target.priorities),
            stopped_by=tuple(target.stopped_by),
        )
        for target in level.targets.at(at)
    ]


def _put(level: Level, promises: Sequence[Promise], at: datetime) -> None:
    """End the level's targets and begin these, with the hours as they are today."""
    level.targets.at(at).update(until=at)
    Target.objects.bulk_create(
        Target(
            level=level,
            measure=promise.measure,
            within=promise.within,
            kinds=list(promise.kinds),
            priorities=list(promise.priorities),
            stopped_by=list(promise.stopped_by),
            spec=level.hours.spec,
            since=at,
        )
        for promise in promises
    )
