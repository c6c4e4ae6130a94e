"""The replay: a million tickets under a hundred calendars and ten targets, beside NumPy's busday.

    ./tricorn --dev python -m benchmarks.replay [TICKETS]

Workload: reports uniform over 2024 and 2025, exponential lengths with a mean of three days, whole
seconds, four priorities, 0.7 waits a ticket; calendars of one window a day, Monday to Friday or
Saturday, in Berlin with the public holidays of Bavaria and a few closed days each; targets of 1 to
10 steps by priority. busday is given local wall times, which costs it nothing here, and only a few
of the calendars; figures for all of them are in proportion. Its counts must be the same as ours.
Times are processor seconds of one thread, best of some runs: ratios are firm, absolute figures are
the machine's. Exit status 1 if a promise of the project is broken.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tricorn.engine.agreement import Agreement, Clause
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.hours.spec import DAY_NAMES
from tricorn.engine.replay import Extra, History, coverage, reclock, reclock_many

Seconds = npt.NDArray[np.int64]
Answer = TypeVar("Answer")
DAY, HOUR = 86_400, 3600
CALENDARS, TARGETS, PEER_CALENDARS, SINGLE = 100, 10, 3, 500
PRIORITIES = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")
STEPS = (1, 4, 8, 16)  # hours of one step of a target, by priority
STOPPED_BY = frozenset({Holder.CUSTOMER})
LEAST_RATIO, MOST_MEMORY = 5, 2.0


def main(tickets: int) -> None:
    history = made_up(tickets)
    calendars = [calendar(k) for k in range(CALENDARS)]
    targets = [[Target(seconds=step * n * HOUR) for step in STEPS] for n in range(1, TARGETS + 1)]
    print(f"{tickets:,} tickets, {len(history.wait_ticket):,} waits, NumPy {np.__version__}\n")
    broken = many(history, calendars, targets)
    broken |= memory(history, calendars[:2], targets)
    one(history, calendars[0])
    sys.exit(1 if broken else 0)


def many(history: History, calendars: list[Hours], targets: list[list[Target]]) -> bool:
    scenarios = len(calendars) * len(targets)
    print(
        f"{len(calendars)} calendars x {len(targets)} targets   seconds   ns each  busday s  times"
    )
    ratios, wrong = [], 0
    for name, stopped_by in (("without pauses", frozenset()), ("with pauses", STOPPED_BY)):
        ours, counts = best(
            partial(reclock_many, history, calendars, targets, stopped_by=stopped_by)
        )
        peer = Busday(history, stopped_by)
        theirs, peers = best(partial(peer.counts, calendars[:PEER_CALENDARS], targets), 2)
        theirs *= len(calendars) / PEER_CALENDARS
        wrong += int((peers != counts.met[:PEER_CALENDARS]).sum())
        ratios.append(theirs / ours)
        each = ours / scenarios / len(history) * 1e9
        print(f"{name:<25} {ours:>9.2f} {each:>9.2f} {theirs:>9.1f} {theirs / ours:>6.1f}")
    print(f"counts that differ: {wrong}")
    return wrong > 0 or min(ratios) < LEAST_RATIO


def memory(history: History, calendars: list[Hours], targets: list[list[Target]]) -> bool:
    columns = sum(each.nbytes for each in vars(history).values() if isinstance(each, np.ndarray))
    print(f"\nMemory on top of the columns ({columns / 2**20:.0f} MiB)      MiB  times the columns")
    agreement = agreement_of(calendars[0])
    worst = 0.0
    for name, call in (
        ("many, with pauses", partial(reclock_many, history, calendars, targets)),
        ("one agreement", partial(reclock, history, agreement)),
        ("coverage", partial(coverage, history, Schedule(calendars[0]))),
    ):
        peak = peak_of(partial(call, stopped_by=STOPPED_BY) if call.func is not reclock else call)
        worst = max(worst, peak / columns)
        print(f"{name:<38} {peak / 2**20:>9.0f}  {peak / columns:>17.2f}")
    return worst > MOST_MEMORY


def one(history: History, hours: Hours) -> None:
    """One agreement of four clauses, every ticket with its due time; and single clocks beside."""
    agreement = agreement_of(hours)
    windows = [Extra.parse(text) for text in ("sat 09:00-13:00", "mon-fri 20:00-22:00")]
    part = history.take(np.arange(min(SINGLE, len(history))))
    found = reclock(part, agreement)
    print("\nOne agreement, with pauses      seconds   ns a ticket")
    for name, call, n in (
        ("re-clocked, with due times", partial(reclock, history, agreement), len(history)),
        ("coverage", partial(coverage, history, Schedule(hours)), len(history)),
        (
            "coverage, two windows more",
            partial(coverage, history, Schedule(hours), windows=windows),
            len(history),
        ),
        ("single clocks, one by one", partial(one_by_one, found), len(part)),
    ):
        seconds, _ = best(call, 3)
        print(f"{name:<28} {seconds:>10.3f} {seconds / n * 1e9:>13,.0f}")


def one_by_one(found: object) -> list[bool]:
    verdicts = found.by_stop["resolved"]
    late = []
    for row in range(len(found.history)):
        clock = found.clock(row, int(verdicts.clause[row]))
        clock.due(clock.stopped_at)
        late.append(clock.breached(clock.stopped_at))
    assert late == (~verdicts.met).tolist()
    return late


class Busday:
    """The same counts with NumPy's busday functions, on local wall seconds."""

    def __init__(self, history: History, stopped_by: frozenset[Holder]) -> None:
        zone = Schedule(Hours.always("Europe/Berlin"))
        self.starts = history.reported + zone.offsets(history.reported)
        self.ends = history.resolved + zone.offsets(history.resolved)
        rows = [np.flatnonzero(history.priority == p) for p in range(len(PRIORITIES))]
        self.rows = rows
        self.ticket = history.wait_ticket if stopped_by else history.wait_ticket[:0]
        self.pauses = [
            (moments + zone.offsets(moments))[: len(self.ticket)]
            for moments in (history.wait_start, history.wait_end)
        ]

    def counts(self, calendars: list[Hours], targets: list[list[Target]]) -> Seconds:
        met = np.zeros((len(calendars), len(targets), len(self.rows)), dtype=np.int64)
        for c, hours in enumerate(calendars):
            elapsed = self.elapsed(hours, self.starts, self.ends)
            if len(self.ticket):
                held = self.elapsed(hours, *self.pauses)
                first = np.flatnonzero(np.diff(self.ticket, prepend=-1))
                elapsed[self.ticket[first]] -= np.add.reduceat(held, first)
            for p, rows in enumerate(self.rows):
                of_priority = elapsed[rows]
                for t, target in enumerate(targets):
                    met[c, t, p] = np.count_nonzero(of_priority <= target[p].seconds)
        return met

    def elapsed(self, hours: Hours, starts: Seconds, ends: Seconds) -> Seconds:
        window = hours.weekly[0][0]
        dates = np.arange("2023-01-01", "2027-01-01", dtype="datetime64[D]").tolist()
        closed = [day for day in dates if day in hours.closed or hours.holiday_name(day)]
        mask = [bool(windows) for windows in hours.weekly]
        week = np.busdaycalendar(weekmask=mask, holidays=closed)

        def split(local: Seconds) -> tuple[npt.NDArray[np.datetime64], Seconds]:
            day, clock = np.divmod(local, DAY)
            over = np.clip(clock - window.start, 0, window.end - window.start)
            days = day.view("datetime64[D]")
            return days, over * np.is_busday(days, busdaycal=week)

        (a, early), (b, late) = split(starts), split(ends)
        length = window.end - window.start
        return np.busday_count(a, b, busdaycal=week) * length + late - early


