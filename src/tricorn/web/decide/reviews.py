"""Reviews behind Decide: the figures, the client's verdict, what both sides do next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tricorn.agreements import deciders, reviewed
from tricorn.agreements.models import Review, ReviewAction
from tricorn.agreements.verbs import add_action, end_action, give_verdict
from tricorn.engine.errors import BadInput
from tricorn.insight.scope import parties
from tricorn.web.decide.front import known
from tricorn.web.requests import TricornRequest
from tricorn.web.reviewed import ActionForm, VerdictForm, review_shown


@require_safe
def review(request: TricornRequest, review: int) -> HttpResponse:
    """One review as the client reads it: never which tickets, never a name of who reported."""
    return _drawn(request, _found(request, review))


@require_POST
def verdict(request: TricornRequest, review: int) -> HttpResponse:
    """Say whether the agreement was kept, once."""
    found = _found(request, review)
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            give_verdict(
                found,
                form.cleaned_data["verdict"],
                by=request.actor,
                at=request.at,
                remarks=form.cleaned_data["remarks"],
            )
        except BadInput as problem:
            _blame(form, problem)
        else:
            messages.success(request, gettext("Your verdict is on record."))
            return redirect("decide:review", found.pk)
    return _drawn(request, found, judge=form)


@require_POST
def action(request: TricornRequest, review: int) -> HttpResponse:
    """Write down what one side does; it takes the same authority as the verdict."""
    found = _found(request, review)
    deciders.require(request.actor, reviewed.asked_of(found), at=request.at)
    who = reviewed.deciders_of(found, request.at)
    form = ActionForm(request.POST, people=reviewed.owners(who, request.at))
    if form.is_valid():
        try:
            add_action(found, **form.cleaned_data, by=request.actor, at=request.at)
        except BadInput as problem:
            _blame(form, problem)
        else:
            messages.success(request, gettext("It is written down."))
            return redirect("decide:review", found.pk)
    return _drawn(request, found, add=form)


@require_POST
def action_end(request: TricornRequest, review: int, action: int) -> HttpResponse:
    """Say that an action is done, or dropped and why."""
    found = _found(request, review)
    deciders.require(request.actor, reviewed.asked_of(found), at=request.at)
    row = ReviewAction.objects.filter(review=found, pk=action).first()
    if row is None:
        raise Http404("No such action of this review.")
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    end_action(row, state, by=request.actor, at=request.at, note=note)
    return redirect("decide:review", found.pk)


def _found(request: TricornRequest, number: int) -> Review:
    """Return the review if the reader is a party to its agreement; else it is not there."""
    portrait, _, _ = known(request)
    found = reviewed.with_page(number)
    if found is None or found.agreement_id not in {p.agreement.pk for p in parties(portrait)}:
        raise Http404("There is no such review.")
    return found


def _drawn(
    request: TricornRequest,
    found: Review,
    *,
    judge: VerdictForm | None = None,
    add: ActionForm | None = None,
) -> HttpResponse:
    _, person, _ = known(request)
    who = reviewed.deciders_of(found, request.at)
    may = any(each.person.pk == person.pk for each in who)
    people = reviewed.owners(who, request.at) if may else []
    context: dict[str, Any] = {
        "shown": review_shown(found, request.at),
        "may": may,
        "who": [each.person.name for each in who],
        "judge": judge or VerdictForm(),
        "add": add or ActionForm(people=people, initial={"side": "client"}),
    }
    return render(request, "decide/review.html", context, status=422 if judge or add else 200)


def _blame(form: forms.Form, problem: BadInput) -> None:
    field = str(problem.facts.get("field", ""))
    form.add_error(field if field in form.fields else None, str(problem))
