"""Months added up for a review, from what each month shows already: nothing new is told of anybody.

A month with too few people for any figure is put together with the others like it; what still may
not be shown is left out and named. Source: docs/decisions/0007-small-counts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from tricorn.insight.figures import Count, Figures, Part
from tricorn.insight.month import Month

SAID = ("exact", "none", "part")


@dataclass(frozen=True)
class Summed:
    """A count over a period; `without` are the months that are not in it."""

    count: Count
    without: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Summed:
        return cls(Count(**data["count"]), tuple(data["without"]))


@dataclass(frozen=True)
class SummedPart:
    """A share over a period; `without` are the months that are not in it."""

    part: Part
    without: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> SummedPart:
        part = data["part"]
        return cls(Part(**{**part, "whole": Count(**part["whole"])}), tuple(data["without"]))


# The months behind one set of figures: one month that shows some, or several too small alone.
Months = tuple[Month, ...]


def add_counts(counts: Mapping[Months, Count]) -> Summed:
    """Add a count up over months. A sum of what is shown tells nothing that was not shown."""
    kept = [each for each in counts.values() if each.how in SAID]
    without = _named(months for months, each in counts.items() if each.how not in SAID)
    if not kept or (without and all(each.how == "none" for each in kept)):
        return Summed(_unsaid(list(counts.values())), without)
    return Summed(total(kept), without)


def total(counts: Sequence[Count]) -> Count:
    """Add up counts that are all shown, in full or nearly."""
    n = sum(each.n for each in counts)
    is_part = any(each.how == "part" for each in counts)
    return Count("part" if is_part else "exact" if n else "none", n)


def add_parts(parts: Mapping[Months, Part]) -> SummedPart:
    """Add a share up over months; where a month gives only a bound, so does the sum."""
    bounds = {
        months: found
        for months, each in parts.items()
        if each.whole.how in SAID and (found := bounds_of(each))
    }
    without = _named(months for months in parts if months not in bounds)
    count = total([parts[months].whole for months in bounds])
    if not count.n:
        return SummedPart(Part(_unsaid([each.whole for each in parts.values()])), without)
    low, high = (sum(each[side] for each in bounds.values()) for side in (0, 1))
    if low == high:
        return SummedPart(Part(count, n=low), without)
    if 2 * low >= count.n - high:
        return SummedPart(Part(count, at_least=low / count.n), without)
    return SummedPart(Part(count, at_most=high / count.n), without)


def promise_of(figures: Figures, clauses: set[int]) -> Part:
    """Return how a clause was kept in one set of figures, whatever its versions were."""
    parts = [each.part for each in figures.promises if each.clause in clauses]
    shown = [each for each in parts if each.whole.how != "none"]
    if len(shown) < 2:
        return next(iter(shown), Part(Count("none")))
    # Two versions in one month are added up as two months are; no month is named here.
    summed = add_parts({(Month(1970, place),): each for place, each in enumerate(shown, 1)})
    return Part(Count("hidden")) if summed.without else summed.part


def bounds_of(part: Part) -> tuple[int, int] | None:
    """Between which numbers the part lies, as far as it is shown; None if nothing is."""
    n = part.whole.n
    if part.whole.how == "none":
        return 0, 0
    if part.n is not None:
        return part.n, part.n
    if part.at_least is not None:
        return ceil(round(part.at_least * n, 6)), n - 1
    if part.at_most is not None:
        return 1, floor(round(part.at_most * n, 6))
    return None


def _named(found: Iterable[Months]) -> tuple[str, ...]:
    return tuple(sorted(str(month) for months in found for month in months))


def _unsaid(counts: Sequence[Count]) -> Count:
    """Why there is no figure: nothing there, a few of one month, or more than may be told."""
    some = [each for each in counts if each.how != "none"]
    if not some:
        return Count("none")
    return Count("few") if len(some) == 1 and some[0].how == "few" else Count("hidden")
