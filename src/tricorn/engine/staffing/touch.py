"""Touch time: how long somebody's hands are on a ticket. The provider says it; no log does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, log, sqrt
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ..errors import BadInput, BadTarget, BadTeam
from ..hours import Target

Shape = Literal["lognormal", "exponential", "fixed"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
LONGEST = 366 * 86_400
NONE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Touch:
    """How touch times lie, as the provider knows them: resolving a ticket is not working on it.

    mean         seconds on average; `by_priority` where it is another, under the source's names
    shape        "lognormal" (many short, few long), "exponential", or all alike: "fixed"
    variation    of lognormal times: standard deviation by mean
    Errors       BadInput for times or a variation that nobody could have.
    Source       docs/engine/staffing.md, rule S8: touch time is an input.
    """

    mean: float
    by_priority: Mapping[str, float] = field(default_factory=lambda: NONE)
    shape: Shape = "lognormal"
    variation: float = 1.0

    def __post_init__(self) -> None:
        for seconds in (self.mean, *self.by_priority.values()):
            if not isfinite(seconds) or not 0 < seconds <= LONGEST:
                raise BadInput(
                    f"A mean touch time of {seconds:g} seconds is none. Say how long somebody works "
                    "on a ticket: more than nothing, at most a year."
                )
        if self.shape not in SHAPES:
            raise BadInput(f"Touch times are {', '.join(SHAPES)}, not {self.shape!r:.40}.")
        if not isfinite(self.variation) or not 0 < self.variation <= 10:
            raise BadInput(
                f"A variation of {self.variation:g} is not above 0 and at most 10. Use 1.0, say."
            )

    @classmethod
    def from_toml(cls, text: str, source: str = "team.toml") -> Touch:
        """Read the [touch] of a team.toml. Errors: BadTeam naming the place."""
        from .text import touch_from_toml

        return touch_from_toml(text, source)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], prefix: str = "touch.") -> Touch:
        """Read `mean = "25m"`, `by_priority`, `shape` and `variation`. Errors: BadTeam."""
        for key in data:
            if key not in (known := ("mean", "by_priority", "shape", "variation")):
                raise BadTeam(f"{prefix}{key}: is not known here. Known: {', '.join(known)}.")
        several = data.get("by_priority", {})
        if not isinstance(several, Mapping):
            raise BadTeam(f'{prefix}by_priority: is a table, like "1 - Critical" = "2h".')
        variation = data.get("variation", 1.0)
        if isinstance(variation, bool) or not isinstance(variation, int | float):
            raise BadTeam(f"{prefix}variation: is a number like 1.2, not {variation!r:.40}.")
        try:
            return cls(
                _seconds(data.get("mean"), f"{prefix}mean"),
                {name: _seconds(v, f"{prefix}by_priority.{name}") for name, v in several.items()},
                data.get("shape", "lognormal"),
                float(variation),
            )
        except BadTeam:
            raise
        except BadInput as refusal:
            raise BadTeam(f"{prefix.rstrip('.')}: {refusal}", **refusal.facts) from None

    def means(self, priorities: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the mean of each priority, in seconds."""
        return np.array([self.by_priority.get(name, self.mean) for name in priorities], dtype=float)

    def draw(
        self, random: np.random.Generator, means: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.int64]:
        """Return whole seconds, at least one, for tickets with these means.

        One draw for each ticket in its order, so that options with the same generator have the same
        touch times.
        """
        n = len(means)
        if self.shape == "fixed":
            drawn = means
        elif self.shape == "exponential":
            drawn = means * random.standard_exponential(n)
        else:
            wide = log(1 + self.variation**2)
            drawn = means * np.exp(random.standard_normal(n) * sqrt(wide) - wide / 2)
        return np.clip(np.rint(drawn), 1, 100 * LONGEST).astype(np.int64)


def _seconds(value: Any, place: str) -> float:
    try:
        seconds = Target.parse(value).seconds if isinstance(value, str) else None
    except BadTarget:
        seconds = None
    if seconds is None:
        said = "missing" if value is None else f"{value!r:.40} is no working time"
        raise BadTeam(f'{place}: {said}; write hours and minutes like "25m" or "1h30m".')
    return float(seconds)
