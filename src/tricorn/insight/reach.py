"""Whom options would have covered, by the names in their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from tricorn.agreements.models import Option
from tricorn.engine.agreement import Agreement, Entitled
from tricorn.parties.models import Membership, Organisation, Person, Place

UNITS = ("group", "organisation")


@dataclass(frozen=True)
class Reach:
    """Whom an option would have covered: the whole client, or these people and places."""

    everybody: bool
    persons: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()

    def has(self, person: int | None, place: int | None) -> bool:
        return self.everybody or person in self.persons or place in self.places


def reaches_of(contents: Mapping[Option, Agreement]) -> dict[int, Reach]:
    """Return whom each option would have covered, by its number. Four queries at the most.

    A name that nobody bears any more covers nobody.
    """
    entitled = [each for content in contents.values() for each in content.entitled]
    units = _named(Organisation, entitled, UNITS, "name")
    persons = _named(Person, entitled, ("person",), "email", "name")
    places = _named(Place, entitled, ("place",), "slug", "name")
    found = {}
    parts: dict[int, list[Organisation]] = {}
    for option, content in contents.items():
        named = [units[e.name.casefold()] for e in content.entitled if _is_in(e, UNITS, units)]
        found[option.pk] = Reach(
            any(_is_whole(each, option, units) for each in content.entitled),
            _numbers(content, ("person",), persons),
            _numbers(content, ("place",), places),
        )
        parts[option.pk] = [] if found[option.pk].everybody else named
    members = _members([unit for some in parts.values() for unit in some])
    return {
        option: replace(
            reach, persons=reach.persons.union(*(members[unit.pk] for unit in parts[option]))
        )
        for option, reach in found.items()
    }


def _named(
    model: Any, entitled: list[Entitled], scopes: tuple[str, ...], *keys: str
) -> dict[str, Any]:
    """Return the rows that names stand for; names are compared without case, as when signing."""
    names = {each.name for each in entitled if each.scope in scopes}
    if not names:
        return {}
    named = Q()
    for key in keys:
        for name in names:
            named |= Q(**{f"{key}__iexact": name})
    return {
        getattr(row, key).casefold(): row for row in model.objects.filter(named) for key in keys
    }


def _is_in(each: Entitled, scopes: tuple[str, ...], rows: Mapping[str, Any]) -> bool:
    return each.scope in scopes and each.name.casefold() in rows


def _is_whole(each: Entitled, option: Option, units: Mapping[str, Organisation]) -> bool:
    """Whether it covers everyone, or the client with all that is below it."""
    if each.scope == "everyone":
        return True
    if each.scope != "organisation" or not each.below or not _is_in(each, UNITS, units):
        return False
    return option.offer.client.path.startswith(units[each.name.casefold()].path)


def _numbers(
    content: Agreement, scopes: tuple[str, ...], rows: Mapping[str, Any]
) -> frozenset[int]:
    return frozenset(
        rows[each.name.casefold()].pk for each in content.entitled if _is_in(each, scopes, rows)
    )


def _members(units: list[Organisation]) -> dict[int, set[int]]:
    """Return who belongs, or belonged, to each unit or to what is below it. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    if not units:
        return found
    below = Q()
    for unit in units:
        below |= Q(organisation__path__startswith=unit.path)
    wanted = {unit.pk for unit in units}
    rows = Membership.objects.filter(below).values_list("person", "organisation__path")
    for person, path in rows:
        for number in wanted & {int(part) for part in path.split("/") if part}:
            found[number].add(person)
    return found
