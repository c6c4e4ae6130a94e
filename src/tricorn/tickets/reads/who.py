"""Who a person is for a service, under the words of the house, with the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tricorn.engine.roles import Facts, Scheme, find_scheme, flags_of, highest, roles_of, shown
from tricorn.parties.models import House
from tricorn.standing.portrait import Portrait


@dataclass(frozen=True)
class RoleShown:
    """One role as people read it, and the facts that made it true, each in words."""

    label: str
    because: tuple[str, ...]


def scheme_of(house: House) -> Scheme:
    """Return the naming scheme of the house, under the labels that it chose for it."""
    return find_scheme(house.scheme).renamed(house.labels.get(house.scheme, {}))


def roles_shown(facts: Facts, scheme: Scheme) -> tuple[RoleShown, ...]:
    """Return the roles that a screen shows, the highest first."""
    earned = shown(roles_of(facts, scheme), scheme)
    return tuple(
        RoleShown(scheme.label(role.name), tuple(reason.words for reason in role.because))
        for role in reversed(earned)
    )


def remarks(facts: Facts, scheme: Scheme) -> tuple[RoleShown, ...]:
    """Return what the scheme remarks of somebody that is no role, such as use not yet covered."""
    return tuple(
        RoleShown(scheme.label(flag.name), tuple(reason.words for reason in flag.because))
        for flag in flags_of(facts, scheme)
    )


def highest_labels(
    pairs: set[tuple[int, int]], portraits: Mapping[int, Portrait], scheme: Scheme
) -> dict[tuple[int, int], str]:
    """Return the highest role of each (person, service), in the words of the house; "" for none."""
    labels = {}
    for person, service in pairs:
        role = highest(roles_of(portraits[person].facts(service), scheme), scheme)
        labels[person, service] = scheme.label(role.name) if role else ""
    return labels
