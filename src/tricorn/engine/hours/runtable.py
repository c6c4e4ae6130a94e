"""Covered seconds for whole arrays: one table look-up per moment instead of a search.

Time is cut into equal slots, the longest for which every slot meets at most one covered run.
Then covered(t) = base[slot] + clip(t - start[slot], 0, length[slot]), exact for any edge, at a cost
that does not grow with the calendar. See docs/decisions/0006-run-table.md.
"""

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]
BLOCK = 16_384  # rows at a time: all temporaries stay in the second-level cache
_SLOTS = (
    604_800,
    86_400,
    43_200,
    28_800,
    21_600,
    14_400,
    10_800,
    7_200,
    3_600,
    1_800,
    900,
    300,
    60,
)
_MOST_SLOTS = 4_000_000
_INT32 = 2**31 - 1


class RunTable:
    """The run that each slot meets.

    Shapes  starts, ends: int64, disjoint runs in order; before: one longer, covered before run k.
    Units   UTC seconds; 32-bit offsets from `first` inside wherever the horizon is under 68 years.
    """

    def __init__(
        self, first: int, last: int, starts: Seconds, ends: Seconds, before: Seconds
    ) -> None:
        self.starts, self.ends, self.before = starts, ends, before
        self.slot, self.origin = _fit(first, last, starts, ends)
        self.dtype = np.dtype(np.int32 if last - self.origin < _INT32 else np.int64)
        if self.slot:
            edges = np.arange(self.origin, last + self.slot, self.slot, dtype=np.int64)
            run = np.searchsorted(ends, edges, side="right")
            lengths = np.append(ends - starts, 0)
            self.base = before[run].astype(self.dtype)
            self.start = (np.append(starts, last)[run] - self.origin).astype(self.dtype)
            self.length = lengths[run].astype(self.dtype)

    def covered(self, at: Seconds) -> Seconds:
        """Covered seconds before each moment. int64 in and out, any shape."""
        return self._blocks(at.ravel(), None).reshape(at.shape)

    def elapsed(self, starts: Seconds, ends: Seconds) -> Seconds:
        """Covered seconds between each start and its end. int64 in and out, equal shapes."""
        return self._blocks(ends.ravel(), starts.ravel()).reshape(starts.shape)

    def _blocks(self, ends: Seconds, starts: Seconds | None) -> Seconds:
        out = np.empty(ends.shape, dtype=np.int64)
        if not self.slot:
            out[:] = self._search(ends)
            return out if starts is None else out - self._search(starts)
        work = _Work(min(BLOCK, len(ends)), self.dtype)
        for k in range(0, len(ends), BLOCK):
            part = slice(k, k + BLOCK)
            late = self._look_up(ends[part], work, work.late)
            if starts is None:
                out[part] = late
            else:
                np.subtract(late, self._look_up(starts[part], work, work.early), out=out[part])
        return out

    def _look_up(self, at: Seconds, work: "_Work", result: npt.NDArray) -> npt.NDArray:
        n = len(at)
        since, slot, found, result = work.since[:n], work.slot[:n], work.found[:n], result[:n]
        np.subtract(at, self.origin, out=since, casting="unsafe")
        np.floor_divide(since, self.slot, out=result)
        slot[:] = result
        np.take(self.start, slot, out=found, mode="clip")
        np.subtract(since, found, out=since)
        np.take(self.length, slot, out=found, mode="clip")
        np.minimum(since, found, out=since)
        np.maximum(since, 0, out=since)
        np.take(self.base, slot, out=result, mode="clip")
        return np.add(result, since, out=result)

    def _search(self, at: Seconds) -> Seconds:
        """The plain way, for calendars too ragged for a table."""
        run = np.searchsorted(self.starts, at, side="right")
        k = np.maximum(run - 1, 0)
        if len(self.starts) == 0:
            return np.zeros(at.shape, dtype=np.int64)
        since = np.minimum(at - self.starts[k], self.ends[k] - self.starts[k])
        return np.where(run == 0, 0, self.before[k] + since)


class _Work:
    """Memory for one block, used again for the next one."""

    def __init__(self, rows: int, dtype: np.dtype) -> None:
        self.since = np.empty(rows, dtype)
        self.found = np.empty(rows, dtype)
        self.late = np.empty(rows, dtype)
        self.early = np.empty(rows, dtype)
        self.slot = np.empty(rows, np.intp)


def _fit(first: int, last: int, starts: Seconds, ends: Seconds) -> tuple[int, int]:
    """The longest slot that never meets two runs, and where to begin counting slots."""
    if len(starts) < 2:
        return max(last - first, 1) + 1, first
    for slot in _SLOTS:
        if (last - first) // slot > _MOST_SLOTS:
            break
        for phase in range(0, slot, max(slot // 24, 1)) if slot >= 43_200 else (0,):
            origin = first - phase
            met_last = (ends[:-1] - 1 - origin) // slot
            if bool((met_last < (starts[1:] - origin) // slot).all()):
                return slot, origin
    return 0, first
