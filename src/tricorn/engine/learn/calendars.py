"""The hours and holidays on which due times fall, found from the due times themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..hours import Hours, Schedule
from ..replay.history import Seconds
from .cells import THURSDAY
from .named import NONE, Named, day_number, named_calendars
from .ways import service_day
from .weeks import (
    DAY,
    DAY_SETS,
    HOUR,
    QUARTER,
    Week,
    day_length,
    effort,
    hours_of,
    is_possible,
    neighbours,
    usual_weeks,
    week_of,
)

ALLOWED = 180  # seconds by which a due time may be missed
SAMPLE = 4_000  # tickets that are looked at
CLOSER = 5  # holiday calendars that are tried exactly, of all that there are
MOST_DAYS = 1_000
PER_STEP = 0.5  # due times that one step of effort weighs
STRAY = 0.02  # and what one weighs that lies on the calendar, if at another distance than most


@dataclass(frozen=True)
class Calendar:
    """Hours that explain some due times; `rivals` explain as many."""

    week: Week
    named: Named
    hours: Hours
    rivals: tuple[tuple[Week, Named], ...] = ()


@dataclass(frozen=True)
class DueTickets:
    """Starts and due times of some tickets; `party` is a code below `parties`."""

    starts: Seconds
    dues: Seconds
    party: Seconds
    parties: int

    def take(self, rows: npt.NDArray) -> DueTickets:
        return DueTickets(self.starts[rows], self.dues[rows], self.party[rows], self.parties)

    def days(self, hours: Hours) -> tuple[Seconds, npt.NDArray[np.bool_]]:
        """Return how many service days each due time lies away, and whether its clock fits."""
        schedule = Schedule(hours)
        first = service_day(schedule, self.starts)
        day, clock = np.divmod(self.dues + schedule.offsets(self.dues), DAY)
        place = np.minimum(np.searchsorted(first.days, day), len(first.days) - 1)
        fits = (first.days[place] == day) & (np.abs(clock - first.clock) <= ALLOWED)
        return place - first.place, fits & (place > first.place)

    def reached(self, hours: Hours) -> npt.NDArray[np.bool_]:
        """Whether service time can run out when it is due: the desk is open then, or just was."""
        spent = Schedule(hours).elapsed_seconds(self.dues - ALLOWED, self.dues + ALLOWED)
        return (spent > 0) & (self.dues >= self.starts)

    def hits(self, hours: Hours) -> npt.NDArray[np.int64]:
        """Return for each party how many due times its best amount hits."""
        return self.score(hours)[0]

    def score(self, hours: Hours) -> tuple[npt.NDArray[np.int64], int]:
        """Return the hits, and how many due times lie on the calendar at whatever distance."""
        if not len(self.starts):
            return np.zeros(self.parties, dtype=np.int64), 0
        days, fits = self.days(hours)
        reached = np.flatnonzero(self.reached(hours))
        spent = Schedule(hours).elapsed_seconds(self.starts[reached], self.dues[reached])
        best = np.maximum(self.most(days, fits), self.nearest(spent, reached))
        return best, int(fits.sum())

    def most(self, days: Seconds, fits: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return how many tickets of each party have its commonest number of days."""
        code = self.party[fits] * MOST_DAYS + np.clip(days[fits], 0, MOST_DAYS - 1)
        counts = np.bincount(code, minlength=self.parties * MOST_DAYS)
        return np.asarray(counts.reshape(self.parties, MOST_DAYS).max(axis=1))

    def nearest(self, spent: Seconds, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """Return how many of these tickets lie around the commonest service time of each party."""
        best = np.zeros(self.parties, dtype=np.int64)
        near, party = near_each(spent, self.party[rows])
        np.maximum.at(best, party, near)
        return best


def near_each(spent: Seconds, party: Seconds) -> tuple[Seconds, Seconds]:
    """Return, by party and amount, how many amounts lie within twice what is allowed above."""
    key = np.sort(party.astype(np.int64) * (1 << 40) + spent)
    return np.searchsorted(key, key + 2 * ALLOWED, "right") - np.arange(len(key)), key >> 40


def find_calendar(tickets: DueTickets, known: npt.NDArray[np.int64], zone: str) -> Calendar:
    """Find the hours that explain these due times best, `known` hits by party put aside.

    Windows first, then holidays, then the edges again.
    Source  docs/engine/learn.md, rule L9: from due times.
    """
    step = max(len(tickets.starts) / SAMPLE, 1.0)
    some = tickets.take(np.arange(0, len(tickets.starts), step).astype(np.intp))
    search = _Search(some, (known / step).astype(np.int64), zone)
    return search.run()


class _Search:
    """One search; every price is worked out once."""

    def __init__(self, tickets: DueTickets, floor: npt.NDArray[np.int64], zone: str) -> None:
        self.tickets, self.floor, self.zone = tickets, floor, zone
        self.there = np.bincount(tickets.party, minlength=tickets.parties) > 0
        self.prices: dict[tuple[Week, Named], float] = {}
        self.misses: dict[tuple[Week, Named], int] = {}

    def run(self) -> Calendar:
        tickets = self.tickets
        local = tickets.dues + Schedule(Hours.always(self.zone)).offsets(tickets.dues)
        coarse = list(dict.fromkeys(_candidates(local)))
        here = min(((week, NONE) for week in coarse), key=lambda key: self.price(*key))
        first = day_number(int(tickets.starts.min()) - DAY)
        last = day_number(int(tickets.dues.max()) + DAY)
        calendars = named_calendars(self.zone, first, last)
        here = self.uphill(here)
        here = self.uphill(self.with_holidays(here[0], calendars))
        here = self.with_holidays(here[0], calendars)
        least = self.misses[here]
        rivals = tuple(key for key, n in self.misses.items() if n <= least and key != here)
        return Calendar(*here, hours_of(here[0], self.zone, here[1].names[0]), rivals)

    def price(self, week: Week, named: Named) -> float:
        """How many due times are not explained, with a little for what there is to say."""
        key = (week, named)
        if key not in self.prices:
            hits, fits = self.tickets.score(hours_of(week, self.zone, named.names[0]))
            n = len(self.tickets.starts)
            self.misses[key] = n - int(np.maximum(hits, self.floor)[self.there].sum())
            said = PER_STEP * (effort(week) + named.effort)
            self.prices[key] = self.misses[key] + said + STRAY * (n - fits)
        return self.prices[key]

    def uphill(self, here: tuple[Week, Named]) -> tuple[Week, Named]:
        for _ in range(20):
            around = [(week, here[1]) for week in filter(is_possible, neighbours(here[0]))]
            best = min([here, *around], key=lambda key: self.price(*key))
            if best == here:
                break
            here = best
        return here

    def with_holidays(self, week: Week, calendars: Sequence[Named]) -> tuple[Week, Named]:
        """Return the best calendar for a week: all are estimated, the best few tried exactly."""
        estimate = _Estimate(self.tickets, week, self.zone)
        gains = [
            int(np.maximum(estimate.hits(named.days), self.floor)[self.there].sum())
            - PER_STEP * named.effort
            for named in calendars
        ]
        closer = [calendars[k] for k in np.argsort(-np.array(gains), kind="stable")[:CLOSER]]
        return min(((week, n) for n in (NONE, *closer)), key=lambda key: self.price(*key))


class _Estimate:
    """What holidays change about distances on a week: each that lies between takes a day off.

    Tickets that came or were due on a holiday are taken to be missed, and all days to be as long.
    """

    def __init__(self, tickets: DueTickets, week: Week, zone: str) -> None:
        hours = hours_of(week, zone, None)
        schedule = Schedule(hours)
        self.tickets, self.week, self.length = tickets, week, day_length(week)
        self.away, self.fits = tickets.days(hours)
        self.reached = tickets.reached(hours)
        self.spent = schedule.elapsed_seconds(
            tickets.starts, np.maximum(tickets.dues, tickets.starts)
        )
        self.begin = service_day(schedule, tickets.starts).day
        self.due = (tickets.dues + schedule.offsets(tickets.dues)) // DAY

    def hits(self, days: frozenset[int]) -> npt.NDArray[np.int64]:
        closed = np.array(sorted(d for d in days if self.week[(d + THURSDAY) % 7]), dtype=np.int64)
        upto = np.searchsorted(closed, self.due, "right")
        since = np.searchsorted(closed, self.begin, "left")
        between = upto - since
        on = (np.searchsorted(closed, self.due, "left") < upto) | (
            np.searchsorted(closed, self.begin, "right") > since
        )
        reached = np.flatnonzero(self.reached & ~on)
        spent = (self.spent - between * self.length)[reached]
        return np.maximum(
            self.tickets.most(self.away - between, self.fits & ~on),
            self.tickets.nearest(spent, reached),
        )


def _candidates(local: Seconds) -> Iterator[Week]:
    """Yield windows that open when most due times fall: what came before opening is due then."""
    clock = local % DAY // QUARTER * QUARTER
    values, counts = np.unique(clock, return_counts=True)
    common = values[np.argsort(-counts, kind="stable")[:5]].tolist()
    opens = sorted({*common, 8 * HOUR, 9 * HOUR})
    yield from usual_weeks()
    for days in DAY_SETS[:3]:
        for start in opens:
            for end in range(start // HOUR * HOUR + 4 * HOUR, DAY + 1, 2 * HOUR):
                if 0 < end - start < DAY:
                    yield week_of(days, start, end)
