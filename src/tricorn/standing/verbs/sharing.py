"""Private services: who may make one so, open it again, and let somebody read its tickets."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import INTAKES, Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person
from tricorn.standing.models import Duty


def share(
    service: Service, *, by: Actor, at: datetime, is_private: bool, intake: str = "everybody"
) -> Service:
    """Say who reads the tickets of a service, and on whose forms it stands: two different things.

    Private takes somebody who manages this very service, so that it is not without a reader. What
    is private is opened again only by who manages it by name, or at the command line.
    """
    if intake not in INTAKES:
        raise BadInput("Choose on whose forms this service stands.", field="intake")
    with transaction.atomic():
        service = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        if is_private and not service.is_private and not _readers(service, at):
            raise BadInput(
                f"Nobody manages {service} by name, so nobody could let others in. "
                "Give somebody the duty to manage this very service first.",
                field="is_private",
            )
        if service.is_private and not is_private:
            must_read(service, by=by, at=at, deed="open it to others")
        if (service.is_private, service.intake) == (is_private, intake):
            return service
        is_changed, service.is_private = service.is_private != is_private, is_private
        service.intake = intake
        service.save(update_fields=["is_private", "intake"])
        if is_changed:
            write(
                service,
                "service.made_private" if is_private else "service.made_open",
                by=by,
                at=at,
                intake=intake,
            )
        else:
            write(service, "service.intake_changed", by=by, at=at, intake=intake)
    return service


def must_read(service: Service, *, by: Actor, at: datetime, deed: str) -> None:
    """Errors: StandingRefused unless the actor manages this private service by name."""
    if by.is_program or _readers(service, at, person_id=by.id):
        return
    raise StandingRefused(
        f"{service} is private. Only who manages this very service can {deed}. Ask one of them.",
        verb="share",
    )


def must_reach(person: Person, *, by: Actor, at: datetime) -> None:
    """Refuse to change how somebody signs in who reads what is private, by who does not.

    Else whoever manages people could sign in as them.
    """
    if by.is_program or by.id == person.pk:
        return
    private = Service.objects.filter(
        pk__in=Duty.objects.at(at).filter(person=person).values("service"), is_private=True
    )
    for service in private.order_by("id"):
        must_read(service, by=by, at=at, deed="change how its people sign in")


def is_last_reader(duty: Duty, at: datetime) -> bool:
    """Whether this duty is the last by which anybody manages a private service."""
    if duty.duty != "manage" or duty.service is None or not duty.service.is_private:
        return False
    return not [each for each in _readers(duty.service, at) if each.pk != duty.pk]


def _readers(service: Service, at: datetime, *, person_id: int | None = None) -> list[Duty]:
    """The duties of who manages this very service and can sign in."""
    found = Duty.objects.at(at).filter(duty="manage", service=service, person__is_active=True)
    return list(found if person_id is None else found.filter(person=person_id))
