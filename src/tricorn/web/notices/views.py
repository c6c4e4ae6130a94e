"""The list behind the bell, and the choices how one wishes to be told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tricorn.engine.errors import BadInput
from tricorn.engine.roles import Door
from tricorn.notices import reads, verbs
from tricorn.notices.abouts import ABOUTS, CAPACITIES, HOWS
from tricorn.notices.models import Notice
from tricorn.parties.models import Person
from tricorn.tickets.reviewers import is_reviewer
from tricorn.web.requests import TricornRequest

View = Callable[..., HttpResponse]


def for_persons(view: View) -> View:
    """Hand the view who is signed in; a stranger signs in first."""

    @wraps(view)
    def asked(request: TricornRequest, **more: Any) -> HttpResponse:
        person = request.who.person
        if person is None:
            return redirect_to_login(request.get_full_path())
        return view(request, person, **more)

    return asked


@require_safe
@for_persons
def notices(request: TricornRequest, person: Person) -> HttpResponse:
    """Everything one was told, unread first."""
    return _drawn(request)


@require_POST
@for_persons
def follow(request: TricornRequest, person: Person, notice: int) -> HttpResponse:
    """Go where a notice leads; then it is read."""
    found = _mine(request, person, notice)
    (shown,) = reads.told([found], person.actor)
    if shown.is_review:
        return redirect("inquiries")
    return redirect("ticket", shown.ref) if shown.ref else redirect("notices:list")


@require_POST
@for_persons
def one_read(request: TricornRequest, person: Person, notice: int) -> HttpResponse:
    """One of them is read, without going there."""
    _mine(request, person, notice)
    return _drawn(request) if request.htmx else redirect("notices:list")


@require_POST
@for_persons
def all_read(request: TricornRequest, person: Person) -> HttpResponse:
    """All of them are read."""
    verbs.read_all(person, at=request.at)
    return _drawn(request) if request.htmx else redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_persons
def settings(request: TricornRequest, person: Person) -> HttpResponse:
    """How one wishes to be told, in each capacity that one has."""
    portrait = request.who.portrait
    capacities = [each for each in CAPACITIES if each == "requester"]
    if portrait and portrait.duties:
        capacities.append("agent")
    if is_reviewer(person.pk, request.at):
        capacities.append("reviewer")
    problem, status = "", 200
    if request.method == "POST":
        wanted = [each for each in ABOUTS if each.capacity in capacities]
        given = {
            (each.capacity, each.code): request.POST[f"{each.capacity}-{each.code}"]
            for each in wanted
            if f"{each.capacity}-{each.code}" in request.POST
        }
        try:
            verbs.choose(person, given, by=request.actor, at=request.at)
        except BadInput as refusal:
            problem, status = str(refusal), 422
        else:
            messages.success(request, gettext("Saved."))
            return redirect("notices:settings")
    ways = reads.ways_of(person.pk, capacities)
    groups = [
        {
            "words": CAPACITIES[capacity],
            "rows": [
                {
                    "name": f"{each.capacity}-{each.code}",
                    "words": each.words,
                    "how": how,
                    "choices": [(code, HOWS[code]) for code in each.choices],
                    "usual": HOWS[each.how],
                }
                for each, how in ways
                if each.capacity == capacity
            ],
        }
        for capacity in capacities
    ]
    context = {"groups": groups, "problem": problem}
    return render(request, "notices/settings.html", context, status=status)


def _mine(request: TricornRequest, person: Person, number: int) -> Notice:
    found = verbs.read(person, number, at=request.at)
    if found is None:
        raise Http404("No such notice of yours.")
    return found


def _drawn(request: TricornRequest) -> HttpResponse:
    page, told = reads.page_of(request.actor, request.GET.get("page"))
    template = "notices/_list.html" if request.htmx else "notices/list.html"
    context = {
        "page": page,
        "told": told,
        "has_unread": any(not each.is_read for each in told),
        "has_desk": Door.DESK in request.who.doors,
    }
    return render(request, template, context)
