"""What somebody has begun to write: their own, as far as they serve what it is of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from tricorn.tickets.models import Draft

# What says something on a ticket, or ends it: what one has begun to say there may be past its time.
TELLING = frozenset({"add_note", "answer", "close", "hand_over", "macro", "resolve"})
LISTED = 50


def begun_on(person_id: int | None, tickets: Collection[int] | QuerySet[Any, Any]) -> list[str]:
    """Return those of the tickets on which somebody's own answer or note waits: one query."""
    said = Q(kind__in=["answer", "note"], person=person_id, ticket__in=tickets)
    numbers = Draft.objects.filter(said).order_by("ticket").values_list("ticket", flat=True)
    return [f"T-{number}" for number in numbers.distinct()[:LISTED]]
