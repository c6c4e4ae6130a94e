"""Duties of the provider's staff, and who may sign in. Somebody always manages the house."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person
from tricorn.parties.verbs import change_person
from tricorn.standing.models import DUTIES, Duty
from tricorn.standing.verbs.sharing import is_last_reader, must_read


def give_duty(
    person: Person, duty: str, *, by: Actor, at: datetime, service: Service | None = None
) -> Duty:
    """Let somebody work at the desk, or manage, for one service or for all.

    Into a private service lets only who manages it by name, or the command line.
    """
    if duty not in DUTIES:
        raise BadInput(f"A duty is one of {', '.join(DUTIES)}, not {duty!r}.")
    if service is not None and service.is_private:
        must_read(service, by=by, at=at, deed="let somebody read its tickets")
    with transaction.atomic():
        current = Duty.objects.at(at).filter(person=person, duty=duty, service=service).first()
        if current:
            return current
        given = Duty.objects.create(person=person, duty=duty, service=service, since=at)
        write(
            person,
            "person.duty_given",
            by=by,
            at=at,
            duty=duty,
            service=service and service.pk,
        )
    return given


def end_duty(duty: Duty, *, by: Actor, at: datetime) -> None:
    """End a duty. The last manager stays, so that the house is never without one."""
    with transaction.atomic():
        managers = _managers(at)
        duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
        if duty.until is not None and duty.until <= at:
            raise BadInput("This duty has ended already.")
        if duty.duty == "manage" and not [each for each in managers if each.pk != duty.pk]:
            raise BadInput("This is the last manager. Make somebody else a manager first.")
        if is_last_reader(duty, at):
            raise BadInput(
                f"Nobody else manages {duty.service}, which is private. "
                "Let somebody else manage it first, or open it."
            )
        duty.until = at
        duty.save(update_fields=["until"])
        write(duty.person, "person.duty_ended", by=by, at=at, duty=duty.duty)


def let_in(person: Person, *, by: Actor, at: datetime) -> Person:
    """Let somebody sign in again."""
    return change_person(person, by=by, at=at, is_active=True)


def shut_out(person: Person, *, by: Actor, at: datetime) -> Person:
    """Let somebody no longer sign in; what they did stays. The last manager stays, too."""
    with transaction.atomic():
        managers = {duty.person_id for duty in _managers(at)}
        if managers == {person.pk}:
            raise BadInput(f"{person} is the last manager. Make somebody else a manager first.")
        return change_person(person, by=by, at=at, is_active=False)


def _managers(at: datetime) -> list[Duty]:
    """The duties of all managers of everything, locked: two cannot leave at the same moment."""
    found = Duty.objects.at(at).filter(duty="manage", service__isnull=True, person__is_active=True)
    return list(found.select_for_update(of=("self",)).order_by("id"))
