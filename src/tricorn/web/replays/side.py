"""At which door one stands: whose runs one sees there, and what the addresses are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import render

from tricorn.insight.replays import reads
from tricorn.insight.replays.reads import Listed, RunShown
from tricorn.parties.models import House
from tricorn.standing.portrait import Portrait
from tricorn.web.manage.answers import may, sections
from tricorn.web.requests import TricornRequest

NAMES = (
    "begin",
    "upload",
    "progress",
    "again",
    "today",
    "option_add",
    "option",
    "option_remove",
    "rates",
    "search",
    "priorities",
    "people",
    "keep",
    "discard",
    "ask",
    "offer",
    "html",
    "json",
)


@dataclass(frozen=True)
class Side:
    """A door: "manage", where the house tries things, or "decide", where a client does."""

    door: str

    @property
    def is_client(self) -> bool:
        return self.door == "decide"

    @property
    def page(self) -> str:
        """The template that a page here is drawn into."""
        return f"{self.door}/replays.html"

    @cached_property
    def to(self) -> Mapping[str, str]:
        """The names of the addresses: `{% url side.to.option key letter %}`."""
        named = {each: f"{self.door}:replay-{each.replace('_', '-')}" for each in NAMES}
        return {"list": f"{self.door}:replays", "run": f"{self.door}:replay", **named}

    def has(self, side: str, is_asked: bool) -> bool:
        """Whether a run belongs here: at Manage also those that a client would like offered."""
        return side == "client" if self.is_client else side == "provider" or is_asked

    def lists(self, run: Listed) -> bool:
        return self.has(run.side, run.offer_asked_at is not None)


MANAGE = Side("manage")
DECIDE = Side("decide")


def known(request: TricornRequest) -> tuple[Portrait, House]:
    """Return who reads and the house; the door has been checked, so both are there."""
    who = request.who
    if who.portrait is None or who.house is None:
        raise Http404("Nobody is signed in.")
    return who.portrait, who.house


def may_begin(request: TricornRequest, side: Side) -> bool:
    """Whether there is anything here that this person may try: the house needs a manager."""
    portrait, _ = known(request)
    if side.is_client:
        return True
    return may(request, "make_offer") or any(
        may(request, "make_offer", service) for service in portrait.services
    )


def found(request: TricornRequest, side: Side, key: str) -> RunShown:
    """Return one run that this person may know of at this door, or 404."""
    portrait, _ = known(request)
    run = reads.one(request.actor, key, request.at, portrait)
    if run is None or not side.has(run.replay.side, run.replay.offer_asked_at is not None):
        raise Http404("Not yours.")
    return run


def drawn(
    request: TricornRequest,
    side: Side,
    template: str,
    context: dict[str, Any],
    *forms: BaseForm | None,
) -> HttpResponse:
    """Draw a page at its door; 422 when one of the forms is wrong."""
    is_wrong = any(form is not None and form.is_bound and form.errors for form in forms)
    more = {} if side.is_client else {"sections": sections(request, "replays")}
    context = {"side": side, "at": request.at, **more, **context}
    return render(request, f"replays/{template}", context, status=422 if is_wrong else 200)
