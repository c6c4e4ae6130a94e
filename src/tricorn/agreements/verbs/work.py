"""Delivered work: presented by the provider, accepted or refused by the client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from tricorn.agreements import deciders
from tricorn.agreements.frozen import keyed
from tricorn.agreements.models import Work, WorkOutcome
from tricorn.agreements.verbs.reviews import clean_words
from tricorn.catalogue.models import Service
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.files.verbs import attach
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import new_key, write
from tricorn.parties.models import Organisation
from tricorn.parties.verbs import clean
from tricorn.standing.verbs import note

HIGHEST = Decimal(10) ** 12
MOST_TICKETS = 50
OUTCOMES = {"accepted": "accepted", "refused": "refused", "taken_back": "taken back"}


@dataclass(frozen=True)
class Presented:
    """What a manager presents. `tickets` are refs; `files` are (name, bytes) of papers or photos."""

    client: Organisation
    service: Service
    title: str
    description: str = ""
    tickets: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    files: Sequence[tuple[str, bytes]] = field(default_factory=tuple)


def present_work(given: Presented, *, by: Actor, at: datetime) -> Work:
    """Put delivered work before its client for acceptance; it never changes after.

    Errors  BadInput for no title, an amount without its currency, or a file that cannot be kept.
    """
    title = clean(given.title, "title", 200)
    description = clean_words(given.description, "description", required=False)
    currency = given.currency.strip().upper()
    if given.amount is None and currency:
        raise BadInput(
            "There is a currency without an amount. Write both, or none.", field="amount"
        )
    if given.amount is not None:
        if not (given.amount.is_finite() and 0 <= given.amount < HIGHEST):
            raise BadInput("The amount is from 0 to below a million million.", field="amount")
        if given.amount != round(given.amount, 2):
            raise BadInput("The amount has at most two decimals.", field="amount")
        if len(currency) != 3 or not currency.isalpha():
            raise BadInput("Say the currency in three letters, like EUR.", field="currency")
    if len(given.tickets) > MOST_TICKETS:
        raise BadInput(f"At most {MOST_TICKETS} tickets fit. Name the main ones.", field="tickets")
    with transaction.atomic():
        work = Work.objects.create(
            client=given.client,
            service=given.service,
            title=title,
            description=description,
            tickets=list(dict.fromkeys(given.tickets)),
            amount=given.amount,
            currency=currency,
            presented_by_id=by.id if by.is_person else None,
            presented_at=at,
            key=new_key(),
        )
        files = [attach(work, data, by=by, at=at, name=name) for name, data in given.files]
        write(
            work,
            "work.presented",
            by=by,
            at=at,
            digest=keyed(work, frozen_work(work, [file.sha256 for file in files])),
            client=work.client_id,
            service=work.service_id,
        )
    return work


def accept_work(work: Work, *, by: Actor, at: datetime, reason: str = "") -> WorkOutcome:
    """Sign for the client that the work was delivered as it should be.

    Errors  StandingRefused saying who may accept, up to this amount; MoveRefused when it is over.
    """
    return _end(work, "accepted", by=by, at=at, reason=reason)


def refuse_work(work: Work, *, by: Actor, at: datetime, reason: str) -> WorkOutcome:
    """Say for the client that the work is not accepted, and why. Errors: as `accept_work`."""
    return _end(work, "refused", by=by, at=at, reason=reason)


def take_back_work(work: Work, *, by: Actor, at: datetime, reason: str = "") -> WorkOutcome:
    """Take presented work back, as long as the client has said nothing on it."""
    return _end(work, "taken_back", by=by, at=at, reason=reason)


def _end(work: Work, outcome: str, *, by: Actor, at: datetime, reason: str) -> WorkOutcome:
    reason = clean_words(reason, "reason", required=outcome == "refused")
    with transaction.atomic():
        work = (
            Work.objects.select_for_update(of=("self",))
            .select_related("client", "service")
            .get(pk=work.pk)
        )
        who = None
        if outcome != "taken_back":
            who = deciders.require(by, deciders.of_work(work), at=at)
        if known := WorkOutcome.objects.filter(work=work).first():
            raise MoveRefused(
                f"“{work.title}” was {OUTCOMES[known.outcome]} on {known.at.day} "
                f"{known.at:%B %Y}, and that stands. What is done anew is presented anew."
            )
        found = WorkOutcome.objects.create(
            work=work,
            outcome=outcome,
            person_id=by.id if by.is_person else None,
            capacity=who.said if who else "",
            reason=reason,
            at=at,
            key=new_key(),
        )
        write(
            work,
            {
                "accepted": "work.accepted",
                "refused": "work.refused",
                "taken_back": "work.taken_back",
            }[outcome],
            by=by,
            at=at,
            digest=keyed(found, frozen_outcome(found)),
            outcome=found.pk,
        )
        if outcome == "accepted" and who is not None:
            note(
                who.person,
                "accept",
                at=at,
                service=work.service,
                evidence="work",
                evidence_id=work.pk,
                words=f"accepted “{work.title[:120]}” on {day_in_words(at)}",
            )
    return found


def frozen_work(work: Work, files: Sequence[str]) -> dict[str, Any]:
    """Return what presented work says for good; `files` are the SHA-256 of what is attached."""
    return {
        "client": work.client_id,
        "service": work.service_id,
        "title": work.title,
        "description": work.description,
        "tickets": work.tickets,
        "amount": None if work.amount is None else f"{work.amount:.2f}",
        "currency": work.currency,
        "presented_by": work.presented_by_id,
        "files": list(files),
    }


def frozen_outcome(outcome: WorkOutcome) -> dict[str, Any]:
    """Return what came of it for good, and who said so."""
    return {
        "work": outcome.work_id,
        "outcome": outcome.outcome,
        "person": outcome.person_id,
        "capacity": outcome.capacity,
        "reason": outcome.reason,
    }
