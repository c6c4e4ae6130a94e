"""Who is concerned by a journal line, in which capacity and about what. Nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tricorn.journal.models import Line
from tricorn.notices import reviewed
from tricorn.notices.abouts import telling_most
from tricorn.notices.models import Preference
from tricorn.parties.models import Person
from tricorn.prepared import Prepared
from tricorn.standing.models import Duty
from tricorn.tickets.models import Follower, Ticket
from tricorn.tickets.reads.merged import told_with

HEARD = frozenset(
    {
        "rule.notified",
        "ticket.answered",
        "ticket.assigned",
        "ticket.escalated",
        "ticket.mentioned",
        "ticket.reminded",
        "ticket.reopened",
        "ticket.reported",
        "ticket.resolved",
        "ticket.split_off",
        *reviewed.HEARD,
    }
)
# Lines that name the persons they are for.
NAMED = {
    "rule.notified": "rule",
    "ticket.escalated": "escalated",
    "ticket.mentioned": "mentioned",
    "ticket.reminded": "reminded",
}
# What those who follow a ticket hear of.
FOLLOWED = frozenset({"ticket.answered", "ticket.assigned", "ticket.reopened", "ticket.resolved"})


@dataclass(frozen=True)
class Concerned:
    """One person, in one capacity, about one thing, on a ticket that they may see."""

    ticket: Ticket
    person: Person
    capacity: str
    about: str


def concerned(line: Line, ticket: Ticket, at: datetime) -> list[Concerned]:
    """Return everybody whom a line about a ticket concerns, once, with what tells most.

    Never who did it, never who may not see the ticket now, and what names the desk's own things
    never somebody who does not work for its service.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, code in _candidates(line, ticket, at):
        found[person_id].add(code)
    # Whoever reminded themselves did it, and still wants to hear of it.
    if line.by_kind == "person" and line.kind != "ticket.reminded":
        found.pop(line.by_id or 0, None)
    if not found:
        return []
    people = Person.objects.filter(pk__in=found, is_active=True).order_by("pk")
    own = {ticket.requester_id, ticket.affected_id, ticket.reported_by_id}
    result = []
    for person in people:
        if not Ticket.objects.visible_to(person.actor).filter(pk=ticket.pk).exists():
            continue
        codes = found[person.pk]
        if "answer" in codes:
            result.append(Concerned(ticket, person, "requester", "answer"))
        elif codes == {"followed"} and person.pk in own:
            result.append(Concerned(ticket, person, "requester", "followed"))
        elif Ticket.objects.served_by(person.pk).filter(pk=ticket.pk).exists():
            result.append(Concerned(ticket, person, "agent", telling_most("agent", codes)))
    if any(code == "answer" for codes in found.values() for code in codes):
        result += _elsewhere(line, ticket, {each.person.pk for each in result})
    return result


def _elsewhere(line: Line, ticket: Ticket, known: set[int]) -> list[Concerned]:
    """Whose matters were merged into this ticket hear of its answers, each on their own one."""
    result = []
    author = line.by_id if line.by_kind == "person" else None
    matters = told_with(ticket)
    for matter in matters:
        for person in (matter.requester, matter.affected):
            if person is None or not person.is_active or person.pk in {author, *known}:
                continue
            known.add(person.pk)
            result.append(Concerned(matter, person, "requester", "answer"))
    return [*result, *_following_elsewhere(ticket, matters, {author or 0, *known})]


def _following_elsewhere(
    ticket: Ticket, matters: list[Ticket], known: set[int]
) -> Iterator[Concerned]:
    """Who follows a matter that was merged into this ticket, and does not serve the ticket itself."""
    by_id = {each.pk: each for each in matters}
    rows = Follower.objects.filter(ticket__in=by_id, person__is_active=True).order_by("id")
    for follower in rows.exclude(person__in=known).select_related("person"):
        person, matter = follower.person, by_id[follower.ticket_id]
        seen = Ticket.objects.visible_to(person.actor)
        if person.pk in known or not seen.filter(pk=matter.pk).exists():
            continue
        if seen.filter(pk=ticket.pk).exists():
            continue  # it is one click away: who wants to hear of it follows it there
        known.add(person.pk)
        at_desk = Ticket.objects.served_by(person.pk).filter(pk=matter.pk).exists()
        yield Concerned(matter, person, "agent" if at_desk else "requester", "followed")


def _candidates(line: Line, ticket: Ticket, at: datetime) -> Iterator[tuple[int, str]]:
    """Yield persons and what it would be to them, before anybody asks whether they may know."""
    if code := NAMED.get(line.kind):
        given = line.data.get("persons") or [line.data.get("person")]
        yield from ((each, code) for each in given if isinstance(each, int))
    elif line.kind == "ticket.assigned":
        if to := line.data.get("to"):
            yield to, "assigned"
    elif line.kind in ("ticket.reported", "ticket.split_off"):
        yield from ((each, "reported") for each in _who_wants_all(ticket, at))
    else:
        from_desk = line.kind == "ticket.resolved" or line.data.get("from_desk")
        if from_desk and not ticket.source:
            whose = (ticket.requester_id, ticket.affected_id)
            yield from ((each, "answer") for each in whose if each)
        # A colleague's answer says nothing that the one who has it must do.
        if ticket.assignee_id and not line.data.get("from_desk"):
            yield ticket.assignee_id, "answered"
    if line.kind in FOLLOWED:
        yield from ((each, "followed") for each in _followers(ticket))


def _followers(ticket: Ticket) -> list[int]:
    return list(ticket.followers.values_list("person", flat=True))


def _who_wants_all(ticket: Ticket, at: datetime) -> list[int]:
    """Who chose to hear of everything new in their services: nobody, unless they said so."""
    return [person for (person,) in WANTING.rows(at, services=[ticket.service_id])]


def _wanting(services: Collection[int], at: datetime) -> QuerySet[Any, Any]:
    wanting = Preference.objects.filter(about="reported", capacity="agent").exclude(how="off")
    serving = Duty.objects.at(at).filter(Q(service=None) | Q(service__in=services))
    return wanting.filter(person__in=serving.values("person")).values_list("person")


WANTING = Prepared(_wanting, "services")
