"""Finding a person by what an agent types: a name, the beginning of one, or a mail address."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from tricorn.parties.models import Membership, Person
from tricorn.parties.reads import person_by_address

MOST = 8
ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>\s*$")


@dataclass(frozen=True)
class Found:
    """One person that was meant, perhaps; `where` are the organisations they belong to."""

    id: int
    name: str
    email: str
    where: str

    @property
    def typed(self) -> str:
        """What the box holds once this person is chosen; it finds them again, and nobody else."""
        return f"{self.name} <{self.email}>" if self.email else self.name


def find_people(text: str, *, at: datetime) -> tuple[Found, ...]:
    """Return at most eight people whom the text may mean, the likeliest first: two queries.

    "Cleo <cleo@example.org>" and a whole address mean one person; else a name or the beginning of
    a word in it, or of an address.
    """
    text = " ".join("".join(c for c in text if c.isprintable()).split())[:200]
    if not text:
        return ()
    address = ADDRESS.search(text)
    active = Person.objects.filter(is_active=True)
    if address or "@" in text:
        exact = person_by_address(address[1] if address else text)
        if exact or address:
            return _found([exact] if exact and exact.is_active else [], at)
    meant = Q(name__istartswith=text) | Q(name__icontains=f" {text}") | Q(email__istartswith=text)
    likeliest = Case(
        When(name__iexact=text, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return _found(list(active.filter(meant).order_by(likeliest, "name", "id")[:MOST]), at)


def people(ids: Collection[int], *, at: datetime) -> tuple[Found, ...]:
    """Return these people by their ids."""
    return _found(list(Person.objects.filter(pk__in=ids).order_by("name", "id")), at)


def _found(persons: list[Person], at: datetime) -> tuple[Found, ...]:
    where: dict[int, list[str]] = {}
    members = Membership.objects.at(at).filter(person__in=[p.pk for p in persons])
    for member in members.select_related("organisation").order_by("since", "id"):
        where.setdefault(member.person_id, []).append(member.organisation.name)
    return tuple(
        Found(p.pk, p.name, p.email or "", ", ".join(where.get(p.pk, ()))) for p in persons
    )
