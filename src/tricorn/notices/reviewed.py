"""Who is told of a complaint that is with a reviewer: its reviewer, and who complained. Nobody else.

Neither whom it names, nor for whom it was typed in, nor the desk: whatever their duties or choices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tricorn.journal.models import Line
from tricorn.parties.models import Person
from tricorn.tickets.models import Inquiry, Reviewer, Ticket

# What a reviewer hears of: it is theirs now, somebody replied, or who complained came back.
HEARD = frozenset({"ticket.named_replied", "ticket.review_passed_on", "ticket.staff_named"})
FROM_OUTSIDE = frozenset({"ticket.answered", "ticket.reopened"})
ANSWERS = frozenset({"ticket.answered", "ticket.resolved"})


@dataclass(frozen=True)
class Told:
    """One person, and in which capacity they hear of it."""

    person: Person
    capacity: str
    about: str


def told_of_review(line: Line, ticket: Ticket, at: datetime) -> list[Told]:
    """Return who hears of a line about a complaint. Never who did it."""
    author = line.by_id if line.by_kind == "person" else None
    return [each for each in _told(line, ticket, at) if each.person.pk != author]


def _told(line: Line, ticket: Ticket, at: datetime) -> Iterator[Told]:
    is_ours = line.kind in ANSWERS and (
        line.kind == "ticket.resolved" or bool(line.data.get("from_desk"))
    )
    if is_ours and ticket.requester is not None and ticket.requester.is_active:
        yield Told(ticket.requester, "requester", "answer")
    elif line.kind in HEARD or (line.kind in FROM_OUTSIDE and not is_ours):
        yield from (Told(each, "reviewer", "review") for each in readers_of(ticket, at))


def readers_of(ticket: Ticket, at: datetime) -> list[Person]:
    """Return who reads a complaint at this moment: its reviewer, else who stands in for them."""
    inquiry = Inquiry.objects.filter(pk=ticket.pk).first()
    if inquiry is None or inquiry.reviewer_id is None:
        return []
    deputies = Reviewer.objects.at(at).filter(person=inquiry.reviewer_id, deputy__isnull=False)
    able = {inquiry.reviewer_id, *deputies.values_list("deputy", flat=True)}
    return [
        each
        for each in Person.objects.filter(pk__in=able, is_active=True).order_by("pk")
        if Inquiry.objects.read_by(each.pk, at).filter(pk=ticket.pk).exists()
    ]
