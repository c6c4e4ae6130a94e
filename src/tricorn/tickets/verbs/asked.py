"""One tap at a place: how it was, and why, if it was not good."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Place
from tricorn.tickets.models import PlaceRating, Rating


def rate_place(
    place: Place,
    *,
    by: Actor,
    at: datetime,
    score: int,
    once: str,
    service: Service | None = None,
) -> PlaceRating:
    """Say how it was at a place. `once` is what the form carried: the same twice is one tap.

    Errors  BadInput for a score that has no button; MoveRefused where nobody is asked.
    """
    if score not in PlaceRating.SCORES:
        raise BadInput("Choose one of the three: good, so-so, or bad.", field="score")
    if not place.is_open_to_reports:
        raise MoveRefused(f"{place} is closed to reports, so nobody is asked there.", verb="rate")
    mark = hashlib.sha256(once.encode(errors="replace")).hexdigest()
    with transaction.atomic():
        given = {"place": place, "service": service, "score": score, "at": at}
        rating, is_new = PlaceRating.objects.get_or_create(once=mark, defaults=given)
        if is_new:
            # The tap itself is nobody's, whoever may be signed in on that screen.
            write(place, "place.rated", by=by, at=at, score=score, rating=rating.pk)
    return rating


def say_why(rating: PlaceRating, *, by: Actor, at: datetime, reason: str) -> PlaceRating:
    """Say what was not good, once.

    Errors  BadInput for an unknown reason; MoveRefused when it was good, or said otherwise before.
    """
    if not reason or reason not in Rating.REASONS:
        raise BadInput("The reason is functionality, reliability or support.", field="reason")
    with transaction.atomic():
        rating = PlaceRating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
        if rating.score >= 4:
            raise MoveRefused("It was good, so there is no reason to give.", verb="say_why")
        if rating.reason == reason:
            return rating
        if rating.reason:
            raise MoveRefused("The reason was given already. Thank you.", verb="say_why")
        rating.reason = reason
        rating.save(update_fields=["reason"])
        write(rating.place, "place.rated_why", by=by, at=at, reason=reason, rating=rating.pk)
    return rating
