"""What clients declined, and what it would have covered since: the same that the clients read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.dateformat import format as date_format

from tricorn.insight.considered import considered
from tricorn.insight.declined import CameBack, Looking
from tricorn.insight.month import last_full
from tricorn.insight.months import months
from tricorn.insight.scope import everything
from tricorn.parties.models import House
from tricorn.web.decide.plain import number_in_words
from tricorn.web.declined import DeclinedShown, declined_shown
from tricorn.web.manage.answers import for_all, page
from tricorn.web.requests import TricornRequest


@dataclass(frozen=True)
class Client:
    """One client with the options that came back."""

    name: str
    declined: tuple[DeclinedShown, ...]


@for_all("activate_agreement")
def declined(request: TricornRequest) -> HttpResponse:
    """Show the options that came back since the last full month began, by client."""
    options = considered()
    ones = {each.offer.client_id for each in options}
    every = [party for party in everything() if party.agreement.client_id in ones]
    house = House.objects.get()
    month = last_full(request.at, house.zone)
    start = min([month.start(party.zone) for party in every] or [month.start(house.zone)])
    looking = Looking(options, start, request.at, at=request.at)
    figures = months(every, [month], at=request.at, fewest=house.fewest)
    found: dict[str, list[DeclinedShown]] = {}

    def say(name: str, came: list[CameBack]) -> None:
        shown = declined_shown(
            came,
            few=number_in_words(house.fewest),
            month=date_format(month.day, "F Y"),
            at=request.at,
            zone=request.who.zone,
            is_provider=True,
        )
        found.setdefault(name, []).extend(shown)

    for party in every:
        came = looking.of_party(
            party,
            month.start(party.zone),
            request.at,
            figures=figures.get((party.agreement.pk, month)),
            is_provider=True,
        )
        say(str(party.agreement.client), came)
    for each in looking.without_party(every, start, request.at, is_provider=True):
        say(str(each.considered.offer.client), [each])
    clients = [Client(name, tuple(shown)) for name, shown in sorted(found.items()) if shown]
    return page(
        request,
        "declined.html",
        "agreements",
        {"clients": clients, "has_options": bool(options), "month": month.day},
    )
