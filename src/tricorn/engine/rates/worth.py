"""From which value of an hour an option pays, and from which likelihood of an outage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ..errors import BadInput
from ..replay import Between, History
from .amounts import in_money, more_or_less, said

HOUR = 3600
MONTH = Fraction(1461, 48) * 86_400  # seconds: a twelfth of 365.25 days
SHORTEST = 7 * 86_400  # of less nobody can say what a month is like


@dataclass(frozen=True)
class BreakEven:
    """The value of one hour of waiting at which a price and the hours saved are even.

    low   at least so much has to be worth an hour, if as many hours are saved as at best
    high  at so much it pays in any case; None: never for certain, for perhaps none are saved
    can_tell  False where no price, or no hours in one direction, are known
    """

    low: Decimal | None
    high: Decimal | None
    can_tell: bool
    sentence: str


@dataclass(frozen=True)
class OutageEven:
    """How likely an outage a month has to be for a price to pay; None where never."""

    likelihood: Fraction | None
    sentence: str


def a_month(found: Between, history: History) -> Between | None:
    """Return what a history holds as of one month; None for a log of less than seven days.

    Units   seconds in, seconds a month out, rounded outwards.
    Source  docs/engine/price.md, rule P9: hours of a month.
    """
    span = history.until - int(history.reported.min()) if len(history) else 0
    if span < SHORTEST:
        return None
    low, high = (Fraction(each) * MONTH / span for each in (found.low, found.high))
    return Between(low.__floor__(), high.__ceil__())


def break_even(extra: Decimal | None, saved: Between | None, currency: str) -> BreakEven:
    """Return from which value of an hour an option pays.

    extra   What it costs more a month; below zero what it costs less.
    saved   Seconds a month that are waited less while closed; below zero: more.
    Source  docs/engine/price.md, rule P10: the break-even value of an hour.
    """
    if extra is None or saved is None:
        what = "what it costs" if extra is None else "how many hours a month it saves"
        return _unknown(f"Nobody knows {what}, so it cannot be told when it pays.")
    if saved.low < 0 and (saved.high > 0 or extra >= 0):
        return _dearer_or_unclear(extra, saved, currency)
    if extra > 0:
        return _costs(extra, saved, currency)
    if saved.high <= 0 and saved.low < 0:
        return _saves(-extra, saved, currency)
    what = "nothing more" if not extra else f"{said(-extra, currency)} less a month"
    zero = in_money(Decimal(0), currency)
    return BreakEven(zero, zero, True, f"It costs {what}, so it pays whatever an hour is worth.")


def outage_even(price: Decimal, loss: Decimal, currency: str) -> OutageEven:
    """Return how likely one outage a month has to be: likelihood x loss > price.

    price   A month, above nothing.
    loss    What one such outage costs, without the option.
    Errors  BadInput for a price or a loss that is not above nothing.
    Source  docs/engine/price.md, rule P11: rare heavy losses.
    """
    for name, amount in (("price", price), ("loss", loss)):
        if amount <= 0:
            raise BadInput(
                f"The {name} is {said(amount, currency)}. An outage is weighed with a price and a "
                "loss above nothing."
            )
    likelihood = Fraction(price) / Fraction(loss)
    begin = f"{said(price, currency)} a month against a loss of {said(loss, currency)}: it pays "
    if likelihood >= 1:
        return OutageEven(None, f"{begin}only if more than one such outage a month is likely.")
    months = round(1 / likelihood)
    percent = f"{float(likelihood * 100):.2g} %"
    return OutageEven(
        likelihood,
        f"{begin}if such an outage is likelier than {percent} a month, one in {months:,} months.",
    )


def _unknown(sentence: str) -> BreakEven:
    return BreakEven(None, None, False, sentence)


def _dearer_or_unclear(extra: Decimal, saved: Between, currency: str) -> BreakEven:
    if saved.low < 0 < saved.high:
        return _unknown(
            f"Between {_hours(-saved.low)} more and {_hours(saved.high)} less are waited a month, "
            "so it cannot be told whether it helps."
        )
    return BreakEven(
        None,
        None,
        True,
        f"It costs {more_or_less(extra, currency)} a month and people wait longer: it never pays.",
    )


def _costs(extra: Decimal, saved: Between, currency: str) -> BreakEven:
    if not saved.high:
        return BreakEven(
            None,
            None,
            True,
            f"It costs {said(extra, currency)} more a month and saves no waiting in this history: "
            "it never pays by that.",
        )
    low = _each(extra, saved.high, currency)
    costs = f"{said(extra, currency)} more a month"
    if not saved.low:
        return BreakEven(
            low,
            None,
            True,
            f"{costs} for 0 to {_hours(saved.high)} less of waiting: it pays at {said(low, currency)} "
            "an hour at the earliest, and perhaps never.",
        )
    high = _each(extra, saved.low, currency)
    if low == high:
        words = f"it pays once an hour is worth {said(low, currency)}."
        return BreakEven(
            low, high, True, f"{costs} for {_hours(saved.low)} less of waiting: {words}"
        )
    return BreakEven(
        low,
        high,
        True,
        f"{costs} for {_between(saved.low, saved.high)} less of waiting: it pays for certain once "
        f"an hour is worth {said(high, currency)}, and not below {said(low, currency)}.",
    )


def _saves(less: Decimal, saved: Between, currency: str) -> BreakEven:
    """An option that costs less and lets people wait longer."""
    fewest, most = -saved.high, -saved.low
    low = _each(less, most, currency)
    high = _each(less, fewest, currency) if fewest else None
    until = f"and not above {said(high, currency)}" if high is not None else "and perhaps always"
    if low == high:
        words = f"it pays while an hour is worth less than {said(low, currency)}."
        return BreakEven(
            low,
            high,
            True,
            f"{said(less, currency)} less a month for {_hours(most)} more of waiting: {words}",
        )
    return BreakEven(
        low,
        high,
        True,
        f"{said(less, currency)} less a month for {_between(fewest, most)} more of waiting: it "
        f"pays for certain while an hour is worth less than {said(low, currency)}, {until}.",
    )


def _each(amount: Decimal, seconds: int, currency: str) -> Decimal:
    return in_money(Fraction(amount) * HOUR / seconds, currency)


def _hours(seconds: int) -> str:
    return f"{Fraction(seconds, HOUR).__float__():,.1f} hours"


def _between(low: int, high: int) -> str:
    if low == high:
        return _hours(low)
    return f"{low / HOUR:,.1f} to {_hours(high)}"
