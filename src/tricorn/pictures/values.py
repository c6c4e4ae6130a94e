"""What pictures are drawn from: names and numbers, worked out before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tricorn.engine.hours import Hours
from tricorn.engine.measures import Share
from tricorn.engine.replay import Attained


@dataclass(frozen=True)
class Money:
    """An amount a month in one currency."""

    amount: Decimal
    currency: str


class Shape(Protocol):
    """What the week could look like instead: a window more (engine.replay.Extra), other hours."""

    @property
    def name(self) -> str: ...

    def added_to(self, hours: Hours) -> Hours: ...


@dataclass(frozen=True)
class Outcome:
    """What one option comes to.

    price      a month; None where it cannot be told
    waited     hours waited for the desk to open, [low, high], over the whole period; None if unknown
    on_time    (what is promised, share) pairs, in the order of the agreement
    beaten_by  the name of an option that costs no more and leaves no more waiting
    """

    name: str
    price: Money | None = None
    waited: tuple[float, float] | None = None
    on_time: tuple[tuple[str, Share], ...] = ()
    beaten_by: str = ""


@dataclass(frozen=True)
class Series:
    """The share on time by month ("2026-10"), under one option."""

    name: str
    months: Mapping[str, Share]

    @classmethod
    def of(cls, name: str, attained: Iterable[Attained], clause: str) -> Series:
        """Take one clause from `reclock(...).attainment("month")`."""
        chosen = {a.month: a.share for a in attained if a.clause == clause and a.month is not None}
        return cls(name, chosen)


@dataclass(frozen=True)
class Times:
    """How long many tickets took.

    hours    float array, hours of service time
    target   hours; None where there is none or where it is counted in days
    on_time  the share on time as judged; otherwise those within the target are counted
    """

    name: str
    hours: npt.NDArray[np.float64]
    target: float | None = None
    on_time: Share | None = None


@dataclass(frozen=True)
class Estimate:
    """One simulated figure in hours with its interval; None for what cannot be told.

    note  a few words beside the name, such as "3 people"
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
