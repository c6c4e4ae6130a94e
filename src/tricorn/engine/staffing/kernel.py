"""The loop itself: one pass over moments in order, with a heap of those who are at work.

Plain Python on lists: one queue for each priority, one row of free people, no objects. What comes
in has been checked (see simulate.py).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from math import inf

Number = int | float
Work = tuple[Number, int, int]  # until when, who, on which ticket
NOTHING = -1  # in place of a ticket: somebody's turn has come
# What an event is; from 0 on: a ticket, by how pressing it is.
END, LEAVES, RESUMES, COMES = -4, -3, -2, -1


@dataclass
class Told:
    """Who worked on what, in the order of the tickets; `who` is -1 for what nobody took up.

    Of work that was handed over, `start` and `who` are those of its last piece; `pieces` holds the
    ones before: (ticket, agent, from, to).
    """

    start: list[Number]
    who: list[int]
    pieces: list[tuple[int, int, Number, Number]] = field(default_factory=list)


def run(
    events: tuple[Sequence[Number], Sequence[int], Sequence[int]],
    touch: list[Number],
    sizes: tuple[int, int],
    handed: Sequence[int] | None,
) -> Told:
    """Let everybody work through the tickets until all are done or nobody comes any more.

    events  moments in order, what each is, and its ticket or agent. At one moment: who leaves,
            then new tickets (the most pressing first), then those go on who were held back because
            something was handed over, then who comes; who finishes at that moment is last
    touch   how long each ticket takes; lessened in place where work is handed over
    sizes   how many agents and how many priorities there are; priority 0 is the most pressing
    handed  the priorities of the tickets, if work is handed over when a shift ends
    Source  docs/engine/staffing.md, rules S3 to S6.
    """
    agents, priorities = sizes
    told = Told([0] * len(touch), [-1] * len(touch))
    start, who = told.start, told.who
    queues: list[deque[int]] = [deque() for _ in range(priorities)]
    free: deque[int] = deque()  # who has been free the longest comes first
    on_duty = [False] * agents
    at_work: list[Work] = [(inf, -1, NOTHING)]
    held_back: deque[int] = deque()
    staying: set[int] = set()  # whose shift is over, still at work
    queued = 0
    moments, kinds, indexes = events
    reports = (k for k in range(len(kinds) - 1, -1, -1) if kinds[k] >= 0)
    last_report = moments[k] if (k := next(reports, -1)) >= 0 else -inf

    for at, kind, index in zip([*moments, inf], [*kinds, END], [*indexes, END], strict=True):
        while at_work[0][0] < at:
            now, agent, _ = at_work[0]
            if queued and on_duty[agent]:
                for queue in queues:
                    if queue:
                        break
                ticket = queue.popleft()
                queued -= 1
                start[ticket] = now
                who[ticket] = agent
                heapreplace(at_work, (now + touch[ticket], agent, ticket))
            else:
                heappop(at_work)
                if on_duty[agent]:
                    free.append(agent)
                else:
                    staying.discard(agent)
        if kind >= 0:
            if free:
                agent = free.popleft()
                start[index] = at
                who[index] = agent
                heappush(at_work, (at + touch[index], agent, index))
            else:
                queues[kind].append(index)
                queued += 1
        elif at > last_report and not queued and (len(at_work) == 1 or handed is None):
            break  # all are reported and begun
        elif kind == END:
            break
        elif kind == COMES:
            on_duty[index] = True
            if index in staying:
                staying.discard(index)
            elif queued or at_work[0][0] <= at:
                heappush(at_work, (at, index, NOTHING))  # their turn comes at this moment
            else:
                free.append(index)
        elif kind == RESUMES:
            for agent in held_back:
                if queued:
                    ticket = next(queue for queue in queues if queue).popleft()
                    queued -= 1
                    start[ticket], who[ticket] = at, agent
                    heappush(at_work, (at + touch[ticket], agent, ticket))
                else:
                    free.append(agent)
            held_back.clear()
        else:
            on_duty[index] = False
            if index in free:
                free.remove(index)
            elif index in held_back:
                held_back.remove(index)
            elif handed is not None and (held := _drop(at_work, index, at)) is not None:
                end, _, ticket = held
                told.pieces.append((ticket, index, start[ticket], at))
                touch[ticket] = end - at
                queue = queues[handed[ticket]]
                queue.insert(bisect_left(queue, ticket), ticket)
                queued += 1
                held_back.extend(free)  # the tickets of this moment come first
                free.clear()
            else:
                staying.add(index)
    for queue in queues:
        for ticket in queue:
            who[ticket] = -1
    return told


def _drop(at_work: list[Work], agent: int, at: Number) -> Work | None:
    """Take what somebody is at from the heap; None if they are done at this very moment."""
    place = next(k for k, each in enumerate(at_work) if each[1] == agent)
    held = at_work[place]
    if held[0] <= at:
        return None
    at_work[place] = at_work[-1]
    at_work.pop()
    heapify(at_work)
    return held
