"""What a service asks: its questions are changed here alone. One is retired, never deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.questions import MOST, Question, checked, next_key, read
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write


def questions_of(service: Service) -> tuple[Question, ...]:
    """Return every question of a service in order, retired ones too."""
    return read(service.questions)


def add_question(service: Service, asked: Question, *, by: Actor, at: datetime) -> Question:
    """Ask one thing more, after the others; its key is given here.

    Errors  BadInput for a question that makes no sense, or one too many.
    """
    with transaction.atomic():
        service = _lock(service)
        known = questions_of(service)
        if sum(not each.is_retired for each in known) >= MOST:
            raise BadInput(f"A service asks at most {MOST} things. Retire one first.")
        question = checked(replace(asked, key=next_key(known, service.pk), is_retired=False))
        _put(service, (*known, question))
        write(service, "service.question_added", by=by, at=at, question=question.key)
    return question


def change_question(
    service: Service, key: str, asked: Question, *, by: Actor, at: datetime
) -> Question:
    """Ask it otherwise, retire it or bring it back. What was answered stays.

    Errors  BadInput when the kind of answer would change: what was answered would lose its meaning.
    """
    with transaction.atomic():
        service = _lock(service)
        known = questions_of(service)
        before = _one(known, key)
        question = checked(replace(asked, key=key))
        if question.kind != before.kind:
            raise BadInput(
                "The kind of answer stays as it is. Retire the question, and ask a new one.",
                field="kind",
            )
        if question != before:
            _put(service, tuple(question if each.key == key else each for each in known))
            write(
                service,
                "service.question_changed",
                by=by,
                at=at,
                question=key,
                is_retired=question.is_retired,
            )
    return question


def move_question(service: Service, key: str, step: int, *, by: Actor, at: datetime) -> None:
    """Ask it earlier (step -1) or later (1); at either end it stays."""
    with transaction.atomic():
        service = _lock(service)
        known = list(questions_of(service))
        here = known.index(_one(known, key))
        there = min(max(here + step, 0), len(known) - 1)
        if here != there:
            known.insert(there, known.pop(here))
            _put(service, tuple(known))
            write(service, "service.question_moved", by=by, at=at, question=key, to=there + 1)


def _lock(service: Service) -> Service:
    return Service.objects.select_for_update(of=("self",)).get(pk=service.pk)


def _put(service: Service, questions: tuple[Question, ...]) -> None:
    service.questions = [each.to_data() for each in questions]
    service.save(update_fields=["questions"])


def _one(questions: tuple[Question, ...] | list[Question], key: str) -> Question:
    found = [each for each in questions if each.key == key]
    if not found:
        raise BadInput("This is not asked here. Look at the list again.")
    return found[0]
