"""Setting who reads complaints that name somebody of us, and how long names are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import House, Person
from tricorn.standing import verbs as standing
from tricorn.tickets.models import Inquiry, Keeping, Reviewer
from tricorn.tickets.reviewers import is_reviewer


def set_reviewer(
    person: Person,
    *,
    by: Actor,
    at: datetime,
    service: Service | None = None,
    deputy: Person | None = None,
) -> Reviewer:
    """Let somebody review such complaints, of one service or of the house. Twice is once."""
    if deputy is not None and deputy.pk == person.pk:
        raise BadInput(
            f"{person} cannot stand in for themselves. Choose somebody else.", field="deputy"
        )
    for each, field in ((person, "person"), (deputy, "deputy")):
        if each is not None and not each.is_active:
            raise BadInput(f"{each} can no longer sign in. Choose somebody else.", field=field)
    with transaction.atomic():
        known = Reviewer.objects.at(at).filter(person=person, service=service).first()
        if known and known.deputy_id == (deputy.pk if deputy else None):
            return known
        if known:
            known.until = at
            known.save(update_fields=["until"])
        given = Reviewer.objects.create(person=person, service=service, deputy=deputy, since=at)
        write(
            person,
            "person.reviewer_set",
            by=by,
            at=at,
            service=service and service.pk,
            deputy=deputy and deputy.pk,
        )
    return given


def must_reach(person: Person, *, by: Actor, at: datetime) -> None:
    """Refuse to change how somebody signs in who reads complaints, or what is private.

    Else whoever manages people could sign in as them, and read a complaint about themselves.
    """
    standing.must_reach(person, by=by, at=at)
    if by.is_program or by.id == person.pk:
        return
    if is_reviewer(person.pk, at) or Inquiry.objects.filter(reviewer=person).exists():
        raise StandingRefused(
            f"{person} reads complaints that name somebody. Only they themselves, or who has the "
            "machine, can change how they sign in.",
            verb="review",
        )


def end_reviewer(reviewer: Reviewer, *, by: Actor, at: datetime) -> None:
    """Somebody reviews no further complaints. What they are reading stays with them."""
    with transaction.atomic():
        rows = Reviewer.objects.select_for_update(of=("self",))
        reviewer = rows.select_related("person").get(pk=reviewer.pk)
        if reviewer.until is not None and reviewer.until <= at:
            return
        reviewer.until = at
        reviewer.save(update_fields=["until"])
        write(reviewer.person, "person.reviewer_ended", by=by, at=at, service=reviewer.service_id)


def keep_names(
    house: House, *, by: Actor, at: datetime, months: int, blanks_words: bool
) -> Keeping:
    """Say for how long names are kept after an inquiry is over, and whether the words go too."""
    if not 1 <= months <= 120:
        raise BadInput("Names are kept for 1 to 120 months.", field="months")
    with transaction.atomic():
        keeping = Keeping.objects.select_for_update().first() or Keeping()
        if keeping.pk and (keeping.months, keeping.blanks_words) == (months, blanks_words):
            return keeping
        keeping.months, keeping.blanks_words = months, blanks_words
        keeping.save()
        write(house, "house.names_kept", by=by, at=at, months=months, blanks=blanks_words)
    return keeping
