"""Counting uses: by a record that shows one, or by one tap at the front desk."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person, Place
from tricorn.parties.reads import house_zone
from tricorn.standing.models import Use
from tricorn.stored import insert


def note_use(
    service: Service,
    *,
    at: datetime,
    source: str,
    source_id: int | None = None,
    person: Person | None = None,
    place: Place | None = None,
    host: Person | None = None,
    count: int = 1,
) -> Use:
    """Write down one use, in the transaction of what shows it."""
    use = Use(
        person=person,
        service=service,
        place=place,
        host=host,
        count=count,
        at=at,
        on=local_day(at),
        source=source,
        source_id=source_id,
    )
    insert(use)
    return use


def local_day(at: datetime) -> date:
    """Return the day of an instant as the house reads it."""
    return at.astimezone(ZoneInfo(house_zone())).date()


def tally(
    service: Service,
    place: Place | None,
    *,
    by: Actor,
    at: datetime,
    count: int = 1,
    host: Person | None = None,
) -> Use:
    """Count uses by people who report nothing: one tap at the front desk.

    Errors  BadInput for other than 1 to 500 people.
    """
    if not 1 <= count <= 500:
        raise BadInput("A tally counts 1 to 500 people at once.", count=count)
    with transaction.atomic():
        use = note_use(service, at=at, source="tally", place=place, host=host, count=count)
        write(
            service,
            "service.tallied",
            by=by,
            at=at,
            count=count,
            place=place and place.pk,
            host=host and host.pk,
            use=use.pk,
        )
    return use


def take_back_tally(use: Use, *, by: Actor, at: datetime) -> None:
    """Undo a tally that was tapped by mistake.

    Errors  BadInput when it was taken back already.
    """
    with transaction.atomic():
        tallies = Use.objects.select_for_update(of=("self",)).filter(source="tally")
        found = tallies.filter(pk=use.pk).first()
        if found is None:
            raise BadInput("This tally was taken back already.")
        write(use.service, "service.tally_taken_back", by=by, at=at, count=use.count, use=use.pk)
        found.delete()
