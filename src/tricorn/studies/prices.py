"""What an agreement of a case costs, whether that pays, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tricorn.engine.frontier import Point, frontier
from tricorn.engine.measures import share
from tricorn.engine.rates import Priced, a_month, balance, break_even, priced
from tricorn.engine.replay import Between

from .answer import Cost, Option, Stake
from .case import Case

HOUR, DAY = 3600, 86_400
MONTH = 365.25 / 12


def priced_in(case: Case, k: int) -> Priced:
    """Return the price of one agreement of a case, beside the one of today."""
    plan, history = case.plan, case.history
    days = (history.until - int(history.reported.min())) / DAY
    counts = {"ticket": round(len(history) * MONTH / days)} if days >= 7 else {}
    return priced(
        plan.choices[k].agreement,
        plan.rates,
        now=plan.now.agreement if k else None,
        counts=counts,
    )


def cost_of(case: Case, k: int, price: Priced) -> Cost | None:
    """Return how a price is reckoned and for whom it pays; None where nothing is known of it."""
    if not price.by:
        return None
    saved = a_month(case.changed(k).saved, case.history) if k else None
    even = break_even(price.extra, saved, price.currency) if k else None
    stakes = (
        balance(
            case.judged(0),
            case.judged(k),
            price,
            stop=case.waits.stop,
            stopped_by=case.waits.stopped_by,
        )
        if k
        else ()
    )
    return Cost(
        by=price.by,
        extra=None if price.extra is None else float(price.extra),
        words=price.words,
        even=even.sentence if even else "",
        even_low=float(even.low) if even and even.low is not None else None,
        even_high=float(even.high) if even and even.high is not None else None,
        stakes=tuple(Stake(each.role, each.gains, each.sentences) for each in stakes),
    )


def placed(options: Sequence[Option]) -> list[Option]:
    """Return the options, each with the name of one that dominates it."""
    points = [
        Point(
            option.name,
            None if option.price is None else Decimal(str(option.price)),
            Between(*(round(hours * HOUR) for hours in option.waited_to_open)),
            share(option.promises[0].met, option.promises[0].n),
            option.currency or "",
        )
        for option in options
    ]
    return [
        replace(option, beaten_by=place.dominated_by or "")
        for option, place in zip(options, frontier(points), strict=True)
    ]
