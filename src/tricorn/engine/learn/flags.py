"""Learning from a flag that says met or missed, and nothing of when it would have been missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..replay.rows import HOLDERS
from .cells import THURSDAY, Cells
from .named import NONE, Named, day_number, named_calendars
from .parting import Scored, parted
from .sample import Sample
from .targets import NATS, Fitted, best_target, least_mistakes, per_mistake
from .told import Told
from .ways import Clocks, Run, Way, runs_of
from .weeks import (
    HOUR,
    QUARTER,
    Week,
    effort,
    grid,
    hours_of,
    is_possible,
    neighbours,
    short_saturdays,
    usual_weeks,
)

FEWEST = 5  # of either outcome, in the part that is learned from
COARSE, FINE, EXACT = 1_500, 5_000, 12_000  # tickets of each party that a stage looks at
MOST = 60_000  # tickets that the exact clocks choose by
NEAR = 2.0  # the effort up to which calendars are the zone's own
LENGTHS = tuple(hours * HOUR for hours in range(3, 17))
CLIMBS = 6  # starts from which a walk goes uphill
Heard = Callable[[float], None]


@dataclass(frozen=True)
class Explained:
    """A way with its targets, by party, and the flags it gets wrong.

    wrong  for each ticket that was learned from, in the order of the cluster
    """

    way: Way
    fitted: dict[int, Fitted]
    wrong: npt.NDArray[np.bool_]

    @property
    def mistakes(self) -> int:
        return int(self.wrong.sum())

    def price(self, per_mistake: float) -> float:
        """What it costs to say this rule and then its mistakes, in nats.

        Source  docs/engine/learn.md, rule L7: the simpler rule.
        """
        odd = sum(each.odd for each in self.fitted.values())
        return per_mistake * self.mistakes + NATS * (self.way.effort + odd)


@dataclass
class Cluster:
    """Parties whose clocks run in one way; `rivals` are all ways that were tried exactly."""

    members: tuple[int, ...]
    chosen: Explained
    rivals: list[Explained] = field(default_factory=list)


def learnable(told: Told, flag: npt.NDArray[np.int8]) -> tuple[list[int], dict[int, str]]:
    """Return the parties that can be learned, largest first, and why the others cannot.

    Source  docs/engine/learn.md, rule L8: too few, or all of one kind.
    """
    found, cannot = [], {}
    for member in range(len(told.parties.members)):
        said = flag[told.of(member)]
        met, n = int((said == 1).sum()), len(said)
        if not n:
            cannot[member] = "No ticket that is learned from has ended and says whether it was met."
        elif met in (0, n):
            word = "met" if met else "missed"
            all_were = f"All {n} tickets that are" if n > 1 else "The one ticket that is"
            were = "were" if n > 1 else "was"
            cannot[member] = (
                f"{all_were} learned from {were} {word}: any "
                f"{'longer' if met else 'shorter'} target would explain that."
            )
        elif min(met, n - met) < FEWEST:
            few, word = (met, "met") if met < n - met else (n - met, "missed")
            cannot[member] = (
                f"Only {few} of {n} tickets that are learned from were {word}; at least {FEWEST} "
                "are needed to tell where the target lies."
            )
        else:
            found.append(member)
    return sorted(found, key=lambda member: -len(told.of(member))), cannot


def fit_flags(told: Told, flag: npt.NDArray[np.int8], zone: str, heard: Heard) -> list[Cluster]:
    """Find the ways in which the clocks of all parties run, and their targets.

    flag    0 or 1 for each ticket in `told`
    Source  docs/engine/learn.md, rules L4 to L7.
    """
    members, _ = learnable(told, flag)
    if not members:
        return []
    search = _Search(told, flag, zone)
    runs = search.likely_runs(members)
    heard(0.2)
    scored = search.score_grid(members, runs)
    heard(0.45)
    clusters = []
    for some in parted(scored):
        clusters.append(search.refine(some, scored))
        heard(0.45 + 0.55 * sum(len(c.members) for c in clusters) / len(members))
    return clusters


class _Search:
    """From coarse to fine, over one log."""

    def __init__(self, told: Told, flag: npt.NDArray[np.int8], zone: str) -> None:
        self.told, self.flag, self.zone = told, flag, zone

    def likely_runs(self, members: Sequence[int]) -> list[Run]:
        """Return the runs that are worth a closer look: the best few of all, and each party's."""
        sample = Sample.of(self.told, members, self.flag, COARSE)
        runs = self.possible_runs(sample)
        weeks = [*usual_weeks(), *grid(3 * HOUR, (6 * HOUR, 9 * HOUR, 12 * HOUR, 15 * HOUR))]
        weeks = [week for week in weeks if is_possible(week)]
        best = np.empty((len(runs), len(members)), dtype=np.int64)
        totals = np.empty(len(runs), dtype=np.int64)
        for r, run in enumerate(runs):
            cells = sample.cells(run, self.zone, HOUR)
            found = np.array([sample.of_week(cells, week) for week in weeks])
            best[r], totals[r] = found.min(axis=0), found.sum(axis=1).min()
        chosen = [int(k) for k in np.argsort(totals, kind="stable")[:3]]
        chosen += [int(best[:, m].argmin()) for m in range(len(members))]
        return [runs[k] for k in dict.fromkeys(chosen)][:8]

    def possible_runs(self, sample: Sample) -> list[Run]:
        """Every start and stop that the log knows, with every choice of whose waits count."""
        rows = self.told.rows[sample.places]
        history = self.told.history
        waits = np.isin(history.wait_ticket, rows)
        counts = np.bincount(history.wait_holder[waits], minlength=len(HOLDERS))
        holders = [Holder(name) for name, n in zip(HOLDERS, counts, strict=True) if name and n >= 3]
        choices = [*chain.from_iterable(combinations(holders, k) for k in range(len(holders) + 1))]
        return [
            Run(start, stop, frozenset(some))
            for start, stop in runs_of(history, rows)
            for some in choices
        ]

    def score_grid(self, members: Sequence[int], runs: list[Run]) -> Scored:
        """Try every window on full hours with every likely run."""
        sample = Sample.of(self.told, members, self.flag, FINE)
        weeks = [week for week in grid(HOUR, LENGTHS) if is_possible(week)]
        found = np.empty((len(runs), len(weeks), len(members)), dtype=np.int64)
        for r, run in enumerate(runs):
            cells = sample.cells(run, self.zone, HOUR)
            found[r] = [sample.of_week(cells, week) for week in weeks]
        sizes = np.array([part.stop - part.start for part in sample.parts])
        return Scored(tuple(members), runs, weeks, found, sizes)

    def refine(self, members: tuple[int, ...], scored: Scored) -> Cluster:
        """Find edges, days and holidays from the best starts; then let the exact clocks choose."""
        sample = Sample.of(self.told, members, self.flag, EXACT)
        starts = scored.best(members, 12)
        runs = list(dict.fromkeys(run for run, _ in starts))[:3]
        shortlist: dict[tuple[Run, Week, Named], float] = {}
        for run in runs:
            cells = sample.cells(run, self.zone, QUARTER)
            weeks = [week for other, week in starts if other == run][:4]
            self._climb(sample, cells, run, weeks, shortlist)
        ranked = sorted(shortlist, key=shortlist.__getitem__)[:24]
        runner_up = ranked[0][0]
        usual = [(runner_up, week, ranked[0][2]) for week in usual_weeks()]
        tried = list(dict.fromkeys([*ranked, *usual]))
        ways = [
            Way(run, hours_of(week, self.zone, named.names[0]), False, named.effort)
            for run, week, named in tried
        ]
        in_days = [Way(way.run, way.hours, True, way.holiday_effort) for way in ways[:3]]
        in_days += [
            Way(runner_up, hours_of(week, self.zone, named.names[0]), True, named.effort)
            for week in usual_weeks()
            for named in dict.fromkeys((ranked[0][2], NONE))
        ]
        cluster = self.decide(members, list(dict.fromkeys([*ways, *in_days])))
        others = self.others(cluster, sample)
        return self.decide(members, [each.way for each in cluster.rivals] + others)

    def others(self, cluster: Cluster, sample: Sample) -> list[Way]:
        """Return what differs from the chosen way in one thing: run, or holidays."""
        way = cluster.chosen.way
        known = {each.way for each in cluster.rivals}
        runs = [replace(way, run=run) for run in self.possible_runs(sample)]
        rows = self.told.rows[self.told.of(*cluster.members)]
        first, last = (
            day_number(int(edge))
            for edge in (
                self.told.history.reported[rows].min(),
                self.told.history.stops(way.run.stop)[rows].max(),
            )
        )
        calendars = named_calendars(self.zone, first, last)
        near = [named for named in calendars if named.effort <= NEAR]
        holidays = [
            replace(
                way,
                hours=replace(way.hours, holidays=named.names[0]),
                holiday_effort=named.effort,
            )
            for named in near
        ]
        return [each for each in dict.fromkeys([*runs, *holidays]) if each not in known]

    def _climb(
        self,
        sample: Sample,
        cells: Cells,
        run: Run,
        starts: list[Week],
        shortlist: dict[tuple[Run, Week, Named], float],
    ) -> None:
        """Walk uphill without holidays, choose holidays for the best, and walk again with them."""
        starts = list(dict.fromkeys([*starts, *usual_weeks(), *short_saturdays()]))
        seen = _walk(sample, cells, starts, NONE, run)
        shortlist |= {(run, week, NONE): price for week, price in seen.items()}
        calendars = self.calendars(cells)
        top = sorted(seen, key=seen.__getitem__)[:3]
        chosen = []
        for week in top:
            priced = self._holidays(sample, cells, week, calendars, run)
            chosen.append(min(priced, key=priced.__getitem__))
            shortlist |= {(run, week, n): priced[n] for n in priced if n.effort <= NEAR}
        for named in dict.fromkeys(named for named in chosen if named.days):
            known = _walk(sample, cells.without(named.days), [*top, *starts], named, run)
            shortlist |= {(run, week, named): price for week, price in known.items()}

    def calendars(self, cells: Cells) -> list[Named]:
        first, last = day_number(int(cells.starts.min())), day_number(int(cells.ends.max()))
        return named_calendars(self.zone, first, last)

    def _holidays(
        self, sample: Sample, cells: Cells, week: Week, calendars: list[Named], run: Run
    ) -> dict[Named, float]:
        """Return what each distinct calendar costs with this week."""
        plain = cells.elapsed(week)
        days = sorted(frozenset().union(*(named.days for named in calendars)))
        lost = {day: cells.within(day, week[(day + THURSDAY) % 7]) for day in days}
        lost = {day: seconds for day, seconds in lost.items() if seconds.any()}
        mistakes = {}
        for named in calendars:
            measure = plain.copy()
            for day in named.days:
                if day in lost:
                    measure -= lost[day].astype(np.int32)
            mistakes[named] = int(sample.mistakes(measure).sum())
        rate = per_mistake(min(mistakes.values()), len(sample.places))
        said = run.effort + effort(week)
        return {n: rate * found + NATS * (said + n.effort) for n, found in mistakes.items()}

    def decide(self, members: tuple[int, ...], ways: list[Way]) -> Cluster:
        """Fit targets by the exact clocks, and choose: few mistakes, and little to say."""
        places = self.told.of(*members)
        places = places[:: -(-len(places) // MOST)]
        party = self.told.party[places]
        met = self.flag[places] == 1
        measured = []
        for run in dict.fromkeys(way.run for way in ways):
            clocks = Clocks.of(self.told.history, self.told.rows[places], run)
            measured += [(way, clocks.measure(way)) for way in ways if way.run == run]
        least = min(self._mistakes(measure, party, met, members) for _, measure in measured)
        rate = per_mistake(least, len(places))
        found = [self._explained(way, m, party, met, members, rate) for way, m in measured]
        return Cluster(members, min(found, key=lambda each: each.price(rate)), found)

    def _mistakes(
        self,
        measure: npt.NDArray[np.int64],
        party: npt.NDArray,
        met: npt.NDArray[np.bool_],
        members: tuple[int, ...],
    ) -> int:
        missed = (~met).astype(np.int64)
        return sum(least_mistakes(measure[party == m], missed[party == m]) for m in members)

    def _explained(
        self,
        way: Way,
        measure: npt.NDArray[np.int64],
        party: npt.NDArray,
        met: npt.NDArray[np.bool_],
        members: tuple[int, ...],
        rate: float,
    ) -> Explained:
        fitted, wrong = {}, np.zeros(len(met), dtype=bool)
        for member in members:
            mine = party == member
            found = best_target(measure[mine], met[mine], per_mistake=rate, day=way.day)
            fitted[member] = found
            wrong[mine] = (measure[mine] <= found.target) != met[mine]
        return Explained(way, fitted, wrong)


def _walk(
    sample: Sample, cells: Cells, starts: list[Week], named: Named, run: Run
) -> dict[Week, float]:
    """Go uphill from each week to its best neighbour until none is better; return all prices."""
    mistakes: dict[Week, int] = {}

    def cost(week: Week) -> float:
        if week not in mistakes:
            mistakes[week] = int(sample.of_week(cells, week).sum())
        return rate * mistakes[week] + NATS * (effort(week) + named.effort + run.effort)

    least = min(int(sample.of_week(cells, week).sum()) for week in starts)
    rate = per_mistake(least, len(sample.places))
    for start in sorted(starts, key=cost)[:CLIMBS]:
        here = start
        for _ in range(40):
            best = min([here, *filter(is_possible, neighbours(here))], key=cost)
            if best == here:
                break
            here = best
    return {week: cost(week) for week in mistakes}
