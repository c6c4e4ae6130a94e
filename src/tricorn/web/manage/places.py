"""Places: tree, add, change, their sign with the QR code."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.parties.models import Organisation, Place
from tricorn.parties.verbs import add_place, change_place
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.requests import TricornRequest


@dataclass(frozen=True)
class Spot:
    """One place in the tree, with the services that are met there and what lies inside it."""

    place: Place
    services: tuple[str, ...]
    inside: tuple[Spot, ...]


class PlaceForm(forms.Form):
    name = forms.CharField(
        label=_("What is the place called?"),
        max_length=200,
        help_text=_("As people say it: Reception, Building B."),
    )
    within = forms.ModelChoiceField(
        label=_("Inside"),
        queryset=Place.objects.all(),
        required=False,
        empty_label=_("nothing larger"),
    )
    organisation = forms.ModelChoiceField(
        label=_("Belongs to"),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=_("nobody in particular"),
    )


class NewPlaceForm(PlaceForm):
    slug = forms.CharField(
        label=_("Short address"),
        max_length=80,
        required=False,
        help_text=_(
            "Letters, digits and dashes. Left empty: made from the name. It never changes."
        ),
    )
    field_order = ("name", "slug", "within", "organisation")


class PlaceChangeForm(PlaceForm):
    is_open_to_reports = forms.BooleanField(
        label=_("Takes reports from whoever stands there"), required=False
    )


@for_all("edit_parties")
def places(request: TricornRequest) -> HttpResponse:
    """All places as a tree."""
    return page(request, "places.html", "places", {"spots": tree()})


def tree() -> tuple[Spot, ...]:
    """Return the outermost places with everything inside them, each level by name."""
    inside: dict[int | None, list[Place]] = defaultdict(list)
    for each in Place.objects.prefetch_related("services").order_by("name"):
        inside[each.within_id].append(each)

    def spots(outer: int | None) -> tuple[Spot, ...]:
        return tuple(
            Spot(each, tuple(s.name for s in each.services.all()), spots(each.pk))
            for each in inside[outer]
        )

    return spots(None)


@for_all("edit_parties")
def place_add(request: TricornRequest) -> HttpResponse:
    """Add a place with its own address."""
    form = NewPlaceForm(posted(request), initial={"within": request.GET.get("in", "")})
    if form.is_bound and form.is_valid():
        try:
            added = add_place(by=request.actor, at=request.at, **form.cleaned_data)
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("%(name)s is on record.") % {"name": added.name}
            return done(request, sentence, "manage:place", added.pk)
    return page(request, "place_add.html", "places", {"form": form}, form)


@for_all("edit_parties")
def place(request: TricornRequest, place: int) -> HttpResponse:
    """One place: its form, its sign, the services met there."""
    found = get_object_or_404(Place.objects.select_related("within", "organisation"), pk=place)
    form = PlaceChangeForm(
        posted(request),
        initial={
            "name": found.name,
            "within": found.within_id,
            "organisation": found.organisation_id,
            "is_open_to_reports": found.is_open_to_reports,
        },
    )
    if form.is_bound and form.is_valid():
        try:
            change_place(found, by=request.actor, at=request.at, **form.cleaned_data)
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("Changed."), "manage:place", found.pk)
    house = request.who.house
    context: dict[str, Any] = {
        "place": found,
        "form": form,
        "services": found.services.order_by("name"),
        "public_url": house.public_url if house else "",
    }
    return page(request, "place.html", "places", context, form)
