"""Shares with an interval, "cannot tell" when it cannot, and counts that name nobody."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TypeVar

from .errors import BadInput

MINIMUM = 5  # distinct people below which a count is not shown
LEAST_MINIMUM = 3  # no setting goes below this
WIDEST = 0.5  # an interval wider than this says nothing

Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True)
class Share:
    """How many of `n` met something, with the interval in which the truth plausibly lies.

    Shapes  `value` is None for n = 0; low and high are then 0 and 1.
    `can_tell` is False when the interval is too wide to say anything.
    """

    n: int
    met: int
    value: float | None
    low: float
    high: float
    can_tell: bool
    sentence: str


def wilson(met: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval for `met` of `n`, without continuity correction.

    Units   Shares between 0 and 1; nothing observed gives (0, 1).
    Errors  BadInput if met is not between 0 and n, or level not between 0 and 1.
    Source  docs/engine/measures.md, rule M1: the Wilson score interval.
    """
    if not 0 <= met <= n:
        raise BadInput(f"{met} of {n} is not a share. Count between none and all.", met=met, n=n)
    if not 0 < level < 1:
        raise BadInput(f"A level of {level} is not between 0 and 1. Use 0.95, say.", level=level)
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = met / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    low = 0.0 if met == 0 else max(0.0, middle - half)
    high = 1.0 if met == n else min(1.0, middle + half)
    return low, high


def share(met: int, n: int, level: float = 0.95) -> Share:
    """Return the share with its interval and a sentence for people.

    Source  docs/engine/measures.md, rule M2: every share carries n, an interval and whether it
    can tell anything.
    """
    low, high = wilson(met, n, level)
    if n == 0:
        return Share(0, 0, None, low, high, False, "Nothing to count yet, so we cannot tell.")
    between = f"{_percent(low)} to {_percent(high)}"
    counted = f"{met:,} of {n:,}"
    if high - low > WIDEST:
        sentence = f"{counted}: too few to tell (anywhere from {between})."
        return Share(n, met, met / n, low, high, False, sentence)
    sentence = f"{counted}: {_percent(met / n)} (likely {between})."
    return Share(n, met, met / n, low, high, True, sentence)


def fewer_than_five(n: int, minimum: int = MINIMUM) -> str:
    """Return the count in words: the number itself, "none", or "fewer than five".

    Source  docs/engine/measures.md, rule M3: counts below the minimum are not shown.
    """
    _check_minimum(minimum)
    if n == 0:
        return "none"
    return f"{n:,}" if n >= minimum else f"fewer than {_WORDS.get(minimum, minimum)}"


def suppress(parts: Mapping[Part, int], minimum: int = MINIMUM) -> dict[Part, int | None]:
    """Return the parts of a published total, None for each that must not be shown.

    A part from 1 to minimum - 1 is hidden. So that it cannot be had by subtraction, the smallest
    shown parts are hidden as well (nothings last) until the hidden ones are at least two, together
    reach the minimum, and are more than one each. Publish the total by `safe_total`.
    Errors  BadInput for a minimum below 3 or a negative count.
    Source  docs/engine/measures.md, rule M4: nothing hidden can be had by subtraction.
    """
    hidden = _hidden(parts, minimum)
    return {part: None if part in hidden else count for part, count in parts.items()}


def safe_total(parts: Mapping[Part, int], minimum: int = MINIMUM) -> int | None:
    """Return the total, or None if beside it the hidden parts could be had by subtraction.

    Errors  As `suppress`.
    Source  docs/engine/measures.md, rule M4: nothing hidden can be had by subtraction.
    """
    hidden = _hidden(parts, minimum)
    return None if hidden and _tells(parts, hidden, minimum) else sum(parts.values())


def _hidden(parts: Mapping[Part, int], minimum: int) -> set[Part]:
    _check_minimum(minimum)
    if any(count < 0 for count in parts.values()):
        raise BadInput("A count of people cannot be negative. Check what was counted.")
    hidden = {part for part, count in parts.items() if 0 < count < minimum}
    spare = sorted(parts.keys() - hidden, key=lambda p: (parts[p] == 0, parts[p], str(p)))
    while hidden and spare and _tells(parts, hidden, minimum):
        hidden.add(spare.pop(0))
    return hidden


def _tells(parts: Mapping[Part, int], hidden: set[Part], minimum: int) -> bool:
    """Whether the sum of the hidden parts gives one of them away."""
    together = sum(parts[part] for part in hidden)
    return len(hidden) < 2 or together < minimum or together <= len(hidden)


_WORDS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}


def _check_minimum(minimum: int) -> None:
    if minimum < LEAST_MINIMUM:
        raise BadInput(
            f"A minimum of {minimum} would let people be recognised. Use {LEAST_MINIMUM} or more.",
            minimum=minimum,
        )


def _percent(value: float) -> str:
    """Whole percents, but never 0 % or 100 % for what is neither."""
    if 0 < value < 0.005:
        return "under 1 %"
    if 0.995 <= value < 1:
        return "over 99 %"
    return f"{value * 100:.0f} %"
