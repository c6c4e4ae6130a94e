"""What a run says now: worked out from its tickets and texts while the page is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext

from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput
from tricorn.engine.frontier import Change, Combination, candidates, change, changed, option_of
from tricorn.engine.hours import Hours
from tricorn.engine.hours.spec import DAY_NAMES
from tricorn.engine.replay import Extra
from tricorn.insight.replays.reads import RunShown
from tricorn.insight.replays.tried import USUAL, Tried, tried
from tricorn.pictures import said
from tricorn.studies import Case
from tricorn.web.manage.hours_form import DAYS


@dataclass(frozen=True)
class Results:
    """What was found, or in a sentence why there is nothing to be found yet."""

    found: Tried | None
    sentence: str = ""


@dataclass(frozen=True)
class Suggested:
    """A window that could be added: as the text says it, as people do, and what it would bring."""

    window: str
    words: str
    brings: str = ""


def results(run: RunShown, at: datetime) -> Results:
    try:
        return Results(tried(run.replay, at))
    except BadInput as problem:
        return Results(None, str(problem))


def is_veiled(run: RunShown) -> bool:
    """Whether counts about too few people are left out: a client reading of our own tickets."""
    return run.replay.side == "client" and run.replay.source == "own"


def suggested(run: RunShown, found: Tried | None) -> list[Suggested]:
    """Return windows to add by one press, those that would have helped most first."""
    if run.present is None or not run.may_change:
        return []
    hours = run.present.hours[usual_hours(run.present)]
    if is_veiled(run) or found is None:
        return [
            Suggested(each, window_words(each))
            for each in USUAL
            if changed(hours, [Extra.parse(each)]).weekly != changed(hours, []).weekly
        ]
    return _of_demand(found.case, hours)


def _of_demand(case: Case, hours: Hours) -> list[Suggested]:
    more = tuple(_varied(candidates(case.history, hours), hours))
    gains = Case(case.history, replace(case.plan, windows=more)).missed(0).gains
    gains = tuple(sorted(gains, key=lambda each: -each.seconds.high))
    return [
        Suggested(each.name, window_words(each.name), said.between(*each.seconds.hours))
        for each in gains
        if each.tickets.high
    ]


def _varied(found: Sequence[Change], hours: Hours) -> Iterator[Extra]:
    """Return windows more, Saturday mornings among them, and no more than two for the same days."""
    more = [each for each in found if isinstance(each, Extra)]
    if not hours.weekly[5]:
        more = [Extra.parse(USUAL[0]), *(each for each in more if each.name != USUAL[0])]
    taken = Counter[tuple[int, ...]]()
    for each in more:
        taken[each.days] += 1
        if taken[each.days] <= 2:
            yield each


def usual_hours(content: text.Agreement) -> str:
    """Return the name of the hours by which most promises run."""
    return Counter(each.hours for each in content.clauses).most_common(1)[0][0]


def with_window(content: text.Agreement, window: str) -> text.Agreement:
    """Return an agreement with one window more, and no price: it has not been said yet.

    Errors  BadInput for what is no window.
    """
    more = change(window)
    name = usual_hours(content)
    hours = changed(content.hours[name], [more])
    return option_of(content, Combination((more,), {}), name, hours, ())


def window_words(window: str) -> str:
    """Return a window of the week as people say it: "Saturday 09:00–13:00"."""
    if window == USUAL[-1]:
        return gettext("Day and night")
    days, _, span = window.rpartition(" ")
    names = [str(DAYS[each]) for each in days.split("-") if each in DAY_NAMES]
    if not names or len(names) != len(days.split("-")):
        return window
    return f"{' – '.join(names)} {span.replace('-', '–')}"
