"""The months of agreements: counted once when they have ended, then read as they were counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from tricorn.insight.considered import considered
from tricorn.insight.figures import Figures, figures_of
from tricorn.insight.kins import Period, gather, tickets_of
from tricorn.insight.models import Counted
from tricorn.insight.month import Month
from tricorn.insight.prevented import prevented, relevant
from tricorn.insight.scope import Party
from tricorn.tickets.models import Ticket

Key = tuple[int, Month]


def months(
    parties: Sequence[Party], wanted: Sequence[Month], *, at: datetime, fewest: int
) -> dict[Key, Figures]:
    """Return the figures of each agreement in each month that has ended and in which it ran.

    One query for what was counted before, then one per month and zone; a month that nobody has
    counted yet is counted now, which costs three more, and a few for each agreement with declined options.
    """
    periods = {
        (party.agreement.pk, month): period
        for party in parties
        for month in wanted
        if party.runs_in(month) and (period := Period.of(month, party.zone, at))
    }
    known = _counted(periods, fewest)
    by_period: dict[Period, list[Party]] = defaultdict(list)
    for party in parties:
        for month in wanted:
            if period := periods.get((party.agreement.pk, month)):
                by_period[period].append(party)
    found: dict[Key, Figures] = {}
    for period, ones in by_period.items():
        tickets = _how_many(ones, period)
        missing = []
        for party in ones:
            key = (party.agreement.pk, period.month)
            row = known.get(key)
            if row is not None and row.tickets == tickets[party.agreement.pk]:
                found[key] = Figures.from_data(row.figures)
            else:
                missing.append(party)
        if missing:
            found |= _count(missing, period, tickets, at=at, fewest=fewest)
    return found


def _counted(periods: dict[Key, Period], fewest: int) -> dict[Key, Counted]:
    rows = Counted.objects.filter(
        agreement__in={agreement for agreement, _ in periods},
        month__in={str(month) for _, month in periods},
        fewest=fewest,
    )
    found = {}
    for row in rows:
        key = (row.agreement_id, Month.parse(row.month))
        if key in periods and periods[key].final_at == row.read_at:
            found[key] = row
    return found


def _how_many(parties: Sequence[Party], period: Period) -> dict[int, int]:
    """Return how many tickets each agreement has in the period; answered by an index alone."""
    of = {version: party.agreement.pk for party in parties for version in party.version_ids}
    rows = (
        Ticket.objects.filter(
            version__in=list(of),
            reported_at__gte=period.start,
            reported_at__lt=period.first_at,
        )
        .order_by()
        .values("version")
        .annotate(many=Count("pk"))
    )
    found: dict[int, int] = dict.fromkeys(of.values(), 0)
    for row in rows:
        found[of[row["version"]]] += row["many"]
    return found


def _count(
    parties: Sequence[Party],
    period: Period,
    tickets: dict[int, int],
    *,
    at: datetime,
    fewest: int,
) -> dict[Key, Figures]:
    """Count a month of these agreements, and keep it so that the next reader reads the same."""
    rows = tickets_of([v for party in parties for v in party.version_ids], period)
    declined = considered(clients={party.agreement.client_id for party in parties})
    found: dict[Key, Figures] = {}
    kept = []
    for party in parties:
        options = relevant(declined, party.agreement.client_id, party.service_ids, period)
        gathered = gather(
            [row for v in party.version_ids for row in rows.get(v, ())],
            prevented(options, party.version_ids, period),
        )
        figures = figures_of(
            gathered,
            [clause.pk for clause in party.clauses],
            fewest,
            is_final=period.final_at > period.first_at,
            options=[each.option.pk for each in options],
        )
        found[party.agreement.pk, period.month] = figures
        kept.append(
            Counted(
                agreement=party.agreement,
                month=str(period.month),
                read_at=period.final_at,
                fewest=fewest,
                tickets=tickets[party.agreement.pk],
                figures=figures.to_data(),
                counted_at=at,
            )
        )
    Counted.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["agreement", "month", "read_at", "fewest"],
        update_fields=["tickets", "figures", "counted_at"],
    )
    return found
