"""From facts to names: what a scheme calls a person, with the evidence that made it true."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import BadFacts
from .conditions import Thresholds
from .facts import COUNTS, FACTS, Facts
from .schemes import SCHEMES, THRESHOLDS, Rule, Scheme


@dataclass(frozen=True)
class Reason:
    """One fact that made a role true, and what shows it."""

    fact: str
    value: bool | int
    evidence: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The fact for people, with its evidence: "approves invoices for this service (I-12)"."""
        said = FACTS[self.fact]
        if self.fact in COUNTS:
            said = f"{self.value} {said}"
        return f"{said} ({'; '.join(self.evidence)})" if self.evidence else said


@dataclass(frozen=True)
class Role:
    """A name that a scheme gives, because of these facts and in the absence of those.

    Source  docs/engine/roles.md, rule R5: a role always carries the facts that made it true.
    """

    name: str
    because: tuple[Reason, ...]
    absent: tuple[str, ...] = ()


def roles_of(
    facts: Facts, scheme: str | Scheme, thresholds: Thresholds = THRESHOLDS
) -> tuple[Role, ...]:
    """Return every role of the scheme that the facts earn, lowest first.

    `thresholds` may name only some; the others keep their usual value.
    Errors  BadFacts if there is no scheme of that name.
    Source  docs/engine/roles.md, rule R2: roles are derived from facts when they are asked for.
    """
    return _earned(facts, find_scheme(scheme).rules, thresholds)


def flags_of(
    facts: Facts, scheme: str | Scheme, thresholds: Thresholds = THRESHOLDS
) -> tuple[Role, ...]:
    """Return the remarks of the scheme that are no roles, such as "knowing unfunded use"."""
    return _earned(facts, find_scheme(scheme).flags, thresholds)


def all_roles(facts: Facts, thresholds: Thresholds = THRESHOLDS) -> dict[str, list[str]]:
    """Return the names under every scheme, each list sorted by name: the form for programs."""
    return {
        name: sorted(role.name for role in roles_of(facts, name, thresholds)) for name in SCHEMES
    }


def shown(roles: Sequence[Role], scheme: str | Scheme) -> tuple[Role, ...]:
    """Return the roles that a screen shows: a nested role stands for those below it.

    Source  docs/engine/roles.md, rule R6: screens show the highest of nested roles.
    """
    held = {role.name for role in roles}
    rules = find_scheme(scheme).rules
    covered = frozenset[str]().union(*(rule.over for rule in rules if rule.name in held))
    return tuple(role for role in roles if role.name not in covered)


def highest(roles: Sequence[Role], scheme: str | Scheme) -> Role | None:
    """Return the one role that stands highest in the scheme, or None."""
    order = [rule.name for rule in find_scheme(scheme).rules]
    return max(roles, key=lambda role: order.index(role.name), default=None)


def find_scheme(scheme: str | Scheme) -> Scheme:
    """Return the scheme of that name; BadFacts lists the names that exist."""
    if isinstance(scheme, Scheme):
        return scheme
    if scheme not in SCHEMES:
        raise BadFacts(
            f"There is no naming scheme “{scheme}”. Choose one of: {', '.join(SCHEMES)}.",
            scheme=scheme,
        )
    return SCHEMES[scheme]


def _earned(facts: Facts, rules: Sequence[Rule], thresholds: Thresholds) -> tuple[Role, ...]:
    limits = {**THRESHOLDS, **thresholds}
    return tuple(
        Role(
            rule.name,
            tuple(
                Reason(fact, facts.value(fact), facts.shown_by(fact))
                for fact in rule.when.present(facts, limits)
            ),
            rule.when.absent(facts, limits),
        )
        for rule in rules
        if rule.when.holds(facts, limits)
    )
