"""The figures of a review: computed here after each period, handed down to agreements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from tricorn.agreements import rhythm
from tricorn.agreements.bridge import content_of, midnight
from tricorn.agreements.models import Review, Version
from tricorn.agreements.rhythm import DAY, MONTHS, ReviewPeriod
from tricorn.agreements.verbs import prepare_review
from tricorn.insight import credited
from tricorn.insight.availability import available_between
from tricorn.insight.figures import Count, Figures, figures_once
from tricorn.insight.kins import KEPT, LATE, Period, gather, tickets_of
from tricorn.insight.month import Month, month_spans
from tricorn.insight.months import months as months_of
from tricorn.insight.scope import Party, reviewed
from tricorn.insight.sums import SAID, Months, Summed, add_counts, add_parts, promise_of, total
from tricorn.journal.actor import Actor
from tricorn.parties.models import House
from tricorn.tickets.models import Clock, counted

# More late tickets than this are counted, not listed.
MOST_LATE = 500


def prepare_reviews(at: datetime, *, by: Actor) -> int:
    """Prepare every review whose period is over, as far as nobody has; return how many.

    Cheap when all is prepared: five queries. Run it once an hour.
    """
    fewest = House.objects.values_list("fewest", flat=True).first()
    if fewest is None:
        return 0
    known = set(Review.objects.values_list("agreement", "period_from", "period_to"))
    prepared = 0
    for party in reviewed():
        for period in rhythm.periods(party.versions, at=at):
            if (party.agreement.pk, period.first, period.last) in known:
                continue
            figures, evidence = figures_of_review(party, period, at=at, fewest=fewest)
            prepare_review(party.agreement, period, figures, evidence=evidence, at=at, by=by)
            prepared += 1
    return prepared


def figures_of_review(
    party: Party, period: ReviewPeriod, *, at: datetime, fewest: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what both sides read of a period, and what stands behind it for the provider.

    Shapes  plain data; counts as `insight.figures.Count`, months like "2026-10".
    """
    wanted = [Month(year, number) for year, number in period.months]
    by_month = {
        month: figures
        for (_, month), figures in months_of([party], wanted, at=at, fewest=fewest).items()
    }
    found = _pooled(party, by_month, at=at, fewest=fewest)
    version = _version_in(party, period.last)
    figures: dict[str, Any] = {
        "fewest": fewest,
        "months": [str(month) for month in wanted],
        "reports": _count(found, "reports"),
        "kinds": _kinds(found),
        "kept": _kept(party, version, by_month, found),
        "undecided": _count(found, "undecided"),
        "cancelled": _count(found, "cancelled"),
        "waited": _count(found, "waited"),
        "closed_seconds": _closed_seconds(found),
        "satisfied": asdict(add_parts({months: each.satisfied for months, each in found.items()})),
        "available": _available(party, version, period),
        "workloads": _workloads(party, version, wanted, by_month),
    }
    exact = _exactly(party, wanted, at)
    evidence = _evidence(party, version, wanted, exact, at)
    content, up = content_of(version), figures["available"]
    figures["credits"] = credited.for_the_client(content, period, figures["kept"], up)
    evidence["credits"] = credited.for_the_provider(content, period, evidence["kept"], up)
    return figures, evidence


def _pooled(
    party: Party, by_month: Mapping[Month, Figures], *, at: datetime, fewest: int
) -> dict[Months, Figures]:
    """Put months that show nothing together, so that a small client reads a figure at all.

    Each of them is about fewer people than may be shown, so nothing of it can be taken away again.
    """
    small = [month for month, each in by_month.items() if each.reports.how == "few"]
    found: dict[Months, Figures] = {
        (month,): each for month, each in by_month.items() if month not in small
    }
    if not small:
        return found
    rows = []
    for month in small:
        if period := Period.of(month, party.zone, at):
            read = tickets_of(party.version_ids, period)
            rows += [row for version in party.version_ids for row in read.get(version, ())]
    clauses = [clause.pk for clause in party.clauses]
    found[tuple(small)] = figures_once(gather(rows), clauses, fewest)
    return found


