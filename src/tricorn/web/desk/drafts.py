"""Keeping and discarding what one has begun to type into a form of the desk."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.knowledge.models import Article
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem, Ticket
from tricorn.tickets.verbs.drafts import Of
from tricorn.web.desk import articles, new, problems
from tricorn.web.desk.begun import Begun, typed_into
from tricorn.web.desk.ticket import found as found_ticket
from tricorn.web.requests import TricornRequest

Blank = Callable[[TricornRequest, Of], list[forms.Form]]
# For each kind the forms as they are before anybody types, with what was typed.
BLANK: dict[str, Blank] = {
    "article": articles.blank,
    "problem": problems.blank,
    "report": new.blank,
}
NEW = {"article": "desk:article-write", "problem": "desk:problem-add", "report": "desk:report"}


@require_POST
def keep(request: TricornRequest, kind: str) -> HttpResponse:
    """Keep what was typed so far: every few seconds by itself, or by a button."""
    of = _of(request, kind)
    boxes = typed_into(*BLANK[kind](request, of))
    kept = verbs.keep_draft(of, by=request.actor, at=request.at, kind=kind, boxes=boxes)
    if request.htmx:
        context = {"kind": kind, "draft": kept}
        context["discard_url"] = Begun.of(request, kind, of).discard_url
        return render(request, "desk/_draft.html", context)
    if kept:
        messages.success(request, gettext("The draft is kept."))
    return redirect(_page(kind, of))


@require_POST
def discard(request: TricornRequest, kind: str) -> HttpResponse:
    """Forget what was begun."""
    of = _of(request, kind)
    verbs.discard_draft(of, by=request.actor, at=request.at, kind=kind)
    messages.success(request, gettext("The draft is gone."))
    return redirect(_page(kind, of))


def _of(request: TricornRequest, kind: str) -> Of:
    """Return what it is of, as the address says; 404 for what is not served."""
    if kind not in BLANK:
        raise Http404("No such draft.")
    asked = request.GET
    if kind == "article" and "article" in asked:
        return articles.found_article(request, _number(asked["article"]))
    if kind == "problem" and "problem" in asked:
        return problems.found_problem(request, _number(asked["problem"]))
    if kind != "report" and "ticket" in asked:
        return found_ticket(request, asked["ticket"])
    return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _page(kind: str, of: Of) -> str:
    if isinstance(of, Article):
        return reverse("desk:article-change", args=[of.pk])
    if isinstance(of, Problem):
        return reverse("desk:problem", args=[of.pk])
    query = f"?ticket={of.ref}" if isinstance(of, Ticket) else ""
    return reverse(NEW[kind]) + query
