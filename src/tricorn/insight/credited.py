"""Credits that are due for the parts of a review, for each side as far as it may be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tricorn.agreements.rhythm import MONTHS, ReviewPeriod
from tricorn.engine.agreement import Agreement
from tricorn.engine.money import CreditDue, credits_due
from tricorn.insight.figures import Count, Part
from tricorn.insight.month import Month, month_spans
from tricorn.insight.sums import add_parts, bounds_of

Shares = dict[str, Fraction | Decimal | None]
HIDDEN = "What comes back here would tell of a few people. The provider reckons it on the invoice."


def for_the_provider(
    content: Agreement,
    period: ReviewPeriod,
    kept: Mapping[str, Sequence[Sequence[Any]]],
    up: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return the credits by the exact numbers: rows of (month, kept, decided) by clause."""
    found = []
    for per, span in _spans(content, period):
        shares: Shares = _available(content, span, up)
        for name, rows in kept.items():
            ones = [row for row in rows if row[0] in span]
            decided = sum(row[2] for row in ones)
            if decided:
                shares[name] = Fraction(sum(row[1] for row in ones), decided)
        found += [_data(due, per, span) for due in credits_due(content, shares, per)]
    return found


def for_the_client(
    content: Agreement,
    period: ReviewPeriod,
    kept: Sequence[Mapping[str, Any]],
    up: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return the credits as far as the shares are shown.

    Where a share is shown as a bound only, the credit is told when every share within it gives
    the same one: then it tells nothing that was not shown.
    """
    found = []
    for per, span in _spans(content, period):
        low, high = _available(content, span, up), _available(content, span, up)
        for each in kept:
            parts: dict[tuple[Month, ...], Part] = {
                (Month.parse(month),): _part(part)
                for month, part in each["by_month"]
                if month in span
            }
            summed = add_parts(parts)
            ends = None if summed.without else bounds_of(summed.part)
            n = summed.part.whole.n
            none = summed.part.whole.how == "none" and not summed.without
            whole = summed.part.whole.how == "exact"
            if ends and n and whole:
                low[each["clause"]], high[each["clause"]] = (Fraction(end, n) for end in ends)
            elif not none:
                low[each["clause"]], high[each["clause"]] = Fraction(0), Fraction(1)
        pairs = zip(credits_due(content, low, per), credits_due(content, high, per), strict=True)
        found += [_data(_same(one, other), per, span) for one, other in pairs]
    return found


def _same(low: CreditDue, high: CreditDue) -> CreditDue:
    """One credit for all shares between two, or none that may be told."""
    if low == high:
        return low
    if low.amount == high.amount:
        return replace(low, measured=None, words=())
    return replace(low, measured=None, amount=None, words=(HIDDEN,))


def _spans(content: Agreement, period: ReviewPeriod) -> Iterable[tuple[str, list[str]]]:
    """The whole parts of a period by which a promise with credits is measured."""
    wanted = [Month(year, number) for year, number in period.months]
    used = {content.shares[each.clause].per for each in content.credits}
    for per in ("month", "quarter", "year"):
        if per in used and MONTHS[per] <= MONTHS[period.per]:
            for span in month_spans(wanted, MONTHS[per]):
                yield per, [str(month) for month in span]


def _available(content: Agreement, span: Sequence[str], up: Sequence[Mapping[str, Any]]) -> Shares:
    """The share of availability in a span: of several services, the one that was down the longest."""
    shares: Shares = {}
    for each in content.availability:
        ones = [
            Fraction(row["service_seconds"] - row["down_seconds"], row["service_seconds"])
            for row in up
            if row["id"] == each.id and row["from"][:7] in span and row["service_seconds"]
        ]
        if ones:
            shares[each.id] = min(ones)
    return shares


def _part(data: Mapping[str, Any]) -> Part:
    return Part(**{**data, "whole": Count(**data["whole"])})


def _data(due: CreditDue, per: str, span: Sequence[str]) -> dict[str, Any]:
    return {
        "clause": due.clause,
        "per": per,
        "months": list(span),
        "amount": None if due.amount is None else f"{due.amount:.2f}",
        "currency": due.currency,
        "words": list(due.words),
    }
