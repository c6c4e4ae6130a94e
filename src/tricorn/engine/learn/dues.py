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
from .flags import per_mistake
from .named import Named, day_number, named_calendars
from .targets import NATS, STEPS
from .told import Told
from .ways import Run, Way, service_day
from .weeks import (
    DAY,
    DAY_SETS,
    HOUR,
    QUARTER,
    Week,
    effort,
    hours_of,
    is_possible,
    neighbours,
    usual_weeks,
    week_of,
)

ALLOWED = 180  # seconds by which a due time may be missed
FITS = 0.95  # the share of due times from which on a rule explains a party
FEWEST = 5
LATELY = 20  # tickets from which on a rule of late is believed
SAMPLE = 4_000
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
class Calendar:
    """Hours that explain some parties, and all that explain them as well."""

    week: Week
    named: Named
    hours: Hours
    rivals: tuple[tuple[Week, Named], ...] = ()


@dataclass(frozen=True)
class Found:
    """The rules by party, the calendars they use, the stop and how it was told."""

    rules: dict[int, Due]
    calendars: tuple[Calendar, ...]


class _Tickets:
    """Starts and due times of some tickets, by party."""

    def __init__(self, starts: Seconds, dues: Seconds, party: Seconds, parties: int) -> None:
        self.starts, self.dues, self.party, self.parties = starts, dues, party, parties

    def take(self, rows: npt.NDArray) -> _Tickets:
        return _Tickets(self.starts[rows], self.dues[rows], self.party[rows], self.parties)

    def days(self, hours: Hours) -> tuple[Seconds, npt.NDArray[np.bool_]]:
        """Return how many service days each due time lies away, and whether its clock fits."""
        schedule = Schedule(hours)
        first = service_day(schedule, self.starts)
        day, clock = np.divmod(self.dues + schedule.offsets(self.dues), DAY)
        place = np.minimum(np.searchsorted(first.days, day), len(first.days) - 1)
        fits = (first.days[place] == day) & (np.abs(clock - first.clock) <= ALLOWED)
        return place - first.place, fits & (place > first.place)

    def hits(self, hours: Hours) -> npt.NDArray[np.int64]:
        """Return for each party how many due times its best amount hits."""
        days, fits = self.days(hours)
        best = np.zeros(self.parties, dtype=np.int64)
        if fits.any():
            code, counts = np.unique(self.party[fits] * DAY + days[fits], return_counts=True)
            np.maximum.at(best, code // DAY, counts)
        reached = np.flatnonzero(self.reached(hours))
        spent = Schedule(hours).elapsed_seconds(self.starts[reached], self.dues[reached])
        near, party = _near(spent, self.party[reached])
        np.maximum.at(best, party, near)
        return best

    def reached(self, hours: Hours) -> npt.NDArray[np.bool_]:
        """Whether service time can run out when it is due: the desk is open then, or just was."""
        before, after = self.dues - ALLOWED, self.dues + ALLOWED
        spent = Schedule(hours).elapsed_seconds(before, after)
        return (spent > 0) & (self.dues >= self.starts)


def _near(spent: Seconds, party: Seconds) -> tuple[Seconds, Seconds]:
    """Return, by party and amount, how many amounts lie within twice what is allowed above."""
    key = np.sort(party.astype(np.int64) * (1 << 40) + spent)
    return np.searchsorted(key, key + 2 * ALLOWED, "right") - np.arange(len(key)), key >> 40


def fit_dues(told: Told, dues: Seconds, zone: str, heard: Heard) -> Found:
    """Find calendars, one after the other, and the best amount of each party on one of them.

    Source  docs/engine/learn.md, rules L9 and L10.
    """
    history, parties = told.history, len(told.parties.members)
    start = _start(told, dues, zone)
    starts = history.starts(start)[told.rows]
    trained = np.flatnonzero(told.trains & (dues >= starts))
    every = _Tickets(starts, dues, told.party.astype(np.int64), parties)
    tickets = every.take(trained)
    always = Hours.always(zone)
    counts = np.bincount(tickets.party, minlength=parties)
    hits = tickets.hits(always) if len(trained) else np.zeros(parties, dtype=np.int64)
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
        found = _calendar(tickets.take(rows), hits, zone)
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
        tickets = _Tickets(
            history.starts(start)[rows],
            dues,
            told.party.astype(np.int64),
            len(told.parties.members),
        ).take(np.flatnonzero(told.trains))
        calendars = [hours_of(week, zone, None) for week in usual_weeks()]
        found[start] = max(int(tickets.hits(hours).sum()) for hours in calendars)
    return "began" if found["began"] > found["reported"] else "reported"


def _calendar(tickets: _Tickets, known: npt.NDArray[np.int64], zone: str) -> Calendar:
    """Find the hours that explain these tickets best: windows, then holidays, then edges again."""
    step = max(len(tickets.starts) / SAMPLE, 1.0)
    some = tickets.take(np.arange(0, len(tickets.starts), step).astype(np.intp))
    floor = (known / step).astype(np.int64)
    there = np.bincount(some.party, minlength=some.parties) > 0
    prices: dict[tuple[Week, Named], float] = {}
    misses: dict[tuple[Week, Named], int] = {}

    def price(week: Week, named: Named) -> float:
        key = (week, named)
        if key not in prices:
            hits = np.maximum(some.hits(hours_of(week, zone, named.names[0])), floor)[there]
            misses[key] = len(some.starts) - int(hits.sum())
            prices[key] = misses[key] + 0.5 * (effort(week) + named.effort)
        return prices[key]

    local = Schedule(Hours.always(zone))
    coarse = list(dict.fromkeys(_candidates(some.dues + local.offsets(some.dues))))
    top = sorted(coarse, key=lambda week: price(week, NONE))[:2]
    first = day_number(int(some.starts.min()) - DAY)
    last = day_number(int(some.dues.max()) + DAY)
    calendars = named_calendars(zone, first, last)
    here = min(((week, n) for week in top for n in calendars), key=lambda key: price(*key))
    for _ in range(20):
        around = [(week, here[1]) for week in filter(is_possible, neighbours(here[0]))]
        best = min([here, *around], key=lambda key: price(*key))
        if best == here:
            break
        here = best
    here = min(((here[0], n) for n in calendars), key=lambda key: price(*key))
    rivals = tuple(key for key, n in misses.items() if n <= misses[here] and key != here)
    return Calendar(*here, hours_of(here[0], zone, here[1].names[0]), rivals)


NONE = Named((None,), frozenset(), 0.0)


def _candidates(local: Seconds) -> Iterator[Week]:
    """Yield windows that open when most due times fall: what came before opening is due then."""
    clock = local % DAY // QUARTER * QUARTER
    values, counts = np.unique(clock, return_counts=True)
    common = values[np.argsort(-counts, kind="stable")[:6]].tolist()
    opens = sorted({*common, *(h * HOUR for h in (7, 8, 9))})
    yield from usual_weeks()
    for days in DAY_SETS[:3]:
        for start in opens:
            for end in range(start // HOUR * HOUR + 4 * HOUR, DAY + 1, HOUR):
                if 0 < end - start < DAY:
                    yield week_of(days, start, end)


def _best(
    told: Told,
    every: _Tickets,
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
    every: _Tickets,
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
    if n < max(len(last), LATELY) or hits < FITS * n:
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
    mine: _Tickets,
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
    near, _ = _near(spent, np.zeros(n, dtype=np.int64))
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
