"""What a declined option would have covered, and what was kept by declining it.

Rules D1 to D6 are in docs/engine/declined.md.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from .agreement import Price
from .hours import Schedule
from .money import price_of, rounded

Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Beyond:
    """The hours that one calendar has and another has not, between two moments.

    Shapes  starts and ends are int64 UTC seconds: stretches in order that do not overlap.
    """

    starts: Seconds
    ends: Seconds

    def __bool__(self) -> bool:
        return bool(len(self.starts))

    def seconds(self, starts: Seconds, ends: Seconds) -> Seconds:
        """Return how much of each stretch of time lies in these hours.

        Shapes  Two int64 arrays of one length; the same out.
        Source  docs/engine/declined.md, rule D1: inside the option's hours, outside those in force.
        """
        return self._before(ends) - self._before(starts)

    def _before(self, at: Seconds) -> Seconds:
        if not self:
            return np.zeros(len(at), dtype=np.int64)
        done = np.concatenate(([0], np.cumsum(self.ends - self.starts)))
        k = np.searchsorted(self.starts, at, side="right") - 1
        i = np.maximum(k, 0)
        part = np.minimum(at, self.ends[i]) - self.starts[i]
        return np.where(k < 0, 0, done[i] + part)


def beyond(wanted: Schedule, given: Schedule, first: datetime, last: datetime) -> Beyond:
    """Return the hours of `wanted` that `given` has not, between two moments, to whole seconds.

    Source  docs/engine/declined.md, rule D1: inside the option's hours, outside those in force.
    """
    taken = [(_second(s.start), _second(s.end)) for s in given.spans(first, last)]
    found: list[tuple[int, int]] = []
    k = 0
    for span in wanted.spans(first, last):
        start, end = _second(span.start), _second(span.end)
        while k < len(taken) and taken[k][1] <= start:
            k += 1
        i = k
        while i < len(taken) and taken[i][0] < end:
            if taken[i][0] > start:
                found.append((start, taken[i][0]))
            start = max(start, taken[i][1])
            i += 1
        if start < end:
            found.append((start, end))
    rows = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Beyond(rows[:, 0], rows[:, 1])


def earlier_start(wanted: Schedule, given: Schedule, at: datetime) -> datetime | None:
    """Return when help would have started, if that is before it did; None if it is not.

    Source  docs/engine/declined.md, rule D2: the first opening at or after the report.
    """
    would, did = wanted.next_open(at), given.next_open(at)
    return would if would is not None and (did is None or would < did) else None


def whole_months(since: date, until: date) -> int:
    """Return how many months have passed completely; from the 31st, a shorter month's last day ends it.

    Source  docs/engine/declined.md, rule D4: whole months only.
    """
    if until < since:
        return 0
    months = (until.year - since.year) * 12 + until.month - since.month
    ends = min(since.day, monthrange(until.year, until.month)[1])
    return months - (until.day < ends)


@dataclass(frozen=True)
class Kept:
    """What an option would have cost, and what was kept so far by declining it.

    per_month  what it would have cost more than what was taken; None when that cannot be told
    is_more    whether something was taken instead, so that the price is a difference
    months     whole months since it would have begun, `since` that day
    total      None when it cannot be told
    """

    per_month: Decimal | None
    currency: str
    is_more: bool
    since: date
    months: int
    total: Decimal | None


def kept(
    wanted: Sequence[Price], instead: Sequence[Price] | None, since: date, until: date
) -> Kept | None:
    """Return what declining has kept; None when the option had no price.

    `instead` are the prices of what was taken, None when nothing was.
    Source  docs/engine/declined.md, rules D3 to D6: the difference, the months, what is exact.
    """
    if not wanted:
        return None
    months = whole_months(since, until)
    currency = wanted[0].currency
    more = _difference(wanted, instead or ())
    is_more = bool(instead)
    if more is None:
        return Kept(None, currency, is_more, since, months, None)
    return Kept(rounded(more), currency, is_more, since, months, rounded(more * months))


def _difference(wanted: Sequence[Price], instead: Sequence[Price]) -> Fraction | None:
    """Source  docs/engine/declined.md, rule D5: only flat prices of one currency can be compared."""
    every = [*wanted, *instead]
    if any(price.basis != "flat" for price in every) or len({p.currency for p in every}) > 1:
        return None
    would, does = price_of(wanted, "month"), price_of(instead, "month")
    return None if would is None else would - (does or Fraction(0))


def _second(at: datetime) -> int:
    return int(at.timestamp())
