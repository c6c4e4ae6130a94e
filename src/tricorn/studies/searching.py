"""Options that nobody has written yet: the cheapest that meets a goal, the best for a budget."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from tricorn.engine import frontier
from tricorn.engine.frontier.options import scaled
from tricorn.engine.hours import Target
from tricorn.engine.replay import History, reclock

from .plan import Choice, Plan

MOST_FOUND = 3
TIMES = tuple(
    Fraction(each, 4) for each in (2, 3, 6, 8)
)  # the present targets, where a goal is to be met


def search(
    history: History,
    plan: Plan,
    *,
    goal: frontier.Goal | None = None,
    budget: Decimal | None = None,
    heard: Callable[[int, int], None] | None = None,
    is_fitted: bool = True,
) -> tuple[Plan, tuple[str, ...]]:
    """Search windows and targets; return the plan with what was found, and its words.

    goal       the cheapest that would have met it comes first
    budget     a month's money in all: nothing dearer
    heard      is told how many of how many were tried
    is_fitted  whether what just met the goal is tried, too: it tells how long tickets took
    Errors     BadInput without rates, for a goal that is none, for too many combinations.
    Source     docs/engine/price.md, rules P14 to P17.
    """
    found = frontier.search(
        history,
        plan.now.agreement,
        rates=plan.rates,
        windows=list(plan.windows) or None,
        targets=_targets(history, plan, goal, is_fitted) if goal else {},
        goal=goal,
        budget=frontier.Budget(total=budget) if budget is not None else None,
        mapping=plan.priorities,
        priority_at=plan.priority_at,
        top=MOST_FOUND,
        progress=heard,
    )
    taken = {choice.name for choice in plan.choices}
    options, words = list(plan.options), list(found.words)
    for each in found.options or ([found.closest] if found.closest else []):
        if each.combination.is_present:
            continue
        name = each.name
        while name in taken:
            name += " again"
        taken.add(name)
        options.append(Choice(name, each.agreement))
    return replace(plan, options=tuple(options)), tuple(words)


def _targets(
    history: History, plan: Plan, goal: frontier.Goal, is_fitted: bool
) -> dict[str, list[Target]]:
    """Return for each clause of the goal what to try: half to double, and what just met it."""
    found = reclock(
        history, plan.now.agreement, mapping=plan.priorities, priority_at=plan.priority_at
    )
    targets: dict[str, list[Target]] = {}
    for clause in frontier.goal_clauses(plan.now.agreement, goal):
        k = plan.now.agreement.clauses.index(clause)
        rows, _ = found.judged(k)
        targets[clause.id] = [scaled(clause.target, times) for times in TIMES]
        if is_fitted and clause.target.seconds is not None and len(rows):
            took = np.sort(found.elapsed(k)[rows])
            least = int(took[math.ceil(len(took) * goal.exact) - 1])
            targets[clause.id].append(_round(least))
    return targets


def _round(seconds: int) -> Target:
    """Return the next length that somebody would agree on: quarters of an hour, then hours."""
    step = 900 if seconds < 8 * 3600 else 3600 if seconds < 80 * 3600 else 8 * 3600
    return Target(seconds=max(1, -(-seconds // step)) * step)