def _count(found: Mapping[Months, Figures], name: str) -> dict[str, Any]:
    return asdict(add_counts({months: getattr(each, name) for months, each in found.items()}))


def _kinds(found: Mapping[Months, Figures]) -> list[list[Any]]:
    kinds = sorted({kind for each in found.values() for kind, _ in each.kinds})
    return [[kind, asdict(_of_kind(found, kind))] for kind in kinds]


def _of_kind(found: Mapping[Months, Figures], kind: str) -> Summed:
    return add_counts({months: _kind(each, kind) for months, each in found.items()})


def _kind(figures: Figures, kind: str) -> Count:
    if figures.reports.how == "few":
        return figures.reports
    return next((count for each, count in figures.kinds if each == kind), Count("none"))


def _kept(
    party: Party,
    version: Version,
    by_month: Mapping[Month, Figures],
    found: Mapping[Months, Figures],
) -> list[dict[str, Any]]:
    """How each clause was kept: over the period, and in each month. Versions' clauses by name."""
    same: dict[str, set[int]] = defaultdict(set)
    for clause in party.clauses:
        same[clause.name].add(clause.pk)
    kept = []
    for clause in party.clauses_of(version):
        ones = same[clause.name]
        parts = {months: promise_of(each, ones) for months, each in found.items()}
        by = [[str(month), asdict(promise_of(by_month[month], ones))] for month in sorted(by_month)]
        kept.append(
            {
                "clause": clause.name,
                "share": None if clause.share is None else f"{clause.share.normalize():f}",
                "per": clause.per,
                **asdict(add_parts(parts)),
                "by_month": by,
            }
        )
    return kept


def _closed_seconds(found: Mapping[Months, Figures]) -> int | None:
    """Hours waited while closed, of the months that say them; None if none does."""
    said = [each.closed_seconds for each in found.values() if each.closed_seconds is not None]
    return sum(said) if said else None


def _available(party: Party, version: Version, period: ReviewPeriod) -> list[dict[str, Any]]:
    """How long each service was up: against each availability that is promised, else as it was."""
    promised = content_of(version).availability
    found: list[dict[str, Any]] = []
    for each in promised:
        for first, last in _spans(period, each.per):
            start, end = _instants(party, first, last)
            ups = available_between(party, start, end, services=each.services, hours=each.hours)
            found += [
                _up(up, first, last, each.id, f"{each.share.normalize():f}", each.per) for up in ups
            ]
    if promised:
        return found
    start, end = _instants(party, period.first, period.last)
    return [
        _up(up, period.first, period.last, "", None, "")
        for up in available_between(party, start, end)
    ]


def _up(up: Any, first: date, last: date, name: str, share: str | None, per: str) -> dict[str, Any]:
    return {
        "id": name,
        "share": share,
        "per": per,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "service": up.service,
        "service_seconds": int(up.found.service.total_seconds()),
        "down_seconds": int(up.found.down.total_seconds()),
        "planned_seconds": int(up.found.planned.total_seconds()),
        "recorded": up.found.recorded,
    }


def _workloads(
    party: Party, version: Version, wanted: Sequence[Month], by_month: Mapping[Month, Figures]
) -> list[dict[str, Any]]:
    """Volume against each limit; a limit on some services or priorities has no shown count."""
    return [
        {
            "id": each.id,
            "at_most": each.at_most,
            "per": each.per,
            "kinds": list(each.kinds),
            "spans": [
                {"months": [str(month) for month in span], **asdict(_volume(each, span, by_month))}
                for span in month_spans(wanted, MONTHS[each.per])
            ],
        }
        for each in content_of(version).workloads
    ]


def _volume(each: Any, span: Sequence[Month], by_month: Mapping[Month, Figures]) -> Summed:
    if each.services or each.priorities:
        return Summed(Count("hidden"), tuple(str(month) for month in span))
    found: dict[Months, Figures] = {
        (month,): by_month[month] for month in span if month in by_month
    }
    if not each.kinds:
        return add_counts({months: figures.reports for months, figures in found.items()})
    single = [_of_kind(found, kind) for kind in each.kinds]
    without = tuple(sorted({month for one in single for month in one.without}))
    if without or any(one.count.how not in SAID for one in single):
        return Summed(Count("hidden"), without)
    return Summed(total([one.count for one in single]))


