"""One-time codes for signing: made from a nonce and the house's secret, stored nowhere."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac

from tricorn.agreements.models import SigningCode

DIGITS = 6


def code_of(row: SigningCode) -> str:
    """Return the six digits that belong to a row; who has the row alone cannot tell them."""
    found = salted_hmac("tricorn.signing", f"{row.pk}:{row.nonce}", algorithm="sha256")
    return f"{int(found.hexdigest(), 16) % 10**DIGITS:0{DIGITS}d}"


def fits(row: SigningCode, code: str) -> bool:
    """Whether this is the code, in a time that tells nothing; spaces do not count."""
    return constant_time_compare("".join(code.split()), code_of(row))
