"""What a merged ticket brings along: its tags, and who of the desk follows it.

They stay on it; the other one gets its own, and the line of the merge says which. So unmerging takes
off exactly those, but for what somebody put on by hand since or another merged one brings, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tricorn.journal.models import Line
from tricorn.tickets.models import Follower, Ticket, TicketTag
from tricorn.tickets.reads.desk import agents_of
from tricorn.tickets.verbs.tags import MOST


@dataclass(frozen=True)
class Sort:
    """One sort of what is brought: its rows, what they name, the lines by which one has it by hand."""

    model: Any
    field: str
    by_hand: tuple[str, ...]

    def on(self, **where: int) -> set[int]:
        return set(self.model.objects.filter(**where).values_list(self.field, flat=True))


SORTS = {
    "tags": Sort(TicketTag, "tag_id", ("ticket.tagged",)),
    "followers": Sort(Follower, "person_id", ("ticket.followed", "ticket.mentioned")),
}


def bring(ticket: Ticket, into: Ticket, *, at: datetime) -> dict[str, list[int]]:
    """Give the other one these tags, as far as they fit, and these followers; return which are new."""
    there = set(TicketTag.objects.filter(ticket=into).values_list("tag", flat=True))
    own = TicketTag.objects.filter(ticket=ticket).values_list("tag", flat=True)
    tags = [each for each in own if each not in there][: max(MOST - len(there), 0)]
    TicketTag.objects.bulk_create([TicketTag(ticket=into, tag_id=each) for each in tags])
    following = Follower.objects.filter(ticket=ticket).exclude(person__follows__ticket=into)
    wanting = set(following.values_list("person", flat=True))
    followers = sorted(wanting & {each.pk for each in agents_of(into, at)}) if wanting else []
    Follower.objects.bulk_create(
        [Follower(ticket=into, person_id=each, since=at) for each in followers]
    )
    return {"tags": tags, "followers": followers}


def take_along(ticket: Ticket, above: list[int]) -> dict[str, list[int]]:
    """Take off the tickets above, the next one first, what the ticket had brought.

    Return what the next one lost. Called when the ticket is one of its own again.
    """
    return {name: _take_along(ticket.pk, above, name, sort) for name, sort in SORTS.items()}


def _take_along(ticket: int, above: list[int], name: str, sort: Sort) -> list[int]:
    own = sort.on(ticket=ticket)
    taken = []
    for level in above:
        carried = sort.on(ticket__merged_into=level)
        brought = _brought(level, name, sort)
        rows = sort.model.objects.filter(ticket=level, **{f"{sort.field}__in": own & brought})
        rows = rows.exclude(**{f"{sort.field}__in": carried})
        taken.append(sorted(rows.values_list(sort.field, flat=True)))
        rows.delete()
    return taken[0]


def chain_above(into: Ticket, survivor: Ticket) -> list[int]:
    """Return the tickets from one that others were merged into up to the survivor. One query."""
    rows = Ticket.objects.handled_with(survivor).values_list("pk", "merged_into")
    above = {pk: over for pk, over in rows if over is not None}
    found = [into.pk]
    while found[-1] != survivor.pk and found[-1] in above:
        found.append(above[found[-1]])
    return found


def _brought(level: int, name: str, sort: Sort) -> set[int]:
    """Return what merges brought to a ticket, and nobody put on it by hand since. One query."""
    brought: set[int] = set()
    kinds = ("ticket.took_in", *sort.by_hand)
    for line in Line.objects.about("ticket", level).filter(kind__in=kinds).order_by("id"):
        if line.kind == "ticket.took_in":
            brought.update(line.data.get(name, ()))
        else:
            brought.discard(line.data.get("tag") or line.data.get("person") or line.by_id or 0)
    return brought
