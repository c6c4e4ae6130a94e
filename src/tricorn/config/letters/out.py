"""Letters that went out, wait or failed: with the reason, and what one can do about it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.roles import Door
from tricorn.mail import verbs
from tricorn.mail.reads import Out, counts, in_sight, went_out
from tricorn.web.letters import REASONS
from tricorn.web.manage.answers import done, for_all, page
from tricorn.web.requests import TricornRequest

TABS = {
    "": _("All"),
    "waiting": _("Waiting"),
    "failed": _("Failed"),
    "sent": _("Sent"),
    "dropped": _("Not sent"),
}


@for_all("edit_words")
@require_safe
def letters_out(request: TricornRequest) -> HttpResponse:
    """The letters of one state, newest first, fifty at a time."""
    state = request.GET.get("state", "")
    state = state if state in TABS else ""
    leaf = went_out(request.actor, state=state, before=_number(request.GET.get("before", "")))
    context = {
        "leaf": leaf,
        "rows": [(each, reason_of(each)) for each in leaf.letters],
        "tabs": [(key, words, key == state) for key, words in TABS.items()],
        "state": state,
        "counts": counts(),
        # Who manages and has no door to the desk has nowhere to read a ticket.
        "has_desk": Door.DESK in request.who.doors,
    }
    return page(request, "letters_out.html", "letters", context)


@for_all("edit_words")
@require_POST
def again(request: TricornRequest, mailed: int) -> HttpResponse:
    """Try a letter again, now."""
    found = get_object_or_404(in_sight(), pk=mailed)
    tried = verbs.try_again(found, by=request.actor, at=request.at)
    said = gettext("It is tried again now.")
    if tried.pk != found.pk:
        said = gettext("Its reader has another address now: it goes there.")
    return done(request, said, "manage:letters-out")


@for_all("edit_words")
@require_POST
def give_up(request: TricornRequest, mailed: int) -> HttpResponse:
    """Say that a letter need not go out any more."""
    verbs.give_up(get_object_or_404(in_sight(), pk=mailed), by=request.actor, at=request.at)
    return done(request, gettext("It will not go out."), "manage:letters-out")


def reason_of(letter: Out) -> str | Promise:
    """Return why a letter did not go out, or has not yet: the mail server's word where it gave one."""
    return letter.problem or REASONS.get(letter.reason, "")


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
