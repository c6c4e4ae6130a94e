"""How much: what came, what was done, what is left over, how old that is, what came back."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from tricorn.insight.reports.sheet import Cell, Found, Question, Sheet, sheet_of
from tricorn.journal.models import Line
from tricorn.tickets.models import DONE_STATES, Ticket, Wait, counted

# How long something has been waiting to be done; the last one is everything older.
AGES = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "quarter": timedelta(days=90),
}
OLDER = "older"


def reported(question: Question, at: datetime) -> Sheet:
    """What came in, by the month in which we heard of it."""
    found = question.tickets().filter(reported_at__gte=question.start, reported_at__lt=question.end)
    return sheet_of("reported", "count", question, _by_month(question, found, "reported_at"))


def done(question: Question, at: datetime) -> Sheet:
    """What was resolved, closed or cancelled, by the month in which that happened."""
    return sheet_of("done", "count", question, _by_month(question, _ended(question), "done_at"))


def backlog(question: Question, at: datetime) -> Sheet:
    """What was still to be done at the end of each month; of the present one, now.

    Counted from what came and what was done before. A ticket that was reopened counts as never
    done until it is done again: its first end is not kept on it.
    """
    came = _by_month(
        question, question.tickets().filter(reported_at__lt=question.end), "reported_at"
    )
    ended = _by_month(question, _ended(question, from_start=False), "done_at")
    left: dict[tuple[Any, Any], Cell] = {}
    running: dict[Any, int] = defaultdict(int)
    groups = {group for group, _place in [*came, *ended]}
    for place in range(-1, len(question.months)):
        for group in groups:
            come, gone = came.get((group, place)), ended.get((group, place))
            running[group] += (come.n if come else 0) - (gone.n if gone else 0)
            if place >= 0:
                left[group, place] = Cell(running[group])
    return sheet_of("backlog", "count", question, left, adds_up=False)


def age(question: Question, at: datetime) -> Sheet:
    """What is to be done now, by how long ago it was reported. No month: it is as of now."""
    steps = [When(reported_at__gt=at - span, then=Value(code)) for code, span in AGES.items()]
    found = question.tickets().unfinished().order_by()
    rows = found.annotate(
        group=F(question.column) if question.column else Value(0),
        step=Case(*steps, default=Value(OLDER), output_field=CharField()),
    ).values_list("group", "step")
    cells = {(group, step): Cell(n) for group, step, n in rows.annotate(n=Count("pk"))}
    return sheet_of("age", "count", question, cells, across=(*AGES, OLDER))


def reopened(question: Question, at: datetime) -> Sheet:
    """How often something that was resolved turned out not to be, by the month of coming back.

    What was part of another matter for a while, and is one of its own again, has not come back.
    """
    found = Wait.objects.filter(
        ~unmerged(),
        counted("ticket__"),
        holder="",
        ended_at__gte=question.start,
        ended_at__lt=question.end,
    )
    if question.services is not None:
        found = found.filter(ticket__service__in=question.services)
    cells = _by_month(question, found, "ended_at", of="ticket__")
    return sheet_of("reopened", "count", question, cells)


def unmerged() -> Exists:
    """Whether a stretch that was nobody's ended with unmerging, not with being reopened."""
    lines = Line.objects.filter(subject="ticket", subject_id=OuterRef("ticket"))
    return Exists(lines.filter(kind="ticket.unmerged", at=OuterRef("ended_at")))


def _ended(question: Question, *, from_start: bool = True) -> QuerySet[Ticket]:
    """Tickets with the moment at which they were done, `done_at`, before the end of the question."""
    found = question.tickets().filter(state__in=DONE_STATES)
    within = Q(done_at__lt=question.end)
    if from_start:
        within &= Q(done_at__gte=question.start)
    moment = Coalesce("resolved_at", "closed_at", "changed_at")
    return found.annotate(done_at=moment).filter(within)


def _by_month(question: Question, found: QuerySet[Any], moment: str, *, of: str = "") -> Found:
    """Count rows by group and month: one query."""
    column = f"{of}{question.column}" if question.column else None
    rows = (
        found.order_by()
        .annotate(group=F(column) if column else Value(0), month=question.month_of(moment))
        .values_list("group", "month")
        .annotate(n=Count("pk"))
    )
    return {(group, place): Cell(n) for group, place, n in rows}
