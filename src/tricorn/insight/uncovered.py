"""Use not yet covered: who used a service without being entitled, served by the house promise.

For the provider's eyes: organisations are named, persons neither counted nor ranked. A ticket says
itself whether an agreement applied; other uses are held against the entitlements of their instant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from tricorn.agreements.models import Entitlement, Version
from tricorn.agreements.models.versions import IsEveryone, Unindexed
from tricorn.insight.month import Month
from tricorn.parties.models import Membership
from tricorn.standing.models import Use
from tricorn.tickets.models import Ticket, TicketQuerySet

MONTHS_BACK = 6


@dataclass(frozen=True)
class Uncovered:
    """How much of it there was: tickets, and uses (a ticket for five people is five uses)."""

    tickets: int = 0
    uses: int = 0

    def __bool__(self) -> bool:
        return bool(self.tickets or self.uses)


@dataclass(frozen=True)
class MonthUncovered:
    """One month of a service: `organisations` are names with how many tickets, most first.

    `unnamed` are the tickets of nobody's organisation: visitors, and who belongs to none.
    """

    month: Month
    seen: Uncovered
    organisations: tuple[tuple[str, int], ...]
    unnamed: int


def months_uncovered(service_id: int, *, at: datetime, zone: str) -> list[MonthUncovered]:
    """Return this month so far and the five before, newest first, as far as there is any.

    Months of the house's zone. Two queries.
    """
    newest = Month.of(at, zone)
    start = newest.plus(1 - MONTHS_BACK).start(zone)
    uses = _uses({service_id}, start, at)
    tickets: dict[Month, Counter[str | None]] = defaultdict(Counter)
    rows = (
        uncovered_tickets(service_id, start=start, end=at)
        .order_by()
        .annotate(month=TruncMonth("reported_at", tzinfo=ZoneInfo(zone)))
        .values_list("month", "organisation__name")
        .annotate(many=Count("pk"))
    )
    for month, name, many in rows:
        tickets[Month(month.year, month.month)][name] += many
    found = []
    for month in (newest.plus(-n) for n in range(MONTHS_BACK)):
        names = tickets[month]
        seen = Uncovered(names.total(), uses[service_id, month])
        named = [(name, many) for name, many in names.items() if name is not None]
        if seen:
            ordered = tuple(sorted(named, key=lambda each: (-each[1], each[0])))
            found.append(MonthUncovered(month, seen, ordered, names[None]))
    return found


def lately_uncovered(
    service_ids: Collection[int], *, at: datetime, zone: str
) -> dict[int, Uncovered]:
    """Return what each of these services had since the first of last month. Two queries."""
    start = Month.of(at, zone).plus(-1).start(zone)
    uses: Counter[int] = Counter()
    for (service, _month), count in _uses(service_ids, start, at).items():
        uses[service] += count
    rows = (
        _tickets(start, at).filter(service__in=service_ids).order_by().values_list("service")
    ).annotate(many=Count("pk"))
    tickets = dict(rows)
    return {
        service: Uncovered(tickets.get(service, 0), uses[service])
        for service in service_ids
        if service in tickets or uses[service]
    }


def uncovered_tickets(service_id: int, *, start: datetime, end: datetime) -> TicketQuerySet:
    """Return the tickets of a service that ran by the house promise alone, newest first."""
    found = _tickets(start, end).filter(service=service_id)
    return found.order_by("-reported_at", "-id")


def _tickets(start: datetime, end: datetime) -> TicketQuerySet:
    return Ticket.objects.counted().filter(
        version__isnull=True, reported_at__gte=start, reported_at__lt=end
    )


def _uses(
    service_ids: Collection[int], start: datetime, end: datetime
) -> Counter[tuple[int, Month]]:
    """Return how many uses nothing covered, by service and month of the house. One query."""
    tickets = Ticket.objects.counted().filter(pk=OuterRef("source_id"), version__isnull=True)
    rows = (
        Use.objects.filter(service__in=service_ids, at__gte=start, at__lt=end)
        .filter(
            Q(Q(source="ticket"), Exists(tickets))
            | Q(~Q(source="ticket"), ~_covered_by_name(), ~_covered_by_organisation())
        )
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values_list("service", "month")
        .annotate(many=Sum("count"))
    )
    found: Counter[tuple[int, Month]] = Counter()
    for service, month, many in rows:
        found[service, Month(month.year, month.month)] += many
    return found


def _in_force() -> QuerySet[Entitlement]:
    """Entitlements to the service of a use by a version in force at its instant."""
    newer = Version.objects.filter(
        agreement=OuterRef("version__agreement"),
        number__gt=OuterRef("version__number"),
        from_at__lte=OuterRef(OuterRef("at")),
    )
    return (
        Entitlement.objects.alias(for_service=Unindexed(F("services")))
        .filter(for_service=OuterRef("service"), version__from_at__lte=OuterRef("at"))
        .filter(Q(version__to_at__isnull=True) | Q(version__to_at__gt=OuterRef("at")))
        .filter(~Exists(newer))
    )


def _covered_by_name() -> Q:
    """Everyone, everybody at the place, or this very person is entitled."""
    everyone = _in_force().filter(IsEveryone(F("scope")))
    place = _in_force().filter(place=OuterRef("place"))
    person = _in_force().filter(person=OuterRef("person"))
    return Q(Exists(everyone)) | Q(Exists(place)) | Q(Exists(person))


def _covered_by_organisation() -> Q:
    """An organisation to which the person belonged then, or one above it, is entitled.

    Written as a join and a comparison of paths: an equality two levels out is where PostgreSQL 15
    keeps a table of the first row's answers for all the others.
    """
    lasts = Q(organisation__memberships__until__isnull=True)
    lasts |= Q(organisation__memberships__until__gt=OuterRef("at"))
    itself = _in_force().filter(
        lasts,
        organisation__memberships__person=OuterRef("person"),
        organisation__memberships__since__lte=OuterRef("at"),
    )
    at = OuterRef(OuterRef("at"))
    below = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at),
        person=OuterRef(OuterRef("person")),
        since__lte=at,
        organisation__path__startswith=OuterRef("organisation__path"),
    )
    above = _in_force().filter(Exists(below), includes_below=True, organisation__isnull=False)
    return Q(Q(person__isnull=False), Q(Exists(itself)) | Q(Exists(above)))
