"""How many people each shift needs, so that enough tickets are begun in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import BadInput, BadTeam
from ..hours import Schedule
from .demand import Demand, Seconds
from .estimate import Estimate
from .replications import REPLICATIONS, TAIL, Option, Replicated, Within, latest_begin
from .simulate import Rule
from .team import Team
from .touch import Touch

TRIES = 20  # replications for each step of the search; what is found is confirmed with all of them
MOST_STEPS = 2000


@dataclass(frozen=True)
class Needed:
    """The smallest team that was found.

    people   how many in each shift; who is in the team by name comes on top
    share    of tickets begun within the target, with its interval: the interval lies above `wanted`
    ceiling  the share if somebody always had time at once: more is not to be had on these shifts
    tried    how many teams were simulated on the way
    """

    people: Mapping[str, int]
    team: Team
    wanted: float
    share: Estimate
    ceiling: float
    found: Replicated
    tried: int

    @property
    def sentence(self) -> str:
        shifts = ", ".join(f"{many} {name}" for name, many in self.people.items())
        people = "1 person" if len(self.team) == 1 else f"{len(self.team):,} people"
        return (
            f"It takes {people} ({shifts} in shifts) to begin {100 * self.wanted:g} % in time: "
            f"with them it is {100 * self.share.value:.1f} % (likely {100 * self.share.low:.1f} % to "
            f"{100 * self.share.high:.1f} %)."
        )


def needed(
    demand: Demand,
    team: Team,
    touch: Touch,
    *,
    share: float,
    within: Within,
    seed: int,
    schedule: Schedule | None = None,
    rule: Rule = "finish",
    replications: int = REPLICATIONS,
    progress: Callable[[int], None] | None = None,
) -> Needed:
    """Find how many people each shift of a team needs; how many it has now does not matter.

    share     of all tickets with a target, to be begun within it; the interval must lie above
    within    as in `replicate`, and so are schedule, rule, seed and replications
    progress  called with the number of teams tried so far
    Errors    BadInput for a share that no number of people reaches on these shifts, or that is no
              share; BadTeam for a team without shifts.
    Cost      TRIES replications for each team tried: for each shift one with each person more.
    Source    docs/engine/staffing.md, rule S12.
    """
    if not 0 < share < 1:
        raise BadInput(f"A share of {share:g} is not between 0 and 1. Ask for 0.9, say.")
    if not team.shifts:
        raise BadTeam(
            "This team has no shift whose people could be counted, only people by name. Write a "
            "[[shift]] with agents = 1."
        )
    search = _Search(demand, team, touch, share, within, seed, schedule, rule, progress)
    search.refuse_unreachable()
    people = search.fewer(search.enough(search.start(), TRIES), TRIES)
    people = search.enough(people, replications)
    found = search.run(people, replications)
    return Needed(
        people=people,
        team=team.resized(people),
        wanted=share,
        share=found.of("within"),
        ceiling=search.ceiling,
        found=found,
        tried=search.tried,
    )


class _Search:
    def __init__(
        self,
        demand: Demand,
        team: Team,
        touch: Touch,
        share: float,
        within: Within,
        seed: int,
        schedule: Schedule | None,
        rule: Rule,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.demand, self.team, self.touch, self.share = demand, team, touch, share
        self.within, self.seed, self.schedule, self.rule = within, seed, schedule, rule
        self.progress, self.tried = progress, 0
        self.known: dict[tuple[tuple[int, ...], int], Replicated] = {}
        self.shifts = tuple(team.shifts)
        latest = latest_begin(demand, within, schedule)
        assert latest is not None
        self.opens = self._opens()
        judged = latest >= 0
        if not judged.any():
            raise BadInput("No ticket has a target, so none can be met. Give one for a priority.")
        self.ceiling = float((self.opens.min(axis=0) <= latest)[judged].mean())

    def refuse_unreachable(self) -> None:
        if self.ceiling > self.share:
            return
        raise BadInput(
            f"No number of people begins {100 * self.share:g} % in time on these shifts: even if "
            f"somebody always had time at once it would be {100 * self.ceiling:.1f} %, as the other "
            "tickets come too long before a shift begins. Ask for less, a longer target, or other shifts.",
            ceiling=self.ceiling,
        )

    def start(self) -> dict[str, int]:
        """Whoever the work itself takes, by the shift that is there first for each ticket."""
        first, last = self.demand.period
        mine = self.opens[: len(self.shifts)].argmin(axis=0)
        work = self.touch.means(self.demand.priorities)[self.demand.priority]
        brought = np.bincount(mine, work, minlength=len(self.shifts))
        one = self.team.resized(dict.fromkeys(self.shifts, 1)).agents[-len(self.shifts) :]
        hours = [Team((agent,)).duty(first, last).seconds(first, last).sum() for agent in one]
        return {
            name: max(1, int(seconds / there)) if there else 1
            for name, seconds, there in zip(self.shifts, brought, hours, strict=True)
        }

    def enough(self, people: dict[str, int], replications: int) -> dict[str, int]:
        """Add whoever helps most, one after the other, until the interval lies above the share."""
        while not self.meets(people, replications):
            if self.tried > MOST_STEPS:
                raise BadInput(
                    f"After {self.tried:,} teams none was found that is large enough; the last one "
                    f"had {sum(people.values()):,} people. Ask for a smaller share."
                )
            more = [{**people, name: people[name] + 1} for name in self.shifts]
            people = max(more, key=lambda each: self._worth(each, min(replications, TRIES)))
        return people

    def fewer(self, people: dict[str, int], replications: int) -> dict[str, int]:
        """Take away whoever is not needed, from the largest shift first."""
        for name in sorted(self.shifts, key=lambda name: -people[name]):
            while people[name] > 0:
                less = {**people, name: people[name] - 1}
                if not self.meets(less, replications):
                    break
                people = less
        return people

    def meets(self, people: Mapping[str, int], replications: int) -> bool:
        try:
            found = self.run(people, replications)
        except BadTeam:  # nobody is left, or nobody who is ever there
            return False
        return found.of("within").low > self.share and found.load < 1

    def run(self, people: Mapping[str, int], replications: int) -> Replicated:
        key = tuple(people[name] for name in self.shifts), replications
        if key not in self.known:
            option = Option(
                self.demand,
                self.team.resized(people),
                self.touch,
                rule=self.rule,
                within=self.within,
                schedule=self.schedule,
            )
            self.known[key] = option.replicate(seed=self.seed, replications=replications)
            self.tried += 1
            if self.progress is not None:
                self.progress(self.tried)
        return self.known[key]

    def _worth(self, people: Mapping[str, int], replications: int) -> tuple[float, float]:
        found = self.run(people, replications)
        return found.of("within").value, -found.of("mean_wait").value

    def _opens(self) -> Seconds:
        """When each agent (one for each shift, then by name) is next on duty for each ticket.

        Shapes  (shifts and people by name, tickets)
        """
        one = self.team.resized(dict.fromkeys(self.shifts, 1))
        agents = (*one.agents[-len(self.shifts) :], *one.agents[: -len(self.shifts)])
        first, last = self.demand.period
        came = self.demand.arrivals
        rows = []
        for agent in agents:
            duty = Team((agent,)).duty(first, last + TAIL)
            k = np.searchsorted(duty.end, came, side="right")
            begins = np.append(duty.start, np.iinfo(np.int64).max)[k]
            rows.append(np.maximum(begins, came))
        return np.stack(rows)
