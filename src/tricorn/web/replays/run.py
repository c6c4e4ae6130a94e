"""One run: what holds today, the options, what they would have meant, and what can be done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tricorn.insight.replays.reads import RunShown
from tricorn.insight.replays.verbs.change import MOST_OPTIONS
from tricorn.pictures.page import Page
from tricorn.web.manage.hours_form import zones
from tricorn.web.replays import upload
from tricorn.web.replays.cards import cards
from tricorn.web.replays.file_told import about_file, unlearned
from tricorn.web.replays.option_form import OptionEdit
from tricorn.web.replays.results import Results, is_veiled, results, suggested
from tricorn.web.replays.side import Side, drawn, found
from tricorn.web.replays.terms_forms import PeopleForm, PrioritiesForm, RatesForm, SearchForm
from tricorn.web.requests import TricornRequest


@require_safe
def run(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """One run, as it stands: being read, failed, or with its results."""
    shown = found(request, side, key)
    if shown.replay.state == "reading":
        return upload.reading(request, side, shown)
    if shown.replay.state == "failed":
        return upload.failed(request, side, shown)
    return page(request, side, shown)


def page(
    request: TricornRequest,
    side: Side,
    shown: RunShown,
    *,
    edit: OptionEdit | None = None,
    said: str = "",
    **wrong: BaseForm,
) -> HttpResponse:
    """Draw a run with its results; `wrong` are forms that were sent and say what is wrong.

    To htmx the part below the page's head is enough. Fixed queries, whatever the run holds.
    """
    now = results(shown, request.at)
    forms = _terms(shown, now, wrong)
    context = {
        "run": shown,
        "replay": shown.replay,
        "cards": cards(shown, now, gettext("Today"), request.who.zone),
        "results": now,
        "page": _page(now),
        "edit": edit,
        "said": said,
        "about_file": about_file(shown.replay),
        "unlearned": unlearned(shown.replay),
        "suggested": [
            each
            for each in suggested(shown, now.found)
            if each.words not in {option.name for option in shown.options}
        ],
        "may_add": shown.may_change and len(shown.options) < MOST_OPTIONS,
        "may_json": now.found is not None and not is_veiled(shown),
        "is_simulating": shown.replay.state == "simulating",
        "zones": zones() if edit else (),
        "opened": next(iter(wrong), ""),
        "unknown": _unknown(now),
        **forms,
    }
    template = "_work.html" if request.htmx else "run.html"
    all_forms: list[Any] = [*forms.values(), *(edit.forms if edit else ())]
    answer = drawn(request, side, template, context, *all_forms)
    if wrong:
        # What is wrong stands in a form far below, where whoever sent it still is.
        answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def _page(now: Results) -> Page | None:
    """Return what is shown below the cards, without what these say already."""
    if now.found is None:
        return None
    page = now.found.page
    facts = tuple((term, value) for term, value in page.facts if term != value)
    return replace(page, options=None, facts=facts)


def after(
    request: TricornRequest, side: Side, key: str, sentence: str, place: str = ""
) -> HttpResponse:
    """Show a run as it is now: htmx gets it at once, anybody else is sent to its page."""
    if request.htmx:
        return page(request, side, found(request, side, key), said=sentence)
    messages.success(request, sentence)
    return redirect(reverse(side.to["run"], args=[key]) + (f"#{place}" if place else ""))


def _terms(shown: RunShown, now: Results, wrong: dict[str, BaseForm]) -> dict[str, Any]:
    """Return the forms beside the options; those that were sent wrong as they were sent."""
    if not shown.may_change:
        return {}
    replay = shown.replay
    forms: dict[str, Any] = {
        "rates_form": RatesForm(rates=replay.rates),
        "people_form": PeopleForm(team=replay.team),
        "search_form": SearchForm(),
    }
    priorities = now.found.study.priorities if now.found else {}
    if priorities and replay.source == "upload":
        forms["priorities_form"] = PrioritiesForm(found=priorities, priority_at=replay.priority_at)
    return forms | wrong


def _unknown(now: Results) -> list[str]:
    """Return the source's priorities that the agreement does not know."""
    if now.found is None:
        return []
    known = now.found.study.priorities
    return [name or gettext("none") for name, ours in known.items() if not ours]
