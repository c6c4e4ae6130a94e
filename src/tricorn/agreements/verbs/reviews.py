"""Reviews: prepared after each period, judged by the client, with what both sides do next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tricorn.agreements import deciders, rhythm
from tricorn.agreements.deciders import Decider
from tricorn.agreements.frozen import hash_of, keyed
from tricorn.agreements.models import Agreement, Review, ReviewAction, Version
from tricorn.agreements.rhythm import ReviewPeriod
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.models import Line
from tricorn.journal.verbs import new_key, write
from tricorn.parties.models import Person
from tricorn.parties.verbs import clean

VERDICT_WORDS = {"met": "met", "partly": "partly met", "not_met": "not met"}
LONGEST = 4000


def prepare_review(
    agreement: Agreement,
    period: ReviewPeriod,
    figures: Mapping[str, Any],
    *,
    at: datetime,
    by: Actor,
    evidence: Mapping[str, Any] | None = None,
) -> Review:
    """Put the figures of one period before both sides; twice is once.

    `figures` is for both, `evidence` for the provider alone; both are plain data, kept as given.
    Errors  BadInput when the period is not over, or the agreement is not reviewed for it.
    """
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        known = Review.objects.filter(
            agreement=agreement, period_from=period.first, period_to=period.last
        )
        if review := known.first():
            return review
        versions = list(agreement.versions.order_by("number"))
        if rhythm.local_day(versions[0], at) < period.over_on:
            raise BadInput(
                f"The period of {agreement} to {day_in_words(period.last)} is not over. "
                f"Its review is prepared from {day_in_words(period.over_on)} on."
            )
        if period not in rhythm.periods(versions, at=at):
            raise BadInput(
                f"{agreement} is not reviewed from {day_in_words(period.first)} "
                f"to {day_in_words(period.last)}. "
                "How often it is reviewed stands in its text, as its review."
            )
        review = Review(
            agreement=agreement,
            version=_version_in(versions, period.last),
            per=period.per,
            period_from=period.first,
            period_to=period.last,
            due_on=period.due_on,
            figures=dict(figures),
            evidence=dict(evidence or {}),
            prepared_at=at,
            key=new_key(),
        )
        review.save()
        write(
            review,
            "review.prepared",
            by=by,
            at=at,
            agreement=agreement.pk,
            version=review.version_id,
            hash=hash_of(frozen_review(review)),
        )
    return review


def give_verdict(
    review: Review, verdict: str, *, by: Actor, at: datetime, remarks: str = ""
) -> Review:
    """Say for the client whether the agreement was met in this period, once and for ever.

    Errors  BadInput for a word that is no verdict; StandingRefused saying who may decide;
            MoveRefused when somebody has said so already.
    """
    if verdict not in VERDICT_WORDS:
        raise BadInput("Choose one: met, partly met, or not met.", field="verdict")
    remarks = clean_words(remarks, "remarks", required=False)
    with transaction.atomic():
        review = _locked(review)
        judge = _judge(review, by, at)
        if review.verdict_at:
            raise MoveRefused(
                f"{review.verdict_by} said “{VERDICT_WORDS[review.verdict]}” on this review on "
                f"{day_in_words(review.verdict_at)}, and a verdict stands. "
                "Write down as an action what should happen now."
            )
        review.verdict, review.remarks = verdict, remarks
        review.verdict_by, review.capacity, review.verdict_at = judge.person, judge.said, at
        review.save(update_fields=["verdict", "remarks", "verdict_by", "capacity", "verdict_at"])
        write(
            review,
            "review.judged",
            by=by,
            at=at,
            digest=keyed(review, frozen_verdict(review)),
            verdict=verdict,
        )
    return review


def add_action(
    review: Review,
    words: str,
    side: str,
    *,
    by: Actor,
    at: datetime,
    owner: Person | None = None,
    due_on: date | None = None,
) -> ReviewAction:
    """Write down what one side does because of a review; the same words twice are once.

    Errors  BadInput for no words, no such side, or a day that has passed.
    """
    words = clean(words, "action", 500)
    if side not in ("client", "provider"):
        raise BadInput("Choose whose side does it: client or provider.", field="side")
    with transaction.atomic():
        review = _locked(review)
        if due_on is not None and due_on < rhythm.local_day(review.version, at):
            raise BadInput("That day has passed. Choose today or a later day.", field="due_on")
        same = review.actions.filter(
            words=words, side=side, owner=owner, due_on=due_on, state="open"
        )
        if action := same.first():
            return action
        action = ReviewAction.objects.create(
            review=review,
            words=words,
            side=side,
            owner=owner,
            due_on=due_on,
            added_at=at,
            key=new_key(),
        )
        write(
            review,
            "review.action_added",
            by=by,
            at=at,
            digest=keyed(action, frozen_action(action)),
            action=action.pk,
            side=side,
        )
    return action


def end_action(
    action: ReviewAction, state: str, *, by: Actor, at: datetime, note: str = ""
) -> ReviewAction:
    """Say that an action is done, or dropped and why.

    Errors  BadInput when it is dropped without a word; MoveRefused when it has ended.
    """
    if state not in ("done", "dropped"):
        raise BadInput("An action ends as done or as dropped.", field="state")
    note = clean(note, "note", 500, required=False)
    if state == "dropped" and not note:
        raise BadInput("Say in a word why it is dropped.", field="note")
    with transaction.atomic():
        action = ReviewAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
        if action.state != "open":
            raise MoveRefused(
                f"This action is {action.state} already. Add another one if there is more to do."
            )
        action.state, action.note, action.ended_at = state, note, at
        action.save(update_fields=["state", "note", "ended_at"])
        write(
            action.review,
            "review.action_ended",
            by=by,
            at=at,
            digest=keyed(action, frozen_end(action)),
            action=action.pk,
            state=state,
        )
    return action


def tell_overdue(review: Review, *, by: Actor, at: datetime) -> bool:
    """Say once that the client's verdict is overdue; return whether it was said now."""
    with transaction.atomic():
        review = _locked(review)
        is_late = rhythm.local_day(review.version, at) > review.due_on
        if review.verdict or review.overdue_told_at or not is_late:
            return False
        review.overdue_told_at = at
        review.save(update_fields=["overdue_told_at"])
        write(review, "review.overdue", by=by, at=at)
    return True


