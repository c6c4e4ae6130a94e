"""When somebody else hears of a clock: before it falls due, when it is late, and after.

Source  docs/engine/rules.md, rules N7 to N9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from .clock import Clock
from .errors import BadInput
from .hours import Schedule, Target

WHEN = ("before", "share", "late", "after")
WHOM = ("assignee", "team", "manager", "person")
MOST = 10
LONGEST_MINUTES = 366 * 24 * 60


@dataclass(frozen=True)
class Step:
    """One step of a chain: when, and whom it tells.

    when    before (`amount` minutes of service time before the end of the target), share (`amount`
            percent of the target are used), late, or after (`amount` minutes of service time late).
    whom    assignee, team, manager, or person with its number.
    """

    when: str
    amount: int = 0
    whom: str = "assignee"
    person: int = 0

    def to_data(self) -> dict[str, Any]:
        data = {"when": self.when, "amount": self.amount, "whom": self.whom, "person": self.person}
        return {name: value for name, value in data.items() if value}


def checked(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps of a chain that make sense.

    Errors  BadInput with the number of the step that is wrong.
    """
    found = tuple(steps)
    if len(found) > MOST:
        raise BadInput(f"A chain has at most {MOST} steps.", field="steps")
    return tuple(_checked(number, step) for number, step in enumerate(found, 1))


def _checked(number: int, step: Step) -> Step:
    if step.when not in WHEN or step.whom not in WHOM:
        raise BadInput(f"Step {number}: say when, and whom it tells.", field="steps", step=number)
    most = 99 if step.when == "share" else LONGEST_MINUTES
    if step.when != "late" and not 1 <= step.amount <= most:
        limit = "from 1 to 99 percent" if step.when == "share" else "from one minute to a year"
        raise BadInput(f"Step {number}: say how much, {limit}.", field="steps", step=number)
    if step.whom == "person" and step.person < 1:
        raise BadInput(f"Step {number}: say who.", field="steps", step=number)
    return Step(
        step.when,
        0 if step.when == "late" else step.amount,
        step.whom,
        step.person if step.whom == "person" else 0,
    )


def read(data: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps that are kept as data."""
    return tuple(Step(**each) for each in data)


def moment(clock: Clock, step: Step, at: datetime) -> datetime | None:
    """Return when a step is due as known at `at`; None while the clock stands still, or never.

    Late is the first instant after the last one at which the promise is kept.
    Source  docs/engine/rules.md, rules N7 and N8: counted in service time; late is after.
    """
    if clock.stands_still(at) and not clock.breached(at):
        return None
    last = clock.breach_at(at)
    if last is None:
        return None
    if step.when == "late":
        return last + timedelta(microseconds=1)
    if step.when == "after":
        return clock.terms.schedule.add(last, timedelta(minutes=step.amount))
    return _before(clock, step, last, at)


def _before(clock: Clock, step: Step, last: datetime, at: datetime) -> datetime | None:
    """A part of the target is used: by the clock itself for service time, backwards for days."""
    seconds, schedule = clock.terms.target.seconds, clock.terms.schedule
    if seconds is not None:
        used = seconds * step.amount // 100 if step.when == "share" else seconds - step.amount * 60
        if used <= 0:
            return clock.started_at
        terms = replace(clock.terms, target=Target(seconds=used))
        return clock.under(terms).due(at)
    if step.when == "share":
        whole = schedule.elapsed(clock.started_at, max(last, clock.started_at))
        left = whole * (100 - step.amount) / 100
    else:
        left = timedelta(minutes=step.amount)
    return back(schedule, last, left, clock.started_at)


def back(schedule: Schedule, end: datetime, left: timedelta, start: datetime) -> datetime:
    """Return the last moment at which `left` of service time is still to come before `end`."""
    for span in reversed(schedule.spans(start, end)):
        if span.end - span.start >= left:
            return (span.end - left).astimezone(UTC)
        left -= span.end - span.start
    return start
