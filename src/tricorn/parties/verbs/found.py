"""Letting people be found by name, address and where they belong."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from tricorn.parties.models import Membership, Person
from tricorn.search import verbs as search
from tricorn.search.kinds import Document, Source

BATCH = 1000


def index_persons(ids: Collection[int]) -> None:
    """Let these people be found by what is known of them now: two queries, and the writing.

    A record that was merged into another one is found no more.
    """
    persons = list(Person.objects.filter(pk__in=ids))
    search.put_many("person", _documents([p for p in persons if p.merged_into_id is None]))
    search.forget_many("person", [p.pk for p in persons if p.merged_into_id is not None])


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
    while found := list(_own().filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield _documents(found)
        last = found[-1].pk


def _own() -> QuerySet[Person]:
    return Person.objects.filter(merged_into=None)


PERSONS = Source(count=lambda: _own().count(), batches=_batches)
