"""How fast named people work through tickets: beside SimPy and Ciw, in one run.

    python -m benchmarks.staffing            # 100,000 tickets
    python -m benchmarks.staffing 1000000    # the peers get 100,000, and ratios are a ticket

Ten people at a load of 8.5, an hour of work a ticket, exponential times, three priorities; all the
time, and in three shifts a day of 12, 10 and 8. SimPy gets our tickets, and its start times must be
ours, ticket by ticket: with a PriorityResource for the same people all the time, with one process
for each named person on shifts. Beside it stands its shorter idiom for shifts, a resource of which
some places are blocked; that is another question (who stays longer still counts), so only its time
is compared. Ciw draws its own tickets by the same rates. Seconds are processor seconds of one
thread, best of some runs: ratios are firm, absolute figures are the machine's. Exit status 1 if a
promise is broken.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import ciw
import numpy as np
import numpy.typing as npt
import simpy

from tricorn.engine.hours import Hours, Target
from tricorn.engine.staffing import RULES, Demand, Duty, Team, Touch, replicate, simulate

Answer = TypeVar("Answer")
Tickets = tuple[list[float], list[int], list[float]]
HOUR, DAY = 1.0, 24.0
LOAD, PEOPLE, SHARES = 8.5, 10, (0.2, 0.3, 0.5)
SHIFTS = ((12, 0.0, 8.0), (10, 8.0, 16.0), (8, 16.0, 24.0))
PEER_TICKETS, LEAST_SIMPY, LEAST_CIW = 100_000, 15, 30


def main(n: int) -> None:
    arrivals, priority, touch = made_up(n)
    days = int(arrivals[-1] // DAY) + 30
    few = min(n, PEER_TICKETS)
    tickets: Tickets = tuple(each[:few].tolist() for each in (arrivals, priority, touch))
    print(
        f"{n:,} tickets, {few:,} for the peers; SimPy {simpy.__version__}, Ciw {ciw.__version__}\n"
    )
    print(f"{'':<44} {'µs a ticket':>11} {'times':>6}")
    broken = False
    for name, duty, peers in (
        (
            "the same people all the time",
            Duty.always(PEOPLE),
            (
                ("SimPy, PriorityResource", partial(pooled, *tickets), LEAST_SIMPY),
                ("Ciw", partial(by_ciw, few, PEOPLE), LEAST_CIW),
            ),
        ),
        (
            "three shifts a day",
            duty_of(stretches(days)),
            (
                ("SimPy, named people", partial(named, *tickets, stretches(days)), LEAST_SIMPY),
                ("SimPy, blocked places", partial(blocked, *tickets), 0),
                ("Ciw, its Schedule", partial(by_ciw, few, schedule()), LEAST_CIW),
            ),
        ),
    ):
        ours, found = best(partial(simulate, arrivals, priority, touch, duty), 5)
        print(f"{name:<44} {ours / n * 1e6:>11.2f}")
        for peer, call, least in peers:
            theirs, start = best(call, 2)
            ratio = (theirs / few) / (ours / n)
            broken |= ratio < least
            print(f"    {peer:<40} {theirs / few * 1e6:>11.2f} {ratio:>6.1f}")
            if peer in ("SimPy, PriorityResource", "SimPy, named people"):
                broken |= differ(found.start[:few], start, tickets)
        over, _ = best(partial(simulate, arrivals, priority, touch, duty, rule=RULES[1]), 3)
        print(f"    {'ours, handing over':<40} {over / n * 1e6:>11.2f}")
    options(n)
    sys.exit(1 if broken else 0)


def differ(ours: npt.NDArray, theirs: list[float], tickets: Tickets) -> bool:
    """Whether a start differs; a ticket may begin later only where the peers' tickets end."""
    enough = np.array(tickets[0]) < tickets[0][-1] - 7 * DAY
    many = int((ours != np.array(theirs))[enough].sum())
    print(f"    start times that differ from SimPy's: {many} of {int(enough.sum()):,}")
    return many > 0


def options(n: int) -> None:
    """Twenty replications of one option, with everything that is counted."""
    arrivals, priority, _ = made_up(n)
    demand = Demand((arrivals * 3600).astype(np.int64), priority, ("P1", "P2", "P3"), (0, 1, 2))
    team = Team.of({"all": (Hours.always(), PEOPLE)})
    call = partial(
        replicate,
        demand,
        team,
        Touch(3600, shape="exponential"),
        seed=1,
        replications=20,
        within=Target.parse("1h"),
    )
    seconds, _ = best(call, 2)
    print(f"{'one replication with all its figures':<44} {seconds / 20 / n * 1e6:>11.2f}")


