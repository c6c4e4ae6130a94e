"""The cheapest option that would have met a goal, the best one within a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from ..agreement import Agreement, Clause
from ..errors import BadInput
from ..measures import Share, share
from ..rates import BreakEven, Priced, Rates, a_month, break_even, priced
from ..replay import Between, Extra, History
from ..replay.reclock import PriorityAt
from .asked import Budget, Goal, Grid, Targets, goal_clauses, grid_of, strictness
from .changes import Change, Less, candidates
from .options import Combination, option_of
from .points import Point, dominating
from .tables import Progress, Tables, measure
from .waits import Waits

RUNGS = (
    "Shares on time are re-clocked: every moment stays as it was, so they say what the report would "
    "have said, not how people would have been served. On wider hours clocks start sooner while the "
    "moment of resolving stays, so a wider desk looks worse by its own clock than it would be.",
    "Hours waited while closed lie between the first opening and the end of each ticket; what wider "
    "hours save of them is at most what everybody served at once would have saved.",
)


GIVES_UP = (
    "It gives up hours: what was done in them would have been done later, so its share on time is at "
    "most this."
)


@dataclass(frozen=True)
class Option:
    """One combination, ready to be offered.

    agreement   The text with these hours, targets and prices, unsigned.
    hours       Seconds waited while closed, over the whole history.
    saved       Seconds waited less than under the present agreement; below zero: more.
    attained    How often each clause asked about would have been kept, by its id.
    break_even  From which value of an hour it pays.
    why         Why it was chosen, in a sentence.
    """

    name: str
    combination: Combination
    agreement: Agreement
    priced: Priced
    hours: Between
    saved: Between
    attained: Mapping[str, Share]
    break_even: BreakEven
    why: str

    @property
    def can_tell(self) -> bool:
        """Whether every share is of enough tickets to say something."""
        return all(each.can_tell for each in self.attained.values())

    @property
    def point(self) -> Point:
        """Return its place on the plane; with several clauses the one that is kept least."""
        least = min(self.attained.values(), key=lambda each: each.value or 0.0)
        return Point(self.name, self.priced.total, self.hours, least, self.priced.currency)


@dataclass(frozen=True)
class Found:
    """What a search found.

    options  At most as many as asked, the best first; empty where nothing fits.
    closest  Where nothing fits: what came closest. Else None.
    points   Every week that was tried, under the present targets, for the picture.
    tried    How many combinations were measured.
    words    What was found in sentences, and on which rung of evidence it stands.
    """

    options: tuple[Option, ...]
    closest: Option | None
    points: tuple[Point, ...]
    tried: int
    words: tuple[str, ...]


def search(
    history: History,
    agreement: Agreement,
    *,
    rates: Rates | None,
    windows: Sequence[Change | str] | None = None,
    targets: Targets = (),
    goal: Goal | None = None,
    budget: Budget | None = None,
    hours: str | None = None,
    mapping: Mapping[str, str] | None = None,
    priority_at: PriorityAt = "final",
    counts: Mapping[str, int] | None = None,
    team: Mapping[str, int] | None = None,
    year: int | None = None,
    top: int = 3,
    progress: Progress | None = None,
) -> Found:
    """Search every set of windows, under every choice of targets.

    windows  "sat 09:00-13:00", "without fri 16:00-18:00"; left out, those that demand suggests.
    targets  To try beside the present ones: {"R1": ["4h", "6h"]}; or targets, or how many times as
             long (0.5), for each clause that the goal is about.
    goal     The cheapest that meets it comes first. Without one, the fewest hours waited. Hours are
             then given up only where `windows` say so: see P15.
    budget   Nothing dearer is offered.
    hours    Which of the agreement's hours change; left out, those of its first clause.
    Errors   BadInput without rates, without anything to vary, for prices in two currencies.
    Cost     3 to 5 ms a week for 100,000 tickets; targets beyond cost next to nothing.
    Source   docs/engine/price.md, rules P14 to P17.
    """
    clauses = goal_clauses(agreement, goal)
    name = _hours_name(agreement, hours)
    if rates is None:
        raise BadInput(
            "A search compares prices, and prices come from the provider's own rates. Hand over a "
            "RATES.toml; nothing is guessed."
        )
    if windows is not None and not windows and not targets:
        raise BadInput(
            "There is nothing to try: no window and no target. Name a window like "
            '"sat 09:00-13:00", or leave the windows out to take those that demand suggests.'
        )
    first = next(clause for clause in agreement.clauses if clause.hours == name)
    if windows is None:
        windows = candidates(history, agreement.hours[name], start=first.start, stop=first.stop)
        if goal is not None:
            windows = [each for each in windows if isinstance(each, Extra)]
    grid = grid_of(agreement, name, windows, targets, clauses)
    waits = Waits.of(history, grid.narrowest, first.start, first.stop, first.stopped_by)

    def price(k: int) -> Priced:
        wanted = option_of(agreement, grid.combination(k, 0), name, grid.calendars[k][1], ())
        found = priced(
            wanted, rates, now=agreement, team=team, year=year, counts=counts, by_rates=True
        )
        if found.total is None:
            raise BadInput(f"The present price cannot be told. {found.words[-2]}")
        return found

    tables = measure(
        history,
        agreement,
        grid,
        clauses,
        waits,
        price,
        mapping=mapping,
        priority_at=priority_at,
        progress=progress,
    )
    return _Search(history, agreement, grid, clauses, waits, tables, goal, budget).found(top)


def _hours_name(agreement: Agreement, hours: str | None) -> str:
    used = dict.fromkeys(clause.hours for clause in agreement.clauses)
    if hours is None:
        return next(iter(used))
    if hours not in used:
        raise BadInput(
            f"No clause runs in hours called {hours!r:.40}. There is: {', '.join(used)}."
        )
    return hours


def _gives_up(combination: Combination) -> bool:
    return any(isinstance(each, Less) for each in combination.changes)


@dataclass(frozen=True)
class _Search:
    history: History
    agreement: Agreement
    grid: Grid
    clauses: tuple[Clause, ...]
    waits: Waits
    tables: Tables
    goal: Goal | None
    budget: Budget | None

    def found(self, top: int) -> Found:
        meets = self._reached()
        fits = meets & self._affordable()[:, None]
        by_price = self.goal is not None or self.budget is None
        chosen = self._chosen(fits, is_cheapest_first=by_price)[: max(top, 1)]
        options = tuple(
            self._option(k, j, self._why(k, rank, int(fits.sum())))
            for rank, (k, j) in enumerate(chosen)
        )
        closest = None if options else self._closest(meets)
        return Found(
            options,
            closest,
            tuple(self._point(k) for k in range(len(self.grid.calendars))),
            fits.size,
            self._words(options, closest, fits.size),
        )

    def _reached(self) -> npt.NDArray[np.bool_]:
        if self.goal is None:
            return np.ones((len(self.grid.calendars), len(self.grid.choices)), dtype=bool)
        return self.tables.reach(self.goal.exact)

    def _affordable(self) -> npt.NDArray[np.bool_]:
        if self.budget is None:
            return np.ones(len(self.grid.calendars), dtype=bool)
        return np.array([self._over(found) <= 0 for found in self.tables.priced])

    def _over(self, found: Priced) -> Decimal:
        """Return by how much a price is over the budget; below zero what is left."""
        assert self.budget is not None
        if self.budget.extra is not None:
            return (found.extra or Decimal(0)) - self.budget.extra
        return (found.total or Decimal(0)) - (self.budget.total or Decimal(0))

    def _chosen(
        self, fits: npt.NDArray[np.bool_], *, is_cheapest_first: bool
    ) -> list[tuple[int, int]]:
        """Return calendar and choice of every undominated week that fits, the best first.

        Source  docs/engine/price.md, rule P16: what is chosen.
        """
        weeks = np.flatnonzero(fits.any(axis=1))
        low, high = self._bounds()
        ranks = self._ranks()
        by = dominating(ranks[weeks], low[weeks], high[weeks])
        strict = [strictness(self.agreement, choice) for choice in self.grid.choices]
        pairs = [
            (k, min(np.flatnonzero(fits[k]).tolist(), key=lambda j: (strict[j], j)))
            for k in weeks[by < 0].tolist()
        ]
        waited = low + high

        def order(pair: tuple[int, int]) -> tuple[int, ...]:
            k, j = pair
            cheap, little = int(ranks[k]), int(waited[k])
            first = (cheap, little) if is_cheapest_first else (little, cheap)
            return (*first, strict[j], k)

        return sorted(pairs, key=order)

    def _bounds(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        low = np.array([each.low for each in self.tables.waits], dtype=np.int64)
        return low, np.array([each.high for each in self.tables.waits], dtype=np.int64)

    def _ranks(self) -> npt.NDArray[np.int64]:
        prices = [found.total or Decimal(0) for found in self.tables.priced]
        ranks = {price: rank for rank, price in enumerate(sorted(set(prices)))}
        return np.array([ranks[price] for price in prices], dtype=np.int64)

    def _option(self, k: int, j: int, why: str) -> Option:
        combination = self.grid.combination(k, j)
        found = self.tables.priced[k]
        wanted = option_of(
            self.agreement, combination, self.grid.name, self.grid.calendars[k][1], found.prices
        )
        saved = self.waits.saved(self.grid.calendars[0][1], self.grid.calendars[k][1])
        return Option(
            combination.name,
            combination,
            wanted,
            found,
            self.tables.waits[k],
            saved,
            {clause.id: self._share(clause.id, k, j) for clause in self.clauses},
            break_even(found.extra, a_month(saved, self.history), found.currency),
            f"{why} {GIVES_UP}" if _gives_up(combination) else why,
        )

    def _share(self, clause: str, k: int, j: int) -> Share:
        place = int(self.tables.places[clause][j])
        met, n = self.tables.met[clause][k, place], self.tables.n[clause][k, place]
        return share(int(met), int(n))

    def _point(self, k: int) -> Point:
        least = min(
            (self._share(clause.id, k, 0) for clause in self.clauses), key=lambda s: s.value or 0.0
        )
        found = self.tables.priced[k]
        name = self.grid.combination(k, 0).name
        return Point(name, found.total, self.tables.waits[k], least, found.currency)

    def _closest(self, meets: npt.NDArray[np.bool_]) -> Option:
        """Return the cheapest that meets the goal; else the one that comes nearest to it, within
        the budget where anything is."""
        if meets.any():
            (k, j), *_ = self._chosen(meets, is_cheapest_first=True)
            what = "would have met the goal" if self.goal else "was tried"
            return self._option(k, j, f"The cheapest that {what}.")
        least = self.tables.least()
        if (inside := self._affordable()).any():
            least[~inside] = -2.0
        best = np.argwhere(least == least.max()).tolist()
        ranks = self._ranks()
        k, j = min(best, key=lambda pair: (int(ranks[pair[0]]), pair))
        return self._option(k, j, "It came closest to the goal.")

    def _why(self, k: int, rank: int, fitting: int) -> str:
        if rank:
            return "Nothing that fits is both cheaper and better than this."
        of = f"of {fitting:,} combinations that fit" if fitting > 1 else "combination that fits"
        if self.goal is not None:
            ids = " and ".join(clause.id for clause in self.clauses)
            return f"The cheapest {of}: {ids} would have met {self.goal.words}."
        if self.budget is not None:
            return f"The fewest hours waited while closed {of} the budget."
        return f"The cheapest {of}."

    def _words(
        self, options: tuple[Option, ...], closest: Option | None, tried: int
    ) -> tuple[str, ...]:
        words = [f"{tried:,} combinations were tried."]
        if self.grid.empty:
            sets = "1 set" if self.grid.empty == 1 else f"{self.grid.empty:,} sets"
            words.append(f"{sets} of changes would leave no hour open: left out.")
        elif len(self.grid.calendars) == 1 and not self.grid.targets:
            words.append("Nobody waited outside the present hours, so no window suggests itself.")
        if closest is not None:
            words += self._nothing(closest)
        elif options[0].combination.is_present:
            words.append("The present agreement comes out first: nothing that was tried beats it.")
        else:
            words.append(f"{options[0].name}: {options[0].why}")
        seen = options or ((closest,) if closest else ())
        if not all(option.can_tell for option in seen):
            words.append(
                "Cannot tell: there are too few tickets for a share to say anything. Take a longer "
                "history."
            )
        return (*words, *RUNGS)

    def _nothing(self, closest: Option) -> list[str]:
        """Say that nothing fits, and what came closest."""
        currency = closest.priced.currency
        said = [f"{name}: {one.sentence}" for name, one in closest.attained.items()]
        asked = [f"would have met {self.goal.words}"] if self.goal else []
        if self.budget is not None:
            amount, of = (
                (self.budget.extra, "more than now")
                if self.budget.extra is not None
                else (self.budget.total, "in all")
            )
            asked.append(
                f"costs at most {amount:,f} {currency} a month {of}"
                if self.goal is None
                else f"would have cost at most {amount:,f} {currency} a month {of}"
            )
        words = [
            f"Nothing that was tried {' and '.join(asked)}.",
            f"Closest came: {closest.name}, at {closest.priced.total:,f} {currency} a month "
            f"({closest.priced.extra:+,f}). {' '.join(said)}",
        ]
        if self.budget is not None and (over := self._over(closest.priced)) > 0:
            words.append(f"That is {over:,f} {currency} over the budget.")
        return words
