"""Amounts as limits: from nothing up, in cents, with their currency."""

from __future__ import annotations

from decimal import Decimal

from tricorn.engine.errors import BadInput

HIGHEST = 10**12


def clean_amount(amount: Decimal | None, currency: str, field: str) -> tuple[Decimal | None, str]:
    """Return an amount and its currency as they are kept; both are given, or neither counts.

    Errors  BadInput, with the field's name, when the amount is out of bounds or has no currency.
    """
    currency = currency.strip().upper()
    if amount is None:
        return None, ""
    if not (amount.is_finite() and 0 <= amount < HIGHEST):
        raise BadInput("The limit is an amount from 0 to below a million million.", field=field)
    if amount != round(amount, 2):
        raise BadInput("An amount has at most two digits after the point.", field=field)
    if len(currency) != 3 or not currency.isalpha():
        raise BadInput(
            "Say in which currency the amount is, in three letters such as EUR.", field="currency"
        )
    return amount, currency
