"""Reviews behind Manage: every agreement's, with the tickets behind the figures."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.agreements import reviewed
from tricorn.agreements.models import Review, ReviewAction
from tricorn.agreements.verbs import add_action, end_action
from tricorn.engine.errors import BadInput
from tricorn.parties.models import Person
from tricorn.web.manage.answers import blame, done, for_all, page
from tricorn.web.requests import TricornRequest
from tricorn.web.reviewed import VERDICTS, ActionForm, credit_lines, period_words, review_shown


@for_all("activate_agreement")
def reviews(request: TricornRequest) -> HttpResponse:
    """Every review: what waits for a verdict first, overdue ones at the top."""
    rows = [
        {
            "row": row,
            "period": period_words(row.review),
            "verdict": VERDICTS.get(row.review.verdict, ""),
        }
        for row in reviewed.rows(request.at)
    ]
    return page(request, "reviews.html", "agreements", {"rows": rows})


@for_all("activate_agreement")
def review(request: TricornRequest, review: int) -> HttpResponse:
    """One review, with the tickets that were late and the exact numbers."""
    return _drawn(request, _found(review))


@for_all("activate_agreement")
@require_POST
def action_add(request: TricornRequest, review: int) -> HttpResponse:
    """Write down what one side does because of the review."""
    found = _found(review)
    form = ActionForm(request.POST, people=_people(found, request))
    if form.is_valid():
        try:
            add_action(found, **form.cleaned_data, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("It is written down."), "manage:review", found.pk)
    return _drawn(request, found, form)


@for_all("activate_agreement")
@require_POST
def action_end(request: TricornRequest, review: int, action: int) -> HttpResponse:
    """Say that an action is done, or dropped and why."""
    row = get_object_or_404(ReviewAction, review=review, pk=action)
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    end_action(row, state, by=request.actor, at=request.at, note=note)
    return done(request, gettext("It is written down."), "manage:review", review)


def _people(found: Review, request: TricornRequest) -> list[Person]:
    return reviewed.owners(reviewed.deciders_of(found, request.at), request.at)


def _found(number: int) -> Review:
    found = reviewed.with_page(number)
    if found is None:
        raise Http404("There is no such review.")
    return found


def _drawn(request: TricornRequest, found: Review, form: ActionForm | None = None) -> HttpResponse:
    people = _people(found, request)
    evidence: dict[str, Any] = found.evidence
    context = {
        "shown": review_shown(found, request.at),
        "late": evidence.get("late", {}),
        "exact_credits": credit_lines(evidence.get("credits", ())),
        "may": True,
        "add": form or ActionForm(people=people, initial={"side": "provider"}),
    }
    return page(request, "review.html", "agreements", context, form)
