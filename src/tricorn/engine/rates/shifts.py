"""The hours that two plans of a week pay differently, cut where rates change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from ..hours import Holidays, Hours
from ..hours.window import DAY
from .days import DayKind, Days
from .rates import Rates, Team
from .when import WEEK, Stretch, joined

_ONCE = Fraction(1)


@dataclass(frozen=True)
class Cell:
    """What one hour of presence, or of being on call, costs, and how many people it takes.

    `more` is the surcharge in percent that is in `hour` already.
    """

    hour: Decimal
    people: int
    more: Decimal
    on_call: bool


@dataclass(frozen=True)
class Paid:
    """The same stretch of a date, on some weekdays, that one plan pays and the other does not.

    is_holiday  Whether it costs what it does because of a public holiday.
    times  How often its time is paid: 1 as it is, 2 where a short shift is paid as twice as long;
           negative where it is paid no more.
    """

    start: int
    end: int
    is_holiday: bool
    cell: Cell
    times: Fraction


class Tariff:
    """Rates, and the people that are needed beyond them, laid over the week."""

    def __init__(self, rates: Rates, team: Sequence[Team]) -> None:
        self.rates, self.teams = rates, (*rates.teams, *team)
        whens = [each.when for each in rates.surcharges]
        whens += [each.when for each in rates.on_call]
        whens += [each.when for each in self.teams]
        self.edges = sorted({edge for when in whens for edge in when.edges()})
        self._cells: dict[tuple[int, bool], Cell] = {}

    def cell(self, at: int, is_holiday: bool) -> Cell:
        """Return what holds at a second of the week, the next edge not before it."""
        place = (at, is_holiday)
        if place not in self._cells:
            self._cells[place] = self._cell(at, is_holiday)
        return self._cells[place]

    def _cell(self, at: int, is_holiday: bool) -> Cell:
        """Source  docs/engine/price.md, rules P2 and P3: surcharges, people, on call."""
        rates = self.rates
        called = [each.hour for each in rates.on_call if each.when.holds(at, is_holiday)]
        needed = [each.people for each in self.teams if each.when.holds(at, is_holiday)]
        people = max([rates.people, *needed])
        if called:
            return Cell(min(called), people, Decimal(0), True)
        fits = [each.percent for each in rates.surcharges if each.when.holds(at, is_holiday)]
        more = max(fits, default=Decimal(0))
        return Cell(rates.hour * (100 + more) / 100, people, more, False)

    def within(self, first: int, last: int) -> list[int]:
        return [edge for edge in self.edges if first < edge < last]


class Plan:
    """The union of some service hours as shifts of a week."""

    def __init__(self, hours: Iterable[Hours], calendars: list[Holidays], tariff: Tariff) -> None:
        self.tariff = tariff
        self.weeks = [
            (each.weekly, None if each.holidays is None else calendars.index(each.holidays))
            for each in dict.fromkeys(hours)
        ]
        self.shifts = paid_shifts(self._presence(), tariff.rates.shortest_shift)

    def open_on(self, kind: DayKind) -> list[Stretch]:
        """Return what is open on such a date, in seconds of it: its own windows, and what the day
        before leaves over past midnight."""
        found: list[Stretch] = []
        yesterday = (kind.weekday - 1) % 7
        for weekly, calendar in self.weeks:
            if calendar not in kind.today:
                found += [(w.start, min(w.end, DAY)) for w in weekly[kind.weekday]]
            if calendar not in kind.before:
                found += [(0, w.end - DAY) for w in weekly[yesterday] if w.end > DAY]
        return list(joined(found))

    def times(self, at: int, cell: Cell) -> Fraction:
        """Return how often the time of the shift around a second of the week is paid.

        Source  docs/engine/price.md, rule P3: the shortest shift.
        """
        if cell.on_call:
            return Fraction(1)
        return next((n for a, b, n in self.shifts if a <= at < b or a <= at + WEEK < b), _ONCE)

    def _presence(self) -> list[Stretch]:
        """Return the stretches of a plain week in which people are there without a break."""
        present: list[Stretch] = []
        for day in range(7):
            for a, b in self.open_on(DayKind(day, frozenset(), frozenset())):
                start, end = day * DAY + a, day * DAY + b
                edges = [start, *self.tariff.within(start, end), end]
                present += [
                    (x, y) for x, y in pairwise(edges) if not self.tariff.cell(x, False).on_call
                ]
        runs = list(joined(present))
        if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == WEEK:
            runs[-1] = (runs[-1][0], WEEK + runs.pop(0)[1])
        return runs


Ledger = Counter[tuple[int, Paid]]


def paid_shifts(runs: Sequence[Stretch], shortest: int) -> list[tuple[int, int, Fraction]]:
    """Return each stretch of presence, and how often its time is paid: the cheapest way to cover
    all by shifts that are not too short, people staying through a break where that takes less.

    Shapes  stretches of the week in order, the last one perhaps beyond its end.
    Source  docs/engine/price.md, rule P3: the shortest shift.
    """
    if not runs or all(b - a >= shortest for a, b in runs):
        return [(a, b, _ONCE) for a, b in runs]
    ways = (_cheapest(_turned(runs, k), shortest) for k in range(len(runs)))
    return min(ways, key=lambda way: way[0])[1]


def _turned(runs: Sequence[Stretch], k: int) -> list[Stretch]:
    return [*runs[k:], *((a + WEEK, b + WEEK) for a, b in runs[:k])]


def _cheapest(
    runs: Sequence[Stretch], shortest: int
) -> tuple[int, list[tuple[int, int, Fraction]]]:
    """Return the fewest paid seconds for stretches in a row, and the shifts of that way."""
    best: list[tuple[int, int]] = [(0, 0)]  # paid seconds of the first n stretches, last shift from
    for n in range(1, len(runs) + 1):
        end = runs[n - 1][1]
        best.append(min((best[k][0] + max(shortest, end - runs[k][0]), -k) for k in range(n)))
    shifts: list[tuple[int, int, Fraction]] = []
    n = len(runs)
    while n:
        k = -best[n][1]
        part = runs[k:n]
        times = Fraction(best[n][0] - best[k][0], sum(b - a for a, b in part))
        shifts += [(a, b, times) if a < WEEK else (a - WEEK, b - WEEK, times) for a, b in part]
        n = k
    return best[-1][0], shifts


def difference(after: Plan, before: Plan | None, days: Days, holidays: int | None) -> Ledger:
    """Return what one plan pays beyond another, and how many days of each there are.

    holidays  which of the calendars the surcharge for public holidays goes by.
    """
    found: Ledger = Counter()
    for kind, n in days.kinds:
        for paid in _of_day(after, before, kind, holidays in kind.today):
            found[kind.weekday, paid] += n
    return found


def _of_day(after: Plan, before: Plan | None, kind: DayKind, is_holiday: bool) -> list[Paid]:
    new = after.open_on(kind)
    old = [] if before is None else before.open_on(kind)
    zero = kind.weekday * DAY
    edges = {edge for stretch in (*new, *old) for edge in stretch}
    for plan in (after, before or after):
        edges |= {edge - zero for edge in plan.tariff.within(zero, zero + DAY)}
    ordered = sorted(edges)
    found: list[Paid] = []
    for a, b in pairwise(ordered):
        costs: dict[Cell, Fraction] = {}
        for plan, stretches, sign in ((after, new, 1), (before or after, old, -1)):
            if _holds(stretches, a):
                cell = plan.tariff.cell(zero + a, is_holiday)
                costs[cell] = costs.get(cell, Fraction(0)) + sign * plan.times(zero + a, cell)
        plain = {plan.tariff.cell(zero + a, False) for plan in (after, before or after)}
        found += [
            Paid(a, b, is_holiday and cell not in plain, cell, times)
            for cell, times in costs.items()
            if times
        ]
    return _merged(found)


def _merged(parts: list[Paid]) -> list[Paid]:
    """Join what lies side by side and costs the same."""
    found: list[Paid] = []
    for part in sorted(parts, key=lambda p: (p.times < 0, p.start)):
        last = found[-1] if found else None
        if last and last.end == part.start and (last.cell, last.times) == (part.cell, part.times):
            found[-1] = replace(last, end=part.end)
        else:
            found.append(part)
    return found


def _holds(stretches: Sequence[Stretch], at: int) -> bool:
    return any(a <= at < b for a, b in stretches)
