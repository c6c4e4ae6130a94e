"""What a run says now: worked out from its tickets and texts while the page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tricorn.engine.errors import BadInput
from tricorn.engine.hours.spec import DAY_NAMES
from tricorn.engine.replay import Extra
from tricorn.insight.replays.reads import RunShown
from tricorn.insight.replays.tried import Tried, tried
from tricorn.web.manage.hours_form import DAYS


@dataclass(frozen=True)
class Results:
    """What was found, or in a sentence why there is nothing to be found yet."""

    found: Tried | None
    sentence: str = ""


def results(run: RunShown, at: datetime) -> Results:
    try:
        return Results(tried(run, at))
    except BadInput as problem:
        return Results(None, str(problem))


def window_words(window: str) -> str:
    """Return a window of the week as people say it: "Saturday 09:00-13:00"."""
    days, _, span = window.rpartition(" ")
    names = [str(DAYS[each]) for each in days.split("-") if each in DAY_NAMES]
    if not names or len(names) != len(days.split("-")):
        return window
    return f"{' – '.join(names)} {span.replace('-', '–')}"


def suggested(found: Tried | None) -> list[tuple[str, str]]:
    """Return windows that this demand suggests, each as the text says it and as people do."""
    if found is None:
        return []
    windows = [each.window for each in found.study.options[0].windows]
    return [(each, window_words(each)) for each in windows if _is_window(each)]


def _is_window(text: str) -> bool:
    try:
        Extra.parse(text)
    except BadInput:
        return False
    return True
