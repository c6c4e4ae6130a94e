"""What replications say: a mean with its interval, and how far single ones lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure over `n` replications.

    value, low, high  the mean, and the interval in which the mean of endless replications lies
    least, most       between these lie 95 of 100 single replications: what one such period may be
    can_tell          False where there was nothing to count; all figures are nan then
    """

    value: float
    low: float
    high: float
    least: float
    most: float
    n: int

    @property
    def can_tell(self) -> bool:
        return self.n > 1

    @property
    def is_above_zero(self) -> bool:
        """Whether the interval lies above zero: of a difference, whether there surely is more."""
        return self.low > 0

    @property
    def is_below_zero(self) -> bool:
        return self.high < 0


def estimate(
    values: npt.NDArray[np.float64],
    level: float = LEVEL,
    bounds: tuple[float, float] = (-inf, inf),
) -> Estimate:
    """Return the mean of replications with Student's interval; those that are nan say nothing.

    bounds  what the figure cannot leave: the interval is cut there

    Source  docs/engine/staffing.md, rule S11.
    """
    known = values[~np.isnan(values)]
    n = len(known)
    if n < 2:
        return Estimate(nan, nan, nan, nan, nan, 0)
    mean = float(known.mean())
    half = student(level, n - 1) * float(known.std(ddof=1)) / n**0.5
    least, most = np.quantile(known, ((1 - level) / 2, (1 + level) / 2)).tolist()
    low, high = max(mean - half, bounds[0]), min(mean + half, bounds[1])
    return Estimate(mean, low, high, least, most, n)


def student(level: float, freedom: int) -> float:
    """Return how many standard errors the interval reaches to either side.

    Cost    Exact for 1 and 2 degrees of freedom; within 0.003 for 4, 0.0001 from 10 on.
    Source  docs/engine/staffing.md, rule S11: Hill's expansion of Student's quantile.
    """
    tail = (1 + level) / 2
    if freedom == 1:
        return float(np.tan(np.pi * (tail - 0.5)))
    if freedom == 2:
        return float((2 * tail - 1) * (2 / (4 * tail * (1 - tail))) ** 0.5)
    z, v = NormalDist().inv_cdf(tail), freedom
    terms = (
        z,
        (z**3 + z) / (4 * v),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3),
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4),
    )
    return sum(terms)
