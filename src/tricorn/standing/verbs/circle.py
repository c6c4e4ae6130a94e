"""Refusing a circle of deputies when somebody is named who would close one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from tricorn.engine.errors import BadInput
from tricorn.engine.roles.authority import Stands, circle
from tricorn.parties.models import House, Person
from tricorn.standing.models import Absence, Authority


def refuse_circle(
    person: Person,
    deputy: Person,
    since: datetime,
    until: datetime | None,
    *,
    deeds: Sequence[str] = ("",),
    path: str = "",
) -> None:
    """Refuse a deputy for whom, over some others, this very person stands in.

    Inside a transaction: deputies are named one after another, so that no two close a circle
    together. Two queries and a lock.
    """
    list(House.objects.select_for_update(of=("self",)))
    granted = Authority.objects.unended(since).filter(deputy__isnull=False)
    names = ("person_id", "deputy_id", "since", "until", "may", "organisation__path")
    others = [Stands(*row) for row in granted.order_by("id").values_list(*names)]
    away = Absence.objects.unended(since).filter(deputy__isnull=False)
    others += [Stands(*row) for row in away.order_by("id").values_list(*names[:4])]
    for deed in deeds:
        new = Stands(person.pk, deputy.pk, since, until, deed, path)
        if persons := circle(new, others):
            known = Person.objects.in_bulk(persons)
            chain = [known[each].name for each in (*persons[1:], persons[0])]
            raise BadInput(
                f"{deputy} cannot stand in for {person}: {_in_turn(chain)}, "
                "and so in a circle. Name somebody else.",
                field="deputy",
                circle=list(persons),
            )


def _in_turn(chain: list[str]) -> str:
    """Return "for Cleo stands Pia, for Pia stands Clive"."""
    return ", ".join(f"for {one} stands {other}" for one, other in pairwise(chain))
