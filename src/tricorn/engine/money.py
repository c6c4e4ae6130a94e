"""Money that follows from an agreement's text: what a signature commits to, which credits are due.

Rules P1 to P7 are in docs/engine/money.md. Exact inside; rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .agreement import PER, Agreement, Credit, Price
from .agreement.length import months_after
from .errors import BadInput

MONTHS = {"month": 1, "quarter": 3, "year": 12}
Share = Decimal | Fraction


@dataclass(frozen=True)
class CreditDue:
    """What comes back for one promise in one period.

    clause    The id of the clause or availability.
    measured  The share that was kept; None where nothing can be told.
    promised  The share that the text promises.
    below     The step that was reached; None where none was.
    amount    Money, rounded, never below zero; None where it cannot be told.
    words     The arithmetic in plain sentences.
    """

    clause: str
    measured: Share | None
    promised: Decimal
    below: Decimal | None
    amount: Decimal | None
    currency: str
    words: tuple[str, ...]


def per_year(prices: Sequence[Price]) -> Decimal | None:
    """Return the flat price of twelve months, exact; None if no price is flat.

    What is paid for each person, ticket or hour is not in it: nobody knows yet how many there are.
    Source  docs/engine/money.md, rule P1: only flat prices are known beforehand.
    """
    flat = [price for price in prices if price.basis == "flat"]
    if not flat:
        return None
    return sum((price.amount * (12 // MONTHS[price.per]) for price in flat), Decimal(0))


def amount_bound(agreement: Agreement) -> Decimal | None:
    """Return what a signature commits to: the flat price of twelve months, or of a shorter term.

    Units   the text's currency, rounded half up to hundredths; None if no price is flat.
    Source  docs/engine/money.md, rules P2 and P3: the amount that is bound, and begun months.
    """
    yearly = per_year(agreement.prices)
    if yearly is None:
        return None
    months = Fraction(12)
    if agreement.to_on is not None:
        months = min(months, _months(agreement.from_on, agreement.to_on))
    return rounded(Fraction(yearly) * months / 12)


def price_of(prices: Sequence[Price], period: str) -> Fraction | None:
    """Return the flat price of one month, quarter or year, exact; None if no price is flat.

    Errors  BadInput for another period.
    Source  docs/engine/money.md, rule P4: the price of a period.
    """
    _check_period(period)
    yearly = per_year(prices)
    return None if yearly is None else Fraction(yearly) * MONTHS[period] / 12


def credits_due(
    agreement: Agreement,
    found: Mapping[str, Share | None],
    period: str,
    *,
    price: Decimal | None = None,
) -> tuple[CreditDue, ...]:
    """Return what comes back for each promise that is measured by this period and has credits.

    found   The share kept, by the id of the clause or availability; None, or left out, where
            nothing can be told. Exact numbers: Fraction(19, 20), never a float.
    period  "month", "quarter" or "year": promises with another `per` are left for theirs.
    price   What was charged for the period; without it, the flat price of the text.
    Shapes  One for each promise, in the order in which the text first credits it.
    Errors  BadInput for another period or a share outside 0 to 1; TypeError for a float.
    Source  docs/engine/money.md, rules P4 to P7: price, step, rounding and limit.
    """
    _check_period(period)
    paid = price_of(agreement.prices, period) if price is None else Fraction(price)
    left = _limit(agreement, paid)
    due = []
    for clause in dict.fromkeys(credit.clause for credit in agreement.credits):
        if agreement.shares[clause].per != period:
            continue
        one = _due(agreement, clause, _checked(clause, found.get(clause)), period, paid)
        if left is not None and one.amount is not None:
            one = _limited(one, left, agreement, period)
            left -= one.amount or 0
        due.append(one)
    return tuple(due)


def total(due: Sequence[CreditDue]) -> Decimal:
    """Return the sum of what is known to be due."""
    return sum((each.amount for each in due if each.amount is not None), Decimal(0))


def rounded(amount: Fraction) -> Decimal:
    """Return an amount of money in hundredths, half up.

    Source  docs/engine/money.md, rule P6: rounded once, half up.
    """
    return _hundredths(amount + Fraction(1, 200))


def _due(
    agreement: Agreement, clause: str, kept: Share | None, period: str, paid: Fraction | None
) -> CreditDue:
    """What one promise gives back, before the limit for all of them together."""
    promised = agreement.shares[clause].share or Decimal(1)
    currency = agreement.prices[0].currency
    steps = {
        promised if credit.below is None else credit.below: credit
        for credit in agreement.credits
        if credit.clause == clause
    }
    due = CreditDue(clause, kept, promised, None, None, currency, ())
    if kept is None:
        return replace(due, words=(f"{clause}: what was kept cannot be told: no credit is due.",))
    reached = [below for below in steps if kept < below]
    below = min(reached) if reached else max(steps)
    said = f"{clause}: {percent(kept, below)} was kept, which is"
    if not reached:
        words = f"{said} not below {percent(below, below)}. No credit is due."
        return replace(due, amount=Decimal("0.00"), words=(words,))
    amount, reckoned = _back(agreement, steps[below], period, paid)
    words = f"{said} below {percent(below, below)}."
    return replace(due, below=below, amount=amount, words=(words, reckoned))


def _back(
    agreement: Agreement, credit: Credit, period: str, paid: Fraction | None
) -> tuple[Decimal | None, str]:
    """What a step gives back, and how that is reckoned; None where no price is known."""
    currency = agreement.prices[0].currency
    if paid is None and (credit.percent is not None or agreement.credits_at_most is not None):
        return None, f"The price of the {period} is not known, so the credit cannot be reckoned."
    if credit.amount is not None:
        amount = rounded(Fraction(credit.amount))
        return amount, f"That gives {amount:,} {currency} back."
    price, part = paid or Fraction(0), credit.percent or Decimal(0)
    amount = rounded(price * Fraction(part) / 100)
    return amount, f"{part:f} % of {rounded(price):,} {currency} is {amount:,} {currency}."


def _limit(agreement: Agreement, paid: Fraction | None) -> Decimal | None:
    """The most that all credits of the period may reach, rounded down so that they never pass it.

    Source  docs/engine/money.md, rule P7: the limit.
    """
    if agreement.credits_at_most is None or paid is None:
        return None
    return _hundredths(paid * Fraction(agreement.credits_at_most))


def _limited(due: CreditDue, left: Decimal, agreement: Agreement, period: str) -> CreditDue:
    """The same credit, cut down to what the limit leaves, and said so."""
    if due.amount is None or due.amount <= left:
        return due
    most = percent(agreement.credits_at_most or Decimal(1), Decimal(1))
    words = (
        f"All credits of the {period} together are at most {most} of its price, "
        f"so {left:,} {due.currency} of it is due."
    )
    return replace(due, amount=left, words=(*due.words, words))


def percent(share: Share, beside: Decimal) -> str:
    """Return a share in percent, cut off, with as many digits as the one it is held against.

    At least two: 94.999 % beside 95 % reads 94.99 %, so what is below never reads as if it were
    not. A share of that many digits or fewer is exact.
    """
    digits = max(2, -int((beside * 100).normalize().as_tuple().exponent))
    cut = int(Fraction(share) * 100 * 10**digits)
    return f"{(Decimal(cut) / 10**digits).normalize():f} %"


def _checked(clause: str, kept: Share | None) -> Share | None:
    if kept is None:
        return None
    if not isinstance(kept, Decimal | Fraction | int):
        raise TypeError(f"The share of {clause} is a {type(kept).__name__}; give a Fraction.")
    if not 0 <= kept <= 1:
        raise BadInput(f"The share kept of {clause} is {kept}. It lies between 0 and 1.")
    return kept


def _check_period(period: str) -> None:
    if period not in PER:
        raise BadInput(f"{period!r:.40} is no period. Name one of {', '.join(PER)}.")


def _months(first: date, last: date) -> Fraction:
    """How many months from one day to another, both included; a begun one counts by its days.

    Source  docs/engine/money.md, rule P3: begun months.
    """
    end = last + timedelta(days=1)
    whole = (end.year - first.year) * 12 + end.month - first.month
    if months_after(first, whole) > end:
        whole -= 1
    begun, done = months_after(first, whole), months_after(first, whole + 1)
    return whole + Fraction((end - begun).days, (done - begun).days)


def _hundredths(amount: Fraction) -> Decimal:
    """Cut off in whole numbers, so exact for any amount."""
    return Decimal(int(amount * 100)).scaleb(-2)
