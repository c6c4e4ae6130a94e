"""The target that explains a flag best, and the roundest among those that explain it as well."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

HOUR = 3600
# What people write: the step, and how odd a target on it is.
STEPS = (
    *((24 * HOUR, 0.0), (8 * HOUR, 0.0), (4 * HOUR, 1.0), (HOUR, 1.5), (1800, 2.5)),
    *((900, 3.0), (300, 4.0), (60, 5.0), (1, 7.0)),
)
USUAL = tuple(60 * minutes for minutes in (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 720))
NATS = 2.0  # what one step of oddness weighs beside mistakes, whose weight is in nats too
Measure = npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fitted:
    """A target and what it costs: met is measure <= target.

    low, high  every target between them gives the same verdict on every ticket it was fitted to
    odd        how far from what people write
    """

    target: int
    low: int
    high: int
    mistakes: int
    odd: float


def per_mistake(mistakes: int, n: int) -> float:
    """Return what a mistake weighs, in nats, if so many of n flags are wrong by the best rule."""
    share = min(max((mistakes + 0.5) / (n + 1), 1e-4), 0.45)
    return log((1 - share) / share)


def least_mistakes(measure: Measure, missed: Measure) -> int:
    """Return how many flags the best target gets wrong; `missed` is 1 where missed, else 0.

    Cost  one sort.
    """
    if not len(measure):
        return 0
    key = np.sort((measure << 1) | missed)
    gain = np.cumsum(1 - ((key & 1) << 1))
    is_edge = np.empty(len(key), dtype=bool)
    is_edge[-1] = True
    np.not_equal(key[1:] >> 1, key[:-1] >> 1, out=is_edge[:-1])
    best = int(np.where(is_edge, gain, 0).max())
    return int(len(missed) - missed.sum()) - max(0, best)


def best_target(measure: Measure, is_met: Flags, *, per_mistake: float, day: int | None) -> Fitted:
    """Return the target that explains the flags best.

    per_mistake  what a mistake weighs against an odd number, in nats
    day          seconds of one service day, whose multiples are round too; None: measures are
                 whole service days, all equally round
    Source       docs/engine/learn.md, rules L5 and L7.
    """
    order = np.argsort(measure, kind="stable")
    sorted_measure, met = measure[order].astype(np.int64), is_met[order]
    gain = np.concatenate(([0], np.cumsum(np.where(met, 1, -1))))
    low = np.concatenate(([1], np.maximum(sorted_measure, 1)))
    high = np.concatenate((sorted_measure - 1, [max(int(sorted_measure[-1]), 1)]))
    real = np.flatnonzero(high >= low)
    low, high = low[real], high[real]
    mistakes = int(met.sum()) - gain[real]
    weight = per_mistake * mistakes
    best = (np.inf, 0, 0, 0.0)
    for step, odd in _steps(day):
        target = _nearest(low, high, step)
        price = np.where(target <= high, weight + NATS * odd + _lean(target, low, high), np.inf)
        k = int(price.argmin())
        best = min(best, (float(price[k]), k, int(target[k]), odd))
    for usual in USUAL if day is not None else ():
        k = int(np.searchsorted(low, usual, side="right")) - 1
        if k >= 0 and usual <= high[k]:
            best = min(best, (float(weight[k] + _lean(usual, low[k], high[k])), k, usual, 0.0))
    _, k, chosen, odd = best
    return Fitted(chosen, int(low[k]), int(high[k]), int(mistakes[k]), odd)


def _nearest(low: Measure, high: Measure, step: int) -> Measure:
    """Return the multiple of a step within each pair of bounds that lies nearest to its middle.

    Above `high` where there is none.
    """
    middle = (low + high) // 2
    near = (middle + step // 2) // step * step
    return np.where((near >= low) & (near <= high), near, -(-low // step) * step)


def _lean(target: Measure | int, low: Measure | int, high: Measure | int) -> npt.NDArray:
    """Among targets as round as each other: the one in the middle, by less than any mistake."""
    width = np.maximum(np.subtract(high, low), 1)
    return np.asarray(0.2 * np.abs(2 * np.asarray(target) - low - high) / width)


def _steps(day: int | None) -> tuple[tuple[int, float], ...]:
    if day is None:
        return ((1, 0.0),)
    return (*STEPS, (day, 0.0)) if day % 60 == 0 else STEPS
