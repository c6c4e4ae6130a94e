"""Views of the queue that somebody keeps, for themselves or shared with a desk.

A choice of one's own leaves no line; what others see of it does.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean
from tricorn.standing.models import Duty
from tricorn.tickets.models import SavedFilter

MOST = 30
MOST_SHARED = 30


def save_filter(*, by: Actor, at: datetime, name: str, query: str) -> SavedFilter:
    """Keep a view of the queue under a name; the same name again keeps the new view.

    Errors  BadInput for an empty or long name, a view that is too long, or too many views.
    """
    name = clean(name, "name", 60)
    if len(query) > 500:
        raise BadInput("This view is too long to keep. Search for fewer words.", field="name")
    with transaction.atomic():
        own = SavedFilter.objects.filter(person=by.id)
        if not own.filter(name=name).exists() and own.count() >= MOST:
            raise BadInput(
                f"You keep {MOST} views, which is as many as fit. Forget one first.", field="name"
            )
        last = own.aggregate(last=Max("position"))["last"] or 0
        saved, is_new = SavedFilter.objects.update_or_create(
            person_id=by.id or 0,
            name=name,
            defaults={"query": query},
            create_defaults={"query": query, "position": last + 1},
        )
        if saved.is_shared and not is_new:
            write(saved, "view.changed", by=by, at=at)
    return saved


def change_filter(
    saved: SavedFilter,
    *,
    by: Actor,
    at: datetime,
    name: str,
    is_shared: bool,
    service: Service | None = None,
) -> SavedFilter:
    """Give a view another name, and say who sees it: oneself, the desk of a service, every desk.

    Errors  StandingRefused unless it is one's own, or shared and one manages there; BadInput.
    """
    name = clean(name, "name", 60)
    with transaction.atomic():
        saved = SavedFilter.objects.select_for_update(of=("self",)).get(pk=saved.pk)
        _may_change(saved, by, at)
        if service is not None and not is_shared:
            raise BadInput("Say with which desk it is shared, or keep it to yourself.")
        if is_shared and service is not None and not _serves(by, at, service.pk):
            raise StandingRefused(f"You do not work at the desk of {service}, so choose another.")
        others = SavedFilter.objects.filter(person=saved.person_id, name=name)
        if others.exclude(pk=saved.pk).exists():
            raise BadInput(
                f"There is a view called {name} already. Choose another name.", field="name"
            )
        shared = SavedFilter.objects.filter(is_shared=True, service=service)
        if is_shared and shared.exclude(pk=saved.pk).count() >= MOST_SHARED:
            raise BadInput(f"{MOST_SHARED} views are shared there, which is as many as fit.")
        before = (saved.name, saved.is_shared, saved.service_id)
        saved.name, saved.is_shared, saved.service = name, is_shared, service
        if before == (saved.name, saved.is_shared, saved.service_id):
            return saved
        saved.save(update_fields=["name", "is_shared", "service"])
        if is_shared:
            write(saved, "view.shared", by=by, at=at, service=service.pk if service else None)
        elif before[1]:
            write(saved, "view.unshared", by=by, at=at)
    return saved


def move_filter_up(saved: SavedFilter, *, by: Actor, at: datetime) -> None:
    """Let a view of one's own stand one place further up; the topmost stays where it is."""
    with transaction.atomic():
        own = list(SavedFilter.objects.select_for_update(of=("self",)).filter(person=by.id))
        places = [each.pk for each in own]
        if saved.pk not in places:
            raise StandingRefused("Only your own views have an order of yours.")
        at_place = places.index(saved.pk)
        if at_place:
            own[at_place - 1], own[at_place] = own[at_place], own[at_place - 1]
        for position, each in enumerate(own, start=1):
            each.position = position
        SavedFilter.objects.bulk_update(own, ["position"])


def forget_filter(saved_id: int, *, by: Actor, at: datetime) -> None:
    """Forget a view of one's own, or a shared one where one manages; twice is once."""
    with transaction.atomic():
        saved = SavedFilter.objects.filter(pk=saved_id).first()
        if saved is None or (saved.person_id != by.id and not saved.is_shared):
            return
        _may_change(saved, by, at)
        if saved.is_shared:
            write(saved, "view.unshared", by=by, at=at)
        saved.delete()


def _may_change(saved: SavedFilter, by: Actor, at: datetime) -> None:
    if saved.person_id == by.id:
        return
    if not (saved.is_shared and _serves(by, at, saved.service_id, duty="manage")):
        raise StandingRefused(
            f"“{saved.name}” is a view of {saved.person}. They, or who manages there, may change it."
        )


def _serves(by: Actor, at: datetime, service_id: int | None, *, duty: str = "") -> bool:
    duties = Duty.objects.at(at).filter(person=by.id)
    if duty:
        duties = duties.filter(duty=duty)
    return any(each in (None, service_id) for each in duties.values_list("service", flat=True))
