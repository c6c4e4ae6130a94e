"""What is left out of a history: counted by the first reason that is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from .rows import MISSING

Seconds = npt.NDArray[np.int64]
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1900, 2200))


def count_out(
    n: int, reasons: Mapping[str, npt.NDArray[np.bool_]], before: Mapping[str, int]
) -> tuple[npt.NDArray[np.bool_], dict[str, int]]:
    keep, counts = np.ones(n, dtype=bool), dict(before)
    for reason, is_true in reasons.items():
        if many := int((keep & is_true).sum()):
            counts[reason] = counts.get(reason, 0) + many
        keep &= ~is_true
    return keep, counts


def impossible(*columns: Seconds) -> npt.NDArray[np.bool_]:
    """Whether a moment is known and lies where no log has any; one such stretches every calendar."""
    found = np.zeros(len(columns[0]), dtype=bool)
    for moments in columns:
        found |= (moments != MISSING) & ((moments < FIRST) | (moments >= LAST))
    return found


def repeated(refs: Sequence[str]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(refs), dtype=bool)
    if len(set(refs)) == len(refs):
        return found
    seen: set[str] = set()
    for row, ref in enumerate(refs):
        found[row] = ref in seen
        seen.add(ref)
    return found
