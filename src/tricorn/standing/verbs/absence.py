"""Going away and coming back: who decides for somebody in the meantime."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person
from tricorn.standing.frozen import proofs
from tricorn.standing.models import Absence
from tricorn.standing.verbs.circle import refuse_circle


def go_away(
    person: Person,
    *,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    deputy: Person | None = None,
) -> Absence:
    """Say that somebody is away; who stands in acts within their limits until they are back.

    No deputy: whoever each authority names. No end: until they say that they are back.
    Errors  BadInput when it ends before it begins, overlaps another absence, or closes a circle.
    """
    since = since or at
    if deputy == person:
        raise BadInput(f"{person} cannot stand in for themselves. Choose somebody else.")
    if until is not None and until <= max(since, at):
        raise BadInput("The absence would be over before it begins. Choose a later end.")
    if deputy is not None and not deputy.is_active:
        raise BadInput(f"{deputy} can no longer sign in. Choose somebody else.", field="deputy")
    with transaction.atomic():
        rows = Person.objects.select_for_update(of=("self",), no_key=True)
        person = rows.get(pk=person.pk)
        same = Absence.objects.filter(person=person, deputy=deputy, since=since, until=until)
        if known := same.first():
            return known
        overlap = Absence.objects.filter(person=person).filter(
            Q(until__isnull=True) | Q(until__gt=since)
        )
        if until is not None:
            overlap = overlap.filter(since__lt=until)
        if overlap.exists():
            raise BadInput(
                f"{person} is away already for a part of this time. "
                "End that absence first, or choose other days."
            )
        if deputy is not None:
            refuse_circle(person, deputy, since, until)
        absence = Absence.objects.create(person=person, deputy=deputy, since=since, until=until)
        write(
            person,
            "person.went_away",
            by=by,
            at=at,
            absence=absence.pk,
            deputy=deputy and deputy.pk,
            since=since.isoformat(),
            until=until.isoformat() if until else None,
            proofs=proofs(absence),
        )
    return absence


def come_back(absence: Absence, *, by: Actor, at: datetime) -> Absence:
    """Say that somebody is back, or that they do not go; what was done for them stays done."""
    with transaction.atomic():
        rows = Absence.objects.select_related("person").select_for_update(of=("self",))
        absence = rows.get(pk=absence.pk)
        if absence.until is not None and absence.until <= at:
            raise BadInput("This absence is over already.")
        absence.until = max(at, absence.since)
        absence.save(update_fields=["until"])
        write(
            absence.person,
            "person.came_back",
            by=by,
            at=at,
            absence=absence.pk,
            proofs=proofs(absence),
        )
    return absence
