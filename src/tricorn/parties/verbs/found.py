"""Letting people be found by name, address and where they belong."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tricorn.parties.models import Membership, Person
from tricorn.search import verbs as search
from tricorn.search.kinds import Document, Source

BATCH = 1000


def index_persons(ids: Collection[int]) -> None:
    """Let these people be found by what is known of them now: two queries, and the writing."""
    search.put_many("person", _documents(Person.objects.filter(pk__in=ids)))


def _documents(persons: Collection[Person]) -> list[Document]:
    where: dict[int, list[str]] = {}
    members = Membership.objects.filter(person__in=[p.pk for p in persons], until__isnull=True)
    for person, name in members.values_list("person", "organisation__name").order_by("id"):
        where.setdefault(person, []).append(name)
    return [
        Document(each.pk, each.name, "\n".join([each.email or "", *where.get(each.pk, ())]))
        for each in persons
    ]


def _batches() -> Iterator[list[Document]]:
    last = 0
    while found := list(Person.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield _documents(found)
        last = found[-1].pk


PERSONS = Source(count=lambda: Person.objects.count(), batches=_batches)