@dataclass(frozen=True)
class Exact:
    """One month as it was, for the provider: how many of each kind, kept and decided by clause."""

    kinds: Mapping[str, int]
    kept: Mapping[str, tuple[int, int]]

    @property
    def reports(self) -> int:
        return sum(self.kinds.values())


def _exactly(party: Party, wanted: Sequence[Month], at: datetime) -> dict[Month, Exact]:
    """Count each month as it stood at its last reading. One query each."""
    names = {clause.pk: clause.name for clause in party.clauses}
    found = {}
    for month in wanted:
        period = Period.of(month, party.zone, at)
        if period is None:
            continue
        read = tickets_of(party.version_ids, period)
        tickets = gather([row for version in party.version_ids for row in read.get(version, ())])
        kinds: Counter[str] = Counter()
        kept: Counter[str] = Counter()
        decided: Counter[str] = Counter()
        for look, kin in zip(tickets.looks, tickets.crowd.kins, strict=True):
            kinds[look.kind] += kin.count
            for clause, how in () if look.is_cancelled else look.promises:
                kept[names[clause]] += kin.count * (how.lower() == KEPT)
                decided[names[clause]] += kin.count * (how.lower() in (KEPT, LATE))
        found[month] = Exact(kinds, {name: (kept[name], decided[name]) for name in decided})
    return found


def _evidence(
    party: Party,
    version: Version,
    wanted: Sequence[Month],
    exact: Mapping[Month, Exact],
    at: datetime,
) -> dict[str, Any]:
    """The provider's side: exact numbers, and which tickets were late by which clause."""
    names = {clause.pk: clause.name for clause in party.clauses}
    late: dict[str, list[str]] = defaultdict(list)
    for month in exact:
        if period := Period.of(month, party.zone, at):
            for clause, ticket in _late(list(names), period):
                late[names[clause]].append(f"T-{ticket}")
    return {
        "reports": sum(each.reports for each in exact.values()),
        "kept": {
            name: [
                [str(month), *each.kept[name]] for month, each in exact.items() if name in each.kept
            ]
            for name in sorted({name for each in exact.values() for name in each.kept})
        },
        "late": {name: found[:MOST_LATE] for name, found in sorted(late.items())},
        "late_counts": {name: len(found) for name, found in sorted(late.items())},
        "workloads": {
            each.id: [
                [
                    [str(month) for month in span],
                    sum(
                        n
                        for month in span
                        if month in exact
                        for kind, n in exact[month].kinds.items()
                        if not each.kinds or kind in each.kinds
                    ),
                ]
                for span in month_spans(wanted, MONTHS[each.per])
            ]
            for each in content_of(version).workloads
            if not each.services and not each.priorities
        },
    }


def _late(clauses: Sequence[int], period: Period) -> list[tuple[int, int]]:
    """(clause, ticket) of each promise that was late at the last reading of the month."""
    final = period.final_at
    found = (
        Clock.objects.filter(
            counted("ticket__"),
            Q(stopped_at__lte=final, is_met=False)
            | Q(breach_at__lt=final) & (Q(stopped_at__isnull=True) | Q(stopped_at__gt=final)),
            clause__in=clauses,
            ticket__reported_at__gte=period.start,
            ticket__reported_at__lt=period.first_at,
        )
        .exclude(ticket__state="cancelled")
        .order_by("ticket", "id")
    )
    return list(found.values_list("clause", "ticket"))


def _spans(period: ReviewPeriod, per: str) -> list[tuple[date, date]]:
    """The parts of a period that a promise `per` month, quarter or year is measured in."""
    wanted = [Month(year, number) for year, number in period.months]
    return [
        (max(period.first, span[0].day), min(period.last, span[-1].plus(1).day - DAY))
        for span in month_spans(wanted, MONTHS[per])
    ]


def _instants(party: Party, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(party.zone)
    return midnight(first, zone), midnight(last + DAY, zone)


def _version_in(party: Party, day: date) -> Version:
    begun = [each for each in party.versions if rhythm.first_day(each) <= day]
    return begun[-1] if begun else party.versions[0]
