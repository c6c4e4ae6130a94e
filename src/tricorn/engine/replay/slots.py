"""Service hours cut into equal slots that many calendars share.

The slot of a moment and the rest beyond it are worked out once; every calendar whose edges lie on
the grid then needs one look-up for each moment: packed[slot] holds the covered seconds before the
slot, doubled, plus one if the slot is open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..hours import Coverage

Seconds = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]
BLOCK = 16_384  # rows at a time: all temporaries stay in the second-level cache
GRIDS = (900, 300, 60)
_MOST_SLOTS = 2**21  # tables of at most 8 MiB
_MOST_COVERED = 2**30 - 1


@dataclass(frozen=True)
class Moments:
    """Starts and ends as slots of one grid.

    slots  (2, n): the slot of each start, and of each end
    twice  (2, n): twice the seconds beyond the begin of the slot, less one
    """

    first: int
    grid: int
    count: int
    slots: npt.NDArray[np.intp]
    twice: Short

    @classmethod
    def of(cls, starts: Seconds, ends: Seconds, first: int, last: int, grid: int) -> Moments:
        """Cut moments within [first, last] into slots; `first` lies on the grid."""
        slots = np.empty((2, len(starts)), dtype=np.intp)
        twice = np.empty((2, len(starts)), dtype=np.int32)
        for k, moments in enumerate((starts, ends)):
            for b in range(0, len(moments), BLOCK):
                part = slice(b, b + BLOCK)
                slots[k, part], rest = np.divmod(moments[part] - first, grid)
                twice[k, part] = 2 * rest - 1
        return cls(first, grid, (last - first) // grid + 1, slots, twice)

    def pack(self, coverage: Coverage) -> Short:
        """Return the table of one calendar whose edges lie on the grid."""
        last = self.first + self.count * self.grid
        change = np.zeros(self.count + 1, dtype=np.int8)
        for edges, step in ((coverage.starts, 1), (coverage.ends, -1)):
            inside = np.clip(edges, self.first, last)
            np.add.at(change, (inside - self.first) // self.grid, np.int8(step))
        is_open = np.cumsum(change[:-1], dtype=np.int32)
        packed = np.cumsum(is_open, dtype=np.int32)
        packed -= is_open
        packed *= 2 * self.grid
        packed += is_open
        return packed

    def elapsed(self, packed: Short, out: Short) -> None:
        """Write the covered seconds between each start and its end."""
        size = min(BLOCK, len(out))
        late, early, more = (np.empty(size, dtype=np.int32) for _ in range(3))
        for b in range(0, len(out), BLOCK):
            part = slice(b, min(b + BLOCK, len(out)))
            n = part.stop - part.start
            x = self._doubled(packed, 1, part, (late[:n], more[:n]))
            y = self._doubled(packed, 0, part, (early[:n], more[:n]))
            np.subtract(x, y, out=x)
            np.right_shift(x, 1, out=out[part])

    def _doubled(self, packed: Short, end: int, part: slice, work: tuple[Short, Short]) -> Short:
        """Twice the covered seconds before each moment: 2 base + open + open (2 rest - 1)."""
        found, more = work
        np.take(packed, self.slots[end, part], out=found, mode="clip")
        np.bitwise_and(found, 1, out=more)
        np.multiply(more, self.twice[end, part], out=more)
        return np.add(found, more, out=found)


def grid_of(coverage: Coverage, first: int, last: int) -> int | None:
    """Return the widest grid on which every edge within [first, last] lies; None if none fits.

    Also None where the table would be too long, or hold more seconds than 30 bits do.
    """
    if last - first > _MOST_COVERED:
        return None
    edges = np.concatenate((coverage.starts, coverage.ends))
    edges = edges[(edges > first) & (edges < last)]
    for grid in GRIDS:
        if (last - first) // grid < _MOST_SLOTS and not (edges % grid).any():
            return grid
    return None
