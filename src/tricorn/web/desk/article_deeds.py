"""What the desk does with an article besides writing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import Refusal
from tricorn.knowledge import verbs
from tricorn.knowledge.markdown import plain_of
from tricorn.knowledge.models import Article
from tricorn.web.articles import readable
from tricorn.web.desk.articles import found_article, shown
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest


def _press(
    request: TricornRequest, number: int, verb: Callable[[Article], Any], said: str
) -> HttpResponse:
    found = found_article(request, number)
    try:
        verb(found)
    except Refusal as refusal:
        again = found_article(request, number)
        return shown(request, again, str(refusal), STATUS.get(type(refusal), 422))
    messages.success(request, said)
    return redirect("desk:article", found.pk)


def _number(request: TricornRequest) -> int:
    given = request.POST.get("number", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


@require_POST
def publish(request: TricornRequest, article: int) -> HttpResponse:
    """Let its audience read the version that was on the page."""
    number = _number(request)
    return _press(
        request,
        article,
        lambda found: verbs.publish(found, by=request.actor, at=request.at, number=number),
        gettext("It is published."),
    )


@require_POST
def retire(request: TricornRequest, article: int) -> HttpResponse:
    return _press(
        request,
        article,
        lambda found: verbs.retire(found, by=request.actor, at=request.at),
        gettext("It is retired. Nobody reads it any more; publish it again at any time."),
    )


@require_POST
def restore(request: TricornRequest, article: int) -> HttpResponse:
    """Write an old version again; it is published when somebody says so."""
    number = _number(request)
    return _press(
        request,
        article,
        lambda found: verbs.restore(found, number, by=request.actor, at=request.at),
        gettext("It is the newest version again. Publish it when it is right."),
    )


@require_POST
def helped(request: TricornRequest, article: int) -> HttpResponse:
    """An agent read it to somebody on the phone, and that solved it: no ticket is needed."""
    found = readable(request).filter(pk=article).first()
    if found is None:
        found = found_article(request, article)
    verbs.give_feedback(
        found,
        by=request.actor,
        at=request.at,
        solved=True,
        where="desk",
        once=request.POST.get("once", ""),
    )
    messages.success(request, gettext("Good. It is counted as solved, and no ticket is made."))
    return redirect("desk:report")


@require_safe
def text(request: TricornRequest, article: int) -> HttpResponse:
    """The published text as it was typed, to put into a reply."""
    found = readable(request).filter(pk=article).first()
    found = found or found_article(request, article)
    text = plain_of(found.published.text) if found.published else ""
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
