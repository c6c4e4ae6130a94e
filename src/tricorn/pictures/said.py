"""Figures as people say them, in plain English."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tricorn.engine.measures import Share

from .values import Money

CANNOT_TELL = "cannot tell"
TOO_FEW = "too few to tell"
NONE = "–"
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_TOO_LARGE = 1e15


def number(value: float, digits: int = 0) -> str:
    """Return "1,204"; "1.96 million" from a million on."""
    if not isfinite(value):
        return CANNOT_TELL
    size = abs(value)
    if size >= _TOO_LARGE:
        return f"{value:.1e}"
    for least, name in _LARGE:
        if size >= least:
            return f"{_plain(value / least, 2)} {name}"
    return _plain(value, digits)


def _plain(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text.rstrip("0").rstrip(".") if digits else text


def count(n: int, one: str, many: str = "") -> str:
    """Return "1 ticket", "12 tickets"."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def hours(value: float | None) -> str:
    """Return "40 min", "2 h 10 min", "46 h"; nothing is "0 h"."""
    if value is None or not isfinite(value):
        return CANNOT_TELL
    minutes = round(value * 60) if abs(value) < 10 else 0
    if value == 0 or abs(value) >= 10 or minutes >= 600:
        return f"{number(value)} h"
    if minutes == 0:
        return "under a minute"
    full, rest = divmod(minutes, 60)
    return " ".join([f"{full} h"] * bool(full) + [f"{rest} min"] * bool(rest))


def between(low: float, high: float) -> str:
    """Return bounds in hours: "40–94 h", "40 min to 2 h"; equal ones once."""
    a, b = hours(low), hours(high)
    if a == b:
        return a
    is_plain = a.endswith(" h") and b.endswith(" h") and a.count(" ") == b.count(" ") == 1
    if is_plain and low >= 0:
        return f"{a.removesuffix(' h')}–{b}"
    return f"{a} to {b}"


def either(low: int, high: int) -> str:
    """Return bounds of a count: "103–274"; equal ones once, negative ones with "to"."""
    a, b = number(low), number(high)
    if a == b:
        return a
    return f"{a}–{b}" if low >= 0 else f"{a} to {b}"


def share(value: float | None, digits: int = 1) -> str:
    """Return "96.2 %". Only all of them read "100 %", only none "0 %"."""
    if value is None or not isfinite(value):
        return CANNOT_TELL
    least, percent = 10**-digits, round(value * 100, digits)
    if 0 < value < 1:
        percent = min(max(percent, least), 100 - least)
    return f"{_plain(percent, digits)} %"


def beside(value: float | None, target: float | None) -> str:
    """Return a share with the digits that tell it from the target: 94.96 % is not 95 %."""
    if value is None or target is None or value == target:
        return share(value)
    digits = next((d for d in (1, 2, 3) if share(value, d) != share(target, d)), 4)
    return share(value, digits)


def interval(low: float, high: float) -> str:
    """Return "93–98 %", in whole percents."""
    a, b = (share(each, 0).removesuffix(" %") for each in (low, high))
    return f"{a} %" if a == b else f"{a}–{b} %"


def counted(found: Share | None, target: float | None = None) -> str:
    """Return a share with what it is made of: "96.2 % (300 of 312; 93–98 %)"."""
    if found is None or not found.n:
        return NONE
    parts = f"{number(found.met)} of {number(found.n)}"
    if not found.can_tell:
        return f"{TOO_FEW} ({parts})"
    return f"{beside(found.value, target)} ({parts}; {interval(found.low, found.high)})"


def money(price: Money | None) -> str:
    """Return "8,240 EUR"; cents only where there are any."""
    if price is None:
        return CANNOT_TELL
    amount = price.amount
    if not amount.is_finite():
        return CANNOT_TELL
    if abs(amount) >= 1_000_000_000:
        return f"{number(float(amount))} {price.currency}"
    text = f"{amount:,.2f}".removesuffix(".00")
    return f"{text} {price.currency}"


def together(names: Sequence[str], most: int = 4) -> str:
    """Return "A, B and C"; beyond the first ones "A, B, C, D and 6 more"."""
    said = [*names[:most], f"{len(names) - most} more"] if len(names) > most else list(names)
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} and {said[-1]}"


def more(shown: int, total: int, what: str) -> str:
    """Return what the drawing leaves out: "Drawn are 4 of 40 options; ...", or ""."""
    if shown >= total:
        return ""
    return f"Drawn are {shown} of {number(total)} {what}; the table has all."
