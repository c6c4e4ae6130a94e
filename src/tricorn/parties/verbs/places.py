"""Places, each with an address of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Place
from tricorn.parties.verbs.typed import clean


def add_place(
    *,
    by: Actor,
    at: datetime,
    name: str,
    slug: str = "",
    within: Place | None = None,
    organisation: Organisation | None = None,
) -> Place:
    """Add a place with its own address /at/<slug>/."""
    name = clean(name, "name", 200)
    slug = slugify(slug or name)[:80]
    if not slug:
        raise BadInput("Give the place a short address of letters, digits and dashes.")
    with transaction.atomic():
        if Place.objects.filter(slug=slug).exists():
            raise BadInput(f"The address /at/{slug}/ belongs to another place.", slug=slug)
        place = Place.objects.create(name=name, slug=slug, within=within, organisation=organisation)
        write(place, "place.added", by=by, at=at)
    return place


def change_place(
    place: Place,
    *,
    by: Actor,
    at: datetime,
    name: str,
    within: Place | None = None,
    organisation: Organisation | None = None,
    is_open_to_reports: bool = True,
) -> Place:
    """Change a place. Its address stays: it is printed on signs."""
    name = clean(name, "name", 200)
    with transaction.atomic():
        place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
        outer = within
        while outer is not None:
            if outer.pk == place.pk:
                raise BadInput(
                    f"{place} cannot lie within itself, or within what it holds.", within=""
                )
            outer = outer.within
        place.name, place.within, place.organisation = name, within, organisation
        place.is_open_to_reports = is_open_to_reports
        place.save()
        write(place, "place.changed", by=by, at=at)
    return place
