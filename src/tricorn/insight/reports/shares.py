"""How well: the share of promises kept, and of matters that one answer was enough for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, Value

from tricorn.insight.reports.counts import unmerged
from tricorn.insight.reports.sheet import Cell, Question, Sheet, sheet_of
from tricorn.tickets.models import Clock, Wait, counted


def on_time(question: Question, at: datetime) -> Sheet:
    """Promises kept of those decided, by the month in which the ticket was reported.

    Decided is what stopped with a verdict, and what is late and still runs. What may still be kept
    is in neither number; nor is what was cancelled, where nobody waited any more.
    """
    clocks = Clock.objects.filter(
        counted("ticket__"),
        ticket__reported_at__gte=question.start,
        ticket__reported_at__lt=question.end,
    )
    if question.services is not None:
        clocks = clocks.filter(ticket__service__in=question.services)
    column = f"ticket__{question.column}" if question.column else None
    late = Q(is_met=False) | Q(is_met=None, stopped_at=None, breach_at__lt=at)
    rows = (
        clocks.order_by()
        .annotate(
            group=F(column) if column else Value(0), month=question.month_of("ticket__reported_at")
        )
        .values_list("group", "month")
        .annotate(kept=Count("pk", filter=Q(is_met=True)), late=Count("pk", filter=late))
    )
    found = {(group, place): Cell(kept, kept + late) for group, place, kept, late in rows}
    return sheet_of("on-time", "share", question, found)


def first_contact(question: Question, at: datetime) -> Sheet:
    """Matters that were resolved with the first answer, of all resolved in the month.

    The first public word of the desk was the outcome; it waited for nobody and was not reopened.
    """
    resolved = question.tickets().filter(
        resolved_at__gte=question.start, resolved_at__lt=question.end
    )
    at_once = Q(first_response_at=F("resolved_at"), waited=False)
    rows = (
        resolved.order_by()
        .annotate(
            group=F(question.column) if question.column else Value(0),
            month=question.month_of("resolved_at"),
            waited=Exists(Wait.objects.filter(~unmerged(), ticket=OuterRef("pk"))),
        )
        .values_list("group", "month")
        .annotate(n=Count("pk", filter=at_once), of=Count("pk"))
    )
    found = {(group, place): Cell(n, of) for group, place, n, of in rows}
    return sheet_of("first-contact", "share", question, found)
