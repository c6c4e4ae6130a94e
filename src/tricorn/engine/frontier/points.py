"""Options on a plane of price against hours waited, and which of them nobody needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from ..errors import BadInput
from ..measures import Share
from ..replay import Between


@dataclass(frozen=True)
class Point:
    """One option: what it costs a month, and the seconds waited while closed.

    price       None where nobody knows; such a point dominates nothing and is not dominated.
    attainment  How often its promises would have been kept, where that is asked.
    """

    name: str
    price: Decimal | None
    hours: Between
    attainment: Share | None = None
    currency: str = ""


@dataclass(frozen=True)
class Placed:
    """A point on the plane; `dominated_by` names the best point that beats it, None if none does."""

    point: Point
    dominated_by: str | None

    @property
    def sentence(self) -> str:
        if self.dominated_by is None:
            return f"{self.point.name}: nothing is both cheaper and better."
        return (
            f"{self.point.name}: {self.dominated_by} is no dearer, lets nobody wait longer at "
            "either bound, and is better in one of these."
        )


def frontier(points: Sequence[Point]) -> tuple[Placed, ...]:
    """Mark the dominated points; in the order given.

    A point is dominated if another is no dearer and no worse at both bounds of the hours, and
    better in at least one of the three. It is named with the cheapest undominated point that beats
    it.
    Errors  BadInput for prices in two currencies, saying both.
    Source  docs/engine/price.md, rule P13: what is dominated.
    """
    found = {point.currency for point in points if point.price is not None}
    if len(found) > 1:
        raise BadInput(
            f"Prices in {' and '.join(sorted(found))} cannot be compared. Nothing is converted "
            "here; write all in one currency."
        )
    known = [k for k, point in enumerate(points) if point.price is not None]
    prices = [points[k].price for k in known]
    ranks = {price: rank for rank, price in enumerate(sorted(set(prices), key=lambda p: p or 0))}
    by = dominating(
        np.array([ranks[price] for price in prices], dtype=np.int64),
        np.array([points[k].hours.low for k in known], dtype=np.int64),
        np.array([points[k].hours.high for k in known], dtype=np.int64),
    )
    names = {k: points[known[b]].name for k, b in zip(known, by.tolist(), strict=True) if b >= 0}
    return tuple(Placed(point, names.get(k)) for k, point in enumerate(points))


def dominating(
    prices: npt.NDArray[np.int64], low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return for each point the undominated one that beats it, -1 where none does.

    Shapes  three int64 arrays of one length; the smaller, the better.
    Cost    O(n x points on the frontier).
    Source  docs/engine/price.md, rule P13: what is dominated.
    """
    by = np.full(len(prices), -1, dtype=np.int64)
    order = np.lexsort((high, low, prices))
    kept: list[int] = []
    for k in order.tolist():
        # What beats a point comes before it, and something undominated among it beats it too.
        front = np.array(kept, dtype=np.intp)
        same = (prices[front] == prices[k]) & (low[front] == low[k]) & (high[front] == high[k])
        beats = (low[front] <= low[k]) & (high[front] <= high[k]) & ~same
        if beats.any():
            by[k] = front[np.argmax(beats)]
        else:
            kept.append(k)
    return by
