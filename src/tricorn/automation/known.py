"""What rules may ask of a ticket, read for many at once: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tricorn.agreements import plain
from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.models import Service
from tricorn.engine.rules import Facts, Reason, Written
from tricorn.parties.models import Organisation, Place
from tricorn.prepared import Prepared
from tricorn.tickets.models import Message, Outage, Problem, Ticket, TicketTag

RELATED = ("service__hours", "organisation")
LINKED: Mapping[str, Any] = {
    "outage": Outage.tickets.through.objects.filter(outage__taken_back_at__isnull=True),
    "problem": Problem.tickets.through.objects.all(),
}
ROWS = {"service": Service, "place": Place, "organisation": Organisation, "team": Organisation}
FIRST_WORDS = Prepared(
    lambda tickets, at: (
        Message.objects.filter(ticket__in=tickets, is_public=True)
        .order_by("-at", "-id")
        .values_list("ticket", "text")
    ),
    "tickets",
)


def facts_of(
    tickets: Sequence[Ticket],
    at: Mapping[int, datetime],
    written: Sequence[Written],
    also: Mapping[int, str] | None = None,
) -> dict[int, Facts]:
    """Return what is known of each ticket, read with RELATED, at its moment.

    `also` is text to be looked through besides the summary and the first words. What no rule of
    `written` asks is not read.
    """
    asked = {each.what for rule in written for each in rule.conditions}
    ids = [ticket.pk for ticket in tickets]
    first = _first_words(ids) if "words" in asked else {}
    tagged = _tags(ids) if "tag" in asked else {}
    linked = {what: _linked(rows, ids) for what, rows in LINKED.items() if what in asked}
    return {
        ticket.pk: Facts(
            values=_values(ticket, at[ticket.pk], tagged.get(ticket.pk, set()), asked, linked),
            text="\n".join(
                [ticket.summary, first.get(ticket.pk, ""), (also or {}).get(ticket.pk, "")]
            ),
        )
        for ticket in tickets
    }


def _values(
    ticket: Ticket,
    at: datetime,
    tags: set[str],
    asked: set[str],
    linked: Mapping[str, set[int]],
) -> dict[str, frozenset[str | int]]:
    def one(value: str | int | None) -> frozenset[str | int]:
        return frozenset() if value is None else frozenset({value})

    def yes(is_so: bool) -> frozenset[str | int]:
        return frozenset({"yes" if is_so else "no"})

    values = {
        "service": one(ticket.service_id),
        "kind": one(ticket.kind),
        "priority": one(ticket.priority),
        "state": one(ticket.state),
        "place": one(ticket.place_id),
        "organisation": frozenset(ticket.organisation.above) if ticket.organisation else one(None),
        "team": one(ticket.team_id),
        "channel": one(ticket.channel),
        "tag": frozenset(tags),
        "covered": yes(ticket.version_id is not None),
        "assigned": yes(ticket.assignee_id is not None),
    }
    for what, numbers in linked.items():
        values[what] = yes(ticket.pk in numbers)
    if "open" in asked:
        values["open"] = yes(schedule(ticket.service.hours).is_open(at))
    return values


def _tags(ids: Sequence[int]) -> dict[int, set[str]]:
    """Return the names of the tags on each ticket."""
    tagged: dict[int, set[str]] = {}
    for ticket, name in TicketTag.objects.filter(ticket__in=ids).values_list("ticket", "tag__name"):
        tagged.setdefault(ticket, set()).add(name)
    return tagged


def _linked(rows: Any, ids: Sequence[int]) -> set[int]:
    """Return which of these tickets are linked by rows of this kind."""
    return set(rows.filter(ticket__in=ids).values_list("ticket", flat=True))


def _first_words(ids: Sequence[int]) -> dict[int, str]:
    """Return the first thing said on each ticket."""
    return dict(FIRST_WORDS.rows(tickets=ids))


def names_in(reasons: Iterable[Reason]) -> dict[tuple[str, int | str], str]:
    """Return the names of what reasons speak of: a query for each kind of row."""
    wanted: dict[str, set[int]] = {}
    for reason in reasons:
        if reason.condition.what in ROWS:
            ids = {each for each in reason.condition.values if isinstance(each, int)}
            wanted.setdefault(reason.condition.what, set()).update(ids)
    named: dict[tuple[str, int | str], str] = {
        (what, number): name
        for what, ids in wanted.items()
        for number, name in ROWS[what]._default_manager.filter(pk__in=ids).values_list("pk", "name")
    }
    named |= {("kind", code): str(words) for code, words in plain.KINDS.items()}
    return named | {("priority", code): str(words) for code, words in plain.PRIORITIES.items()}
