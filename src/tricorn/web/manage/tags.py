"""The tags of the house: how often each is used, rename one, make two one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.tickets.models import REVIEWER, Tag
from tricorn.tickets.reads.aids import tags_known
from tricorn.tickets.verbs import merge_tags, rename_tag
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, done, for_all, leaf, page, posted
from tricorn.web.requests import TricornRequest


class RenameForm(forms.Form):
    name = forms.CharField(label=_("What is it called?"), max_length=60)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Tag.objects.none(), label=_("Which tag takes its place?"))

    def __init__(self, *args: Any, tag: Tag, known: QuerySet[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, into=known.exclude(pk=tag.pk).order_by("key"))


@for_all("edit_tags")
def tags(request: TricornRequest) -> HttpResponse:
    """Every tag with how many tickets have it, of those that the reader may know of."""
    unseen = Q(tagged__ticket__held_for=REVIEWER) | Q(tagged__ticket__service__in=_hidden(request))
    rows = tags_known(_hidden(request)).annotate(count=Count("tagged", filter=~unseen))
    return page(request, "tags.html", "tags", {"page": leaf(request, rows.order_by("key"))})


@for_all("edit_tags")
def tag(request: TricornRequest, tag: int) -> HttpResponse:
    """Rename a tag, or merge it into another."""
    known = tags_known(_hidden(request))
    row = get_object_or_404(known, pk=tag)
    is_merge = "into" in request.POST
    rename = RenameForm(None if is_merge else posted(request), initial={"name": row.name})
    merge = MergeForm(posted(request) if is_merge else None, tag=row, known=known)
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


def _hidden(request: TricornRequest) -> frozenset[int]:
    """The private services of which the reader is to see nothing."""
    assert request.who.portrait is not None
    return request.who.portrait.hidden
