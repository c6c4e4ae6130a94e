"""What a flag cannot tell apart: other rules that explain it about as well, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..hours import Target
from .flags import Cluster, Explained
from .weeks import name_of, words

DOUBT = 2.0  # standard errors below which two rules explain the flag equally well
MOST = 4  # alternatives that one sentence names
WIDE = 0.02  # a target that could be so much longer or shorter is not known


def explain_equally(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> bool:
    """Whether the flags on which two rules differ favour neither; both say what is wrong.

    Source  docs/engine/learn.md, rule L11: McNemar's test, within two standard errors.
    """
    worse, better = int((other & ~one).sum()), int((one & ~other).sum())
    return bool(worse - better < DOUBT * np.sqrt(worse + better)) or worse == better


def doubts(cluster: Cluster, names: Sequence[str]) -> list[str]:
    """Return a sentence for each thing that the flag cannot tell about this cluster."""
    chosen, whose = cluster.chosen, " and ".join(names)
    equal = [
        each
        for each in cluster.rivals
        if each.way != chosen.way and explain_equally(chosen.wrong, each.wrong)
    ]
    equal.sort(key=lambda each: (each.mistakes, each.way.effort))
    return [
        *_runs(chosen, equal, whose),
        *_holidays(chosen, equal, whose),
        *_hours(chosen, equal, whose),
        *_targets(cluster, names),
    ]


def _runs(chosen: Explained, equal: list[Explained], whose: str) -> list[str]:
    same = [each for each in equal if each.way.hours == chosen.way.hours]
    said = []
    mine = chosen.way.run
    pauses = {
        _holders(each)
        for each in same
        if (each.way.run.start, each.way.run.stop) == (mine.start, mine.stop)
        and each.way.run != mine
    }
    if pauses:
        found = _listed([_holders(chosen), *sorted(pauses)])
        said.append(f"Pauses of {whose}: {found} explain the flag equally well.")
    edges = {
        f"from {each.way.run.start} to {each.way.run.stop}"
        for each in same
        if (each.way.run.start, each.way.run.stop) != (mine.start, mine.stop)
    }
    if edges:
        found = _listed([f"from {mine.start} to {mine.stop}", *sorted(edges)])
        said.append(f"Start and stop of {whose}: {found} explain the flag equally well.")
    if any(each.way.in_days != chosen.way.in_days and each.way.run == mine for each in same):
        said.append(f"Target of {whose}: service time and service days explain it equally well.")
    return said


def _holidays(chosen: Explained, equal: list[Explained], whose: str) -> list[str]:
    mine = chosen.way
    same = [each for each in equal if each.way.week == mine.week and each.way.run == mine.run]
    names = dict.fromkeys(name_of(each.way.hours.holidays) for each in same)
    names.pop(name_of(mine.hours.holidays), None)
    if not names:
        return []
    own = name_of(mine.hours.holidays)
    found = _listed([own, *names])
    return [f"Holidays of {whose}: {found} explain the flag equally well."]


def _hours(chosen: Explained, equal: list[Explained], whose: str) -> list[str]:
    mine = chosen.way
    same = [
        each
        for each in equal
        if each.way.run == mine.run
        and each.way.week != mine.week
        and each.way.hours.holidays == mine.hours.holidays
    ]
    names = list(dict.fromkeys(words(each.way.hours) for each in same))
    if not names:
        return []
    found = _listed([words(mine.hours), *names])
    return [f"Hours of {whose}: {found} explain the flag equally well."]


def _targets(cluster: Cluster, names: Sequence[str]) -> list[str]:
    said = []
    way = cluster.chosen.way
    for name, member in zip(names, cluster.members, strict=True):
        found = cluster.chosen.fitted[member]
        if not way.in_days and found.high - found.low > WIDE * found.target:
            low, high = Target(seconds=_minute(found.low)), Target(seconds=found.high // 60 * 60)
            said.append(
                f"Target of {name}: everything from {low} to {high} explains the flag equally well."
            )
    return said


def _minute(seconds: int) -> int:
    return max(-(-seconds // 60) * 60, 60)


def _holders(each: Explained) -> str:
    holders = sorted(holder.value for holder in each.way.run.stopped_by)
    return f"stopped by {', '.join(holders)}" if holders else "no pauses"


def _listed(names: Sequence[str]) -> str:
    shown = list(names[: MOST + 1])
    more = len(names) - len(shown)
    text = "; ".join(shown)
    return f"{text}; and {more} more" if more else text
