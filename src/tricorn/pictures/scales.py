"""From figures to places: round steps, shares, and a scale of time that doubles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil, floor, isfinite, log2, log10

import numpy as np
import numpy.typing as npt

QUARTER = 0.25  # hours; below it the scale of time is even, above it every step doubles

Place = Callable[[float], float]


def linear(low: float, high: float, start: float, end: float) -> Place:
    """Return the place of a value on a stretch; all lie in the middle if there is one value."""
    if not high > low:
        return lambda value: (start + end) / 2
    return lambda value: start + (value - low) / (high - low) * (end - start)


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Return round values within [low, high], about as many as asked."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return [low] if isfinite(low) else []
    raw = (high - low) / about
    size = 10.0 ** floor(log10(raw))
    step = size * next(m for m in (1, 2, 2.5, 5, 10) if m * size >= raw * 0.999)
    return [n * step for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def floor_of_shares(values: Iterable[float]) -> float:
    """Return a full tenth below the least share, at most 0.9: shares are read from there to 1."""
    least = min(values, default=0.5)
    return min(max(0.0, floor((least - 0.02) * 10) / 10), 0.9)


def doubling(hours: float) -> float:
    """Return the place of a time in steps: 0 to 1 up to a quarter of an hour, then one each."""
    return hours / QUARTER if hours < QUARTER else 1 + log2(hours / QUARTER)


def doubling_array(hours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    late = 1 + np.log2(np.maximum(hours, QUARTER) / QUARTER)
    placed: npt.NDArray[np.float64] = np.where(hours < QUARTER, hours / QUARTER, late)
    return placed


def edge_of(step: int) -> float:
    """Return the time in hours at which a step of the doubling scale begins."""
    return 0.0 if step == 0 else QUARTER * 2.0 ** (step - 1)
