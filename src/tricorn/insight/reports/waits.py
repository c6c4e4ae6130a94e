"""Whose turn it was: the time from report to end, divided among those who held things up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum, Value

from tricorn.insight.reports.sheet import Cell, Question, Sheet, sheet_of
from tricorn.tickets.models import HOLDERS, Wait

OURSELVES = "provider"


def by_holder(question: Question, at: datetime) -> Sheet:
    """Time by holder of what was resolved in these months, on the clock on the wall.

    All that is nobody else's is ours. A stretch in which a ticket was resolved, before it came
    back, is nobody's and in no number. The client's clocks count by the clause; this counts all.
    """
    resolved = question.tickets().filter(
        resolved_at__gte=question.start, resolved_at__lt=question.end
    )
    group = F(question.column) if question.column else Value(0)
    whole = ExpressionWrapper(F("resolved_at") - F("reported_at"), DurationField())
    total: dict[Any, timedelta] = {}
    count: dict[Any, int] = {}
    rows = resolved.order_by().annotate(group=group, whole=whole).values_list("group")
    for found, span, n in rows.annotate(all=Sum("whole"), n=Count("pk")):
        total[found], count[found] = span or timedelta(0), n
    held: dict[Any, dict[str, timedelta]] = defaultdict(dict)
    waits = Wait.objects.filter(ticket__in=resolved.values("pk"), ended_at__isnull=False)
    column = f"ticket__{question.column}" if question.column else None
    span = ExpressionWrapper(F("ended_at") - F("started_at"), DurationField())
    parts = waits.order_by().annotate(group=F(column) if column else Value(0), span=span)
    for found, holder, sum_of in parts.values_list("group", "holder").annotate(all=Sum("span")):
        held[found][holder] = sum_of or timedelta(0)
    cells = {}
    for found, span_of in total.items():
        others = sum((part for who, part in held[found].items() if who != OURSELVES), timedelta(0))
        ours = max(span_of - others, timedelta(0))
        for holder in HOLDERS:
            of = ours if holder == OURSELVES else held[found].get(holder, timedelta(0))
            cells[found, holder] = Cell(count[found], seconds=int(of.total_seconds()))
    return sheet_of("by-holder", "time", question, cells, across=tuple(HOLDERS), adds_up=False)
