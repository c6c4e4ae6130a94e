"""What was learned as agreement texts that replay reads back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..agreement import Agreement, Clause
from ..clock import Holder
from ..hours import Hours, Target
from .weeks import words

TITLE = "The present rule, learned from the log"
LONGEST = 200


@dataclass(frozen=True)
class Promise:
    """One clause to write: for these priorities, or for all where there is none."""

    priorities: tuple[str, ...]
    start: str
    stop: str
    hours: Hours
    target: Target
    stopped_by: frozenset[Holder]


def agreement_of(promises: Sequence[Promise], since: date, title: str = TITLE) -> Agreement:
    """Write promises down as an agreement; what a log cannot know is named so.

    Source  docs/engine/learn.md, rule L12: a text that replay reads back.
    """
    names = _names(promise.hours for promise in promises)
    clauses = tuple(
        Clause(
            id=f"R{n}",
            kinds=(),
            priorities=promise.priorities,
            start=promise.start,
            stop=promise.stop,
            hours=names[promise.hours],
            target=promise.target,
            stopped_by=promise.stopped_by,
        )
        for n, promise in enumerate(promises, start=1)
    )
    return Agreement(
        ref="learned",
        title=title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…",
        services=("everything in the log",),
        from_on=since,
        to_on=None,
        client="not told by the log",
        provider="not told by the log",
        hours={name: hours for hours, name in names.items()},
        clauses=clauses,
    )


def _names(hours: Iterable[Hours]) -> dict[Hours, str]:
    found: dict[Hours, str] = {}
    desks = 0
    for each in hours:
        if each in found:
            continue
        if words(each) == "24x7":
            found[each] = "always"
        else:
            desks += 1
            found[each] = "desk" if desks == 1 else f"desk-{desks}"
    return found
