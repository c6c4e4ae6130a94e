"""The offsets of one time zone over a stretch of time, found once and then only looked up."""

from bisect import bisect_right
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]

# No zone has changed its offset twice within six days (shortest since 1900: Boa Vista, 2000).
_STEP = 3 * 86_400


class Offsets:
    """Constant-offset spans of a zone that cover [first, last] in UTC seconds.

    begins   int64, when each span begins; the first one begins before `first`.
    offsets  int64, seconds to add to UTC for the local time of the span.
    Source   docs/engine/hours.md, rules H2 and H9.
    """

    def __init__(self, begins: list[int], offsets: list[int]) -> None:
        self.begins_list = begins
        self.offsets_list = offsets
        # A local time is read with the offset before a change until this local second: in a gap
        # that carries it behind the gap, in a fold that is the first of the two (PEP 495, fold=0).
        self.switch_list = [
            begin + max(before, after)
            for begin, before, after in zip(begins[1:], offsets, offsets[1:], strict=False)
        ]
        self.begins: Seconds = np.array(begins, dtype=np.int64)
        self.offsets: Seconds = np.array(offsets, dtype=np.int64)
        self.switch: Seconds = np.array(self.switch_list, dtype=np.int64)

    def at(self, utc: int) -> int:
        return self.offsets_list[bisect_right(self.begins_list, utc, 1) - 1]

    def at_array(self, utc: Seconds) -> Seconds:
        if len(self.offsets) == 1:
            return np.full(utc.shape, self.offsets[0])
        return self.offsets[np.searchsorted(self.begins[1:], utc, side="right")]

    def from_local(self, local: int) -> tuple[int, bool]:
        """The UTC second of a local one, and whether that local second exists.

        The earlier one if it comes twice; one that is skipped gives the first second behind
        the gap and False.
        """
        k = bisect_right(self.switch_list, local)
        utc = local - self.offsets_list[k]
        if k + 1 < len(self.begins_list) and utc >= self.begins_list[k + 1]:
            return self.begins_list[k + 1], False
        return utc, True

    def from_local_array(self, local: Seconds) -> tuple[Seconds, npt.NDArray[np.bool_]]:
        k = np.searchsorted(self.switch, local, side="right")
        utc = local - self.offsets[k]
        following = np.append(self.begins[1:], np.iinfo(np.int64).max)[k]
        return np.minimum(utc, following), utc < following

    def read_local_array(self, local: Seconds) -> Seconds:
        """UTC of local wall readings as PEP 495 has it: a skipped reading lands behind the gap."""
        return local - self.offsets[np.searchsorted(self.switch, local, side="right")]


@lru_cache(maxsize=256)
def offsets_of(zone: str, first: int, last: int) -> Offsets:
    """The offsets of an IANA zone over [first, last], UTC seconds within the years 1 to 9999.

    Cost  one look at the zone per three days of the span, 0.03 ms a year.
    """
    tz = ZoneInfo(zone)
    ticks = [*range(first, last, _STEP), last]
    seen = [_offset(tz, tick) for tick in ticks]
    begins, offsets = [first], [seen[0]]
    for left, right, before, after in zip(ticks, ticks[1:], seen, seen[1:], strict=False):
        if before != after:
            begins.append(_change(tz, left, right, before))
            offsets.append(after)
    return Offsets(begins, offsets)


def _change(tz: ZoneInfo, left: int, right: int, before: int) -> int:
    """The first second in (left, right] whose offset is no longer `before`."""
    while right - left > 1:
        middle = (left + right) // 2
        if _offset(tz, middle) == before:
            left = middle
        else:
            right = middle
    return right


def _offset(tz: ZoneInfo, utc: int) -> int:
    offset = datetime.fromtimestamp(utc, tz).utcoffset()
    assert offset is not None
    return offset.days * 86_400 + offset.seconds
