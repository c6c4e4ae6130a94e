"""Learning from due times: the hours, holidays and amounts that reproduce them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Hours, Schedule, Target
from ..replay.due import due_over_pauses
from ..replay.history import Seconds
from ..replay.pauses import pauses_of
from ..replay.rows import HOLDERS, MISSING
from .calendars import ALLOWED, Calendar, DueTickets, find_calendar, near_each
from .targets import NATS, STEPS, per_mistake
from .told import Told
from .ways import Run, Way
from .weeks import DAY, HOUR, QUARTER, hours_of, usual_weeks

FITS = 0.95  # the share of due times from which on a rule explains a party
FEWEST = 5
LISTED = 0.5  # the share below which it is not even listed
LATELY = 20  # tickets from which on a rule of late is believed
MOST_CALENDARS = 3
WORTH = 0.005  # a further calendar must explain so much more of what is learned from
Heard = Callable[[float], None]


@dataclass(frozen=True)
class Due:
    """The rule of one party: so much on this way; hits of n in the part that is learned from.

    low, high  amounts between them hit as many
    since      the report from which on it holds, UTC seconds; None: from the beginning
    """

    way: Way
    amount: int
    low: int
    high: int
    hits: int
    n: int
    since: int | None = None

    @property
    def share(self) -> float:
        return self.hits / self.n

    @property
    def target(self) -> Target:
        return self.way.target(self.amount)


@dataclass(frozen=True)
class Found:
    """The rules by party, the calendars they use, the stop and how it was told."""

    rules: dict[int, Due]
    calendars: tuple[Calendar, ...]


def fit_dues(told: Told, dues: Seconds, zone: str, heard: Heard) -> Found:
    """Find calendars, one after the other, and the best amount of each party on one of them.

    Source  docs/engine/learn.md, rules L9 and L10.
    """
    history, parties = told.history, len(told.parties.members)
    start = _start(told, dues, zone)
    starts = history.starts(start)[told.rows]
    trained = np.flatnonzero(told.trains & (dues >= starts))
    if np.bincount(told.party[trained], minlength=1).max() < FEWEST:
        return Found({}, ())
    every = DueTickets(starts, dues, told.party.astype(np.int64), parties)
    tickets = every.take(trained)
    always = Hours.always(zone)
    counts = np.bincount(tickets.party, minlength=parties)
    hits = tickets.hits(always)
    late = tickets.take(np.arange(len(trained) - len(trained) // 3, len(trained)))
    calendars: list[Calendar] = []
    while len(calendars) < MOST_CALENDARS:
        lately = np.maximum.reduce(
            [late.hits(hours) for hours in (always, *(each.hours for each in calendars))]
        )
        seen = np.bincount(late.party, minlength=parties)
        fits = (hits >= FITS * counts) | ((lately >= FITS * seen) & (seen >= FEWEST))
        open_ = np.flatnonzero(~fits & (counts >= FEWEST))
        rows = np.flatnonzero(np.isin(tickets.party, open_))
        if len(rows) < max(WORTH * len(trained), FEWEST):
            break
        found = find_calendar(tickets.take(rows), hits, zone)
        better = np.maximum(hits, tickets.hits(found.hours))
        if better.sum() - hits.sum() < max(WORTH * len(trained), FEWEST):
            break
        calendars.append(found)
        hits = better
        heard(0.9 * len(calendars) / MOST_CALENDARS)
    books = [(always, 0.0), *((each.hours, each.named.effort) for each in calendars)]
    rules = {}
    for party in np.flatnonzero(counts >= FEWEST).tolist():
        rows = told.of(party)
        best = _best(told, every, rows, start, books)
        if best.share < FITS:
            best = _lately(told, every, rows, start, books) or best
        rules[party] = best
    return Found(rules, tuple(calendars))


def _start(told: Told, dues: Seconds, zone: str) -> str:
    """Return from which moment due times are counted: the one that explains more of them."""
    history, rows = told.history, told.rows
    began = history.starts("began")[rows]
    if (began == history.reported[rows]).all():
        return "reported"
    found = {}
    for start in ("reported", "began"):
        tickets = DueTickets(
            history.starts(start)[rows],
            dues,
            told.party.astype(np.int64),
            len(told.parties.members),
        ).take(np.flatnonzero(told.trains))
        calendars = [hours_of(week, zone, None) for week in usual_weeks()]
        found[start] = max(int(tickets.hits(hours).sum()) for hours in calendars)
    return "began" if found["began"] > found["reported"] else "reported"


def _best(
    told: Told,
    every: DueTickets,
    rows: npt.NDArray[np.intp],
    start: str,
    books: Sequence[tuple[Hours, float]],
) -> Due:
    """Return the amount and calendar that hit most due times of these, by the exact clocks."""
    found: list[Due] = []
    mine = every.take(rows)
    for run in _runs(told, rows, start):
        for hours, said in books:
            found += _amounts(told, mine, rows, run, hours, said)
    rate = per_mistake(min(each.n - each.hits for each in found), len(rows))
    return min(
        found,
        key=lambda each: (
            rate * (each.n - each.hits)
            + NATS * (each.way.effort + (0.0 if each.way.in_days else oddness(each)))
        ),
    )


def _lately(
    told: Told,
    every: DueTickets,
    rows: npt.NDArray[np.intp],
    start: str,
    books: Sequence[tuple[Hours, float]],
) -> Due | None:
    """Return the rule of late, where another one went before it; None where there is none.

    It is fitted to the last third, and holds from where on it explains enough.
    Source  docs/engine/learn.md, rule L10: the present rule is the last one.
    """
    last = rows[-(len(rows) // 3) :]
    if len(last) < FEWEST:
        return None
    best = _best(told, every, last, start, books)
    right = np.abs(due_by(told, rows, best.way, best.amount) - every.dues[rows]) <= ALLOWED
    worth = np.where(right, 1.0 - FITS, -FITS)
    gain = np.cumsum(worth[::-1])[::-1]
    first = int(gain.argmax())
    n, hits = len(rows) - first, int(right[first:].sum())
    if n < max(len(rows) // 10, LATELY) or hits < FITS * n:
        return None
    since = int(told.history.reported[told.rows[rows[first]]])
    return replace(best, hits=hits, n=n, since=since)


def _runs(told: Told, rows: npt.NDArray[np.intp], start: str) -> Iterable[Run]:
    history = told.history
    waits = np.isin(history.wait_ticket, told.rows[rows])
    counts = np.bincount(history.wait_holder[waits], minlength=len(HOLDERS))
    holders = [Holder(name) for name, n in zip(HOLDERS, counts, strict=True) if name and n >= 3]
    some = chain.from_iterable(combinations(holders, k) for k in range(len(holders) + 1))
    return [Run(start, "resolved", frozenset(each)) for each in some]


def _amounts(
    told: Told,
    mine: DueTickets,
    rows: npt.NDArray[np.intp],
    run: Run,
    hours: Hours,
    said: float,
) -> Iterator[Due]:
    """Yield the best number of service days, and the best service time."""
    days, fits = mine.days(hours)
    n = len(rows)
    if fits.any():
        amount = int(np.bincount(days[fits]).argmax())
        way = Way(run, hours, True, said)
        found = due_by(told, rows, way, amount)
        hits = int((np.abs(found - mine.dues) <= ALLOWED).sum())
        yield Due(way, amount, amount, amount, hits, n)
    history = told.history
    ends = np.full(len(history), MISSING)
    ends[told.rows[rows]] = np.maximum(mine.dues, mine.starts)
    schedule = Schedule(hours)
    paused = pauses_of(history, history.starts(run.start), ends, run.stopped_by)
    paused = paused.take(told.rows[rows])
    spent = schedule.elapsed_seconds(mine.starts, np.maximum(mine.dues, mine.starts))
    spent = spent - paused.sums(paused.service(schedule))
    near, _ = near_each(spent, np.zeros(n, dtype=np.int64))
    order = np.sort(spent)
    k = int(near.argmax())
    low, high = int(order[k + near[k] - 1]) - ALLOWED, int(order[k]) + ALLOWED
    if high <= 0:
        return
    way = Way(run, hours, False, said)
    for amount in _round(int(order[k : k + near[k]].mean()), way.day or DAY):
        found = due_by(told, rows, way, amount)
        hits = int((np.abs(found - mine.dues) <= ALLOWED).sum())
        yield Due(way, amount, min(max(low, 1), amount), max(high, amount), hits, n)


def due_by(told: Told, rows: npt.NDArray[np.intp], way: Way, amount: int) -> Seconds:
    """Return the due times of these tickets by the engine's clock, over its pauses."""
    history, at = told.history, told.rows[rows]
    starts, stops = history.starts(way.run.start), history.stops(way.run.stop)
    is_running = stops[at] == MISSING
    ends = np.where(stops == MISSING, np.maximum(history.until, starts), stops)
    pauses = pauses_of(history, starts, ends, way.run.stopped_by).take(at)
    schedule = Schedule(way.hours)
    return due_over_pauses(schedule, way.target(amount), starts[at], pauses, is_running)[0]


def _round(amount: int, day: int) -> list[int]:
    """Return the amount as it is, and the amounts near it that people would write."""
    near = [round(amount / step) * step for step in (day, 4 * HOUR, HOUR, 1800, QUARTER, 60)]
    return list(dict.fromkeys(each for each in (*near, amount) if 0 < each < amount + HOUR))


def oddness(rule: Due) -> float:
    """How far a service time is from what people write: days, once it is longer than two."""
    odd = next(odd for step, odd in STEPS if rule.amount % step == 0)
    return odd + (2.0 if rule.amount > 2 * (rule.way.day or DAY) else 0.0)
