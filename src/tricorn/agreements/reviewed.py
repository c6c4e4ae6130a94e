"""Reviews as pages show them: what waits, what is overdue, who may own an action."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tricorn.agreements import rhythm
from tricorn.agreements.deciders import Decider, of_review, who_may
from tricorn.agreements.models import Review, ReviewAction, Version
from tricorn.parties.models import Person
from tricorn.standing.asked import Asked
from tricorn.standing.models import Duty

MOST = 200


@dataclass(frozen=True)
class ActionShown:
    """One action, and whether its day has passed."""

    action: ReviewAction
    is_overdue: bool


@dataclass(frozen=True)
class ReviewRow:
    """One review in a list. `actions` are those that are open."""

    review: Review
    is_overdue: bool
    actions: tuple[ActionShown, ...]

    @property
    def overdue_actions(self) -> int:
        return sum(each.is_overdue for each in self.actions)


@dataclass(frozen=True)
class Announced:
    """A term that ends or renews soon, with the last day for notice if there is one."""

    version: Version
    ending: rhythm.Ending


def rows(at: datetime, agreements: Collection[int] | None = None) -> list[ReviewRow]:
    """Return reviews, what waits first, then the newest; of some agreements or all. Two queries."""
    found = Review.objects.select_related("agreement__client", "version").prefetch_related(
        "actions__owner"
    )
    if agreements is not None:
        found = found.filter(agreement__in=agreements)
    listed = found.defer("figures", "evidence").order_by("-period_to", "-id")[:MOST]
    shown = [_row(review, at) for review in listed]
    return sorted(shown, key=lambda each: (bool(each.review.verdict), not each.is_overdue))


def with_page(number: int) -> Review | None:
    """Return one review with what its page needs. Four queries."""
    return (
        Review.objects.select_related("agreement__client", "agreement__provider", "version")
        .select_related("verdict_by")
        .prefetch_related("actions__owner", "version__services", "version__clauses")
        .filter(pk=number)
        .first()
    )


def actions_of(review: Review, at: datetime) -> tuple[ActionShown, ...]:
    today = rhythm.local_day(review.version, at)
    return tuple(ActionShown(each, _is_late(each, today)) for each in review.actions.all())


def deciders_of(review: Review, at: datetime) -> list[Decider]:
    """Return who may judge it. Eight queries."""
    return who_may(asked_of(review), at=at)


def asked_of(review: Review) -> list[Asked]:
    """Whose authority the verdict takes."""
    return of_review(review, list(review.version.services.all()))


def owners(who: Sequence[Decider], at: datetime) -> list[Person]:
    """Return who may own an action: `who` may decide for the client, and the provider's managers."""
    people = [each.person for each in who]
    duties = Duty.objects.at(at).filter(duty="manage", service__isnull=True)
    people += [duty.person for duty in duties.select_related("person").order_by("id")]
    return sorted(dict.fromkeys(people), key=lambda each: (each.name, each.pk))


def announced(versions: Collection[Version], at: datetime) -> list[Announced]:
    """Return whose notice or last day is near, the nearest first. `versions` carry their texts."""
    found = []
    for version in versions:
        ending = rhythm.ending(version, at=at)
        if ending is None:
            continue
        today = rhythm.local_day(version, at)
        if ending.decide_by - rhythm.ANNOUNCED_BEFORE <= today <= ending.last_day:
            found.append(Announced(version, ending))
    return sorted(found, key=lambda each: each.ending.decide_by)


def _row(review: Review, at: datetime) -> ReviewRow:
    today = rhythm.local_day(review.version, at)
    return ReviewRow(
        review,
        not review.verdict and review.due_on < today,
        tuple(
            ActionShown(each, _is_late(each, today))
            for each in review.actions.all()
            if each.state == "open"
        ),
    )


def _is_late(action: ReviewAction, today: date) -> bool:
    return action.state == "open" and action.due_on is not None and action.due_on < today
