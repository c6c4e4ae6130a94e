"""How long services were up in a month of an agreement, from recorded outages: no people in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.bridge import content_of
from tricorn.agreements.models import Clause, Version
from tricorn.catalogue.bridge import schedule_of
from tricorn.engine.availability import Availability, Outage, Stretch, availability
from tricorn.engine.hours import Schedule
from tricorn.insight.month import Month
from tricorn.insight.scope import Party
from tricorn.tickets import models


@dataclass(frozen=True)
class Up:
    """One service in one month of an agreement."""

    service: str
    found: Availability


def available(parties: Sequence[Party], month: Month) -> dict[int, tuple[Up, ...]]:
    """Return the availability of each service of each agreement in a month that ended: one query.

    It is read anew each time: an outage that is corrected later corrects the month.
    """
    services = {
        service.pk: service.name
        for party in parties
        for version in party.versions_in(month)
        for service in version.services.all()
    }
    outages = _outages(list(services), parties, month) if services else {}
    return {
        party.agreement.pk: tuple(
            Up(services[number], availability(stretches, outages.get(number, ())))
            for number, stretches in sorted(
                stretches_in(party, month.start(party.zone), month.end(party.zone)).items(),
                key=lambda each: services[each[0]],
            )
        )
        for party in parties
    }


def available_between(
    party: Party,
    start: datetime,
    end: datetime,
    *,
    services: Collection[str] = (),
    hours: str = "",
) -> tuple[Up, ...]:
    """Return the availability of an agreement's services from one instant to another: one query.

    `services` (by short name; none: all of the agreement) and `hours` as an availability promises.
    """
    named = {
        service.pk: service
        for version in party.versions
        for service in version.services.all()
        if not services or service.slug in services
    }
    stretches = stretches_in(party, start, end, hours)
    outages = _outages_between(list(named), start, end) if named else {}
    return tuple(
        Up(service.name, availability(stretches[number], outages.get(number, ())))
        for number, service in sorted(named.items(), key=lambda each: each[1].name)
        if number in stretches
    )


def _outages(
    services: Sequence[int], parties: Sequence[Party], month: Month
) -> dict[int, list[Outage]]:
    start = min(month.start(party.zone) for party in parties)
    end = max(month.end(party.zone) for party in parties)
    return _outages_between(services, start, end)


def _outages_between(
    services: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[Outage]]:
    rows = (
        models.Outage.objects.touching(start, end)
        .filter(services__in=services)
        .values_list("services", "began_at", "ended_at", "is_planned")
    )
    found: dict[int, list[Outage]] = defaultdict(list)
    for service, began_at, ended_at, is_planned in rows:
        found[service].append(Outage(began_at, ended_at, is_planned))
    return found


def stretches_in(
    party: Party, start: datetime, end: datetime, hours: str = ""
) -> dict[int, list[Stretch]]:
    """Return for each service the parts of a time in which a version covered it, with its hours.

    `hours` names those of the text to go by; else they are the main clause's.
    Source  docs/engine/availability.md, rule V6: each stretch by the hours that held in it.
    """
    found: dict[int, list[Stretch]] = defaultdict(list)
    for version, newer in zip(party.versions, [*party.versions[1:], None], strict=True):
        clauses = party.clauses_of(version)
        ends = [each for each in (version.to_at, newer and newer.from_at, end) if each]
        first, last = max(start, version.from_at), min(ends)
        if not clauses or first >= last:
            continue
        stretch = Stretch(_schedule(version, clauses, hours), first, last)
        for service in version.services.all():
            found[service.pk].append(stretch)
    return found


def _schedule(version: Version, clauses: Sequence[Clause], hours: str) -> Schedule:
    """The hours called so in the version's text, else those of its main clause."""
    if hours and (named := content_of(version).hours.get(hours)) is not None:
        return Schedule(named)
    clause = main_clause(clauses)
    return schedule_of(clause.spec, clause.hours)


def main_clause(clauses: Sequence[Clause]) -> Clause:
    """The clause whose hours are those of the service: the first about an end, else the first."""
    return next((each for each in clauses if each.stop == "resolved"), clauses[0])
