"""Small random teams and tickets; and the slow ways: second by second, and SimPy's."""

from dataclasses import dataclass

import numpy as np
import simpy
from hypothesis import strategies as st

from tricorn.engine.staffing import RULES, Duty

NOBODY = -1


@dataclass(frozen=True)
class Case:
    """Tickets as (arrival, priority, touch), and for each agent the stretches on duty."""

    tickets: list[tuple[int, int, int]]
    stretches: list[list[tuple[int, int]]]
    rule: str

    @property
    def columns(self):
        table = np.array(self.tickets, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    @property
    def duty(self):
        return duty_of(self.stretches)

    def is_on_duty(self, agent, at):
        return any(start <= at < end for start, end in self.stretches[agent])


def duty_of(stretches):
    rows = [(agent, *each) for agent, own in enumerate(stretches) for each in own]
    table = np.array(rows).reshape(-1, 3)
    return Duty(len(stretches), table[:, 0].astype(np.int64), table[:, 1], table[:, 2])


@st.composite
def cases(draw):
    span = st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda s: (s[0], sum(s)))
    ticket = st.tuples(st.integers(0, 40), st.integers(0, 2), st.integers(0, 9))
    return Case(
        tickets=draw(st.lists(ticket, max_size=12)),
        stretches=draw(st.lists(st.lists(span, max_size=6), min_size=1, max_size=3)),
        rule=draw(st.sampled_from(RULES)),
    )


def second_by_second(case):
    """Return (start, finish, who) of each ticket and all pieces, as anybody would do it by hand."""
    n, agents = len(case.tickets), len(case.stretches)
    start, finish, who = [None] * n, [None] * n, [NOBODY] * n
    left = [touch for _, _, touch in case.tickets]
    waiting, pieces = [], []
    working = {}  # agent -> (ticket, since)
    free_since = {}
    for at in range(200):
        for agent in range(agents):
            if agent in working and at == working[agent][1] + left[working[agent][0]]:
                _done(working, agent, at, finish, pieces)
        for agent in range(agents):
            if case.is_on_duty(agent, at):
                if agent not in working:
                    free_since.setdefault(agent, at)
                continue
            free_since.pop(agent, None)
            if agent in working and case.rule == "hand-over":
                ticket, since = working.pop(agent)
                pieces.append((ticket, agent, since, at))
                left[ticket] -= at - since
                waiting.append(ticket)
        waiting += [k for k in range(n) if case.tickets[k][0] == at]
        while waiting and free_since:
            waiting.sort(key=lambda k: (case.tickets[k][1], case.tickets[k][0], k))
            agent = min(free_since, key=lambda a: (free_since[a], a))
            del free_since[agent]
            ticket = waiting.pop(0)
            if start[ticket] is None:
                start[ticket], who[ticket] = at, agent
            working[agent] = ticket, at
            if left[ticket] == 0:
                _done(working, agent, at, finish, pieces)
                free_since[agent] = at
    return start, finish, who, sorted(pieces)


def _done(working, agent, at, finish, pieces):
    ticket, since = working.pop(agent)
    finish[ticket] = at
    pieces.append((ticket, agent, since, at))


def pooled_by_simpy(arrivals, priority, touch, people):
    """Start times with a PriorityResource: the same people all the time."""
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, people)
    start = [None] * len(arrivals)

    def ticket(k):
        with desk.request(priority=priority[k]) as turn:
            yield turn
            start[k] = env.now
            yield env.timeout(touch[k])

    def reports():
        for k, at in enumerate(arrivals):
            yield env.timeout(at - env.now)
            env.process(ticket(k))

    env.process(reports())
    env.run()
    return start


def named_by_simpy(arrivals, priority, touch, stretches):
    """Start times and who, each agent a process that takes from one store while on duty."""
    env = simpy.Environment()
    queue = simpy.PriorityStore(env)
    start, who = [None] * len(arrivals), [NOBODY] * len(arrivals)

    def agent(name, own):
        for begin, end in own:
            if env.now < begin:
                yield env.timeout(begin - env.now)
            while env.now < end:
                turn = queue.get()
                yield turn | env.timeout(end - env.now)
                if not turn.triggered:
                    turn.cancel()
                    break
                _, ticket = turn.value
                start[ticket], who[ticket] = env.now, name
                yield env.timeout(touch[ticket])

    def reports():
        for k, at in enumerate(arrivals):
            yield env.timeout(at - env.now)
            yield queue.put((priority[k], k))

    for name, own in enumerate(stretches):
        env.process(agent(name, own))
    env.process(reports())
    env.run()
    return start, who
