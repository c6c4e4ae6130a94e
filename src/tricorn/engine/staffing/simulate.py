"""Tickets, and named people on shifts who work through them: who begins what, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ..errors import BadInput
from .kernel import COMES, LEAVES, RESUMES, run

Rule = Literal["finish", "hand-over"]
RULES: tuple[Rule, ...] = get_args(Rule)
RULE_SENTENCES: Mapping[Rule, str] = MappingProxyType(
    {
        "finish": "Who is at work on a ticket when their shift ends finishes it, as overtime; whoever "
        "comes starts at once.",
        "hand-over": "Who is at work on a ticket when their shift ends leaves it, and the next who is "
        "free goes on with it; nothing is lost on the way.",
    }
)
Moments = npt.NDArray  # int64 or float64
Codes = npt.NDArray[np.signedinteger]
NOBODY = -1
FAR = 10**11  # thousands of years of seconds


@dataclass(frozen=True)
class Duty:
    """When who is on duty: one row for each stretch, [start, end), in any order.

    Shapes  agent int64 (codes 0 to agents - 1), start and end of one numeric type. Stretches of one
            agent may touch or overlap: they are united.
    Errors  BadInput for columns of unequal length, an unknown agent, or an end not after its start.
    """

    agents: int
    agent: Codes
    start: Moments
    end: Moments

    def __post_init__(self) -> None:
        if not len(self.agent) == len(self.start) == len(self.end):
            raise BadInput(
                "Every stretch of duty has an agent, a start and an end. Give all three."
            )
        if len(self.agent) == 0:
            return
        if int(self.agent.min()) < 0 or int(self.agent.max()) >= self.agents:
            raise BadInput(f"A stretch of duty names an agent outside 0 to {self.agents - 1}.")
        if not bool((self.start < self.end).all()):
            row = int(np.argmin(self.start < self.end))
            raise BadInput(f"Duty {row} does not end after its start. Leave it out.", row=row)

    @classmethod
    def always(cls, agents: int, first: int = -FAR, last: int = FAR) -> Duty:
        """Everybody, all the time: the team of the textbooks."""
        one = np.ones(agents, dtype=np.int64)
        return cls(agents, np.arange(agents), one * first, one * last)

    @cached_property
    def united(self) -> Duty:
        """The same duty by agent and start, each agent's stretches apart from one another."""
        order = np.lexsort((self.start, self.agent))
        agent, start, end = self.agent[order], self.start[order], self.end[order]
        if len(agent) == 0:
            return self
        same = agent[1:] == agent[:-1]
        if not bool((same & (start[1:] <= end[:-1])).any()):
            return Duty(self.agents, agent, start, end)
        # The latest end so far of the same agent, as its place among all ends: agents are put far
        # apart from one another, which is exact for places.
        ends, place = np.unique(end, return_inverse=True)
        reach = ends[np.maximum.accumulate(place + agent * len(ends)) - agent * len(ends)]
        first = np.concatenate(([True], ~same | (start[1:] > reach[:-1])))
        last = np.concatenate((first[1:], [True]))
        return Duty(self.agents, agent[first], start[first], reach[last])

    def seconds(self, first: float, last: float) -> npt.NDArray[np.float64]:
        """Return how long each agent is on duty between two moments."""
        one = self.united
        length = np.minimum(one.end, last) - np.maximum(one.start, first)
        return np.bincount(one.agent, np.maximum(length, 0), self.agents).astype(np.float64)

    def within(self, work: Work) -> npt.NDArray[np.float64]:
        """Return how much of each piece of work lies within its agent's duty."""
        one = self.united
        if len(one.agent) == 0 or len(work.agent) == 0:
            return np.zeros(len(work.agent))
        base = min(one.start.min(), work.start.min())
        span = max(one.end.max(), work.end.max()) - base + 1
        begins, ends = (at - base + one.agent * span for at in (one.start, one.end))
        done = np.concatenate(([0], np.cumsum(one.end - one.start)))

        def before(at: Moments) -> Moments:
            place = at - base + work.agent * span
            k = np.searchsorted(begins, place, side="right") - 1
            length = np.minimum(place - begins[k], ends[k] - begins[k])
            return np.where(k >= 0, done[k] + length, 0)

        return (before(work.end) - before(work.start)).astype(np.float64)


