"""Which parties share one clock: those of which none would do far better alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .targets import NATS, per_mistake
from .ways import Run
from .weeks import ALWAYS, Week, effort

PARTS_WITH = 12.0  # nats that a rule of one's own must gain beside what there is to say about it


@dataclass(frozen=True)
class Scored:
    """Weeks of the coarse grid, tried with each likely run: mistakes by party."""

    members: tuple[int, ...]
    runs: list[Run]
    weeks: list[Week]
    mistakes: npt.NDArray[np.int64]  # (runs, weeks, members)
    tickets: npt.NDArray[np.int64]

    def best(self, members: Iterable[int], most: int) -> list[tuple[Run, Week]]:
        """Return the pairs that explain these parties best, the simpler ones first among equals."""
        places = [self.members.index(member) for member in members]
        total = self.mistakes[..., places].sum(axis=-1)
        rate = per_mistake(int(total.min()), int(self.tickets[places].sum()))
        said = np.array([[run.effort + effort(week) for week in self.weeks] for run in self.runs])
        price = rate * total + NATS * said
        order = np.argsort(price, axis=None, kind="stable")[:most]
        pairs = np.column_stack(np.unravel_index(order, price.shape)).tolist()
        return [(self.runs[r], self.weeks[w]) for r, w in pairs]


def parted(scored: Scored) -> list[tuple[int, ...]]:
    """Part parties whose clocks cannot run in one way: each leaves that does far better alone.

    Source  docs/engine/learn.md, rule L5: shared where one way explains all.
    """
    waiting = list(scored.members)
    found = []
    while waiting:
        stay = list(waiting)
        while len(stay) > 1:
            run, week = scored.best(stay, 1)[0]
            r, w = scored.runs.index(run), scored.weeks.index(week)
            gains = {member: _gain(scored, member, r, w) for member in stay}
            worst = max(stay, key=gains.__getitem__)
            if gains[worst] <= PARTS_WITH:
                break
            stay.remove(worst)
        found.append(tuple(stay))
        waiting = [member for member in waiting if member not in stay]
    return found


def _gain(scored: Scored, member: int, r: int, w: int) -> float:
    """How many nats a party would gain by a way of its own."""
    place = scored.members.index(member)
    run, week = scored.best([member], 1)[0]
    own = scored.mistakes[scored.runs.index(run), scored.weeks.index(week), place]
    shared = scored.mistakes[r, w, place]
    rate = per_mistake(int(own), int(scored.tickets[place]))
    said = run.effort + effort(week) if week != ALWAYS else run.effort
    return float(rate * (shared - own) - NATS * said)
