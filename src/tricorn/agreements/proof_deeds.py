"""Proof of reviews, delivered work and trials: does each row still say what the journal saw?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tricorn.agreements.frozen import hash_of, keyed
from tricorn.agreements.models import Review, ReviewAction, Trial, Work, WorkOutcome
from tricorn.agreements.verbs.reviews import (
    frozen_action,
    frozen_end,
    frozen_review,
    frozen_verdict,
)
from tricorn.agreements.verbs.trials import frozen_answer, frozen_trial
from tricorn.agreements.verbs.work import frozen_outcome, frozen_work
from tricorn.files.models import File
from tricorn.journal.models import Line

WORK_ENDS = ("work.accepted", "work.refused", "work.taken_back")


def changed_reviews() -> Iterator[str]:
    """Yield a sentence for each review or action that is not as the journal saw it. Four queries."""
    prepared, judged = _by_subject("review.prepared"), _by_subject("review.judged")
    known = set()
    for review in Review.objects.select_related("agreement").order_by("id").iterator():
        known.add(review.pk)
        line = prepared.get(review.pk)
        if line is None or line.data.get("hash") != hash_of(frozen_review(review)):
            yield f"The figures or days of the review of {review} are not what was prepared."
        seen = judged.get(review.pk)
        if (seen is not None) != bool(review.verdict):
            yield f"The verdict on the review of {review} is not what the journal saw."
        elif seen and not _says(review, frozen_verdict(review), seen):
            yield f"The verdict on the review of {review} is not what the client said."
    yield from (f"Review {each} is gone." for each in sorted(set(prepared) - known))
    yield from _changed_actions()


def _changed_actions() -> Iterator[str]:
    added, ended = (
        _by_data("action", "review.action_added"),
        _by_data("action", "review.action_ended"),
    )
    known = set()
    for action in ReviewAction.objects.order_by("id").iterator():
        known.add(action.pk)
        line, end = added.get(action.pk), ended.get(action.pk)
        if line is None or not _says(action, frozen_action(action), line):
            yield f"Action {action.pk} of review {action.review_id} is not what was written down."
        if (end is not None) != (action.state != "open") or (
            end is not None and not _says(action, frozen_end(action), end)
        ):
            yield f"How action {action.pk} of review {action.review_id} ended is not what was said."
    yield from (f"Action {each} of a review is gone." for each in sorted(set(added) - known))


def changed_work() -> Iterator[str]:
    """Yield a sentence for each piece of delivered work that is not as the journal saw it."""
    presented, ends = _by_subject("work.presented"), _by_data("outcome", *WORK_ENDS)
    files: dict[int, list[str]] = defaultdict(list)
    for number, sha256 in (
        File.objects.filter(subject="work").order_by("id").values_list("subject_id", "sha256")
    ):
        files[number].append(sha256)
    known = set()
    for work in Work.objects.order_by("id").iterator():
        known.add(work.pk)
        line = presented.get(work.pk)
        if line is None or not _says(work, frozen_work(work, files[work.pk]), line):
            yield f"Delivered work {work.pk} is not what was presented."
    yield from (f"Delivered work {each} is gone." for each in sorted(set(presented) - known))
    seen = set()
    for outcome in WorkOutcome.objects.order_by("id").iterator():
        seen.add(outcome.pk)
        line = ends.get(outcome.pk)
        if line is None or not _says(outcome, frozen_outcome(outcome), line):
            yield f"What came of delivered work {outcome.work_id} is not what was said."
    yield from (
        f"What came of delivered work {ends[each].subject_id} is gone."
        for each in sorted(set(ends) - seen)
    )


def changed_trials() -> Iterator[str]:
    """Yield a sentence for each trial that is not as the journal saw it. Three queries."""
    begun, answered = _by_subject("trial.begun"), _by_subject("trial.answered")
    known = set()
    for trial in Trial.objects.order_by("id").iterator():
        known.add(trial.pk)
        line, said = begun.get(trial.pk), answered.get(trial.pk)
        if line is None or not _says(trial, frozen_trial(trial), line):
            yield f"Trial {trial.pk} is not what was begun."
        if (said is not None) != bool(trial.answer) or (
            said is not None and not _says(trial, frozen_answer(trial), said)
        ):
            yield f"The answer to trial {trial.pk} is not what was said."
    yield from (f"Trial {each} is gone." for each in sorted(set(begun) - known))


def _by_subject(kind: str) -> dict[int, Line]:
    return {line.subject_id: line for line in Line.objects.filter(kind=kind).order_by("-id")}


def _by_data(name: str, *kinds: str) -> dict[int, Line]:
    """Return lines by the number of the row that they name in their data."""
    found = Line.objects.filter(kind__in=kinds).order_by("-id")
    return {line.data[name]: line for line in found if name in line.data}


def _says(row: Any, content: dict[str, Any], line: Line) -> bool:
    """Whether the line saw this content. A row whose key was destroyed is erased: no problem."""
    return not bytes(row.key) or line.digest == keyed(row, content)