@dataclass(frozen=True)
class Work:
    """Pieces of work, one row each: a ticket that is handed over has several."""

    ticket: Codes
    agent: Codes
    start: Moments
    end: Moments


@dataclass(frozen=True)
class Run:
    """What came of it, one entry for each ticket, in the order in which they were given.

    begun   whether anybody took it up; where nobody did, start and finish are 0 and who is NOBODY
    start   when somebody first worked on it
    finish  when the work was done
    who     code of the agent who began it
    work    every piece of work: one for each ticket, more where it was handed over. The last row of
            a ticket that was handed over and never taken up again is missing: it is not `done`
    """

    begun: npt.NDArray[np.bool_]
    done: npt.NDArray[np.bool_]
    start: Moments
    finish: Moments
    who: Codes
    work: Work


def simulate(
    arrivals: Moments,
    priority: Codes,
    touch: Moments,
    duty: Duty,
    *,
    rule: Rule = "finish",
) -> Run:
    """Let named people on shifts work through tickets, the most pressing first.

    Shapes  arrivals, priority (0 is the most pressing) and touch: one entry for each ticket.
    Units   UTC seconds and seconds; whole numbers stay whole, otherwise float64.
    rule    who is at work when their shift ends "finish"es it, or "hand-over"s what is left to
            whoever is free next. Who comes starts at once, whoever stays longer.
    Errors  BadInput for columns that do not fit, an unknown rule, a touch time below zero.
    Cost    0.6 µs a ticket. Nothing is drawn here: the same input gives the same output.
    Source  docs/engine/staffing.md, rules S3 to S6.
    """
    return Simulation(arrivals, priority, duty).run(touch, rule=rule)


class Simulation:
    """Tickets and people, put in order once, to be run with many touch times."""

    def __init__(self, arrivals: Moments, priority: Codes, duty: Duty) -> None:
        arrivals, priority = np.asarray(arrivals), np.asarray(priority)
        _check(arrivals, priority)
        self.order = _order(arrivals, priority)
        if self.order is not None:
            arrivals, priority = arrivals[self.order], priority[self.order]
        self.arrivals = arrivals
        self.sizes = duty.agents, int(priority.max(initial=0)) + 1
        self.events = _events(arrivals, priority, duty.united)
        self.priority = priority

    def run(self, touch: Moments, *, rule: Rule = "finish") -> Run:
        """As `simulate`."""
        touch = np.asarray(touch)
        _check_touch(touch, len(self.arrivals), rule)
        if self.order is not None:
            touch = touch[self.order]
        left = touch.tolist()
        handed = self.priority.tolist() if rule == "hand-over" else None
        told = run(self.events, left, self.sizes, handed)
        kind = np.result_type(self.arrivals, touch)
        n = len(left)
        start, who = np.fromiter(told.start, kind, n), np.fromiter(told.who, np.int64, n)
        if told.pieces:
            touch = np.array(left, dtype=kind)
        found = _run(start, who, touch, told.pieces)
        return found if self.order is None else _as_given(found, self.order)


def _check(arrivals: Moments, priority: Codes) -> None:
    if not arrivals.shape == priority.shape == (arrivals.size,):
        raise BadInput(
            f"{arrivals.size} arrivals and {priority.size} priorities do not pair. Give both for "
            "every ticket."
        )
    if arrivals.dtype.kind not in "iuf" or not bool(np.isfinite(arrivals).all()):
        raise BadInput("A moment is missing or no number of seconds. Leave such tickets out.")
    if priority.dtype.kind not in "iu" or int(priority.min(initial=0)) < 0:
        raise BadInput("Priorities are codes: 0 for the most pressing, 1 for the next.")


