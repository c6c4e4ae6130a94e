"""Who decides for an organisation, and how many it takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.parties.models import Organisation
from tricorn.standing.models import MAY, Authority, Quorum
from tricorn.standing.verbs import end_quorum, set_quorum
from tricorn.web.manage import organisations
from tricorn.web.manage.answers import blame, done, for_all
from tricorn.web.manage.fields import CurrencyField
from tricorn.web.manage.people_forms import MAY_NAMES
from tricorn.web.requests import TricornRequest


class QuorumForm(forms.Form):
    """How many a deed takes, perhaps only above an amount."""

    needed = forms.IntegerField(
        label=_("How many must say yes?"), min_value=1, max_value=20, initial=2
    )
    may = forms.ChoiceField(label=_("to"), choices=[(each, MAY_NAMES[each]) for each in MAY])
    service = forms.ModelChoiceField(
        label=_("For which service?"),
        queryset=Service.objects.filter(is_retired=False),
        required=False,
        empty_label=_("all services"),
    )
    above = forms.DecimalField(
        label=_("Only above which amount?"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty: always."),
    )
    currency = CurrencyField()


@require_POST
@for_all("grant_authority")
def organisation_quorum(request: TricornRequest, organisation: int) -> HttpResponse:
    """Say how many a deed takes for this organisation from now on."""
    found = get_object_or_404(Organisation.objects.select_related("parent"), pk=organisation)
    form = QuorumForm(request.POST, prefix="quorum")
    if form.is_valid():
        data = form.cleaned_data
        try:
            set_quorum(
                found,
                data["may"],
                data["needed"],
                by=request.actor,
                at=request.at,
                service=data["service"],
                above=data["above"],
                currency=data["currency"],
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("Set."), "manage:organisation", found.pk)
    return organisations.show(request, found, quorum_form=form)


@require_POST
@for_all("grant_authority")
def organisation_end_quorum(request: TricornRequest, organisation: int) -> HttpResponse:
    """Say that a number is needed no longer."""
    row = request.POST.get("row", "")
    number = int(row) if row.isdecimal() and len(row) < 19 else 0
    quorum = get_object_or_404(Quorum, pk=number, organisation=organisation)
    end_quorum(quorum, by=request.actor, at=request.at)
    return done(request, gettext("It takes one again."), "manage:organisation", organisation)


def deciding(organisation: Organisation, request: TricornRequest) -> dict[str, Any]:
    """Return who decides for an organisation, nearest first, and the numbers needed. Two queries."""
    above = organisation.above
    held = (
        Authority.objects.unended(request.at)
        .filter(organisation__in=above)
        .select_related("person", "organisation", "service", "deputy")
    )
    numbers = (
        Quorum.objects.unended(request.at)
        .filter(organisation__in=above)
        .select_related("organisation", "service")
        .order_by("may", "above", "id")
    )
    return {
        "deciding": sorted(
            held, key=lambda row: (-above.index(row.organisation_id), row.may, row.person.name)
        ),
        "numbers": [(each, MAY_NAMES[each.may]) for each in numbers],
    }
