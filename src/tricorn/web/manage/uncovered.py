"""Use not yet covered: how much of a service is used by whom no agreement covers, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from tricorn.agreements.everyone import versions_for_everyone
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.roles import Door
from tricorn.insight.month import Month
from tricorn.insight.uncovered import (
    MONTHS_BACK,
    MonthUncovered,
    Uncovered,
    lately_uncovered,
    months_uncovered,
    uncovered_tickets,
)
from tricorn.web.decide.shown import month_name
from tricorn.web.manage.answers import leaf, mine_to_read, page
from tricorn.web.requests import TricornRequest


@dataclass(frozen=True)
class Line:
    """One service and how much of its use nothing covers, in words."""

    service: Service
    words: str


@dataclass(frozen=True)
class Row:
    """One month in words."""

    month: Month
    name: str
    words: str
    organisations: str


def lines(request: TricornRequest, services: Collection[Service]) -> list[Line]:
    """Return the services that were used uncovered since the first of last month: two queries."""
    known = request.who.portrait
    services = [each for each in services if known and known.serves(each.pk, "manage")]
    found = lately_uncovered(
        [each.pk for each in services], at=request.at, zone=request.who.house_zone
    )
    return [Line(each, amount(found[each.pk])) for each in services if each.pk in found]


def amount(seen: Uncovered) -> str:
    """Return "14 tickets, 32 uses"."""
    tickets = ngettext("%(n)d ticket", "%(n)d tickets", seen.tickets) % {"n": seen.tickets}
    uses = ngettext("%(n)d use", "%(n)d uses", seen.uses) % {"n": seen.uses}
    return gettext("%(tickets)s, %(uses)s") % {"tickets": tickets, "uses": uses}


def row(found: MonthUncovered) -> Row:
    said = [
        gettext("%(name)s (%(n)d)") % {"name": name, "n": many}
        for name, many in found.organisations
    ]
    if found.unnamed:
        said.append(gettext("of no organisation (%(n)d)") % {"n": found.unnamed})
    return Row(found.month, month_name(found.month), amount(found.seen), ", ".join(said))


def of_service(request: TricornRequest, service: Service) -> dict[str, object]:
    """Return what the service's page says of who is covered: three queries."""
    found = "".join(line.words for line in lines(request, [service]))
    everyone = versions_for_everyone([service.pk], request.at).get(service.pk, [])
    return {"uncovered": found, "for_everyone": ", ".join(everyone)}


@require_safe
def uncovered(request: TricornRequest, service: int) -> HttpResponse:
    """The last six months, from which organisations, and the tickets behind it."""
    found = mine_to_read(request, service)
    zone = request.who.house_zone
    newest = Month.of(request.at, zone)
    month = _month(request)
    first, last = (month, month) if month else (newest.plus(1 - MONTHS_BACK), newest)
    tickets = uncovered_tickets(
        found.pk,
        start=first.start(zone),
        end=min(last.end(zone), request.at),
    )
    context = {
        "service": found,
        "rows": [row(each) for each in months_uncovered(found.pk, at=request.at, zone=zone)],
        "month": month_name(month) if month else "",
        "tickets": leaf(request, tickets.select_related("organisation")),
        "is_at_desk": Door.DESK in request.who.doors,
    }
    return page(request, "uncovered.html", "services", context)


def _month(request: TricornRequest) -> Month | None:
    """Return the month that the address asks for; 404 for anything that is none."""
    asked = request.GET.get("month", "")
    try:
        return Month.parse(asked) if asked else None
    except BadInput as problem:
        raise Http404(str(problem)) from problem
