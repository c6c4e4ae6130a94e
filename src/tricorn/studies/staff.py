"""How many people an option takes, and what waiting results: the third rung, a simulation."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import Refusal
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.staffing import (
    Demand,
    Estimate,
    Needed,
    Replicated,
    Team,
    Touch,
    needed,
    replicate,
)
from tricorn.engine.toml import read_toml
from tricorn.pictures import Estimate as Drawn
from tricorn.pictures import Table, said, waits
from tricorn.pictures.page import Staffing

from .answer import Guess, Staffed, Study
from .case import Case

SEED = 20160229
REPLICATIONS = 200
HOUR = 3600
TARGET, SHARE = Target(seconds=4 * HOUR), 0.9
FINISH = "Who is at work on a ticket when a shift ends finishes it; who comes starts at once."
Heard = Callable[[float], None]


def with_staff(
    case: Case,
    study: Study,
    text: str,
    *,
    source: str = "team.toml",
    replications: int = REPLICATIONS,
    executor: Executor | None = None,
    heard: Heard | None = None,
) -> Study:
    """Return a study that tells what each agreement takes in people.

    text     a team.toml: [touch], how long work takes, and the shifts. Without any shift one person
             stands in the hours of each agreement, and how many are needed is looked for.
    executor spreads the agreements over its processes
    heard    from 0 to 1 how far it is
    Errors   BadTeam naming the place in the text. What one option alone makes impossible (too much
             work, no time at all) is said with that option.
    Source   docs/engine/staffing.md, rules S1 to S12.
    """
    touch = Touch.from_toml(text, source)
    teams = [team_for(text, source, choice.agreement) for choice in case.plan.choices]
    demand = Demand.of(case.history)
    many = len(teams)

    def told(k: int) -> Heard | None:
        return (lambda done: heard((k + done) / many)) if heard else None

    work = [
        (demand, team, is_given, touch, choice.agreement, replications)
        for choice, (team, is_given) in zip(case.plan.choices, teams, strict=True)
    ]
    if executor is None:
        found = [_simulated(each, told(k)) for k, each in enumerate(work)]
    else:
        found = []
        for k, each in enumerate(executor.map(_simulated, work)):
            found.append(each)
            if heard:
                heard((k + 1) / many)
    first = next((each.shown for each in found if each.shown), None)
    rows = (_staffed(name, each, first) for name, each in zip(case.names, found, strict=True))
    return replace(study, staffing=tuple(rows))


@dataclass(frozen=True)
class _Found:
    """What one simulation brought: the team that is shown, how many are needed, what went wrong."""

    shown: Replicated | None
    need: Needed | None
    problem: str
    within: Target
    share: float


def _simulated(
    work: tuple[Demand, Team, bool, Touch, Agreement, int], heard: Heard | None = None
) -> _Found:
    demand, team, is_given, touch, agreement, replications = work
    schedule, within, share = _aim(agreement)
    problems, given, need = [], None, None
    if is_given:
        try:
            given = replicate(
                demand,
                team,
                touch,
                seed=SEED,
                replications=replications,
                within=within,
                schedule=schedule,
                progress=(lambda done, of: heard(0.6 * done / of)) if heard else None,
            )
        except Refusal as refusal:
            problems.append(str(refusal))
    if team.shifts:
        try:
            need = needed(
                demand,
                team,
                touch,
                share=share,
                within=within,
                seed=SEED,
                schedule=schedule,
                replications=replications,
            )
        except Refusal as refusal:
            problems.append(str(refusal))
    if heard:
        heard(1)
    shown = given if is_given else need.found if need else None
    return _Found(shown, need, " ".join(dict.fromkeys(problems)), within, share)


def team_for(text: str, source: str, agreement: Agreement) -> tuple[Team, bool]:
    """Return the team that serves an agreement, and whether the text says who is in it."""
    data = read_toml(text, source)
    if "shift" in data or "agent" in data:
        return Team.from_toml(text, source, hours=agreement.hours), True
    hours = {clause.hours: agreement.hours[clause.hours] for clause in agreement.clauses}
    return Team.of({name: (each, 1) for name, each in _distinct(hours).items()}), False


def staffing_of(study: Study) -> Staffing | None:
    """Return what a page shows of the simulation; None where none was asked for."""
    if study.staffing is None:
        return None
    rows = [
        (
            each.name,
            _people(each),
            _hours(each.wait),
            _share(each.within),
            _share(each.occupancy),
        )
        for each in study.staffing
    ]
    drawn = [
        Drawn(
            each.name,
            each.wait.value if each.wait else None,
            each.wait.low if each.wait else None,
            each.wait.high if each.wait else None,
            _people(each) if each.wait else each.problem[:40],
        )
        for each in study.staffing
    ]
    target = study.staffing[0]
    head = ("Option", "People", "Mean wait", f"Begun within {target.target}", "At work")
    problems = [f"{each.name}: {each.problem}" for each in study.staffing if each.problem]
    return Staffing(
        " ".join([_told(study.staffing), *problems]),
        Table.of(head, rows),
        pictures=(waits("waits", drawn),),
        shift_rule=FINISH,
    )


def _aim(agreement: Agreement) -> tuple[Schedule, Target, float]:
    """Return in which hours, how soon and how often work is to be begun.

    That is the first promise about a first response; without one, four service hours for nine of
    ten.
    """
    for clause in agreement.clauses:
        if clause.stop == "first_response" and clause.target.seconds is not None:
            share = float(clause.share) if clause.share is not None and clause.share < 1 else SHARE
            return Schedule(agreement.hours[clause.hours]), clause.target, share
    clause = agreement.clauses[0]
    return Schedule(agreement.hours[clause.hours]), TARGET, SHARE


def _distinct(hours: dict[str, Hours]) -> dict[str, Hours]:
    """Leave out hours that are the same as others under another name."""
    known: dict[Hours, str] = {}
    for name, each in hours.items():
        known.setdefault(each, name)
    return {name: each for each, name in known.items()}


def _staffed(name: str, each: _Found, first: Replicated | None) -> Staffed:
    found = each.shown
    less = None
    if found is not None and first is not None and found is not first:
        less = _guess(found.less(first, "mean_wait"), HOUR)
    return Staffed(
        name=name,
        people=found.people if found else None,
        needed=dict(each.need.people) if each.need else {},
        target=str(each.within),
        share=each.share,
        load=round(found.load, 4) if found else None,
        wait=_guess(found.of("mean_wait"), HOUR) if found else None,
        wait_p90=_guess(found.of("p90_wait"), HOUR) if found else None,
        within=_guess(found.of("within")) if found else None,
        occupancy=_guess(found.total("occupancy")) if found else None,
        less=less,
        replications=found.replications if found else 0,
        problem=each.problem,
        notes=found.notes if found else (),
    )


def _guess(found: Estimate, unit: float = 1) -> Guess | None:
    if not found.can_tell or found.value != found.value:
        return None
    return Guess(*(round(each / unit, 4) for each in (found.value, found.low, found.high)))


def _people(each: Staffed) -> str:
    now = "–" if each.people is None else said.count(each.people, "person", "people")
    if not each.needed:
        return now
    need = sum(each.needed.values())
    shifts = ", ".join(f"{name} {n}" for name, n in each.needed.items())
    many = f" ({shifts})" if len(each.needed) > 1 else ""
    return f"{now}; {need} needed{many}"


def _hours(found: Guess | None) -> str:
    if found is None:
        return "–"
    return f"{said.hours(found.value)} ({said.between(found.low, found.high)})"


def _share(found: Guess | None) -> str:
    if found is None:
        return "–"
    return f"{said.share(found.value)} ({said.interval(found.low, found.high)})"


def _told(rows: tuple[Staffed, ...]) -> str:
    needs = [
        f"{each.name} {said.count(sum(each.needed.values()), 'person', 'people')}"
        for each in rows
        if each.needed
    ]
    first = rows[0]
    if not needs:
        return "How many people are needed cannot be told for these shifts."
    return (
        f"To begin {said.share(first.share, 0)} of the tickets within {first.target} of service "
        f"time it takes: {'; '.join(needs)}. Each figure is the mean of "
        f"{first.replications or REPLICATIONS} runs on the same draws, with its interval."
    )