def announce_ending(version: Version, ending: rhythm.Ending, *, by: Actor, at: datetime) -> bool:
    """Announce once that an agreement's term ends, or that notice is due; whether it was said now."""
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=version.agreement_id)
        told = Line.objects.about("agreement", agreement.pk).filter(
            kind="agreement.ending_announced", data__last_day=ending.last_day.isoformat()
        )
        if told.exists():
            return False
        write(
            agreement,
            "agreement.ending_announced",
            by=by,
            at=at,
            version=version.pk,
            last_day=ending.last_day.isoformat(),
            notice_by=ending.notice_by.isoformat() if ending.notice_by else None,
            renews=ending.renews,
        )
    return True


def frozen_review(review: Review) -> dict[str, Any]:
    """Return what a prepared review says for good."""
    return {
        "agreement": review.agreement_id,
        "version": review.version_id,
        "per": review.per,
        "from": review.period_from,
        "to": review.period_to,
        "due_on": review.due_on,
        "figures": review.figures,
        "evidence": review.evidence,
    }


def frozen_verdict(review: Review) -> dict[str, Any]:
    """Return what the client said for good, and who said it."""
    return {
        "verdict": review.verdict,
        "remarks": review.remarks,
        "by": review.verdict_by_id,
        "capacity": review.capacity,
    }


def frozen_action(action: ReviewAction) -> dict[str, Any]:
    return {
        "review": action.review_id,
        "words": action.words,
        "side": action.side,
        "owner": action.owner_id,
        "due_on": action.due_on,
    }


def frozen_end(action: ReviewAction) -> dict[str, Any]:
    return {"state": action.state, "note": action.note}


def clean_words(text: str, what: str, *, required: bool = True) -> str:
    """Return what somebody wrote in several lines, without what cannot be shown."""
    text = "".join(c for c in text if c.isprintable() or c in "\n\t\u200c\u200d").strip()
    if required and not text:
        raise BadInput(f"The {what} is empty. Write it down.", field=what)
    if len(text) > LONGEST:
        raise BadInput(
            f"The {what} has {len(text):,} characters; at most {LONGEST:,} fit.", field=what
        )
    return text


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",))
    return rows.select_related("agreement__client", "version", "verdict_by").get(pk=review.pk)


def _judge(review: Review, by: Actor, at: datetime) -> Decider:
    services = list(review.version.services.all())
    return deciders.require(by, deciders.of_review(review, services), at=at)


def _version_in(versions: list[Version], day: date) -> Version:
    begun = [each for each in versions if rhythm.first_day(each) <= day]
    return begun[-1] if begun else versions[0]
