"""The overview: what there is, and what is missing as next steps."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from tricorn.catalogue.models import Service
from tricorn.insight.house_overview import Missing, overview
from tricorn.insight.models import Replay
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.web.manage import offers_seen
from tricorn.web.manage.answers import may, page
from tricorn.web.manage.due import due
from tricorn.web.manage.uncovered import lines
from tricorn.web.requests import TricornRequest

# More missing things than this are counted, not listed.
MOST_STEPS = 8


@dataclass(frozen=True)
class Step:
    """One next step: what is missing, and the page where one does something about it."""

    sentence: str
    words: str
    url: str


def front(request: TricornRequest) -> HttpResponse:
    """The whole house for a manager of everything; their services for anybody else here."""
    if not may(request, "edit_catalogue"):
        services = [
            each
            for each in Service.objects.select_related("hours").order_by("is_retired", "name")
            if may(request, "edit_catalogue", each.pk)
        ]
        context = {
            "services": services,
            "uncovered": lines(request, services),
            "waiting": offers_seen.standing(request),
        }
        return page(request, "front_of_service.html", "front", context)
    seen = overview(request.who.house, request.at)
    steps = [Step(*each) for each in due(request.at)] + [step(each) for each in seen.missing]
    uncovered = lines(request, services_on_offer())
    context = {
        "seen": seen,
        "steps": steps[:MOST_STEPS],
        "more": len(steps[MOST_STEPS:]),
        "uncovered": uncovered[:MOST_STEPS],
        "more_uncovered": len(uncovered[MOST_STEPS:]),
        "waiting": offers_seen.standing(request),
        "asked_runs": Replay.objects.wanting_offer().count(),
    }
    return page(request, "front.html", "front", context)


def step(missing: Missing) -> Step:
    """Return a missing thing as a sentence and the way to it."""
    name = {"name": missing.name}
    settings = reverse("manage:settings")
    service = reverse("manage:service", args=[missing.pk]) if missing.pk else ""
    people = reverse("manage:people")
    known = {
        "no_danger_number": (
            gettext("No number to call in danger is set. Every report page would show it first."),
            gettext("Set the number"),
            settings,
        ),
        "no_public_address": (
            gettext("The public address is not set: QR codes cannot be printed."),
            gettext("Set the address"),
            settings,
        ),
        "no_service": (
            gettext("No service is offered yet. People can report only what has a service."),
            gettext("Add a service"),
            reverse("manage:service-add"),
        ),
        "never_open": (
            gettext("%(name)s has hours that are never open: no clock runs.") % name,
            gettext("See the service"),
            service,
        ),
        "no_target": (
            gettext("%(name)s promises nothing: no answer has a due time.") % name,
            gettext("Set targets"),
            service,
        ),
        "nobody_at_desk": (
            gettext("Nobody works at the desk for %(name)s.") % name,
            gettext("Choose somebody"),
            people,
        ),
        "one_manager": (
            gettext("There is one manager alone. A second one can step in."),
            gettext("Choose somebody"),
            people,
        ),
    }
    return Step(*known[missing.code])
