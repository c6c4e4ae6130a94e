"""What waits for the reader's decision: reviews to judge, delivered work to accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from tricorn.agreements import deciders, delivered, reviewed
from tricorn.agreements.models import Review, Work
from tricorn.agreements.reviewed import ReviewRow
from tricorn.insight.scope import Party
from tricorn.standing.portrait import Portrait
from tricorn.web.reviewed import TONES, VERDICTS, period_words, said_day

LATELY = 6


@dataclass(frozen=True)
class Waits:
    """One thing that waits: what it is, what stands behind it, and the button that opens it."""

    sign: str
    title: str
    note: str
    url: str
    words: str
    is_late: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewLine:
    """One review in the list of the front: how it stands, with its sign."""

    row: ReviewRow
    period: str
    verdict: str | Promise
    tone: str


def on_the_front(portrait: Portrait, ones: Sequence[Party], at: datetime) -> dict[str, Any]:
    """Return `waits` and `reviews` of the front page. A fixed number of queries."""
    rows = reviewed.rows(at, [party.agreement.pk for party in ones]) if ones else []
    open_rows = [row for row in rows if not row.review.verdict]
    services = {party.agreement.pk: party for party in ones}
    askeds = [
        deciders.of_review(row.review, _services(services[row.review.agreement_id], row.review))
        for row in open_rows
    ]
    mine = deciders.may_each(portrait.person_id, askeds, at=at) if askeds else []
    waits = [_review(row) for row, may in zip(open_rows, mine, strict=True) if may]
    waits += [_work(work) for work in delivered.waiting(portrait, at)]
    return {"waits": waits, "reviews": [_line(row) for row in rows[:LATELY]]}


def _services(party: Party, review: Review) -> list[Any]:
    versions = [each for each in party.versions if each.pk == review.version_id]
    return [service for version in versions for service in version.services.all()]


def _review(row: ReviewRow) -> Waits:
    review = row.review
    name = {"title": review.version.title, "period": period_words(review)}
    day = {"day": said_day(review.due_on)}
    note = gettext("It was due on %(day)s.") if row.is_overdue else gettext("By %(day)s.")
    return Waits(
        sign="clipboard-check",
        title=gettext("Review of %(title)s, %(period)s") % name,
        note=note % day,
        url=reverse("decide:review", args=[review.pk]),
        words=gettext("Say how it was"),
        is_late=row.is_overdue,
    )


def _work(work: Work) -> Waits:
    note = gettext("Delivered for %(service)s.") % {"service": work.service}
    return Waits(
        sign="package",
        title=gettext("Work to accept: %(title)s") % {"title": work.title},
        note=note,
        url=reverse("decide:work", args=[work.pk]),
        words=gettext("Look at it"),
    )


def _line(row: ReviewRow) -> ReviewLine:
    review = row.review
    return ReviewLine(
        row, period_words(review), VERDICTS.get(review.verdict, ""), TONES.get(review.verdict, "")
    )
