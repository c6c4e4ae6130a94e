"""Where imported tickets belong: a service and an organisation, made when nobody has them yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service, ServiceHours
from tricorn.catalogue.verbs import add_hours, add_service
from tricorn.journal.actor import Actor
from tricorn.parties.models import House, Organisation
from tricorn.parties.verbs import add_organisation, furnish

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@contextmanager
def service_called(
    name: str, *, zone: str | None, by: Actor, at: datetime, dry_run: bool
) -> Iterator[Service]:
    """Yield the service of this name; made when missing, and gone again after a dry run.

    A log does not say what was promised, so a service made here promises nothing and its hours
    are round the clock: change both under Manage before its figures mean anything.
    """
    if dry_run:
        with transaction.atomic():
            yield _service(name, zone or "UTC", by, at)
            transaction.set_rollback(True)
    else:
        yield _service(name, zone or "UTC", by, at)


def _service(name: str, zone: str, by: Actor, at: datetime) -> Service:
    if found := Service.objects.filter(name__iexact=name).first():
        return found
    with transaction.atomic():
        house = House.objects.select_related("provider").first() or furnish(
            by=by, at=at, provider="Our services", sector="other", zone=zone
        )
        spec = {"zone": zone, "weekly": {day: ["00:00-24:00"] for day in WEEK}}
        hours = ServiceHours.objects.filter(name=f"Round the clock, {zone}").first()
        hours = hours or add_hours(by=by, at=at, name=f"Round the clock, {zone}", spec=spec)
        return add_service(by=by, at=at, name=name, provider=house.provider, hours=hours)


def organisation_called(name: str | None, *, by: Actor, at: datetime) -> Organisation | None:
    """Return the organisation of this name, made when missing; none for no name."""
    if not name:
        return None
    found = Organisation.objects.filter(name__iexact=name).first()
    return found or add_organisation(by=by, at=at, name=name)
