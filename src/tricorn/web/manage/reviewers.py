"""Who reads complaints that name somebody of us, and how long names are kept."""

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
from tricorn.parties.models import Person
from tricorn.tickets import verbs
from tricorn.tickets.models import Inquiry, Keeping, Reviewer
from tricorn.web.inquiries.forms import Named
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.requests import TricornRequest


class One(Named):
    """One person by name or mail address."""

    def clean(self, value: Any) -> Any:
        found: list[Person] = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError(gettext("One person only."))
        return found[0] if found else None


class ReviewerForm(forms.Form):
    person = One(label=_("Who reviews?"))
    service = forms.ModelChoiceField(
        label=_("Complaints about which service?"),
        queryset=Service.objects.filter(is_retired=False),
        required=False,
        empty_label=_("every service"),
    )
    deputy = One(label=_("Who stands in, while they are away or named themselves?"), required=False)

    def __init__(self, *args: Any, request: TricornRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "deputy"):
            field = self.fields[name]
            assert isinstance(field, Named)
            field.at, field.help_text = request.at, gettext("A name or a mail address.")


class KeepingForm(forms.Form):
    months = forms.IntegerField(
        label=_("Months for which names are kept after the end"), min_value=1, max_value=120
    )
    blanks_words = forms.BooleanField(
        label=_("Then remove also what was said; else the reviewer alone keeps it"), required=False
    )


@for_all("grant_authority")
def reviewers(request: TricornRequest) -> HttpResponse:
    """Who reviews what; nothing of what they read."""
    form = ReviewerForm(posted(request), request=request)
    if form.is_bound and form.is_valid():
        try:
            row = verbs.set_reviewer(by=request.actor, at=request.at, **form.cleaned_data)
        except BadInput as problem:
            blame(form, problem)
        else:
            said = gettext("%(name)s reviews from now on.") % {"name": row.person}
            return done(request, said, "manage:reviewers")
    return _drawn(request, form, None)


@for_all("grant_authority")
@require_POST
def keeping(request: TricornRequest) -> HttpResponse:
    form = KeepingForm(request.POST)
    house = request.who.house
    assert house is not None
    if form.is_valid():
        verbs.keep_names(house, by=request.actor, at=request.at, **form.cleaned_data)
        return done(request, gettext("Saved."), "manage:reviewers")
    return _drawn(request, ReviewerForm(request=request), form)


@for_all("grant_authority")
@require_POST
def end(request: TricornRequest, reviewer: int) -> HttpResponse:
    row = get_object_or_404(Reviewer, pk=reviewer)
    verbs.end_reviewer(row, by=request.actor, at=request.at)
    said = gettext("They review no further complaints; what they are reading stays with them.")
    return done(request, said, "manage:reviewers")


def _drawn(request: TricornRequest, form: ReviewerForm, kept: KeepingForm | None) -> HttpResponse:
    terms = Keeping.objects.first() or Keeping()
    initial = {"months": terms.months, "blanks_words": terms.blanks_words}
    rows = Reviewer.objects.at(request.at).select_related("person", "deputy", "service")
    context = {
        "reviewers": rows.order_by("service__name", "id"),
        "form": form,
        "keeping": kept or KeepingForm(initial=initial),
        "is_unread": Inquiry.objects.filter(reviewer=None).exists(),
    }
    return page(request, "reviewers.html", "settings", context, form, kept)
