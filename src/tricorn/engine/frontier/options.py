"""An option as an agreement: the same text with other hours, other targets and its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..agreement import Agreement, Price
from ..errors import BadInput
from ..hours import Hours, Target
from .changes import Change

LONGEST = 80  # characters that the name of some hours may have
LONGEST_TITLE = 200
MINUTE, DAY = 60, 86_400


@dataclass(frozen=True)
class Combination:
    """One thing to try: changes of the week, and targets by the id of their clause."""

    changes: tuple[Change, ...]
    targets: Mapping[str, Target]

    @property
    def is_present(self) -> bool:
        return not self.changes and not self.targets

    @property
    def name(self) -> str:
        said = [each.name for each in self.changes]
        said += [f"{clause} within {target}" for clause, target in self.targets.items()]
        return ", ".join(said) if said else "as now"


def option_of(
    agreement: Agreement,
    combination: Combination,
    name: str,
    hours: Hours,
    prices: Sequence[Price],
) -> Agreement:
    """Return the agreement with these hours in place of those called `name`, ready to be offered.

    The hours get a name that says what is changed, the title says all of it, and nobody has signed.
    Source  docs/engine/price.md, rule P17: an option is an agreement.
    """
    if combination.is_present:
        return agreement
    called = _called(agreement, name, combination.changes)
    return replace(
        agreement,
        title=f"{agreement.title}: {combination.name}"[:LONGEST_TITLE],
        hours={
            (called if key == name else key): (hours if key == name else kept)
            for key, kept in agreement.hours.items()
        },
        clauses=tuple(
            replace(
                clause,
                hours=called if clause.hours == name else clause.hours,
                target=combination.targets.get(clause.id, clause.target),
            )
            for clause in agreement.clauses
        ),
        availability=tuple(
            replace(each, hours=called) if each.hours == name else each
            for each in agreement.availability
        ),
        prices=tuple(prices),
        signed=(),
    )


def scaled(target: Target, by: Fraction) -> Target:
    """Return a target so many times as long: whole minutes, or whole service days; never nothing.

    Errors  BadInput for a scale that is not above nothing.
    """
    if by <= 0:
        raise BadInput(f"A target {float(by):g} times as long is none. Use 0.5 or 2, say.")
    if target.days is not None:
        return Target(days=max(1, round(target.days * by)))
    assert target.seconds is not None
    if by == 1:
        return target
    return Target(seconds=max(1, round(target.seconds * by / MINUTE)) * MINUTE)


def length(target: Target) -> int:
    """Return how long a target is for sorting, a service day as a whole one."""
    return target.seconds if target.seconds is not None else (target.days or 0) * DAY


def _called(agreement: Agreement, name: str, changes: Sequence[Change]) -> str:
    if not changes:
        return name
    said = f"{name}, {', '.join(each.name for each in changes)}"
    if len(said) > LONGEST:
        many = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
        said = f"{name[: LONGEST - 20]}, {many}"
    others = set(agreement.hours) - {name}
    while said in others:
        said += "'"
    return said
