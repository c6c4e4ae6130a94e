"""Does the agreement say of each ticket what the log itself says of it?"""

from __future__ import annotations

import numpy as np

from tricorn.engine.errors import BadInput
from tricorn.engine.replay import Reclocked

from .answer import FlagCheck

LATEST = ("closed", "resolved", "first_response")


def check_flag(found: Reclocked) -> tuple[FlagCheck, ...]:
    """Compare with the log's own flag, by the source's priorities.

    Compared are tickets that have a flag and are judged by the clauses whose stop comes last: those
    about closing, else resolving, else the first response.
    Errors  BadInput when no ticket has a flag.
    """
    history = found.history
    if not (history.flag >= 0).any():
        raise BadInput(
            "This log does not say which promises were met, so there is nothing to compare with. "
            "Leave --check-flag out."
        )
    stop = next(stop for stop in LATEST if stop in found.by_stop)
    verdicts = found.by_stop[stop]
    compared = (history.flag >= 0) & verdicts.is_judged
    same = verdicts.met == (history.flag == 1)
    checks = []
    for code, name in enumerate(history.priorities):
        rows = compared & (found.priority == code)
        n = int(rows.sum())
        if not n and not (found.priority == code).any():
            continue
        agreeing = round(int(np.sum(same[rows])) / n, 6) if n else None
        checks.append(FlagCheck(name, n, agreeing))
    return tuple(checks)
