"""Logs with hidden rules: random tickets that say met or missed, or when they were due."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.hours.spec import Holidays
from tricorn.engine.hours.window import Window
from tricorn.engine.learn.ways import Clocks, Run, Way
from tricorn.engine.replay import History

FIRST = int(datetime(2025, 1, 6, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Hidden:
    """A rule that a log was made by."""

    hours: Hours
    target: Target
    start: str = "reported"
    stop: str = "resolved"
    stopped_by: frozenset[Holder] = frozenset()

    @property
    def way(self) -> Way:
        run = Run(self.start, self.stop, self.stopped_by)
        return Way(run, self.hours, self.target.days is not None)

    @property
    def amount(self) -> int:
        return self.target.seconds or self.target.days or 0


def office(zone: str, start: str, end: str, holidays: Holidays | None = None) -> Hours:
    window = Window.parse(f"{start}-{end}")
    return Hours(zone=zone, weekly=((window,),) * 5 + ((), ()), holidays=holidays)


def columns(seed: int, n: int, days: int = 180, mean: float = 30 * HOUR) -> dict:
    """Random moments to the minute: began, reported, first response, resolved, closed, waits."""
    draw = np.random.default_rng(seed)
    reported = np.sort(FIRST + draw.integers(0, days * 1440, n) * 60)
    began = reported - _minutes(draw.exponential(6 * HOUR, n))
    response = reported + _minutes(draw.exponential(mean, n))
    resolved = response + _minutes(draw.exponential(mean, n))
    closed = resolved + _minutes(draw.exponential(mean, n))
    waits: list[tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]] = []
    for holder in ("customer", "supplier"):
        rows = np.flatnonzero(draw.random(n) < 0.5)
        starts = reported[rows] + ((resolved - reported)[rows] * draw.random(len(rows)) * 0.5)
        ends = starts + (resolved[rows] - starts) * draw.random(len(rows))
        waits.append((rows, starts.astype(int), ends.astype(int), [holder] * len(rows)))
    rows, starts, ends = (np.concatenate([wait[k] for wait in waits]) for k in range(3))
    holders = [name for wait in waits for name in wait[3]]
    return {
        "refs": [f"T{k}" for k in range(n)],
        "reported": reported,
        "began": began,
        "first_response": response,
        "resolved": resolved,
        "closed": closed,
        "waits": (rows, starts, ends, holders),
    }


def log_of(told: dict, **more: object) -> History:
    return History.from_columns(**told, **more)


def flagged(told: dict, hidden: Hidden, priority: str = "3 - Moderate") -> History:
    """The log with the flag that this rule sets."""
    history = log_of(told)
    clocks = Clocks.of(history, np.arange(len(history)), hidden.way.run)
    met = clocks.is_met(hidden.way, hidden.amount)
    return log_of(told, flag=met.astype(np.int8), priority=[priority] * len(history))


def due_by_rule(told: dict, hours: Hours, target: Target) -> np.ndarray:
    return Schedule(hours).due_seconds(told["reported"], target)


def _minutes(seconds: np.ndarray) -> np.ndarray:
    return (seconds // 60 * 60).astype(np.int64)
