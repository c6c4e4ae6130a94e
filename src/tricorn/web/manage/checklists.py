"""The checklists that a service keeps for its tickets."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.tickets.models import Checklist
from tricorn.tickets.verbs import keep_checklist
from tricorn.web.manage.answers import blame, done, mine, page, posted
from tricorn.web.requests import TricornRequest


class ChecklistForm(forms.Form):
    name = forms.CharField(label=_("What is the list called?"), max_length=80)
    items = forms.CharField(
        label=_("What is to be done, one thing on each line"),
        max_length=15_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )


class ChangedForm(ChecklistForm):
    is_retired = forms.BooleanField(
        label=_("Retired: no longer offered; tickets keep theirs"), required=False
    )


def checklists(request: TricornRequest, service: int) -> HttpResponse:
    """The lists of a service; keep another one."""
    found = mine(request, service)
    form = ChecklistForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            keep_checklist(
                found,
                by=request.actor,
                at=request.at,
                name=form.cleaned_data["name"],
                items=form.cleaned_data["items"].splitlines(),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("The list is kept."), "manage:checklists", found.pk)
    rows = Checklist.objects.filter(service=found).order_by("is_retired", "name")
    context = {"service": found, "form": form, "rows": rows}
    return page(request, "checklists.html", "services", context, form)


def checklist(request: TricornRequest, service: int, checklist: int) -> HttpResponse:
    """Change a list, for tickets that get it from now on."""
    found = mine(request, service)
    row = get_object_or_404(Checklist, pk=checklist, service=found)
    initial = {"name": row.name, "items": "\n".join(row.items), "is_retired": row.is_retired}
    form = ChangedForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            keep_checklist(
                found,
                by=request.actor,
                at=request.at,
                name=given["name"],
                items=given["items"].splitlines(),
                checklist=row,
                is_retired=given["is_retired"],
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("The list is kept."), "manage:checklists", found.pk)
    context = {"service": found, "form": form, "checklist": row}
    return page(request, "checklist.html", "services", context, form)
