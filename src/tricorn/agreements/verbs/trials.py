"""Free trials: opened by a manager, begun by one press, over by themselves, one question after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tricorn.agreements import deciders
from tricorn.agreements.frozen import keyed
from tricorn.agreements.models import Trial, TrialOffer
from tricorn.agreements.models.trials import ANSWERS
from tricorn.agreements.verbs.reviews import clean_words
from tricorn.catalogue.models import Service
from tricorn.engine.days import day_in_words
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import new_key, write
from tricorn.parties.models import Organisation, Person
from tricorn.parties.verbs import clean
from tricorn.standing.verbs import local_day, note

MOST_DAYS = 366


def open_trial(
    service: Service, days: int, *, by: Actor, at: datetime, words: str = ""
) -> TrialOffer:
    """Let people try a service free of charge for so many days each; the same twice is once.

    Errors  BadInput for days that are none or too many, a service that is retired, or another
            trial of it that is open.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(f"A trial lasts 1 to {MOST_DAYS} days.", field="days")
    words = clean(words, "words", 300, required=False)
    with transaction.atomic():
        service = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        if service.is_retired:
            raise BadInput(f"{service} is not offered any more, so nobody can try it.")
        if known := TrialOffer.objects.filter(service=service, ended_at__isnull=True).first():
            if (known.days, known.words) == (days, words):
                return known
            raise BadInput(
                f"{service} can be tried for {known.days} days already. "
                "Close that trial first; who has begun goes on to the end."
            )
        offer = TrialOffer.objects.create(service=service, days=days, words=words, announced_at=at)
        write(service, "service.trial_opened", by=by, at=at, offer=offer.pk, days=days)
    return offer


def close_trial(offer: TrialOffer, *, by: Actor, at: datetime) -> TrialOffer:
    """Let nobody begin this trial any more; who has begun goes on to the end."""
    with transaction.atomic():
        offer = TrialOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
        if offer.ended_at is not None:
            raise MoveRefused("This trial was closed already.")
        offer.ended_at = at
        offer.save(update_fields=["ended_at"])
        write(offer.service, "service.trial_closed", by=by, at=at, offer=offer.pk)
    return offer


def begin_trial(offer: TrialOffer, person: Person, *, by: Actor, at: datetime) -> Trial:
    """Begin somebody's trial: they are entitled at the provider's cost, and it ends by itself.

    Pressing twice is once; who tried it before is refused.
    """
    with transaction.atomic():
        offer = (
            TrialOffer.objects.select_for_update(of=("self",))
            .select_related("service")
            .get(pk=offer.pk)
        )
        if known := Trial.objects.filter(person=person, service=offer.service).first():
            if known.ends_at > at:
                return known
            raise MoveRefused(
                f"You tried {offer.service} until {day_in_words(local_day(known.ends_at))}; "
                "once is all there is. "
                "Ask us for an offer if you would like to keep it."
            )
        if offer.ended_at is not None:
            raise MoveRefused(f"{offer.service} cannot be tried any more: the trial was closed.")
        trial = Trial.objects.create(
            offer=offer,
            service=offer.service,
            person=person,
            began_at=at,
            ends_at=at + timedelta(days=offer.days),
            key=new_key(),
        )
        note(
            person,
            "entitled",
            at=at,
            service=offer.service,
            evidence="trial",
            evidence_id=trial.pk,
            words=(
                f"a free trial runs until {day_in_words(local_day(trial.ends_at))}, "
                "at the provider’s cost"
            ),
            until=trial.ends_at,
        )
        write(
            trial,
            "trial.begun",
            by=by,
            at=at,
            digest=keyed(trial, frozen_trial(trial)),
            offer=offer.pk,
            person=person.pk,
            service=offer.service_id,
        )
    return trial


def ask_how_it_was(trial: Trial, *, by: Actor, at: datetime) -> bool:
    """Ask once, when a trial is over; return whether it was asked now."""
    with transaction.atomic():
        trial = Trial.objects.select_for_update(of=("self",)).get(pk=trial.pk)
        if trial.asked_at is not None or trial.ends_at > at:
            return False
        trial.asked_at = at
        trial.save(update_fields=["asked_at"])
        write(trial, "trial.ended", by=by, at=at)
    return True


def answer_trial(trial: Trial, answer: str, *, by: Actor, at: datetime, comment: str = "") -> Trial:
    """Say once whether one would keep the service.

    Errors  BadInput for another answer, or before the end; MoveRefused when it was answered.
    """
    if answer not in ANSWERS:
        raise BadInput("Choose one: yes, no, or not sure.", field="answer")
    comment = clean_words(comment, "comment", required=False)
    with transaction.atomic():
        trial = (
            Trial.objects.select_for_update(of=("self",)).select_related("service").get(pk=trial.pk)
        )
        if trial.ends_at > at:
            raise BadInput(f"Your trial of {trial.service} goes on; we ask when it is over.")
        if trial.answer:
            raise MoveRefused("You have answered this already. Thank you.")
        trial.answer, trial.comment, trial.answered_at = answer, comment, at
        trial.save(update_fields=["answer", "comment", "answered_at"])
        write(
            trial,
            "trial.answered",
            by=by,
            at=at,
            digest=keyed(trial, frozen_answer(trial)),
            answer=answer,
        )
    return trial


def ask_for_offer(trial: Trial, client: Organisation, *, by: Actor, at: datetime) -> Trial:
    """Ask the provider for an offer to a client, after or during a trial; twice is once.

    Errors  StandingRefused saying who may sign for the client.
    """
    with transaction.atomic():
        trial = (
            Trial.objects.select_for_update(of=("self",)).select_related("service").get(pk=trial.pk)
        )
        deciders.require(by, deciders.to_sign(client, trial.service), at=at)
        if trial.offer_asked_at is not None:
            return trial
        trial.wants_offer_for, trial.offer_asked_at = client, at
        trial.save(update_fields=["wants_offer_for", "offer_asked_at"])
        write(trial, "trial.offer_asked", by=by, at=at, organisation=client.pk)
    return trial


def frozen_trial(trial: Trial) -> dict[str, Any]:
    """Return what a trial is for good."""
    return {
        "offer": trial.offer_id,
        "service": trial.service_id,
        "person": trial.person_id,
        "began_at": f"{trial.began_at:%Y-%m-%dT%H:%M:%S.%f}",
        "ends_at": f"{trial.ends_at:%Y-%m-%dT%H:%M:%S.%f}",
    }


def frozen_answer(trial: Trial) -> dict[str, Any]:
    return {"answer": trial.answer, "comment": trial.comment}
