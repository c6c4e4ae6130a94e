"""Decide: what waits for me, what happened in a month, what I signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render

from tricorn.agreements import rhythm
from tricorn.agreements.models import Version
from tricorn.agreements.offered import offers_for
from tricorn.agreements.plain import joined
from tricorn.engine.errors import BadInput
from tricorn.insight.availability import available
from tricorn.insight.considered import considered
from tricorn.insight.covered import Covered, covered_by, signatures_of
from tricorn.insight.declined import CameBack, Looking
from tricorn.insight.month import Month, last_full
from tricorn.insight.months import months
from tricorn.insight.own import Own, own_matters
from tricorn.insight.scope import Party, parties
from tricorn.parties.models import House, Person
from tricorn.standing.portrait import Portrait
from tricorn.web.decide import offers_waiting, plain, waiting
from tricorn.web.decide.shown import MonthShown, month_name, month_shown, own_lines
from tricorn.web.declined import DeclinedShown, declined_shown
from tricorn.web.requests import TricornRequest

SOON = timedelta(days=90)


@dataclass(frozen=True)
class Ending:
    """An agreement that ends or renews soon, with nothing after it; by when notice can be given."""

    ref: str
    title: str
    on: date
    notice_by: date | None = None
    renews: bool = False


@dataclass(frozen=True)
class Months:
    """The month on the page and its neighbours, as addresses and words."""

    name: str
    before: str
    before_name: str
    after: str
    after_name: str


def front(request: TricornRequest) -> HttpResponse:
    """Show the whole door on one page; `?month=2026-10` chooses the month."""
    portrait, person, house = known(request)
    ones = parties(portrait)
    waits = offers_waiting.waits(portrait, person)
    found = waiting.on_the_front(portrait, ones, request.at)
    newest = newest_month([party.zone for party in ones] or [house.zone], request.at)
    month = chosen_month(request.GET.get("month"), newest)
    looking = looking_at(request, ones, month, portrait)
    zone = request.who.zone
    alone = looking.without_party(ones, month.start(zone), month.end(zone))
    now = own_now(request, ones, newest)
    return render(
        request,
        "decide/front.html",
        {
            "clients": joined(list(dict.fromkeys(str(party.agreement.client) for party in ones))),
            "months": neighbours(month, newest, oldest_month(ones) or newest),
            **found,
            "waits": [*waits, *found["waits"]],
            "now": own_lines(now, request.who.zone),
            "declined_now": declined_now(request, ones, newest, looking, now),
            "shown": shown_months(request, ones, month, looking),
            "declined_alone": said_declined(request, alone, month),
            "may_ask_again": True,
            "signed": signed_terms(ones, request.at, house.fewest),
            "endings": endings(ones, request.at),
            "few": plain.number_in_words(house.fewest),
        },
    )


def known(request: TricornRequest) -> tuple[Portrait, Person, House]:
    """Return who reads; the door has been checked, so there is somebody and a house."""
    who = request.who
    if who.portrait is None or who.person is None or who.house is None:
        raise Http404("Nobody is signed in.")
    return who.portrait, who.person, who.house


def newest_month(zones: list[str], at: datetime) -> Month:
    """Return the last month that has ended in every zone."""
    return min(last_full(at, zone) for zone in zones)


def oldest_month(ones: list[Party]) -> Month | None:
    return min((Month.of(p.versions[0].from_at, p.zone) for p in ones), default=None)


def chosen_month(text: str | None, newest: Month) -> Month:
    """Read the month that was asked for; one that has not ended is not there."""
    if not text:
        return newest
    try:
        month = Month.parse(text)
    except BadInput as problem:
        raise Http404(str(problem)) from problem
    if month > newest:
        raise Http404("This month has not ended yet.")
    return month


def neighbours(month: Month, newest: Month, oldest: Month) -> Months:
    before, after = month.plus(-1), month.plus(1)
    has_before, has_after = before >= oldest, after <= newest
    return Months(
        name=month_name(month),
        before=str(before) if has_before else "",
        before_name=month_name(before),
        after=str(after) if has_after else "",
        after_name=month_name(after),
    )


def own_now(request: TricornRequest, ones: list[Party], newest: Month) -> list[Own]:
    """Return the reader's own matters of the month that runs; nobody else is told of it yet."""
    _, person, _ = known(request)
    if not ones:
        return []
    start = min(newest.end(party.zone) for party in ones)
    return own_matters(person.pk, ones, start=start, end=request.at, at=request.at)


