"""What of a month's waiting the declined options would have covered: for all tickets at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from tricorn.agreements.models import Clause
from tricorn.catalogue import models as catalogue
from tricorn.catalogue.bridge import schedule_of
from tricorn.engine import clock as engine
from tricorn.engine.declined import beyond
from tricorn.engine.hours import Schedule, Target
from tricorn.insight.considered import Considered
from tricorn.insight.kins import Period
from tricorn.tickets.bridge import waits_from
from tricorn.tickets.models import Clock, Wait, counted

# At most so many declined options are held against one month of an agreement, the latest first.
MOST_OPTIONS = 8
Seconds = dict[int, tuple[int, ...]]
# Nothing here asks how long is promised, only in which hours.
ANY = Target.parse("1h")
Promise = tuple[Schedule, frozenset[engine.Holder]]


def relevant(
    every: Sequence[Considered], client: int, services: Collection[int], period: Period
) -> tuple[Considered, ...]:
    """Return the options of a client that could have covered something of these services then.

    What is declined later says nothing of this month, so that a month once counted stays.
    """
    fitting = [
        each
        for each in every
        if each.offer.client_id == client
        and each.services & set(services)
        and each.from_at < period.first_at
        and each.to_at > period.start
    ]
    return tuple(fitting[:MOST_OPTIONS])


def prevented(options: Sequence[Considered], versions: Collection[int], period: Period) -> Seconds:
    """Return the seconds waited while closed that each option would have covered, by ticket.

    Only tickets are named of which some option would have covered something. Three queries at the
    most; every pair of calendars is laid over each other once, for all its tickets.
    """
    if not options:
        return {}
    rows = _waited(options, versions, period)
    promises = _promises(rows)
    waits = _waits(versions, period) if rows else {}
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(options))
    for place, option in enumerate(options):
        groups: dict[tuple[int, int], list[_Piece]] = defaultdict(list)
        schedules: dict[tuple[int, int], tuple[Schedule, Schedule]] = {}
        for row in rows:
            wanted = _wanted(option, row)
            if wanted is None:
                continue
            given = promises[row["clause"], row["target"]]
            key = (id(wanted), id(given[0]))
            schedules[key] = (wanted, given[0])
            pieces = _pieces(row, given, waits.get(row["ticket"], ()))
            groups[key] += [(t, a, min(b, option.to_at)) for t, a, b in pieces if a < option.to_at]
        for key, pieces in groups.items():
            for ticket, seconds in _over(*schedules[key], pieces).items():
                found[ticket][place] += seconds
    return {ticket: tuple(seconds) for ticket, seconds in found.items() if any(seconds)}


_Piece = tuple[int, datetime, datetime]


def _waited(
    options: Sequence[Considered], versions: Collection[int], period: Period
) -> list[Mapping[str, Any]]:
    """Return the clocks whose closed hours count: for the resolution, else the first response."""
    services = frozenset().union(*(option.services for option in options))
    rows = (
        Clock.objects.filter(
            counted("ticket__"),
            Q(measure="resolution")
            | Q(measure="first_response")
            & ~Q(ticket__in=Clock.objects.filter(measure="resolution").values("ticket")),
            ticket__version__in=versions,
            ticket__reported_at__gte=period.start,
            ticket__reported_at__lt=period.first_at,
            ticket__service__in=services,
            closed_seconds__gt=0,
            stopped_at__lte=period.final_at,
        )
        .order_by("pk")
        .values(
            "ticket",
            "measure",
            "clause",
            "target",
            "started_at",
            "stopped_at",
            began_at=F("ticket__began_at"),
            kind=F("ticket__kind"),
            priority=F("ticket__priority"),
            service=F("ticket__service"),
            place=F("ticket__place"),
            person=Coalesce(F("ticket__affected"), F("ticket__requester")),
        )
    )
    return list(rows)


def _promises(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int | None, int | None], Promise]:
    """Return the hours that each clause or house target runs by, and who stops its clock."""
    clauses = {row["clause"] for row in rows if row["clause"]}
    targets = {row["target"] for row in rows if row["target"]}
    found: dict[tuple[int | None, int | None], Promise] = {}
    if clauses:
        for clause in Clause.objects.filter(pk__in=clauses):
            schedule = schedule_of(clause.spec, clause.hours)
            found[clause.pk, None] = (schedule, _holders(clause.stopped_by))
    if targets:
        for target in catalogue.Target.objects.filter(pk__in=targets):
            schedule = schedule_of(target.spec, "house promise")
            found[None, target.pk] = (schedule, _holders(target.stopped_by))
    return found


def _holders(names: Collection[str]) -> frozenset[engine.Holder]:
    return frozenset(engine.Holder(each) for each in names)


def _waits(versions: Collection[int], period: Period) -> dict[int, list[Wait]]:
    found: dict[int, list[Wait]] = defaultdict(list)
    rows = Wait.objects.filter(
        ticket__version__in=versions,
        ticket__reported_at__gte=period.start,
        ticket__reported_at__lt=period.first_at,
    )
    for wait in rows.order_by("started_at", "id"):
        found[wait.ticket_id].append(wait)
    return found


def _wanted(option: Considered, row: Mapping[str, Any]) -> Schedule | None:
    """Return the option's hours for a ticket; None where it would not have covered it."""
    if row["service"] not in option.services or not option.holds(_start(row)):
        return None
    if not option.reach.has(row["person"], row["place"]):
        return None
    return option.schedule(row["kind"], row["priority"], row["measure"])


def _start(row: Mapping[str, Any]) -> datetime:
    """When the waiting is counted from: since it began to hurt."""
    return min(row["began_at"], row["started_at"])


def _pieces(row: Mapping[str, Any], given: Promise, waits: Sequence[Wait]) -> list[_Piece]:
    """Return the stretches of a ticket that count, pauses left out."""
    start, end = _start(row), row["stopped_at"]
    if not waits:
        return [(row["ticket"], start, end)] if start < end else []
    schedule, stopped_by = given
    terms = engine.Terms("", schedule, ANY, stopped_by)
    run = engine.Clock(terms, start, waits_from(waits, row["started_at"]), end)
    return [(row["ticket"], span.start, span.end) for span in run.active(end)]


def _over(wanted: Schedule, given: Schedule, pieces: Sequence[_Piece]) -> dict[int, int]:
    if not pieces:
        return {}
    first, last = min(start for _, start, _ in pieces), max(end for *_, end in pieces)
    starts = np.array([int(start.timestamp()) for _, start, _ in pieces], dtype=np.int64)
    ends = np.array([int(end.timestamp()) for *_, end in pieces], dtype=np.int64)
    found: dict[int, int] = defaultdict(int)
    inside = beyond(wanted, given, first, last).seconds(starts, ends)
    for (ticket, _, _), seconds in zip(pieces, inside.tolist(), strict=True):
        found[ticket] += seconds
    return found
