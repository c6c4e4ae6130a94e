"""A team: named people, each with hours of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..errors import BadTeam
from ..hours import Hours, Schedule
from .simulate import Duty

MOST = 10_000  # people
DAY = 86_400
EPOCH = date(1970, 1, 1)
NO_HOURS: Mapping[str, Hours] = MappingProxyType({})


@dataclass(frozen=True)
class Agent:
    """Somebody who works on tickets.

    hours        when they work; several are united
    shift        the shift they stand for, "" for somebody by name
    from_on ...  the first and the last local day on which they work; None: no end
    """

    name: str
    hours: tuple[Hours, ...]
    shift: str = ""
    from_on: date | None = None
    until_on: date | None = None

    def __post_init__(self) -> None:
        if not self.hours:
            raise BadTeam(f"{self.name} has no hours, so nothing would ever be begun by them.")
        if self.from_on and self.until_on and self.until_on < self.from_on:
            raise BadTeam(f"{self.name} would stop on {self.until_on}, before {self.from_on}.")

    def stretches(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return when they are on duty between two UTC seconds; stretches may overlap."""
        found = []
        for hours in self.hours:
            schedule = Schedule(hours)
            a, b = self._bounds(schedule, first, last)
            if a < b:
                compiled = schedule.coverage(_moment(a), _moment(b))
                found += [run for run in compiled.runs(a, b) if run[0] < run[1]]
        return found

    def _bounds(self, schedule: Schedule, first: int, last: int) -> tuple[int, int]:
        """Cut at local midnight, before the first day and after the last one."""
        if self.from_on:
            first = max(first, _midnight(schedule, self.from_on))
        if self.until_on:
            last = min(last, _midnight(schedule, self.until_on + timedelta(days=1)))
        return first, last


@dataclass(frozen=True)
class Team:
    """Who works on tickets, and when. Everybody can do everything.

    Errors  BadTeam for nobody, two of one name, or too many.
    Source  docs/engine/staffing.md, rules S1 and S2.
    """

    agents: tuple[Agent, ...]

    def __post_init__(self) -> None:
        if not self.agents:
            raise BadTeam(
                "Nobody works in this team, so no ticket would ever be begun. Add an agent or a "
                "shift with agents."
            )
        if len(self.agents) > MOST:
            raise BadTeam(f"{len(self.agents):,} people are more than {MOST:,}. Take fewer.")
        (name, times), *_ = Counter(agent.name for agent in self.agents).most_common(1)
        if times > 1:
            raise BadTeam(
                f"{times} people are called {name}. Give everybody a name of their own, or one "
                "person several hours."
            )

    def __len__(self) -> int:
        return len(self.agents)

    @classmethod
    def of(cls, shifts: Mapping[str, tuple[Hours, int]]) -> Team:
        """Build a team of shifts: by name the hours, and how many work in them."""
        return cls(
            tuple(
                agent
                for name, (hours, people) in shifts.items()
                for agent in _crew(Agent(name, (hours,), shift=name), people)
            )
        )

    @classmethod
    def from_toml(
        cls, text: str, source: str = "team.toml", *, hours: Mapping[str, Hours] = NO_HOURS
    ) -> Team:
        """Read a team.toml; `hours` are hours by name that it may use, such as an agreement's.

        Errors  BadTeam naming the place in the text, BadCalendar for hours that are none.
        Source  docs/engine/staffing.md, rule S2.
        """
        from .text import team_from_toml

        return team_from_toml(text, source, hours)

    @property
    def shifts(self) -> dict[str, int]:
        """How many work in each shift; those who are in it by their own name are not counted."""
        return dict(Counter(agent.shift for agent in self.agents if agent.shift))

    def resized(self, people: Mapping[str, int]) -> Team:
        """Return the team with other numbers of people in some shifts; nobody else changes.

        Errors  BadTeam for a shift that the team has not.
        """
        first = {agent.shift: agent for agent in reversed(self.agents) if agent.shift}
        if unknown := sorted(people.keys() - first.keys()):
            known = ", ".join(self.shifts) or "none"
            raise BadTeam(f"This team has no shift {unknown[0]}. Its shifts: {known}.")
        kept = tuple(agent for agent in self.agents if agent.shift not in people)
        crews = [_crew(first[name], many) for name, many in people.items()]
        return Team(kept + tuple(agent for crew in crews for agent in crew))

    def duty(self, first: int, last: int) -> Duty:
        """Return when everybody is on duty between two UTC seconds."""
        known: dict[tuple[object, ...], npt.NDArray[np.int64]] = {}
        tables = []
        for agent in self.agents:
            key = (agent.hours, agent.from_on, agent.until_on)
            if key not in known:
                found = agent.stretches(first, last)
                known[key] = np.array(found, dtype=np.int64).reshape(-1, 2)
            tables.append(known[key])
        rows = np.concatenate(tables)
        who = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
        return Duty(len(self.agents), who, rows[:, 0], rows[:, 1]).united


def _crew(one: Agent, people: int) -> tuple[Agent, ...]:
    """People of one shift, numbered from 1."""
    if people < 0:
        raise BadTeam(f"{people} people cannot work in the shift {one.shift}. Count from none on.")
    return tuple(replace(one, name=f"{one.shift} {n}") for n in range(1, people + 1))


def _midnight(schedule: Schedule, day: date) -> int:
    local = np.array([(day - EPOCH).days * DAY], dtype=np.int64)
    return int(schedule.utc_of_local(local)[0])


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
