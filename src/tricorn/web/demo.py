"""Stepping into a demonstration person's shoes. Exists on a demonstration's database only."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tricorn.demo.people import SOURCE
from tricorn.parties.models import Person
from tricorn.web.requests import TricornRequest


@require_POST
def enter(request: TricornRequest, person: int) -> HttpResponse:
    """Sign in as one of the demonstration's people; 404 anywhere else."""
    _only_in_demonstration(request)
    found = get_object_or_404(Person, pk=person, source=SOURCE)
    login(request, found)
    return redirect("welcome")


@require_POST
def leave(request: TricornRequest) -> HttpResponse:
    """Be a visitor again."""
    _only_in_demonstration(request)
    logout(request)
    return redirect("report:front")


def _only_in_demonstration(request: TricornRequest) -> None:
    if request.who.house is None or not request.who.house.is_demonstration:
        raise Http404("There is no demonstration here.")
