"""Organisations as a tree: add, rename, who belongs to one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.parties.models import Membership, Organisation
from tricorn.parties.verbs import add_organisation, join, rename_organisation
from tricorn.web.manage import authority
from tricorn.web.manage.answers import blame, done, for_all, leaf, page, posted
from tricorn.web.manage.fields import PersonField
from tricorn.web.requests import TricornRequest


@dataclass(frozen=True)
class Branch:
    """One organisation in the tree, with how many belong to it now and what is below it."""

    organisation: Organisation
    members: int
    below: tuple[Branch, ...]


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)


class NewOrganisationForm(OrganisationForm):
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=_("nothing larger"),
    )


class MemberForm(forms.Form):
    person = PersonField(
        label=_("Who joins?"), help_text=_("Their name or mail address, as under People.")
    )


@for_all("edit_parties")
def organisations(request: TricornRequest) -> HttpResponse:
    """All organisations as a tree, each with its members counted."""
    members = dict(
        Membership.objects.at(request.at)
        .values_list("organisation")
        .annotate(count=Count("person", distinct=True))
        .order_by()
    )
    return page(request, "organisations.html", "organisations", {"branches": tree(members)})


def tree(members: dict[int, int]) -> tuple[Branch, ...]:
    """Return the roots with everything below them, each level by name."""
    children: dict[int | None, list[Organisation]] = defaultdict(list)
    for each in Organisation.objects.order_by("name"):
        children[each.parent_id].append(each)

    def branches(parent: int | None) -> tuple[Branch, ...]:
        return tuple(
            Branch(each, members.get(each.pk, 0), branches(each.pk)) for each in children[parent]
        )

    return branches(None)


@for_all("edit_parties")
def organisation_add(request: TricornRequest) -> HttpResponse:
    """Add an organisation, or a group, which is an organisation of its own."""
    form = NewOrganisationForm(posted(request), initial={"parent": request.GET.get("in", "")})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            added = add_organisation(
                by=request.actor, at=request.at, name=data["name"], parent=data["parent"]
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("%(name)s is on record.") % {"name": added.name}
            return done(request, sentence, "manage:organisation", added.pk)
    return page(request, "organisation_add.html", "organisations", {"form": form}, form)


@for_all("edit_parties")
def organisation(request: TricornRequest, organisation: int) -> HttpResponse:
    """One organisation: its name, what it is part of, who belongs to it."""
    found = get_object_or_404(Organisation.objects.select_related("parent"), pk=organisation)
    form = OrganisationForm(posted(request), initial={"name": found.name})
    if form.is_bound and form.is_valid():
        try:
            rename_organisation(
                found, by=request.actor, at=request.at, name=form.cleaned_data["name"]
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("Renamed."), "manage:organisation", found.pk)
    return show(request, found, form=form)


@for_all("edit_parties")
def organisation_join(request: TricornRequest, organisation: int) -> HttpResponse:
    """Let somebody belong to this organisation from now on."""
    found = get_object_or_404(Organisation.objects.select_related("parent"), pk=organisation)
    form = MemberForm(request.POST if request.method == "POST" else None, prefix="member")
    if form.is_bound and form.is_valid():
        person = form.cleaned_data["person"]
        join(person, found, by=request.actor, at=request.at)
        sentence = gettext("%(name)s belongs to %(organisation)s.")
        said = sentence % {"name": person, "organisation": found}
        return done(request, said, "manage:organisation", found.pk)
    return show(request, found, member_form=form)


def show(request: TricornRequest, found: Organisation, **typed: forms.Form) -> HttpResponse:
    """Draw an organisation's page; `typed` are forms as they were sent."""
    shown: dict[str, forms.Form] = {
        "form": OrganisationForm(initial={"name": found.name}),
        "member_form": MemberForm(prefix="member"),
        "quorum_form": authority.QuorumForm(prefix="quorum"),
        **typed,
    }
    members = (
        Membership.objects.at(request.at)
        .filter(organisation=found)
        .select_related("person")
        .order_by("person__name", "id")
    )
    context: dict[str, Any] = {
        "organisation": found,
        **shown,
        **authority.deciding(found, request),
        "page": leaf(request, members),
        "children": found.children.order_by("name"),
        "agreements": found.agreements.order_by("ref"),
    }
    return page(request, "organisation.html", "organisations", context, *shown.values())
