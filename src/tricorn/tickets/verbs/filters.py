"""Views of the queue that somebody keeps for themselves. A choice of one's own leaves no line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.parties.verbs import clean
from tricorn.tickets.models import SavedFilter

MOST = 30


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
        saved, _ = SavedFilter.objects.update_or_create(
            person_id=by.id or 0, name=name, defaults={"query": query}
        )
    return saved


def forget_filter(saved_id: int, *, by: Actor, at: datetime) -> None:
    """Forget a view of one's own; to forget it twice is to forget it once."""
    SavedFilter.objects.filter(pk=saved_id, person=by.id).delete()
