"""`np.searchsorted` at a cost that does not grow: one table look-up instead of a binary search.

The axis is cut into equal slots, a power of two long and with at most one bound each. A slot knows
how many bounds lie before it and where its own bound is; one comparison does the rest.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]
NEVER = int(np.iinfo(np.int64).max)
_MOST_SLOTS = 2_000_000


class StepIndex:
    """Finds the place of values among strictly rising int64 bounds."""

    def __init__(self, bounds: Seconds) -> None:
        self.bounds = bounds
        self.shift = _fit(bounds)
        if self.shift is not None:
            self.origin = int(bounds[0])
            size = 1 << self.shift
            edges = np.arange(self.origin, int(bounds[-1]) + 2 * size, size, dtype=np.int64)
            self.first = np.searchsorted(bounds, edges, side="left")
            self.bound = np.append(bounds, NEVER)[self.first]

    def find(self, values: Seconds, side: Literal["left", "right"]) -> npt.NDArray[np.intp]:
        """The same answer as np.searchsorted(bounds, values, side)."""
        if self.shift is None:
            return np.searchsorted(self.bounds, values, side=side)
        slot = np.subtract(values, self.origin)
        np.right_shift(slot, self.shift, out=slot)
        bound = np.take(self.bound, slot, mode="clip")
        found = np.take(self.first, slot, mode="clip")
        return np.add(found, bound <= values if side == "right" else bound < values, out=found)


def _fit(bounds: Seconds) -> int | None:
    """Slots of two to this power are no longer than any gap; None if they would be too many."""
    if len(bounds) < 2:
        return None
    shift = int(np.diff(bounds).min()).bit_length() - 1
    return shift if int(bounds[-1] - bounds[0]) >> shift < _MOST_SLOTS else None