def made_up(tickets: int) -> History:
    random = np.random.default_rng(20_240_101)
    begin = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
    reported = np.sort(begin + random.integers(0, 731 * DAY, tickets))
    lengths = np.minimum(random.exponential(3 * DAY, tickets), 300 * DAY).astype(np.int64)
    resolved = reported + lengths
    ticket = np.repeat(np.arange(tickets), random.poisson(0.7, tickets))
    # The waits of a ticket follow one another: busday could not unite them.
    order = np.lexsort((random.random(len(ticket)), ticket))
    ticket = ticket[order]
    many = np.bincount(ticket, minlength=tickets)
    place = np.arange(len(ticket)) - np.repeat(np.cumsum(many) - many, many)
    share = lengths[ticket] // (many[ticket] + 1)
    start = reported[ticket] + place * share + (share * random.random(len(ticket)) / 2).astype(int)
    end = start + (share * random.random(len(ticket)) / 2).astype(np.int64)
    return History.from_columns(
        [f"T{n}" for n in range(tickets)],
        reported,
        priority=random.choice(PRIORITIES, tickets, p=[0.05, 0.15, 0.5, 0.3]).tolist(),
        resolved=resolved,
        closed=resolved + 5 * DAY,
        waits=(ticket, start, end, ["customer"] * len(ticket)),
    )


def calendar(k: int) -> Hours:
    window = (f"{6 + k % 5:02}:{15 * (k % 4):02}-{16 + k % 6:02}:00",)
    return Hours.from_data(
        {
            "zone": "Europe/Berlin",
            "weekly": dict.fromkeys(DAY_NAMES[: 5 + k % 2], window),
            "holidays": {"country": "DE", "subdivision": "BY"},
            "closed": [
                {"on": date(2024, 2 + k // 25, 1 + k % 25)},
                {"on": date(2025, 2 + k // 25, 1 + k % 25)},
            ],
        }
    )


def agreement_of(hours: Hours) -> Agreement:
    clauses = tuple(
        Clause(
            id=f"R{p + 1}",
            kinds=(),
            priorities=(priority,),
            start="reported",
            stop="resolved",
            hours="desk",
            target=Target(seconds=STEPS[p] * 3 * HOUR),
            stopped_by=STOPPED_BY,
        )
        for p, priority in enumerate(("critical", "high", "moderate", "low"))
    )
    return Agreement(
        ref="A-1",
        title="A-1",
        services=("mail",),
        from_on=date(2024, 1, 1),
        to_on=None,
        client="Finance",
        provider="House IT",
        hours={"desk": hours},
        clauses=clauses,
    )


def best(call: Callable[[], Answer], runs: int = 4) -> tuple[float, Answer]:
    times = []
    for _ in range(runs):
        begun = time.process_time()
        found = call()
        times.append(time.process_time() - begun)
    return min(times), found


def peak_of(call: Callable[[], object]) -> int:
    """How much more was held at the worst moment than before, in bytes; results included."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - before


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
