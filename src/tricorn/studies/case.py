"""A history and a plan: what the engine finds for each agreement, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from tricorn.engine.replay import Compared, History, Reclocked, Uncovered, reclock

from .coverage import Waits, changed, uncovered
from .plan import Plan


@dataclass(frozen=True)
class Case:
    """The tickets under every agreement of a plan; the first is the one of today.

    Cost  nothing until it is asked for; then once for each agreement.
    """

    history: History
    plan: Plan
    _judged: dict[int, Reclocked] = field(default_factory=dict, repr=False, compare=False)
    _missed: dict[int, Uncovered] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def waits(self) -> Waits:
        """Which waiting counts: the same for every agreement, so that they can be compared."""
        return Waits.of(self.history, self.plan.now.agreement)

    @property
    def names(self) -> list[str]:
        return [choice.name for choice in self.plan.choices]

    def judged(self, k: int) -> Reclocked:
        """Return the history under one agreement."""
        if k not in self._judged:
            plan = self.plan
            self._judged[k] = reclock(
                self.history,
                plan.choices[k].agreement,
                mapping=plan.priorities,
                priority_at=plan.priority_at,
            )
        return self._judged[k]

    def missed(self, k: int) -> Uncovered:
        """Return what one agreement leaves uncovered; the plan's windows beside today's."""
        if k not in self._missed:
            windows = () if k else self.plan.windows
            self._missed[k] = uncovered(self.judged(k), self.waits, windows)
        return self._missed[k]

    def changed(self, k: int) -> Compared:
        """Compare the hours of one agreement with those of today."""
        return changed(self.judged(0), self.judged(k), self.waits)
