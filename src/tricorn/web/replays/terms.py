"""What every option is held against, set: rates, people, priorities; and a search for options."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.engine.errors import BadInput
from tricorn.insight.replays import verbs
from tricorn.insight.replays.reads import RunShown
from tricorn.insight.replays.tried import searched
from tricorn.insight.replays.verbs.change import MOST_OPTIONS
from tricorn.web.replays.beginning import blame
from tricorn.web.replays.results import is_veiled, results
from tricorn.web.replays.run import after, page
from tricorn.web.replays.side import Side, found
from tricorn.web.replays.terms_forms import PeopleForm, PrioritiesForm, RatesForm, SearchForm
from tricorn.web.requests import TricornRequest


@require_POST
def rates(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Set what an hour costs; nothing at all takes it away."""
    run = _mine(request, side, key)
    form = RatesForm(request.POST, rates="")
    if form.is_valid():
        try:
            verbs.set_terms(run.replay, by=request.actor, at=request.at, rates=form.said)
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = (
                gettext("Prices are reckoned with these rates where none is agreed.")
                if form.said
                else gettext("No rates are set now.")
            )
            return after(request, side, key, sentence, "options")
    return page(request, side, run, rates_form=form)


@require_POST
def people(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Set who works when, and let the worker work out what waiting comes of it."""
    run = _mine(request, side, key)
    form = PeopleForm(request.POST, team="")
    form.zone = run.replay.zone
    if form.is_valid():
        try:
            verbs.set_terms(run.replay, by=request.actor, at=request.at, team=form.said)
            verbs.simulate(run.replay, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            return after(request, side, key, gettext("It is being worked out."), "work")
    return page(request, side, run, people_form=form)


@require_POST
def priorities(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Say which of ours each of the source's priorities is."""
    run = _mine(request, side, key)
    now = results(run, request.at)
    known = now.found.study.priorities if now.found else {}
    form = PrioritiesForm(request.POST, found=known, priority_at=run.replay.priority_at)
    if form.is_valid():
        verbs.set_terms(
            run.replay,
            by=request.actor,
            at=request.at,
            priorities=form.said,
            priority_at=form.cleaned_data["priority_at"],
        )
        return after(request, side, key, gettext("The priorities are set."), "options")
    return page(request, side, run, priorities_form=form)


@require_POST
def search(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Look for options that nobody has written yet, and put them beside the others."""
    run = _mine(request, side, key)
    form = SearchForm(request.POST)
    if form.is_valid():
        try:
            sentence = _add_found(request, run, form)
        except BadInput as problem:
            blame(form, problem)
        else:
            return after(request, side, key, sentence, "options")
    return page(request, side, run, search_form=form)


def _add_found(request: TricornRequest, run: RunShown, form: SearchForm) -> str:
    share: Decimal | None = form.cleaned_data["share"]
    goal = f"{share:f} %" if share is not None else ""
    budget = form.cleaned_data["budget"]
    choices, words = searched(run.replay, request.at, goal=goal, budget=budget)
    room = MOST_OPTIONS - len(run.options)
    added = [
        verbs.add_option(
            run.replay, each.name[:120], each.agreement, by=request.actor, at=request.at
        )
        for each in choices[:room]
    ]
    # What was found is said with figures, and these are not for everybody.
    told = "" if is_veiled(run) else " ".join(words)
    if added:
        names = ", ".join(row.letter for row in added)
        return f"{told} {gettext('Added: option %(letters)s.') % {'letters': names}}".strip()
    if choices:
        raise BadInput(gettext("There is no room for another option. Take one out first."))
    return told or gettext("Nothing was found that would do better.")


def _mine(request: TricornRequest, side: Side, key: str) -> RunShown:
    run = found(request, side, key)
    if not run.is_mine:
        raise Http404("Not yours.")
    return run
