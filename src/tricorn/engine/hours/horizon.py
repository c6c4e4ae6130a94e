"""How far a calendar has been compiled: further whenever somebody asks further."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tricorn.engine.errors import BadTimeline

from .compiler import compile_hours
from .coverage import NEVER, Coverage
from .spec import Hours

Seconds = npt.NDArray[np.int64]
DAY = 86_400
YEAR = 366 * DAY
FURTHEST = 100 * YEAR  # rule H13: a due time is not looked for further away than this
LONGEST = 400 * YEAR  # rule H13: moments further apart than this are a mistake
_EARLIEST = int(datetime(2, 1, 1, tzinfo=UTC).timestamp())
_LATEST = int(datetime(9998, 12, 31, tzinfo=UTC).timestamp())


class Horizon:
    """The longest coverage of one calendar so far. Replaced as a whole, so threads may share it."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self._coverage: Coverage | None = None

    def reach(self, first: int, last: int) -> Coverage:
        """A coverage with first <= both moments < last.

        Errors  BadTimeline if they lie more than 400 years apart, or outside the years 2 to
                9998.
        """
        known = self._coverage
        if known is not None and known.first <= first and last < known.last:
            return known
        if not _EARLIEST <= first <= last < _LATEST:
            raise BadTimeline("Moments must lie within the years 2 to 9998, in order.")
        if last - first > LONGEST:
            raise BadTimeline("These moments lie more than 400 years apart; check the dates.")
        left, right = first - YEAR, last + 2 * YEAR
        if known is not None:
            length = known.last - known.first
            joined_left = known.first if first >= known.first else min(left, known.first - length)
            joined_right = known.last if last < known.last else max(right, known.last + length)
            if joined_right - joined_left <= LONGEST:
                left, right = joined_left, joined_right
        left, right = max(left // DAY * DAY, _EARLIEST), min(-(-right // DAY) * DAY, _LATEST)
        self._coverage = compile_hours(self.hours, left, right)
        return self._coverage

    def known_at(self, at: int) -> Coverage | None:
        """What is compiled already, if it covers this moment."""
        known = self._coverage
        return known if known is not None and known.first <= at < known.last else None

    def find(self, start: int, question: Callable[[Coverage], int]) -> int:
        """Ask again with a doubled horizon until the answer is not NEVER, at most a century on."""
        coverage = self.reach(start, start)
        while (found := question(coverage)) == NEVER:
            if not self._goes_on_after(start, coverage.last):
                return NEVER
            coverage = self.reach(start, _twice(start, coverage.last))
        return found if found - start <= FURTHEST else NEVER

    def find_array(
        self,
        starts: Seconds,
        question: Callable[[Coverage, Seconds, npt.NDArray[np.int64] | slice], Seconds],
    ) -> Seconds:
        """The same for many starts: question(coverage, moments, their rows) -> answers."""
        if not starts.size:
            return np.empty(starts.shape, dtype=np.int64)
        flat = starts.ravel()
        low, high = int(flat.min()), int(flat.max())
        coverage = self.reach(low, high)
        found = question(coverage, flat, slice(None))
        if int(found.max()) - low <= FURTHEST:
            return found.reshape(starts.shape)
        rows = np.flatnonzero(found == NEVER)
        while rows.size and self._goes_on_after(high, coverage.last):
            low, high = int(flat[rows].min()), int(flat[rows].max())
            further = _twice(high, coverage.last)
            if further - low > LONGEST:
                break
            coverage = self.reach(low, further)
            found[rows] = question(coverage, flat[rows], rows)
            rows = rows[found[rows] == NEVER]
        found[found - flat > FURTHEST] = NEVER
        return found.reshape(starts.shape)

    def _goes_on_after(self, start: int, last: int) -> bool:
        """Whether anything could be covered after `last`, within a century of `start`."""
        if last - start >= FURTHEST - DAY or last >= _LATEST:
            return False
        if any(self.hours.weekly):
            return True
        final = max((day for day, _ in self.hours.opened), default=date.min)
        return last < (final.toordinal() - date(1970, 1, 1).toordinal() + 3) * DAY


def _twice(start: int, last: int) -> int:
    """A moment twice as far from the start, which `reach` answers with a coverage beyond it."""
    return min(start + 2 * (last - start), start + FURTHEST, _LATEST - 1)


@lru_cache(maxsize=256)
def horizon_of(hours: Hours) -> Horizon:
    return Horizon(hours)


@lru_cache(maxsize=256)
def holidays_known_until(hours: Hours) -> date | None:
    if hours.holidays is None:
        return None
    from holidays import country_holidays

    known = country_holidays(hours.holidays.country, subdiv=hours.holidays.subdivision)
    return date(known.end_year, 12, 31)