def looking_at(
    request: TricornRequest, ones: list[Party], month: Month, portrait: Portrait
) -> Looking:
    """Read once what speaks for declined options, from the month on the page to now."""
    options = considered(offers=[offer.pk for offer in offers_for(portrait)])
    zones = [party.zone for party in ones] or [request.who.zone]
    return Looking(options, min(month.start(zone) for zone in zones), request.at, at=request.at)


def declined_now(
    request: TricornRequest, ones: list[Party], newest: Month, looking: Looking, own: list[Own]
) -> tuple[DeclinedShown, ...]:
    """Return the declined options that come back in the month that runs.

    Only the reader's own matters and outages speak for them: reports are counted when it has ended.
    """
    found = [
        each
        for party in ones
        for each in looking.of_party(
            party,
            newest.end(party.zone),
            request.at,
            own=[one for one in own if one.agreement == party.agreement.pk],
        )
    ]
    found += looking.without_party(ones, newest.end(request.who.zone), request.at)
    return said_declined(request, found, newest)


def said_declined(
    request: TricornRequest, found: list[CameBack], month: Month
) -> tuple[DeclinedShown, ...]:
    _, _, house = known(request)
    return declined_shown(
        found,
        few=plain.number_in_words(house.fewest),
        month=month_name(month),
        at=request.at,
        zone=request.who.zone,
    )


def shown_months(
    request: TricornRequest, ones: list[Party], month: Month, looking: Looking
) -> list[MonthShown]:
    """Return the month of every agreement that ran in it, with the reader's own matters in it."""
    _, person, house = known(request)
    running = [party for party in ones if party.runs_in(month)]
    found = months(running, [month], at=request.at, fewest=house.fewest)
    up = available(running, month)
    own: dict[int, list[Own]] = {}
    if running:
        start = min(month.start(party.zone) for party in running)
        end = max(month.end(party.zone) for party in running)
        for each in own_matters(person.pk, running, start=start, end=end, at=request.at):
            own.setdefault(each.agreement, []).append(each)
    return [
        month_shown(
            party,
            figures,
            month,
            own.get(party.agreement.pk, []),
            house.fewest,
            request.who.zone,
            up=up[party.agreement.pk],
            declined=said_declined(
                request,
                looking.of_party(
                    party,
                    month.start(party.zone),
                    month.end(party.zone),
                    own=own.get(party.agreement.pk, []),
                    figures=figures,
                ),
                month,
            ),
        )
        for party in running
        if (figures := found.get((party.agreement.pk, month)))
    ]


def signed_terms(ones: list[Party], at: datetime, fewest: int) -> list[plain.Terms]:
    """Return the versions in force in plain words. Three queries for any number."""
    force = [(party, version) for party in ones if (version := party.version_at(at))]
    numbers = [version.pk for _, version in force]
    covered, signatures = covered_by(numbers), signatures_of(numbers)
    texts = {each.pk: each for each in Version.objects.filter(pk__in=numbers).only("text")}
    return [
        plain.terms_of(
            party,
            version,
            plain.text_of(texts[version.pk]),
            covered.get(version.pk, Covered()),
            signatures.get(version.pk, []),
            fewest=fewest,
        )
        for party, version in force
    ]


def endings(ones: list[Party], at: datetime) -> list[Ending]:
    """Return what ends within 90 days, or can be ended by notice soon, and is followed by nothing.

    One query if there is any with an end.
    """
    numbers = [
        version.pk
        for party in ones
        if (version := party.versions[-1]).to_at is not None and version.from_at <= at
    ]
    if not numbers:
        return []
    found = []
    for version in Version.objects.filter(pk__in=numbers).select_related("agreement"):
        ending = rhythm.ending(version, at=at)
        if ending is None:
            continue
        today = rhythm.local_day(version, at)
        is_near = ending.last_day <= today + SOON
        is_announced = ending.decide_by <= today + rhythm.ANNOUNCED_BEFORE
        if today <= ending.last_day and (is_near or is_announced):
            found.append(
                Ending(
                    version.agreement.ref,
                    version.title,
                    ending.last_day,
                    ending.notice_by if ending.notice_by and ending.notice_by >= today else None,
                    bool(ending.renews),
                )
            )
    return sorted(found, key=lambda each: each.notice_by or each.on)
