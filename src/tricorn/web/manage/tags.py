"""The tags of the house: how often each is used, rename one, make two one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.tickets.models import Tag
from tricorn.tickets.verbs import merge_tags, rename_tag
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, done, for_all, leaf, page, posted
from tricorn.web.requests import TricornRequest


class RenameForm(forms.Form):
    name = forms.CharField(label=_("What is it called?"), max_length=60)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Tag.objects.none(), label=_("Which tag takes its place?"))

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Tag.objects.filter(merged_into__isnull=True).exclude(pk=tag.pk)
        fill_choices(self, into=others.order_by("key"))


@for_all("edit_tags")
def tags(request: TricornRequest) -> HttpResponse:
    """Every tag with how many tickets have it."""
    rows = Tag.objects.filter(merged_into__isnull=True).annotate(count=Count("tagged"))
    return page(request, "tags.html", "tags", {"page": leaf(request, rows.order_by("key"))})


@for_all("edit_tags")
def tag(request: TricornRequest, tag: int) -> HttpResponse:
    """Rename a tag, or merge it into another."""
    row = get_object_or_404(Tag, pk=tag, merged_into__isnull=True)
    is_merge = "into" in request.POST
    rename = RenameForm(None if is_merge else posted(request), initial={"name": row.name})
    merge = MergeForm(posted(request) if is_merge else None, tag=row)
    try:
        if is_merge and merge.is_valid():
            into = merge_tags(row, by=request.actor, at=request.at, into=merge.cleaned_data["into"])
            said = gettext("From now on it is %(name)s.") % {"name": into.name}
            return done(request, said, "manage:tags")
        if rename.is_bound and rename.is_valid():
            kept = rename_tag(
                row, by=request.actor, at=request.at, name=rename.cleaned_data["name"]
            )
            said = gettext("From now on it is %(name)s.") % {"name": kept.name}
            return done(request, said, "manage:tags")
    except BadInput as problem:
        blame(merge if is_merge else rename, problem)
    context = {"tag": row, "rename": rename, "merge": merge}
    return page(request, "tag.html", "tags", context, rename, merge)
