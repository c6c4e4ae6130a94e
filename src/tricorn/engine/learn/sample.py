"""A part of the tickets on which thousands of weeks are tried quickly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..hours import Hours, Schedule
from .cells import Cells
from .targets import least_mistakes
from .told import Told
from .ways import Clocks, Run
from .weeks import Week

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Some tickets by party, those of one party side by side.

    places  places in `told`; `parts` a slice for each of `members`
    """

    told: Told
    members: tuple[int, ...]
    places: npt.NDArray[np.intp]
    parts: tuple[slice, ...]
    missed: npt.NDArray[np.int32]

    @classmethod
    def of(cls, told: Told, members: Sequence[int], flag: npt.NDArray, most: int) -> Sample:
        """Take at most so many tickets of each party, evenly over the time learned from."""
        chosen = []
        for member in members:
            places = told.of(member)
            step = max(len(places) / most, 1.0)
            chosen.append(places[np.arange(0, len(places), step).astype(np.intp)])
        edges = np.cumsum([0, *(len(places) for places in chosen)]).tolist()
        places = np.concatenate(chosen)
        return cls(
            told,
            tuple(members),
            places,
            tuple(slice(a, b) for a, b in pairwise(edges)),
            (flag[places] == 0).astype(np.int32),
        )

    def cells(self, run: Run, zone: str, step: int) -> Cells:
        clocks = Clocks.of(self.told.history, self.told.rows[self.places], run)
        schedule = Schedule(Hours.always(zone))

        def local(moments: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
            return moments + schedule.offsets(moments)

        pauses = clocks.pauses
        held = (pauses.ticket, local(pauses.start), local(pauses.end))
        return Cells(local(clocks.starts), local(clocks.ends), held, step)

    def mistakes(self, measure: npt.NDArray) -> Counts:
        """Return for each party how many flags its best target gets wrong."""
        return np.array([least_mistakes(measure[p], self.missed[p]) for p in self.parts])

    def of_week(self, cells: Cells, week: Week) -> Counts:
        return self.mistakes(cells.elapsed(week))
