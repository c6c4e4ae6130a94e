"""Money as people write it: whole minor units of its currency, halves away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ..agreement import Price
from ..errors import BadInput

# ISO 4217: digits behind the point, where they are not two.
DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def in_money(amount: Fraction | Decimal, currency: str) -> Decimal:
    """Return an amount in whole minor units, half away from zero: 0.125 EUR is 0.13, -0.125 -0.13.

    Source  docs/engine/price.md, rule P5: rounded where it is written.
    """
    return rounded_to(DIGITS.get(currency, 2), amount)


def rounded_to(digits: int, amount: Fraction | Decimal) -> Decimal:
    """Return a number with so many digits behind the point, half away from zero."""
    units = int(abs(Fraction(amount)) * 10**digits + Fraction(1, 2))
    return Decimal(units if amount >= 0 else -units).scaleb(-digits) + 0


def said(amount: Decimal, currency: str) -> str:
    return f"{amount:,f} {currency}"


def more_or_less(amount: Decimal, currency: str) -> str:
    """Return "12.00 EUR more", "12.00 EUR less" or "as much"."""
    if not amount:
        return "as much"
    return f"{said(abs(amount), currency)} {'more' if amount > 0 else 'less'}"


def check_currency(currency: str, whose: str, prices: tuple[Price, ...], other: str) -> None:
    """Refuse two kinds of money.

    Errors  BadInput saying both.
    Source  docs/engine/price.md, rule P7: one currency.
    """
    for price in prices:
        if price.currency != currency:
            raise BadInput(
                f"{whose} {'are' if whose.endswith('s') else 'is'} in {currency}, and {other} names "
                f"a price in {price.currency}. Nothing is converted here; write both in one "
                "currency.",
                currencies=(currency, price.currency),
            )
