"""Which figures of a run a client may read: none about few people, none to be had by subtraction.

The same rules as for the months that a client reads, for groups of tickets as masks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tricorn.engine.replay import History
from tricorn.insight.crowd import Crowd, Kin, Shown

# So many groups in a row that may not be shown: what comes after them is not even tried.
MOST_VAIN = 12
# So many groups are followed that can be had from what is shown; a page waits for them.
MOST_FOLLOWED = 600
Mask = npt.NDArray[np.bool_]


def shown(history: History, groups: Sequence[Mask], fewest: int) -> list[bool]:
    """Say of each group of tickets whether its count may be shown beside those before it.

    Put the figures that matter most first. Whoever said no name is one person of their own.
    Shapes  masks with one entry for each ticket
    Source  docs/decisions/0007-small-counts.md: what is shown is closed under subtraction.
    """
    if not groups:
        return []
    table = np.stack(groups, axis=1)
    packed = np.ascontiguousarray(np.packbits(table, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, first, kin = np.unique(keys, return_index=True, return_inverse=True)
    looks = table[first]
    people = _people(history)
    order = np.argsort(kin, kind="stable")
    parts = np.split(people[order], np.cumsum(np.bincount(kin, minlength=len(looks)))[:-1])
    # More people than this make no difference, and a set of all of them is slow to make.
    most = fewest * (len(looks) + 1)
    crowd = Crowd([Kin(len(part), frozenset(np.unique(part)[:most].tolist())) for part in parts])
    kept = Shown(crowd, fewest, MOST_FOLLOWED)
    told, vain = [], 0
    for column in range(len(groups)):
        group = sum(1 << k for k in np.flatnonzero(looks[:, column]).tolist())
        may = vain < MOST_VAIN and kept.take(group)
        vain = 0 if may else vain + 1
        told.append(may or not group)
    return told


def cells(history: History, codes: npt.NDArray[np.int64], many: int, fewest: int) -> Mask:
    """Say of each cell of a table whether its count may be shown beside the sum of all.

    What is hidden is together about enough people, or there is nothing to hide.
    Shapes  codes: the cell of each ticket, -1 for none; answers `many` cells
    """
    people = _people(history)
    inside = codes >= 0
    pairs = np.unique(np.stack([codes[inside], people[inside]]), axis=1)
    counts = np.bincount(pairs[0], minlength=many)
    hidden = (counts > 0) & (counts < fewest)
    for cell in np.argsort(counts, kind="stable"):
        about = len(np.unique(pairs[1][hidden[pairs[0]]]))
        if about == 0 or about >= fewest:
            break
        if counts[cell] and not hidden[cell]:
            hidden[cell] = True
    return ~hidden


def _people(history: History) -> npt.NDArray[np.int64]:
    """Return a number for each person, a number of its own for each ticket without a name."""
    people = history.person.astype(np.int64)
    return np.where(people < 0, -1 - np.arange(len(people)), people)
