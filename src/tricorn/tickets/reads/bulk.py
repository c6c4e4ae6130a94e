"""Many at once, as the desk reads it: which tickets a view holds, what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from tricorn.tickets.models import Bulk, BulkRow
from tricorn.tickets.reads.asked import asked
from tricorn.tickets.reads.drafts import TELLING, begun_on
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.queue import Agent, is_newest_first, matching, reader_of

LISTED = 200


@dataclass(frozen=True)
class BulkShown:
    """How far a bulk is, and what is listed: refusals, what stays, what is not as it was."""

    total: int
    waiting: int
    done: int
    refused: int
    undone: int
    kept: int
    listed: tuple[BulkRow, ...]
    is_undoing: bool
    begun: tuple[str, ...] = ()

    @property
    def dealt_with(self) -> int:
        return self.total - self.left

    @property
    def left(self) -> int:
        return self.done if self.is_undoing else self.waiting


def bulk_shown(bulk: Bulk) -> BulkShown:
    """Return how a bulk stands: two queries, and one for drafts where it told people something."""
    counts = dict(
        BulkRow.objects.filter(bulk=bulk)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    listed = bulk.rows.exclude(reason="").select_related("ticket").order_by("id")[:LISTED]
    return BulkShown(
        total=sum(counts.values()),
        waiting=counts.get("waiting", 0),
        done=counts.get("done", 0),
        refused=counts.get("refused", 0),
        undone=counts.get("undone", 0),
        kept=counts.get("kept", 0),
        listed=tuple(listed),
        is_undoing=bulk.undone_at is not None,
        begun=tuple(_begun(bulk)),
    )


def _begun(bulk: Bulk) -> list[str]:
    """Return the tickets on which somebody's own words wait, past which it said something."""
    if bulk.deed.get("do", "macro") not in TELLING or bulk.undone_at is not None:
        return []
    return begun_on(bulk.person_id, bulk.rows.filter(state="done").values("ticket"))


def numbers_of_view(
    agent: Agent, filters: Filters, at: datetime, most: int, *, zone: str = "UTC"
) -> list[int]:
    """Return the first tickets of a view of the queue by number, in its order: one query."""
    meant = asked(filters.text, reader_of(agent, at, zone))
    order = ["-id"] if is_newest_first(filters, meant) else ["queue_at", "id"]
    found = matching(agent, filters, meant, at).order_by(*order)
    return list(found.values_list("pk", flat=True)[:most])
