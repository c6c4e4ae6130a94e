"""What holds today and the options: added, changed in boxes or as text, taken out."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.engine.errors import BadInput
from tricorn.insight.replays import verbs
from tricorn.insight.replays.reads import OptionShown, RunShown
from tricorn.web.manage.hours_form import zones
from tricorn.web.replays.option_form import OptionEdit, plain_beginning
from tricorn.web.replays.results import window_words, with_window
from tricorn.web.replays.run import after, page
from tricorn.web.replays.side import Side, found
from tricorn.web.requests import TricornRequest

TODAY = "today"


def today(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """What holds today: shown as a form, or written otherwise."""
    run = _changeable(request, side, key)
    before = run.present or plain_beginning(run.replay.zone)
    data = request.POST if request.method == "POST" else None
    edit = OptionEdit(TODAY, gettext("Today"), before, data)
    if data is not None and edit.is_valid() and edit.content is not None:
        verbs.set_terms(run.replay, by=request.actor, at=request.at, present=edit.content)
        return after(request, side, key, gettext("This is what holds today."), "options")
    return _drawn(request, side, run, edit)


def option(request: TricornRequest, side: Side, key: str, letter: str) -> HttpResponse:
    """One option: shown as a form, or written otherwise."""
    run = _changeable(request, side, key)
    row = _option(run, letter)
    data = request.POST if request.method == "POST" else None
    edit = OptionEdit(letter, row.name, row.content, data)
    if data is not None and edit.is_valid() and edit.content is not None:
        try:
            verbs.change_option(
                row.option, edit.name, edit.content, by=request.actor, at=request.at
            )
        except BadInput as problem:
            edit.head.add_error(None, str(problem))
        else:
            sentence = gettext("Option %(letter)s is changed.") % {"letter": letter}
            return after(request, side, key, sentence, f"option-{letter}")
    return _drawn(request, side, run, edit)


@require_POST
def option_add(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Add what holds today as an option, perhaps with one window more."""
    run = _changeable(request, side, key)
    if run.present is None:
        raise BadInput(gettext("Say first what holds today; an option begins with it."))
    window = request.POST.get("window", "")[:60]
    content = with_window(run.present, window) if window else run.present
    name = window_words(window)
    if not window:
        name = gettext("Option %(n)d") % {"n": len(run.options) + 1}
    row = verbs.add_option(run.replay, name, content, by=request.actor, at=request.at)
    if window:
        sentence = gettext("Option %(letter)s is added.") % {"letter": row.letter}
        return after(request, side, key, sentence, f"option-{row.letter}")
    shown = found(request, side, key)
    edit = OptionEdit(row.letter, name, content)
    return page(request, side, shown, edit=edit)


@require_POST
def option_remove(request: TricornRequest, side: Side, key: str, letter: str) -> HttpResponse:
    """Take an option out."""
    run = _changeable(request, side, key)
    verbs.remove_option(_option(run, letter).option, by=request.actor, at=request.at)
    sentence = gettext("Option %(letter)s is taken out.") % {"letter": letter}
    return after(request, side, key, sentence, "options")


def _drawn(request: TricornRequest, side: Side, run: RunShown, edit: OptionEdit) -> HttpResponse:
    """Draw the form: for htmx alone while it is only looked at, else with the whole run."""
    if request.htmx and request.method != "POST":
        context = {"side": side, "run": run, "edit": edit, "zones": zones()}
        return render(request, "replays/_edit.html", context)
    return page(request, side, run, edit=edit)


def _changeable(request: TricornRequest, side: Side, key: str) -> RunShown:
    run = found(request, side, key)
    if not run.is_mine:
        raise Http404("Not yours.")
    return run


def _option(run: RunShown, letter: str) -> OptionShown:
    row = next((each for each in run.options if each.letter == letter), None)
    if row is None:
        raise Http404("There is no such option.")
    return row
