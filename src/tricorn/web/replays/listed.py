"""The runs that somebody may see: those of clients that wait for an offer first."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tricorn.insight.replays import reads
from tricorn.web.replays.side import Side, drawn, known, may_begin
from tricorn.web.requests import TricornRequest


@require_safe
def runs(request: TricornRequest, side: Side) -> HttpResponse:
    """List them; where there are none, say what this is and how to begin."""
    portrait, _ = known(request)
    found = [r for r in reads.replays_of(request.actor, request.at, portrait) if side.lists(r)]
    asked = [] if side.is_client else reads.asked_of_house(request.actor, request.at, portrait)
    waiting = {run.key for run in asked}
    others = [run for run in found if run.key not in waiting]
    context = {
        "asked": asked,
        "mine": [run for run in others if run.is_mine],
        "others": [run for run in others if not run.is_mine],
        "may_begin": may_begin(request, side),
    }
    return drawn(request, side, "list.html", context)
