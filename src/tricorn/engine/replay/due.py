"""When promises fall due over their pauses, for all tickets at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..hours import Schedule, Target
from .pauses import Pauses

Seconds = npt.NDArray[np.int64]


def due_over_pauses(
    schedule: Schedule,
    target: Target,
    starts: Seconds,
    pauses: Pauses,
    is_running: npt.NDArray[np.bool_],
) -> tuple[Seconds, npt.NDArray[np.bool_]]:
    """Return when each clock is due, and which stand in a pause from before that time.

    Shapes  one row for each start; NEVER where nothing falls due.
    Only a clock that runs still (`is_running`) can stand so: the stop of a clock ends every wait.
    Cost    one due time for each ticket, and one more for each of its pauses.
    Source  docs/engine/clocks.md, rules C4, C5 and C8.
    """
    due = schedule.due_seconds(starts, target)
    stands = np.zeros(len(starts), dtype=bool)
    held = np.zeros(len(starts), dtype=np.int64)
    service = pauses.service(schedule)
    for layer in pauses.layers():
        # A ticket whose due time lies before a pause lies before all its later ones as well.
        layer = layer[due[pauses.ticket[layer]] > pauses.start[layer]]
        rows = pauses.ticket[layer]
        stands[rows] = pauses.lasts[layer] & is_running[rows]
        held[rows] += service[layer]
        moved = rows[service[layer] > 0]
        due[moved] = schedule.due_seconds(starts[moved], target, held[moved])
    return due, stands
