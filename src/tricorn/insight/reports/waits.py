"""Whose turn it was: the time from report to end, divided among those who held things up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tricorn.agreements.models import Clause
from tricorn.catalogue.bridge import schedule, schedule_of
from tricorn.catalogue.models import Service, Target
from tricorn.engine.hours import Schedule
from tricorn.insight.replays.own import CHUNK, UNKNOWN, Second
from tricorn.insight.reports.sheet import Cell, Question, Sheet, sheet_of
from tricorn.tickets.models import HOLDERS, Ticket, Wait

OURSELVES = HOLDERS.index("provider")
# Who held a ticket up while it was resolved, before it came back: nobody.
NOBODY = len(HOLDERS)
ON_CLOCK, ON_WALL = "on clock", "on wall"
ACROSS = tuple(f"{holder}, {clock}" for clock in (ON_CLOCK, ON_WALL) for holder in HOLDERS)

Seconds = npt.NDArray[np.int64]


def by_holder(question: Question, at: datetime) -> Sheet:
    """Time by holder of what was resolved in these months, on the clock and on the wall.

    On the clock: service time, as the promise counts it from when its clock begins, whether or not
    a wait stops it; where no end is promised, in the hours of the service. On the wall: all hours
    from the report on. All that is nobody else's is ours, and a stretch in which a ticket was
    resolved, before it came back, is in no number. At most six queries and those for the names.
    """
    found = _resolved(question)
    rows = _tickets(found, question)
    if not len(rows.number):
        return sheet_of("by-holder", "time", question, {}, across=ACROSS, adds_up=False)
    waits = _waits(found, rows.number)
    count = np.bincount(rows.group)
    cells: dict[tuple[Any, str], Cell] = {}
    for clock, begin, schedules in (
        (ON_CLOCK, rows.started, list(_schedules(rows))),
        (ON_WALL, rows.reported, None),
    ):
        held = _held(rows, waits, begin, schedules)
        for place, number in enumerate(rows.groups.tolist()):
            for holder, seconds in zip(HOLDERS, held[place].tolist(), strict=False):
                cell = Cell(int(count[place]), seconds=seconds)
                cells[number or (None if question.column else 0), f"{holder}, {clock}"] = cell
    return sheet_of("by-holder", "time", question, cells, across=ACROSS, adds_up=False)


@dataclass(frozen=True)
class Rows:
    """Tickets by column: number (rising), place in `groups`, moments in UTC seconds, promise."""

    number: Seconds
    group: Seconds
    groups: Seconds
    reported: Seconds
    started: Seconds
    ended: Seconds
    promise: Seconds


@dataclass(frozen=True)
class Held:
    """Waits that are over, by column: row of the ticket, from, to, who; by ticket and start."""

    row: Seconds
    start: Seconds
    end: Seconds
    holder: Seconds


def _resolved(question: Question) -> QuerySet[Ticket]:
    return question.tickets().filter(resolved_at__gte=question.start, resolved_at__lt=question.end)


def _tickets(found: QuerySet[Ticket], question: Question) -> Rows:
    resolution = FilteredRelation("clocks", condition=Q(clocks__measure="resolution"))
    values = found.annotate(clock=resolution).values_list(
        "pk",
        Coalesce(F(question.column), 0) if question.column else Value(0),
        Second("reported_at"),
        Second("clock__started_at"),
        Second("resolved_at"),
        Coalesce("clock__clause", 0),
        Coalesce("clock__target", 0),
        "service",
    )
    number, group, reported, started, ended, *promise = _columns(values, 8)
    groups, place = np.unique(group, return_inverse=True)
    started = np.where(started == UNKNOWN, reported, started)
    return Rows(number, place, groups, reported, started, ended, np.stack(promise))


def _waits(found: QuerySet[Ticket], numbers: Seconds) -> Held:
    names = (*HOLDERS, "")
    holder = Case(
        *(When(holder=name, then=code) for code, name in enumerate(names)),
        output_field=IntegerField(),
    )
    over = Wait.objects.filter(ticket__in=found.values("pk"), ended_at__isnull=False)
    values = over.values_list("ticket", Second("started_at"), Second("ended_at"), holder)
    ticket, start, end, who = _columns(values, 4)
    row = np.searchsorted(numbers, ticket)
    order = np.lexsort((start, row))
    return Held(row[order], start[order], end[order], who[order])


def _columns(values: Any, width: int) -> Seconds:
    """Return rows of whole numbers by column, in the order of the first."""
    numbers = chain.from_iterable(values.order_by().iterator(chunk_size=CHUNK))
    table = np.fromiter(numbers, dtype=np.int64).reshape(-1, width).T
    return table[:, np.argsort(table[0], kind="stable")]


def _schedules(rows: Rows) -> Iterator[tuple[Schedule, npt.NDArray[np.bool_]]]:
    """Yield each schedule that the tickets' clocks run by, with the rows that do: three queries."""
    named, place = np.unique(rows.promise, axis=1, return_inverse=True)
    wanted: dict[Schedule, list[int]] = {}
    clauses = {
        each.pk: schedule_of(each.spec, each.hours)
        for each in Clause.objects.filter(pk__in=set(named[0].tolist()))
    }
    targets = {
        each.pk: schedule_of(each.spec, "house promise")
        for each in Target.objects.filter(pk__in=set(named[1].tolist()))
    }
    bare = set(named[2][(named[0] == 0) & (named[1] == 0)].tolist())
    services = {
        each.pk: schedule(each.hours)
        for each in Service.objects.filter(pk__in=bare).select_related("hours")
    }
    for n, (clause, target, service) in enumerate(named.T.tolist()):
        found = clauses.get(clause) or targets.get(target) or services[service]
        wanted.setdefault(found, []).append(n)
    for each, places in wanted.items():
        yield each, np.isin(place.reshape(-1), places)


def _held(
    rows: Rows,
    waits: Held,
    begin: Seconds,
    schedules: list[tuple[Schedule, npt.NDArray[np.bool_]]] | None,
) -> Seconds:
    """Return the seconds of each group by holder, ourselves among them, and nobody's last.

    Source  docs/engine/clocks.md, rule C11: each instant has one holder, of several who came first.
    """
    end = np.maximum(rows.ended, begin)
    start, stop = _apart(waits, begin, end)
    whole, parts = end - begin, stop - start
    for found, is_in in schedules or ():
        whole[is_in] = found.elapsed_seconds(begin[is_in], end[is_in])
        within = is_in[waits.row]
        parts[within] = found.elapsed_seconds(start[within], stop[within])
    held = np.zeros((len(rows.groups), NOBODY + 1), dtype=np.int64)
    np.add.at(held, (rows.group[waits.row], waits.holder), parts)
    total = np.zeros(len(rows.groups), dtype=np.int64)
    np.add.at(total, rows.group, whole)
    held[:, OURSELVES] += total - held.sum(axis=1)
    return held


def _apart(waits: Held, begin: Seconds, end: Seconds) -> tuple[Seconds, Seconds]:
    """Return the waits cut to their tickets' time, each instant in the one that began first."""
    start = np.maximum(waits.start, begin[waits.row])
    stop = np.minimum(waits.end, end[waits.row])
    if not len(start):
        return start, stop
    # A ticket's moments lie apart from the next one's, so one running maximum does for all.
    low, high = int(min(start.min(), stop.min())), int(max(start.max(), stop.max()))
    shift = waits.row * (high - low + 1)
    covered = np.maximum.accumulate(stop + shift)
    start[1:] = np.maximum(start[1:], (covered[:-1] - shift[1:]))
    return start, np.maximum(stop, start)
