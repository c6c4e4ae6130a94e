"""The addresses of trying agreements on past months: the same below Manage and below Decide."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from tricorn.web.replays import begin, deeds, listed, option, run, terms, upload
from tricorn.web.replays.side import Side


def addresses(side: Side) -> list[URLPattern]:
    """Return the addresses for one door; each view is told at which one it stands."""
    given: dict[str, Any] = {"side": side}
    one = "replays/<slug:key>/"
    return [
        path("replays/", listed.runs, given, name="replays"),
        path("replays/begin/", begin.begin, given, name="replay-begin"),
        path("replays/upload/", upload.upload, given, name="replay-upload"),
        path(one, run.run, given, name="replay"),
        path(f"{one}progress/", upload.progress, given, name="replay-progress"),
        path(f"{one}again/", upload.again, given, name="replay-again"),
        path(f"{one}today/", option.today, given, name="replay-today"),
        path(f"{one}options/add/", option.option_add, given, name="replay-option-add"),
        path(f"{one}options/<slug:letter>/", option.option, given, name="replay-option"),
        path(
            f"{one}options/<slug:letter>/remove/",
            option.option_remove,
            given,
            name="replay-option-remove",
        ),
        path(f"{one}rates/", terms.rates, given, name="replay-rates"),
        path(f"{one}people/", terms.people, given, name="replay-people"),
        path(f"{one}priorities/", terms.priorities, given, name="replay-priorities"),
        path(f"{one}search/", terms.search, given, name="replay-search"),
        path(f"{one}keep/", deeds.keep, given, name="replay-keep"),
        path(f"{one}discard/", deeds.discard, given, name="replay-discard"),
        path(f"{one}ask/", deeds.ask, given, name="replay-ask"),
        path(f"{one}offer/", deeds.offer, given, name="replay-offer"),
        path(f"{one}report.html", deeds.html, given, name="replay-html"),
        path(f"{one}figures.json", deeds.data, given, name="replay-json"),
    ]
