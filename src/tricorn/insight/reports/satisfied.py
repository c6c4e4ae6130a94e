"""How it was: the share of good ratings for each role apart, and what was not good.

Who rates does so in one role, worked out from what was known of them at that moment and kept
nowhere. Roles are never added up or averaged: a satisfied client says nothing about visitors.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce

from tricorn.engine.roles import highest, roles_of
from tricorn.insight.reports.sheet import Cell, Question, Sheet, sheet_of
from tricorn.standing.then import portraits_then
from tricorn.tickets.models import PlaceRating, Rating

ROLES = ("client", "customer", "user")
REASONS = ("functionality", "reliability", "support")
# The scheme that knows these three by what they do, whatever words a house has for them.
SCHEME = "fm"
GOOD = 4


def satisfied(question: Question, at: datetime) -> Sheet:
    """The share of ratings of 4 and 5, by role. Who has no name here, and who taps at a place, uses."""
    rows = list(
        _ratings(question)
        .annotate(who=Coalesce("ticket__affected", "ticket__requester"))
        .values_list("group", "ticket__service", "who", "score", "at")
    )
    known = portraits_then({(who, moment) for _, _, who, _, moment in rows if who})
    counted: dict[tuple[Any, str], list[int]] = defaultdict(lambda: [0, 0])
    for group, service, who, score, moment in rows:
        role = None
        if who:
            facts = known[who, moment].facts(service)
            role = highest(roles_of(facts, SCHEME), SCHEME)
        count = counted[group, role.name if role else "user"]
        count[0] += score >= GOOD
        count[1] += 1
    for group, score in _taps(question).values_list("group", "score"):
        count = counted[group, "user"]
        count[0] += score >= GOOD
        count[1] += 1
    found = {key: Cell(n, of) for key, (n, of) in counted.items()}
    return sheet_of("satisfied", "share", question, found, across=ROLES, adds_up=False)


def reasons(question: Question, at: datetime) -> Sheet:
    """What was not good, where somebody said so."""
    counted: dict[tuple[Any, str], int] = defaultdict(int)
    for rows in (_ratings(question), _taps(question)):
        for group, reason in rows.filter(score__lt=GOOD).values_list("group", "reason"):
            if reason:
                counted[group, reason] += 1
    found = {key: Cell(n) for key, n in counted.items()}
    return sheet_of("reasons", "count", question, found, across=REASONS)


def _ratings(question: Question) -> QuerySet[Any, Any]:
    found = Rating.objects.filter(
        at__gte=question.start, at__lt=question.end, ticket__held_for=""
    ).order_by()
    if question.services is not None:
        found = found.filter(ticket__service__in=question.services)
    return found.annotate(group=F(f"ticket__{question.column}") if question.column else Value(0))


def _taps(question: Question) -> QuerySet[Any, Any]:
    """Taps belong to the one service that is met at the place, and to no agreement or team."""
    found = PlaceRating.objects.filter(at__gte=question.start, at__lt=question.end).order_by()
    if question.services is not None:
        found = found.filter(service__in=question.services)
    if question.by == "service":
        return found.annotate(group=F("service"))
    return found.annotate(group=Value(None if question.column else 0, IntegerField()))
