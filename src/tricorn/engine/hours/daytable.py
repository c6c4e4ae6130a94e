"""Due times in service days for whole arrays.

Within one piece (one covered run of one local date under one offset) the due time lies at a fixed
distance, if the same wall times are covered so many service days later. That distance is worked out
once per piece; only the pieces where it is not so simple are left to the general way.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .stepindex import StepIndex

if TYPE_CHECKING:
    from .coverage import Coverage

Seconds = npt.NDArray[np.int64]
DAY = 86_400


class Pieces:
    """The runs of a coverage, cut at local midnights and at clock changes."""

    def __init__(self, coverage: "Coverage") -> None:
        zone = coverage.zone
        dates = np.arange(coverage.first // DAY - 1, coverage.last // DAY + 2, dtype=np.int64)
        midnights, _ = zone.from_local_array(dates * DAY)
        points = np.unique(np.concatenate((coverage.starts, midnights, zone.begins)))
        run = np.searchsorted(coverage.starts, points, side="right") - 1
        inside = (run >= 0) & (points < coverage.ends[np.maximum(run, 0)])
        following = np.append(points[1:], coverage.last)
        self.starts = points[inside]
        self.ends = np.minimum(following[inside], coverage.ends[run[inside]])
        self.index = StepIndex(self.ends)
        self.start_or_end = np.append(self.starts, coverage.last)


class DayTable:
    """How far away the due time is from each piece, for one number of service days."""

    def __init__(self, coverage: "Coverage", pieces: Pieces, days: int) -> None:
        self.pieces = pieces
        first, last = pieces.starts, pieces.ends - 1
        due, due_last = coverage.due_days_plain(first, days), coverage.due_days_plain(last, days)
        zone = coverage.zone
        simple = (due_last < coverage.last) & (due_last - due == last - first)
        late = np.minimum(due_last, coverage.last - 1)
        early = np.minimum(due, coverage.last - 1)
        run = np.searchsorted(coverage.ends, early, side="right")
        reach = np.append(coverage.ends, coverage.last)[run]
        simple &= (late < reach) & (zone.at_array(early) == zone.at_array(late))
        simple &= (first + zone.at_array(first)) % DAY == (early + zone.at_array(early)) % DAY
        self.simple = np.append(simple, False)
        self.distance = np.append(np.where(simple, due - first, 0), 0)

    def due(self, starts: Seconds) -> tuple[Seconds, npt.NDArray[np.intp]]:
        """The due times, and the rows that this table cannot say."""
        piece = self.pieces.index.find(starts, "right")
        begin = np.maximum(starts, self.pieces.start_or_end[piece])
        begin += self.distance[piece]
        return begin, np.flatnonzero(~self.simple[piece])
