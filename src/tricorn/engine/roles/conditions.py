"""Conditions over facts that can say which facts made them true.

They read like the rules in the documentation: `used & ~entitled & ~aware`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .facts import Facts

Thresholds = Mapping[str, int]


class Condition:
    """Something that holds for a person's facts or does not."""

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        raise NotImplementedError

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        """Return the facts that made it hold; empty when it does not hold."""
        raise NotImplementedError

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        """Return the facts that it asks to be missing, when it holds."""
        raise NotImplementedError

    def __or__(self, other: "Condition") -> "Condition":
        return AnyOf(_parts(AnyOf, self) + _parts(AnyOf, other))

    def __and__(self, other: "Condition") -> "Condition":
        return AllOf(_parts(AllOf, self) + _parts(AllOf, other))

    def __invert__(self) -> "Condition":
        return Not(self)


@dataclass(frozen=True)
class Has(Condition):
    """The fact is true."""

    fact: str

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        return bool(facts.value(self.fact))

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return (self.fact,) if self.holds(facts, thresholds) else ()

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return ()

    def __str__(self) -> str:
        return self.fact


@dataclass(frozen=True)
class AtLeast(Condition):
    """The count has reached its threshold, which is a setting of the same name."""

    fact: str

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        return facts.value(self.fact) >= thresholds[self.fact]

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return (self.fact,) if self.holds(facts, thresholds) else ()

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return ()

    def __str__(self) -> str:
        return f"enough {self.fact}"


@dataclass(frozen=True)
class AnyOf(Condition):
    """At least one part holds; every part that does is a reason."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        return any(part.holds(facts, thresholds) for part in self.parts)

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return _union(part.present(facts, thresholds) for part in self.parts)

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        true = [part for part in self.parts if part.holds(facts, thresholds)]
        return _union(part.absent(facts, thresholds) for part in true)

    def __str__(self) -> str:
        return " | ".join(_bracketed(part, AllOf) for part in self.parts)


@dataclass(frozen=True)
class AllOf(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        return all(part.holds(facts, thresholds) for part in self.parts)

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        if not self.holds(facts, thresholds):
            return ()
        return _union(part.present(facts, thresholds) for part in self.parts)

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        if not self.holds(facts, thresholds):
            return ()
        return _union(part.absent(facts, thresholds) for part in self.parts)

    def __str__(self) -> str:
        return " & ".join(_bracketed(part, AnyOf) for part in self.parts)


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold: the facts that it would need are missing."""

    part: Condition

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        return not self.part.holds(facts, thresholds)

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return ()

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        if not self.holds(facts, thresholds):
            return ()
        return tuple(name for name in mentioned(self.part) if not facts.value(name))

    def __str__(self) -> str:
        return f"!{_bracketed(self.part, AnyOf, AllOf)}"


@dataclass(frozen=True)
class Named(Condition):
    """Another condition under a name of its own, so that a rule stays as short as it is said."""

    name: str
    part: Condition

    def holds(self, facts: Facts, thresholds: Thresholds) -> bool:
        return self.part.holds(facts, thresholds)

    def present(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return self.part.present(facts, thresholds)

    def absent(self, facts: Facts, thresholds: Thresholds) -> tuple[str, ...]:
        return self.part.absent(facts, thresholds)

    def __str__(self) -> str:
        return self.name


def mentioned(condition: Condition) -> tuple[str, ...]:
    """Return every fact that the condition looks at, in the order it names them."""
    if isinstance(condition, Has | AtLeast):
        return (condition.fact,)
    if isinstance(condition, AnyOf | AllOf):
        return _union(mentioned(part) for part in condition.parts)
    if isinstance(condition, Not | Named):
        return mentioned(condition.part)
    raise TypeError(f"not a condition: {condition!r}")


def _parts(kind: "type[AnyOf] | type[AllOf]", condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, kind) else (condition,)


def _bracketed(part: Condition, *kinds: type[Condition]) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
