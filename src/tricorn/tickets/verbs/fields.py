"""What was answered to the questions of a service: read from a form, kept on the ticket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.questions import Question, answers, read
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import digest, new_key, write
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs.access import allow, lock


def edit_fields(ticket: Ticket, *, by: Actor, at: datetime, given: Mapping[str, object]) -> Ticket:
    """Change what was answered: each key given counts, an empty answer takes it away.

    Errors  BadInput with the key of the question as field, and then nothing has been written.
    """
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "edit_fields", by=by, at=at)
        questions = read(ticket.service.questions)
        kept = fields_from(questions, given)
        before = dict(ticket.fields)
        ticket.fields = {**{k: v for k, v in before.items() if k not in given}, **kept}
        if ticket.fields != before:
            ticket.changed_at = at
            ticket.fields_key = bytes(ticket.fields_key) or new_key()
            ticket.save(update_fields=["fields", "fields_key", "changed_at"])
            write_fields(ticket, questions, before, by=by, at=at)
    return ticket


def fields_from(questions: tuple[Question, ...], given: Mapping[str, object]) -> dict[str, Any]:
    """Return the answers as they are kept; BadInput for the first that does not hold."""
    kept, problems = answers(questions, given)
    for key, sentence in problems.items():
        raise BadInput(sentence, field=key)
    return kept


def write_fields(
    ticket: Ticket,
    questions: tuple[Question, ...],
    before: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write which answers changed: figures and choices as they are, free text as a hash of all."""
    free = {each.key for each in questions if each.is_free}
    changed = [k for k in {**before, **ticket.fields} if before.get(k) != ticket.fields.get(k)]
    figures = {key: ticket.fields.get(key) for key in changed if key not in free}
    write(
        ticket,
        "ticket.fields_changed",
        by=by,
        at=at,
        digest=digest_of(ticket),
        changed=changed,
        **({"figures": figures} if figures else {}),
    )


def digest_of(ticket: Ticket) -> str:
    """Return the keyed hash of everything that is answered on a ticket."""
    text = json.dumps(ticket.fields, sort_keys=True, ensure_ascii=False)
    return digest(bytes(ticket.fields_key), text)


def asked_on(ticket: Ticket) -> tuple[Question, ...]:
    """Return the questions of its service, and behind them those that it was asked elsewhere.

    One query, and only for a ticket that came from another service with answers.
    """
    questions = read(ticket.service.questions)
    elsewhere = {key for key in ticket.fields if key not in {each.key for each in questions}}
    services = {int(key.partition("-")[0]) for key in elsewhere if key.partition("-")[0].isdigit()}
    if services:
        for service in Service.objects.filter(pk__in=services).order_by("pk"):
            questions += tuple(each for each in read(service.questions) if each.key in elsewhere)
    return questions
