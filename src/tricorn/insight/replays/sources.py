"""What can be tried on our own tickets: services with the months in which they had any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from tricorn.agreements.bridge import content_of
from tricorn.agreements.models import Agreement, Version
from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.engine.roles import rule
from tricorn.insight.month import Month, last_full
from tricorn.insight.replays.own import Second
from tricorn.insight.replays.promised import house_promises
from tricorn.insight.scope import Party, parties
from tricorn.parties.models import Organisation
from tricorn.standing.portrait import Portrait
from tricorn.tickets.models import Ticket

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """How many tickets a month has; None: about too few people to say how many."""

    month: Month
    tickets: int | None


@dataclass(frozen=True)
class Source:
    """Services that can be tried together, and the text that is in force for them.

    client     whose tickets; None: everybody's
    agreement  what the text is of; None: the text is what the house promises, if anything
    months     those that have tickets, the oldest first
    """

    services: tuple[Service, ...]
    client: Organisation | None
    agreement: Agreement | None
    present: text.Agreement | None
    zone: str
    months: tuple[Counted, ...]

    @property
    def weight(self) -> tuple[int, int]:
        """How busy it was: tickets that may be counted, then months."""
        return sum(each.tickets or 0 for each in self.months), len(self.months)

    @property
    def first(self) -> date | None:
        """The first day that can be tried."""
        return self.months[0].month.day if self.months else None


def sources_for_house(known: Portrait, at: datetime, zone: str) -> list[Source]:
    """Return what a manager can try: each service that they manage. Five queries.

    Where no agreement is in force, the present text is what the house promises.
    """
    services = [
        each
        for each in Service.objects.order_by("name", "id")
        if rule(known.standing(each.pk), "make_offer").allowed and known.serves(each.pk, "manage")
    ]
    rows = _rows("service", Q(service__in=services), at)
    present, promised = _in_force(services, at), house_promises(services, at)
    found = []
    for each in services:
        agreement, content = present.get(each.pk, (None, promised.get(each.pk)))
        months = _counted(rows[rows[:, 0] == each.pk], zone, 0)
        found.append(Source((each,), None, agreement, content, zone, months))
    return found


def sources_for_client(known: Portrait, at: datetime, fewest: int) -> list[Source]:
    """Return what a client can try: each agreement, in the months that have ended. Eight queries.

    A month about fewer than `fewest` people has no number.
    """
    mine = parties(known)
    versions = {number for party in mine for number in party.version_ids}
    rows = _rows("version", Q(version__in=versions), at)
    texts = {
        version.pk: version
        for version in Version.objects.filter(pk__in=[party.latest(at).pk for party in mine])
        .select_related("agreement")
        .prefetch_related("services")
    }
    return [_of_party(party, texts[party.latest(at).pk], rows, at, fewest) for party in mine]


def _of_party(party: Party, version: Version, rows: Rows, at: datetime, fewest: int) -> Source:
    ended = int(last_full(at, party.zone).end(party.zone).timestamp())
    own = rows[np.isin(rows[:, 0], party.version_ids) & (rows[:, 1] < ended)]
    services = sorted(version.services.all(), key=lambda each: (each.name, each.pk))
    return Source(
        tuple(services),
        party.agreement.client,
        party.agreement,
        content_of(version),
        party.zone,
        _counted(own, party.zone, fewest),
    )


def _rows(of: str, where: Q, until: datetime) -> Rows:
    """Return what each ticket is of, when it was reported, and who it is about. One query."""
    rows = (
        Ticket.objects.counted()
        .filter(where, reported_at__lt=until)
        .order_by()
        .values_list(of, Second("reported_at"), Coalesce(F("affected"), F("requester"), -F("id")))
    )
    return np.array(list(rows.iterator(chunk_size=10_000)), dtype=np.int64).reshape(-1, 3)


def _counted(rows: Rows, zone: str, fewest: int) -> tuple[Counted, ...]:
    if not len(rows):
        return ()
    months = _between(int(rows[:, 1].min()), int(rows[:, 1].max()), zone)
    starts = np.array([int(month.start(zone).timestamp()) for month in months])
    place = np.searchsorted(starts, rows[:, 1], side="right") - 1
    tickets = np.bincount(place, minlength=len(months))
    pairs = np.unique(np.stack([place, rows[:, 2]]), axis=1)
    people = np.bincount(pairs[0], minlength=len(months))
    return tuple(
        Counted(month, int(n) if who >= fewest else None)
        for month, n, who in zip(months, tickets, people, strict=True)
        if n
    )


def _between(first: int, last: int, zone: str) -> list[Month]:
    month, end = (Month.of(datetime.fromtimestamp(each, UTC), zone) for each in (first, last))
    found = [month]
    while found[-1] < end:
        found.append(found[-1].plus(1))
    return found


def _in_force(
    services: Sequence[Service], at: datetime
) -> Mapping[int, tuple[Agreement, text.Agreement]]:
    """Return for each service the agreement in force that began last. Two queries."""
    rows = (
        Version.objects.filter(services__in=services, from_at__lte=at)
        .select_related("agreement")
        .prefetch_related("services")
        .order_by("number")
        .distinct()
    )
    newest: dict[int, Version] = {version.agreement_id: version for version in rows}
    found: dict[int, Version] = {}
    for version in sorted(newest.values(), key=lambda each: (each.from_at, each.pk)):
        if version.to_at is None or version.to_at > at:
            found |= dict.fromkeys((service.pk for service in version.services.all()), version)
    return {service: (version.agreement, content_of(version)) for service, version in found.items()}
