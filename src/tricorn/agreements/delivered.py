"""Delivered work as pages show it: what waits for acceptance, what came of it, its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from tricorn.agreements.deciders import may_each, of_work
from tricorn.agreements.models import Work
from tricorn.files.models import File
from tricorn.standing.portrait import Portrait

MOST = 200


def listed() -> list[Work]:
    """Return presented work, what waits first. One query."""
    return sorted(_joined(Work.objects.all())[:MOST], key=lambda each: hasattr(each, "outcome"))


def visible(portrait: Portrait) -> QuerySet[Work]:
    """The work that somebody of the client's side may know of.

    An authority for the client, or above it, opens it; so does having answered it.
    """
    opened = Q(outcome__person=portrait.person_id)
    for authority in portrait.authorities:
        one = Q(client=authority.organisation_id) | Q(
            client__path__contains=f"/{authority.organisation_id}/"
        )
        if authority.service_id is not None:
            one &= Q(service=authority.service_id)
        opened |= one
    return _joined(Work.objects.filter(opened))


def waiting(portrait: Portrait, at: datetime) -> list[Work]:
    """Return the work that waits for this very person. Nine queries at most, for any number."""
    found = list(visible(portrait).filter(outcome__isnull=True))
    if not found:
        return []
    mine = may_each(portrait.person_id, [of_work(each) for each in found], at=at)
    return [work for work, may in zip(found, mine, strict=True) if may]


def files_of(work: Work) -> Collection[File]:
    return File.objects.filter(subject="work", subject_id=work.pk)


def _joined(rows: QuerySet[Work]) -> QuerySet[Work]:
    return rows.select_related("client", "service", "presented_by", "outcome__person")


def waits(works: Iterable[Work]) -> list[Work]:
    return [each for each in works if not hasattr(each, "outcome")]
