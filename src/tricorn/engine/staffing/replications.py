"""What an option needs and what it brings: the same tickets again and again, touch times drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ..errors import BadInput, BadTeam, Overloaded
from ..hours import Schedule, Target
from ..replay.caveats import Caveat
from .demand import Demand, Seconds
from .estimate import Estimate, estimate
from .simulate import RULE_SENTENCES, Rule, Run, Simulation
from .team import Team
from .touch import Touch

Floats = npt.NDArray[np.float64]
Figure = Literal["mean_wait", "p90_wait", "within"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
Total = Literal["occupancy", "overtime", "unbegun"]
TOTALS: tuple[Total, ...] = get_args(Total)
Progress = Callable[[int, int], None]
Within = Target | Mapping[str, Target]
DAY, HOUR = 86_400, 3600
TAIL = 400 * DAY  # how long after the last report people are still looked for
REPLICATIONS = 200
TOUCH_SENTENCE = (
    "How long the work on a ticket takes is what the provider says; no log says it, and the answer "
    "is as good as that."
)
MODEL_SENTENCE = (
    "A model: everybody can do everything equally fast, nothing lies on a desk at the beginning, and "
    "nobody waits for customers or suppliers in between. The interval covers chance, not these."
)


@dataclass(frozen=True)
class Replicated:
    """What came of the replications of one option.

    priorities  the groups, as the source writes them, the most pressing first
    n           real tickets in each
    load        seconds of work that come, by seconds on duty: 1 and above never ends
    samples     for each figure (replications, 1 + groups): all tickets first. mean_wait and
                p90_wait are seconds on the wall from report to beginning; "within" is the share
                that was begun within the target, nan where there is none
    totals      for each (replications,): occupancy (share of the time on duty at work, overtime
                counted in), overtime (seconds), unbegun (tickets that nobody ever took up)
    numbers     of the replications
    drawn_from  what two options must share, beside the numbers, to be compared pair by pair
    notes       sentences about what was assumed
    """

    people: int
    rule: Rule
    priorities: tuple[str, ...]
    n: tuple[int, ...]
    load: float
    samples: Mapping[Figure, Floats]
    totals: Mapping[Total, Floats]
    numbers: tuple[int, ...]
    drawn_from: tuple[object, ...]
    notes: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        return len(self.numbers)

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """What a reader has to know beside the figures.

        Source  docs/engine/staffing.md, rules S5, S6, S8 and S11.
        """
        unbegun = self.total("unbegun").value
        told = [
            ("shift-change", RULE_SENTENCES[self.rule]),
            ("touch-time-given", TOUCH_SENTENCE),
            ("model-only", MODEL_SENTENCE),
            *(("assumed", note) for note in self.notes),
        ]
        if unbegun:
            told.append(("unbegun", f"{unbegun:,.1f} tickets on average were never begun."))
        return tuple(Caveat(*each) for each in told)

    @classmethod
    def joined(cls, parts: Sequence[Replicated]) -> Replicated:
        """Put together what several processes have replicated of one option.

        Errors  BadInput for parts of different options or with replications in common.
        """
        one = parts[0]
        numbers = tuple(number for part in parts for number in part.numbers)
        alike = {(p.people, p.rule, p.n, p.load, p.drawn_from) for p in parts}
        if len(alike) > 1 or len(set(numbers)) < len(numbers):
            raise BadInput("These are no parts of one option. Replicate each number once.")
        return replace(
            one,
            numbers=numbers,
            samples={f: np.concatenate([part.samples[f] for part in parts]) for f in FIGURES},
            totals={f: np.concatenate([part.totals[f] for part in parts]) for f in TOTALS},
        )

    def of(self, figure: Figure, priority: str | None = None) -> Estimate:
        """Return mean_wait, p90_wait (seconds) or within (a share), of all or of one priority."""
        most = 1.0 if figure == "within" else inf
        return estimate(self._column(figure, priority), bounds=(0.0, most))

    def total(self, figure: Total) -> Estimate:
        """Return occupancy (a share), overtime (seconds) or unbegun (tickets)."""
        return estimate(self.totals[figure], bounds=(0.0, inf))

    def less(self, other: Replicated, figure: Figure, priority: str | None = None) -> Estimate:
        """Return this figure less that of another option, replication by replication.

        Errors  BadInput for options that were not simulated with the same draws.
        Source  docs/engine/staffing.md, rule S10: common random numbers.
        """
        if (self.numbers, self.drawn_from) != (other.numbers, other.drawn_from):
            raise BadInput(
                "These two were not simulated with the same tickets, touch times, seed and "
                "replications, so they cannot be compared pair by pair. Simulate both alike."
            )
        return estimate(self._column(figure, priority) - other._column(figure, priority))

    def _column(self, figure: Figure, priority: str | None) -> Floats:
        if priority is not None and priority not in self.priorities:
            known = ", ".join(self.priorities)
            raise BadInput(f"No ticket has the priority {priority!r:.40}. There are: {known}.")
        place = 0 if priority is None else 1 + self.priorities.index(priority)
        return self.samples[figure][:, place]


def replicate(
    demand: Demand,
    team: Team,
    touch: Touch,
    *,
    seed: int,
    replications: int | range = REPLICATIONS,
    rule: Rule = "finish",
    within: Within | None = None,
    schedule: Schedule | None = None,
    draw_arrivals: str | None = None,
    progress: Progress | None = None,
) -> Replicated:
    """Simulate a team again and again, each time with other touch times.

    within         the target for beginning, one for all or by priority, in the service time of
                   `schedule`; without a schedule on the wall
    draw_arrivals  a zone: tickets are drawn as well, with the rates of each hour of the week there;
                   left out, the real ones come each time
    seed           the same seed gives each ticket the same touch times under every option
    replications   how many; or a range of their numbers, to share them among processes (`joined`)
    progress       called with (done, replications) after each
    Errors         Overloaded for a load of 1 or above, BadTeam if nobody is ever on duty, BadInput
                   for under two replications or a target that cannot be measured.
    Cost           0.7 µs for each ticket and replication.
    Source         docs/engine/staffing.md, rules S8 to S11.
    """
    option = Option(demand, team, touch, rule=rule, within=within, schedule=schedule)
    option.refuse_overload()
    return option.replicate(
        seed=seed, replications=replications, draw_arrivals=draw_arrivals, progress=progress
    )


class Option:
    """One team under one rule, ready to be simulated."""

    def __init__(
        self,
        demand: Demand,
        team: Team,
        touch: Touch,
        *,
        rule: Rule = "finish",
        within: Within | None = None,
        schedule: Schedule | None = None,
    ) -> None:
        self.demand, self.team, self.touch, self.rule = demand, team, touch, rule
        self.targets = latest_begin(demand, within, schedule)
        self.within, self.schedule = within, schedule
        self.first, self.last = demand.period
        self.duty = team.duty(self.first, self.last + TAIL)
        self.on_duty = float(self.duty.seconds(self.first, self.last).sum())
        self.means = touch.means(demand.priorities)
        if not self.on_duty:
            raise BadTeam(
                "Nobody of this team is on duty between the first ticket and the last. Check the "
                "hours, and from and until."
            )

    @property
    def work(self) -> float:
        """Seconds of work that the tickets bring, on average."""
        return float(self.means[self.demand.priority].sum())

    @property
    def load(self) -> float:
        return self.work / self.on_duty

    def refuse_overload(self) -> None:
        """Source: docs/engine/staffing.md, rule S9."""
        if self.load < 1:
            return
        n, people = len(self.demand), len(self.team)
        enough = int(people * self.load) + 1
        raise Overloaded(
            f"The tickets bring {self.work / HOUR:,.0f} hours of work ({n:,} at "
            f"{self.work / n / 60:,.0f} minutes), and the team is on duty for "
            f"{self.on_duty / HOUR:,.0f}: a load of {self.load:.2f}. From 1 on the queue grows "
            f"without end. On hours like these it takes at least {enough:,} people instead of "
            f"{people:,}, or shorter touch times.",
            load=self.load,
            people=people,
            enough=enough,
        )

    def replicate(
        self,
        *,
        seed: int,
        replications: int | range = REPLICATIONS,
        draw_arrivals: str | None = None,
        progress: Progress | None = None,
    ) -> Replicated:
        """As the function `replicate`, whatever the load."""
        numbers = range(replications) if isinstance(replications, int) else replications
        if len(numbers) < 2:
            raise BadInput("One replication tells nothing of chance. Take 2 at least, better 200.")
        if seed < 0:
            raise BadInput(f"A seed is a whole number from 0 on, not {seed}.")
        groups = _groups(self.demand)
        samples = np.full((len(FIGURES), len(numbers), 1 + len(groups)), np.nan)
        totals = np.zeros((len(TOTALS), len(numbers)))
        drawing = self.demand.drawing(draw_arrivals) if draw_arrivals else None
        demand, targets = self.demand, self.targets
        prepared = Simulation(demand.arrivals, demand.rank, self.duty)
        for k, number in enumerate(numbers):
            if drawing is not None:
                demand = drawing.draw(np.random.default_rng([seed, number, 1]))
                targets = latest_begin(demand, self.within, self.schedule)
                prepared = Simulation(demand.arrivals, demand.rank, self.duty)
            random = np.random.default_rng([seed, number])
            seconds = self.touch.draw(random, self.means[demand.priority])
            found = prepared.run(seconds, rule=self.rule)
            samples[:, k] = _waits(demand, found, targets, groups)
            totals[:, k] = self._totals(found)
            if progress is not None:
                progress(k + 1, len(numbers))
        return Replicated(
            people=len(self.team),
            rule=self.rule,
            priorities=tuple(self.demand.priorities[code] for code in groups),
            n=tuple(int((self.demand.priority == code).sum()) for code in groups),
            load=self.load,
            samples=dict(zip(FIGURES, samples, strict=True)),
            totals=dict(zip(TOTALS, totals, strict=True)),
            numbers=tuple(numbers),
            drawn_from=(seed, draw_arrivals, self.demand.digest),
            notes=self.demand.notes + _unknown(self.touch, self.demand),
        )

    def _totals(self, found: Run) -> tuple[float, float, float]:
        work = found.work
        inside = np.minimum(work.end, self.last) - np.maximum(work.start, self.first)
        worked = float(np.maximum(inside, 0).sum())
        overtime = float((work.end - work.start).sum() - self.duty.within(work).sum())
        return worked / self.on_duty, max(overtime, 0.0), float((~found.begun).sum())


def latest_begin(
    demand: Demand, within: Within | None, schedule: Schedule | None
) -> Seconds | None:
    """Return the last second at which each ticket is begun in time; -1 where no target is given.

    Errors  BadInput for service days without a schedule, or a priority that no ticket has.
    """
    if within is None:
        return None
    by_name = within if isinstance(within, Mapping) else dict.fromkeys(demand.priorities, within)
    if unknown := sorted(by_name.keys() - set(demand.priorities)):
        known = ", ".join(name or "(none)" for name in demand.priorities)
        raise BadInput(f"No ticket has the priority {unknown[0]!r:.40}. There are: {known}.")
    latest = np.full(len(demand), -1, dtype=np.int64)
    for code, name in enumerate(demand.priorities):
        target = by_name.get(name)
        rows = np.flatnonzero(demand.priority == code)
        if target is None or not len(rows):
            continue
        came = demand.arrivals[rows]
        if schedule is not None:
            latest[rows] = schedule.kept_until_seconds(came, target)
        elif target.seconds is not None:
            latest[rows] = came + target.seconds
        else:
            raise BadInput(
                f"A target of {target} counts service days, which only service hours know. Give "
                'the hours of the agreement, or a target like "8h".'
            )
    return latest


def _groups(demand: Demand) -> Sequence[int]:
    """Codes of the priorities that tickets have, the most pressing first."""
    present = np.unique(demand.priority).tolist()
    return sorted(present, key=lambda code: (demand.ranks[code], demand.priorities[code]))


def _waits(
    demand: Demand, found: Run, latest: Seconds | None, groups: Sequence[int]
) -> npt.NDArray[np.float64]:
    """Return (figures, 1 + groups)."""
    wait = found.start - demand.arrivals
    in_time = found.begun if latest is None else found.begun & (found.start <= latest)
    rows = [np.flatnonzero(demand.priority == code) for code in groups]
    out = np.full((len(FIGURES), 1 + len(groups)), np.nan)
    for column, chosen in enumerate([np.arange(len(demand)), *rows]):
        begun = found.begun[chosen]
        waits = wait[chosen][begun]
        if len(waits):
            high = -(-len(waits) * 9 // 10) - 1
            out[0, column] = waits.mean()
            out[1, column] = np.partition(waits, high)[high]
        if latest is not None:
            kept = in_time[chosen][latest[chosen] >= 0]
            out[2, column] = kept.mean() if len(kept) else np.nan
    return out


def _unknown(touch: Touch, demand: Demand) -> tuple[str, ...]:
    lost = sorted(touch.by_priority.keys() - set(demand.priorities))
    if not lost:
        return ()
    return (f"Touch times were given for {', '.join(lost)}, which no ticket has as its priority.",)
