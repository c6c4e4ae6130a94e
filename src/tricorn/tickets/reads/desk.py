"""What the forms of the desk offer: who serves a ticket, services, teams, places."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from tricorn.catalogue.models import Service
from tricorn.parties.models import House, Organisation, Person, Place
from tricorn.standing.models import Duty
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs.access import names


def agents_of(ticket: Ticket, at: datetime) -> list[Person]:
    """Return who has duty for the ticket's service at this moment, by name."""
    duties = Duty.objects.at(at).filter(names(ticket.service))
    return list(
        Person.objects.filter(pk__in=duties.values("person"), is_active=True).order_by("name", "id")
    )


def services_on_offer(ids: Collection[int] | None = None) -> QuerySet[Service]:
    """Return the services that are not retired; only these, when ids are given."""
    found = Service.objects.filter(is_retired=False).order_by("name")
    return found if ids is None else found.filter(pk__in=ids)


def services_to_reach(ids: Collection[int] | None = None) -> QuerySet[Service]:
    """Return where somebody who serves these may send a matter, by hand-over or by taking it down.

    A private service stands there by its name, unless only its own desk takes reports for it.
    """
    found = services_on_offer()
    hidden = Q(is_private=True, intake="desk")
    return found.exclude(hidden if ids is None else hidden & ~Q(pk__in=ids))


def teams() -> QuerySet[Organisation]:
    """Return the provider and its parts."""
    house = House.objects.select_related("provider").first()
    path = house.provider.path if house else "/"
    return Organisation.objects.filter(path__startswith=path).order_by("path")


def places() -> QuerySet[Place]:
    return Place.objects.order_by("name")


def agents_anywhere(at: datetime) -> list[Person]:
    """Return who has duty for any service at this moment, by name."""
    duties = Duty.objects.at(at).values("person")
    return list(Person.objects.filter(pk__in=duties, is_active=True).order_by("name", "id")[:500])
