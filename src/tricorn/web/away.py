"""I am away from one day to another, and somebody decides for me: one page, in two doors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tricorn.engine.errors import BadInput
from tricorn.parties.models import Person
from tricorn.standing.models import Authority
from tricorn.standing.verbs import come_back, go_away
from tricorn.web.manage.answers import blame, posted
from tricorn.web.manage.fields import DayField, PersonField, begin_of, end_of
from tricorn.web.requests import TricornRequest


class AwayForm(forms.Form):
    """From when to when, both days included, and who decides in the meantime."""

    since = DayField(label=_("Away from"), help_text=_("Left empty: from now on."))
    until = DayField(label=_("Until"), help_text=_("Left empty: until you say that you are back."))
    deputy = PersonField(
        label=_("Who decides for you?"),
        required=False,
        help_text=_("Their name or mail address. Left empty: the deputy named by your authority."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before it begins. Choose a later day."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: TricornRequest) -> HttpResponse:
    """Say that I am away and who decides for me, or that I am back."""
    person = _who_decides(request)
    form = AwayForm(None if "row" in request.POST else posted(request))
    if "row" in request.POST:
        row = request.POST["row"]
        number = int(row) if row.isdecimal() and len(row) < 19 else 0
        absence = get_object_or_404(person.absences, pk=number)
        come_back(absence, by=request.actor, at=request.at)
        return _done(request, gettext("You decide for yourself again."))
    if form.is_bound and form.is_valid():
        try:
            leave(request, person, form.cleaned_data)
        except BadInput as problem:
            blame(form, problem)
        else:
            return _done(request, gettext("Noted. We wish you a good time."))
    absences = person.absences.unended(request.at).select_related("deputy")
    context = {"form": form, "absences": absences.order_by("since", "id"), "at": request.at}
    return render(request, "away.html", context, status=422 if form.errors else 200)


def leave(request: TricornRequest, person: Person, data: dict[str, Any]) -> None:
    """Note an absence as a form says it, in the days of who reads."""
    go_away(
        person,
        by=request.actor,
        at=request.at,
        since=begin_of(data["since"], request.who.zone),
        until=end_of(data["until"], request.who.zone),
        deputy=data["deputy"],
    )


def _who_decides(request: TricornRequest) -> Person:
    """Return who reads, if they hold authority or stand in for somebody who does."""
    person = request.who.person
    if person is None:
        raise Http404("Nobody is signed in.")
    own = Q(person=person) | Q(deputy=person)
    if not Authority.objects.unended(request.at).filter(own).exists():
        raise Http404("Nothing to decide.")
    return person


def _done(request: TricornRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    door = request.resolver_match.namespace if request.resolver_match else "decide"
    return redirect(f"{door}:away")