def made_up(n: int) -> tuple[npt.NDArray, npt.NDArray, npt.NDArray]:
    """Hours with few enough digits that every sum is exact."""
    random = np.random.default_rng(1)
    grain = 2.0**-22
    arrivals = np.cumsum(np.rint(random.exponential(HOUR / LOAD, n) / grain) + 1) * grain
    touch = np.rint(random.exponential(HOUR, n) / grain) * grain
    return arrivals, random.choice(3, n, p=SHARES), touch


def stretches(days: int) -> list[list[tuple[float, float]]]:
    return [
        [(day * DAY + begin, day * DAY + end) for day in range(days)]
        for people, begin, end in SHIFTS
        for _ in range(people)
    ]


def duty_of(own: list[list[tuple[float, float]]]) -> Duty:
    rows = np.array([(agent, *each) for agent, spans in enumerate(own) for each in spans])
    return Duty(len(own), rows[:, 0].astype(np.int64), rows[:, 1], rows[:, 2])


def pooled(arrivals: list[float], priority: list[int], touch: list[float]) -> list[float]:
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, PEOPLE)
    start = [0.0] * len(arrivals)
    env.process(reports(env, arrivals, partial(one_ticket, env, desk, priority, touch, start)))
    env.run()
    return start


def blocked(arrivals: list[float], priority: list[int], touch: list[float]) -> list[float]:
    """Three shifts by blocking places of one resource: who is free cannot be said."""
    env = simpy.Environment()
    most = max(people for people, _, _ in SHIFTS)
    desk = simpy.PriorityResource(env, most)
    start = [0.0] * len(arrivals)
    end = arrivals[-1] + 7 * DAY

    def place(begin: float, length: float) -> simpy.events.ProcessGenerator:
        yield env.timeout(begin)
        while env.now < end:
            with desk.request(priority=-1) as turn:
                yield turn
                yield env.timeout(max(begin + length - env.now, 0))
            begin += DAY
            yield env.timeout(max(begin - env.now, 0))

    for people, begin, until in SHIFTS:
        for _ in range(most - people):
            env.process(place(begin, until - begin))
    env.process(reports(env, arrivals, partial(one_ticket, env, desk, priority, touch, start)))
    env.run()
    return start


def one_ticket(env, desk, priority, touch, start, k):
    with desk.request(priority=priority[k]) as turn:
        yield turn
        start[k] = env.now
        yield env.timeout(touch[k])


def reports(env, arrivals, begin):
    for k, at in enumerate(arrivals):
        yield env.timeout(at - env.now)
        env.process(begin(k))


def named(
    arrivals: list[float],
    priority: list[int],
    touch: list[float],
    own: list[list[tuple[float, float]]],
) -> list[float]:
    env = simpy.Environment()
    queue = simpy.PriorityStore(env)
    start = [0.0] * len(arrivals)
    last = arrivals[-1] + 7 * DAY

    def agent(spans):
        for begin, end in spans:
            if begin > last:
                return
            if env.now < begin:
                yield env.timeout(begin - env.now)
            while env.now < end:
                turn = queue.get()
                yield turn | env.timeout(end - env.now)
                if not turn.triggered:
                    turn.cancel()
                    break
                ticket = turn.value[1]
                start[ticket] = env.now
                yield env.timeout(touch[ticket])

    def tickets():
        for k, at in enumerate(arrivals):
            yield env.timeout(at - env.now)
            queue.put((priority[k], k))

    for spans in own:
        env.process(agent(spans))
    env.process(tickets())
    env.run()
    return start


def schedule() -> ciw.Schedule:
    return ciw.Schedule([people for people, _, _ in SHIFTS], [end for _, _, end in SHIFTS])


def by_ciw(n: int, servers: int | ciw.Schedule) -> list[float]:
    names = [f"P{k}" for k in range(len(SHARES))]
    network = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(LOAD * share)]
            for name, share in zip(names, SHARES, strict=True)
        },
        service_distributions={name: [ciw.dists.Exponential(1 / HOUR)] for name in names},
        number_of_servers=[servers],
        priority_classes={name: k for k, name in enumerate(names)},
    )
    ciw.seed(1)
    run = ciw.Simulation(network)
    run.simulate_until_max_customers(n)
    return []


def best(call: Callable[[], Answer], runs: int) -> tuple[float, Answer]:
    times = []
    for _ in range(runs):
        begun = time.process_time()
        found = call()
        times.append(time.process_time() - begun)
    return min(times), found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
