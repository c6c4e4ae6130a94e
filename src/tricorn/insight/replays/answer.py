"""What a run answers: one function, given the tickets and the texts, knowing neither row nor page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tricorn.engine.agreement import Agreement
from tricorn.engine.replay import History, Reclocked, reclock
from tricorn.histories.columns import Groups
from tricorn.insight.replays.small import shown

# Hears how much of the work is done, from 0 to 1, and what is being done, in words.
Heard = Callable[[float, str], None]


@dataclass(frozen=True)
class Task:
    """Everything that an answer needs.

    options      (letter, name, agreement) of each
    rates, team  texts in TOML, empty where not given
    fewest       the smallest number of people that a figure may be about; None: all are shown
    """

    history: History
    groups: Groups | None
    present: Agreement | None
    options: tuple[tuple[str, str, Agreement], ...]
    zone: str
    rates: str = ""
    team: str = ""
    priorities: Mapping[str, str] | None = None
    priority_at: str = "final"
    fewest: int | None = None


Answering = Callable[[Task, Heard], Mapping[str, Any]]
# Learns the present rule: its text in TOML, and what is to be told of it as JSON.
Learning = Callable[[History, Groups | None, str, Heard], tuple[str, Mapping[str, Any]]]


def answer(task: Task, heard: Heard) -> dict[str, Any]:
    """Re-clock the tickets by the present agreement and each option; the shares by clause.

    What may not be shown is None. With `fewest`, nothing names a ticket.
    """
    texts = [("", "present", task.present)] if task.present else []
    texts += list(task.options)
    options: list[dict[str, Any]] = []
    excluded: dict[str, int] = {}
    for place, (letter, name, agreement) in enumerate(texts):
        heard(place / len(texts), name)
        found = reclock(
            task.history,
            agreement,
            mapping=task.priorities or None,
            priority_at="opened" if task.priority_at == "opened" else "final",
        )
        excluded = excluded or found.excluded
        options.append({"letter": letter, "name": name, "clauses": _clauses(found, task.fewest)})
    heard(1.0, "")
    few = task.fewest or 0
    told = {reason: count if count >= few else None for reason, count in excluded.items()}
    return {"tickets": len(task.history), "excluded": told, "options": options}


def _clauses(found: Reclocked, fewest: int | None) -> list[dict[str, Any]]:
    """Return how often each clause was met; figures that are None may not be shown."""
    rows = []
    if fewest is not None:
        groups = []
        for k in range(len(found.agreement.clauses)):
            judged, met = found.judged(k)
            groups += [_mask(found, judged), _mask(found, judged[met])]
        may = shown(found.history, groups, fewest)
    for k, each in enumerate(found.attainment()):
        is_hidden = fewest is not None and not (may[2 * k] and may[2 * k + 1])
        share = each.share
        rows.append(
            {
                "clause": each.clause,
                "n": None if is_hidden else share.n,
                "met": None if is_hidden else share.met,
                "attainment": None if is_hidden or not share.n else share.met / share.n,
            }
        )
    return rows


def _mask(found: Reclocked, rows: Any) -> Any:
    mask = np.zeros(len(found.history), dtype=bool)
    mask[rows] = True
    return mask