def _check_touch(touch: Moments, n: int, rule: str) -> None:
    if rule not in RULES:
        raise BadInput(
            f"There is no shift-change rule {rule!r:.40}. There are: {', '.join(RULES)}."
        )
    if touch.shape != (n,):
        raise BadInput(f"{touch.size} touch times do not pair with {n} tickets. Give one for each.")
    if touch.dtype.kind not in "iuf" or not bool(np.isfinite(touch).all()):
        raise BadInput("A touch time is missing or no number of seconds. Draw one for each ticket.")
    if n and touch.min() < 0:
        raise BadInput("A touch time lies below zero. Work takes some time, or none.")


def _order(arrivals: Moments, priority: Codes) -> npt.NDArray[np.intp] | None:
    """The order in which tickets are seen; None if they come so already.

    Source  docs/engine/staffing.md, rule S4: at one moment the most pressing comes first.
    """
    step = np.diff(arrivals)
    if bool(((step > 0) | ((step == 0) & (np.diff(priority) >= 0))).all()):
        return None
    return np.lexsort((priority, arrivals))


def _events(
    arrivals: Moments, priority: Codes, duty: Duty
) -> tuple[Sequence[float], Sequence[int], Sequence[int]]:
    """Merge tickets and the edges of shifts; at one moment in the order that `run` wants."""
    ends = np.unique(duty.end)
    edge = np.concatenate((duty.end, ends, duty.start))
    kind = np.repeat((LEAVES, RESUMES, COMES), (len(duty.end), len(ends), len(duty.start)))
    agent = np.concatenate((duty.agent, np.zeros(len(ends), dtype=np.int64), duty.agent))
    order = np.argsort(edge, kind="stable")  # of one moment they stand as they are here
    edge, kind, agent = edge[order], kind[order], agent[order]
    # Those who leave go before the tickets of that moment, everybody else after them.
    place, before = np.empty(len(edge), dtype=np.int64), kind == LEAVES
    place[before] = np.searchsorted(arrivals, edge[before])
    place[~before] = np.searchsorted(arrivals, edge[~before], "right")
    return (
        np.insert(arrivals.astype(np.result_type(arrivals, edge)), place, edge).tolist(),
        np.insert(priority.astype(np.int64), place, kind).tolist(),
        np.insert(np.arange(len(arrivals)), place, agent).tolist(),
    )


def _run(
    start: Moments, who: Codes, left: Moments, pieces: Sequence[tuple[int, int, float, float]]
) -> Run:
    """Put the pieces together; `left` is the touch time of the last piece of each ticket."""
    done = who != NOBODY
    finish, rows = start + left, np.arange(len(who))
    if not pieces and bool(done.all()):
        return Run(done, done, start, finish, who, Work(rows, who, start, finish))
    finish, rows = np.where(done, finish, 0), rows[done]
    if not pieces:
        work = Work(rows, who[rows], start[rows], finish[rows])
        return Run(done, done, start, finish, who, work)
    ticket, agent, begins, ends = (np.array(column) for column in zip(*pieces, strict=True))
    work = Work(
        np.concatenate((ticket, rows)),
        np.concatenate((agent, who[rows])),
        np.concatenate((begins, start[rows])),
        np.concatenate((ends, finish[rows])),
    )
    # Pieces were written down as they ended, so the first row of a ticket is its first piece.
    handed, first = np.unique(ticket, return_index=True)
    start, who = start.copy(), who.copy()
    start[handed], who[handed] = begins[first], agent[first]
    begun = done.copy()
    begun[handed] = True
    return Run(begun, done, start, finish, who, work)


def _as_given(found: Run, order: npt.NDArray[np.intp]) -> Run:
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    work = found.work
    return Run(
        found.begun[back],
        found.done[back],
        found.start[back],
        found.finish[back],
        found.who[back],
        Work(order[work.ticket], work.agent, work.start, work.end),
    )
