"""Portraits of many persons, each at a moment of their own: how somebody stood when they spoke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from tricorn.parties.models import Membership
from tricorn.standing.models import Fact, Use
from tricorn.standing.portrait import OF_ALL, Known, Portrait, Used

Then = tuple[int, datetime]


def portraits_then(asked: Collection[Then]) -> dict[Then, Portrait]:
    """Return what was known of each person at their moment: facts and uses; no duty, no authority.

    Three queries for any number; what holds for everybody is asked once for each month that has any.
    """
    if not asked:
        return {}
    people = {person for person, _ in asked}
    first, last = min(at for _, at in asked), max(at for _, at in asked)
    lasting = Q(since__lte=last) & (Q(until__isnull=True) | Q(until__gt=first))
    members = _members(people, lasting)
    organisations = {
        int(part) for rows in members.values() for row in rows for part in row[1].split("/") if part
    }
    of_person: dict[int, list[tuple[Known, datetime | None]]] = defaultdict(list)
    of_organisation: dict[int, list[tuple[Known, datetime | None]]] = defaultdict(list)
    facts = Fact.objects.filter(lasting).order_by("since", "id")
    about = facts.filter(Q(person__in=people) | Q(organisation__in=organisations))
    for *values, until in about.values_list(*Known._fields, "until"):
        fact = Known(*values)
        whose, number = (
            (of_person, fact.person_id)
            if fact.person_id
            else (of_organisation, fact.organisation_id)
        )
        whose[number or 0].append((fact, until))
    uses = _uses(people, last)
    of_all: dict[tuple[int, int], tuple[Known, ...]] = {}
    found = {}
    for person, at in asked:
        if _month(at) not in of_all:
            of_all[_month(at)] = tuple(known for read in OF_ALL.values() for known in read(at))
        above = _above(members[person], at)
        known = [(fact, until, True) for fact, until in of_person[person]]
        for number, is_own in above.items():
            known += [
                (fact, until, is_own or fact.includes_below)
                for fact, until in of_organisation[number]
            ]
        found[person, at] = Portrait(
            person_id=person,
            at=at,
            facts_known=(
                *(
                    fact
                    for fact, until, counts in known
                    if counts and _holds(fact.since, until, at)
                ),
                *of_all[_month(at)],
            ),
            uses=_used(uses[person], at),
            organisations=tuple(above),
        )
    return found


def _month(at: datetime) -> tuple[int, int]:
    return at.year, at.month


def _members(people: set[int], lasting: Q) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Membership.objects.filter(lasting, person__in=people).order_by()
    columns = ("person", "organisation", "organisation__path", "since", "until")
    for person, *rest in rows.values_list(*columns):
        found[person].append(rest)
    return found


def _above(rows: list[Any], at: datetime) -> dict[int, bool]:
    """The organisations somebody belonged to at an instant, and whether straight."""
    above: dict[int, bool] = {}
    for own, path, since, until in rows:
        if _holds(since, until, at):
            for number in (int(part) for part in path.split("/") if part):
                above[number] = above.get(number, False) or number == own
    return above


def _uses(people: set[int], last: datetime) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Use.objects.filter(person__in=people, at__lte=last).order_by()
    for person, *rest in rows.values_list("person", "service", "on", "at"):
        found[person].append(rest)
    return found


def _used(rows: list[Any], at: datetime) -> dict[int, Used]:
    days: dict[int, set[date]] = defaultdict(set)
    for service, on, moment in rows:
        if moment <= at:
            days[service].add(on)
    return {service: Used(len(found), min(found)) for service, found in days.items()}


def _holds(since: datetime, until: datetime | None, at: datetime) -> bool:
    return since <= at and (until is None or until > at)
