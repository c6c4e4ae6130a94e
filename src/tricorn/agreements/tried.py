"""Free trials as pages show them: what one may try, what one is asked, what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from tricorn.agreements.models import Trial, TrialOffer
from tricorn.agreements.models.trials import ANSWERS
from tricorn.prepared import Prepared

# The question stands on the page for so long; then nobody is reminded of it any more.
ASKED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Mine:
    """What somebody may try, tries, and is asked about."""

    offers: tuple[TrialOffer, ...]
    questions: tuple[Trial, ...]


@dataclass(frozen=True)
class OfferShown:
    """One trial on offer with what came of it. Comments stand by themselves, unranked."""

    offer: TrialOffer
    running: int
    over: int
    answers: tuple[tuple[str, int], ...]
    comments: tuple[str, ...]
    wanted: tuple[Trial, ...]


OPEN = Prepared(
    lambda: (
        TrialOffer.objects.filter(ended_at__isnull=True, service__is_retired=False)
        .select_related("service")
        .order_by("service__name")
    )
)


def open_offers() -> list[TrialOffer]:
    """Return what can be tried now. One query."""
    return OPEN.objects()


def mine(person_id: int, at: datetime) -> Mine:
    """Return what My services shows of trials. Two queries."""
    trials = list(Trial.objects.filter(person=person_id).select_related("service", "offer"))
    tried = {trial.service_id for trial in trials}
    return Mine(
        offers=tuple(each for each in open_offers() if each.service_id not in tried),
        questions=tuple(
            trial
            for trial in trials
            if not trial.answer and trial.ends_at <= at < trial.ends_at + ASKED_FOR
        ),
    )


def shown(at: datetime) -> list[OfferShown]:
    """Return every trial on offer, those that are open first. Two queries."""
    offers = TrialOffer.objects.select_related("service").prefetch_related(
        "trials__wants_offer_for", "trials__person"
    )
    found = [_shown(offer, at) for offer in offers]
    return sorted(found, key=lambda each: each.offer.ended_at is not None)


def _shown(offer: TrialOffer, at: datetime) -> OfferShown:
    trials = sorted(offer.trials.all(), key=lambda each: each.pk)
    counted = Counter(each.answer for each in trials)
    over = [each for each in trials if each.ends_at <= at]
    return OfferShown(
        offer=offer,
        running=len(trials) - len(over),
        over=len(over),
        answers=tuple((answer, counted[answer]) for answer in sorted(ANSWERS, reverse=True)),
        comments=tuple(each.comment for each in trials if each.comment),
        wanted=tuple(each for each in trials if each.offer_asked_at is not None),
    )
