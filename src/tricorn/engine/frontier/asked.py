"""What a search is asked for, and everything that it may try, checked before it begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

from ..agreement import Agreement, Clause
from ..errors import BadInput
from ..hours import Hours, Target
from .changes import Change, Less, change, changed
from .options import Combination, length, scaled

MOST_CHANGES = 9
MOST_TRIED = 100_000
Targets = Mapping[str, Sequence[Target | str]] | Sequence[Target | str | int | float | Fraction]


@dataclass(frozen=True)
class Goal:
    """Which share of the tickets each of some clauses is to meet.

    share    Above 0 and at most 1: Decimal("0.95"), or "95 %".
    clauses  Ids; left out, those that promise a share, or else all.
    """

    share: Decimal | Fraction | float | str
    clauses: tuple[str, ...] = ()

    @property
    def exact(self) -> Fraction:
        """Return the share.

        Errors  BadInput for what is no number, 0 % or less, or more than 100 %.
        """
        said = str(self.share).strip()
        try:
            part = Fraction(said.removesuffix("%").strip())
        except (ValueError, ZeroDivisionError) as problem:
            raise BadInput(
                f'The goal is a share like "95 %" or 0.95, not {said!r:.40}.'
            ) from problem
        part = (part / 100 if said.endswith("%") else part).limit_denominator(10**6)
        if not 0 < part <= 1:
            raise BadInput(
                f"A goal of {said:.40} is no goal: it lies above 0 % and is at most 100 %. "
                'Write "95 %" or 0.95.'
            )
        return part

    @property
    def words(self) -> str:
        return f"{float(self.exact * 100):g} %"


@dataclass(frozen=True)
class Budget:
    """At most so much a month: more than now, or in all; one of the two. `extra` may be a saving."""

    extra: Decimal | None = None
    total: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.extra is None) == (self.total is None):
            raise BadInput(
                "A budget is a month's money, either more than now or in all. Name one of the two."
            )
        for name in ("extra", "total"):
            if (amount := getattr(self, name)) is None:
                continue
            if not Decimal(amount).is_finite():
                raise BadInput(f"A budget of {amount} is no amount of money.")
            object.__setattr__(self, name, Decimal(amount))


@dataclass(frozen=True)
class Grid:
    """Everything that is tried: each set of changes under each choice of targets.

    calendars  the different weeks that come out, each with the smallest set of changes that makes
               it; the present one first
    choices    targets by clause, only those that differ from the present ones; the present first
    narrowest  hours that every one of these weeks serves
    empty      how many sets of changes would leave no hour open; they are not tried
    """

    name: str
    calendars: tuple[tuple[tuple[Change, ...], Hours], ...]
    choices: tuple[Mapping[str, Target], ...]
    targets: Mapping[str, tuple[Target, ...]]
    narrowest: Hours
    empty: int

    def combination(self, calendar: int, choice: int) -> Combination:
        return Combination(self.calendars[calendar][0], self.choices[choice])


def goal_clauses(agreement: Agreement, goal: Goal | None) -> tuple[Clause, ...]:
    """Return the clauses that a goal is about, in the order of the agreement.

    Errors  BadInput for an id that no clause has.
    """
    named = goal.clauses if goal else ()
    known = {clause.id: clause for clause in agreement.clauses}
    for each in named:
        if each not in known:
            raise BadInput(f"There is no clause {each!r:.40}. There is: {', '.join(known)}.")
    if named:
        return tuple(clause for clause in agreement.clauses if clause.id in named)
    return tuple(c for c in agreement.clauses if c.share is not None) or agreement.clauses


def grid_of(
    agreement: Agreement,
    name: str,
    changes: Sequence[Change | str],
    targets: Targets,
    clauses: Sequence[Clause],
) -> Grid:
    """Lay out what is tried.

    Errors  BadInput where nothing is varied, or more than can be tried.
    Source  docs/engine/price.md, rule P14: what is tried.
    """
    read = [change(each) if isinstance(each, str) else each for each in changes]
    if len(read) > MOST_CHANGES:
        raise BadInput(
            f"{len(read)} windows have {2 ** len(read):,} sets; at most {MOST_CHANGES} windows are "
            "tried at once. Leave some out."
        )
    hours = agreement.hours[name]
    tried = _targets(agreement, targets, clauses)
    choices = tuple(_choices(agreement, tried))
    weeks: dict[object, tuple[tuple[Change, ...], Hours]] = {}
    empty = 0
    for chosen in sorted(_sets(read), key=len):
        wanted = changed(hours, chosen) if chosen else hours
        if chosen and not any(wanted.weekly):
            empty += 1
        else:
            weeks.setdefault(changed(wanted, ()).weekly, (chosen, wanted))
    if len(weeks) * len(choices) > MOST_TRIED:
        raise BadInput(
            f"{len(weeks):,} weeks under {len(choices):,} choices of targets are more than "
            f"{MOST_TRIED:,} combinations. Name fewer windows or targets."
        )
    narrowest = changed(hours, [each for each in read if isinstance(each, Less)])
    return Grid(name, tuple(weeks.values()), choices, tried, narrowest, empty)


def _sets(changes: Sequence[Change]) -> Iterator[tuple[Change, ...]]:
    for chosen in product((False, True), repeat=len(changes)):
        yield tuple(each for each, is_in in zip(changes, chosen, strict=True) if is_in)


def _targets(
    agreement: Agreement, targets: Targets, clauses: Sequence[Clause]
) -> dict[str, tuple[Target, ...]]:
    """Return the targets to try of each clause, the present one first."""
    if isinstance(targets, Mapping):
        known = {clause.id: clause for clause in agreement.clauses}
        for name in targets:
            if name not in known:
                raise BadInput(f"There is no clause {name!r:.40}. There is: {', '.join(known)}.")
        wanted: dict[str, Sequence[object]] = dict(targets)
    else:
        wanted = {clause.id: targets for clause in clauses} if targets else {}
    return {
        clause.id: tuple(
            dict.fromkeys([clause.target, *(_target(one, clause) for one in wanted[clause.id])])
        )
        for clause in agreement.clauses
        if clause.id in wanted
    }


def _target(said: object, clause: Clause) -> Target:
    if isinstance(said, Target):
        return said
    if isinstance(said, str):
        return Target.parse(said)
    return scaled(clause.target, Fraction(str(said)))


def _choices(
    agreement: Agreement, tried: Mapping[str, tuple[Target, ...]]
) -> Iterator[Mapping[str, Target]]:
    many = 1
    for each in tried.values():
        many *= len(each)
    if many > MOST_TRIED:
        raise BadInput(f"{many:,} choices of targets are too many to try. Name fewer.")
    present = {clause.id: clause.target for clause in agreement.clauses}
    for chosen in product(*tried.values()):
        named = zip(tried, chosen, strict=True)
        yield {name: target for name, target in named if target != present[name]}


def strictness(agreement: Agreement, choice: Mapping[str, Target]) -> int:
    """Return the sum of all targets in seconds: of two choices that do, the shorter is offered."""
    return sum(length(choice.get(clause.id, clause.target)) for clause in agreement.clauses)
