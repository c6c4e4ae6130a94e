"""Persons: added, changed, given a password."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Alias, Person
from tricorn.parties.verbs.found import index_persons
from tricorn.parties.verbs.typed import clean, known_email, known_zone


def add_person(
    *,
    by: Actor,
    at: datetime,
    name: str,
    email: str | None = None,
    zone: str = "",
    password: str = "",
    source: str = "",
    source_id: str = "",
) -> Person:
    """Add somebody with a name, and with an address when they are to sign in."""
    person = Person(
        name=clean(name, "name", 200),
        email=known_email(email) if email else None,
        zone=known_zone(zone) if zone else "",
        source=source,
        source_id=source_id,
        made_at=at,
    )
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    with transaction.atomic():
        if person.email and _is_taken(person.email):
            raise BadInput(
                f"Somebody with the address {person.email} is known already. "
                "Look them up, or give another address.",
                email=person.email,
            )
        person.save()
        index_persons([person.pk])
        write(person, "person.added", by=by, at=at)
    return person


def change_person(
    person: Person,
    *,
    by: Actor,
    at: datetime,
    name: str | None = None,
    email: str | None = None,
    is_active: bool | None = None,
) -> Person:
    """Change a person's name, address, or whether they may sign in."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.merged_into_id is not None:
            raise BadInput(
                f"{person} was merged into another record. Change that one, or unmerge this first."
            )
        changed = []
        if name is not None and name != person.name:
            person.name = clean(name, "name", 200)
            changed.append("name")
        if email is not None and email != (person.email or ""):
            person.email = known_email(email) if email else None
            if person.email and _is_taken(person.email, other_than=person):
                raise BadInput(f"Somebody else has the address {person.email}.", email=email)
            changed.append("email")
        if is_active is not None and is_active != person.is_active:
            person.is_active = is_active
            changed.append("is_active")
        if changed:
            person.save()
            index_persons([person.pk])
            write(person, "person.changed", by=by, at=at, what=changed)
    return person


def _is_taken(address: str, other_than: Person | None = None) -> bool:
    """Whether an address is somebody's, also by a record that was merged into theirs."""
    persons = Person.objects.filter(email__iexact=address)
    if other_than is not None:
        persons = persons.exclude(pk=other_than.pk)
    return persons.exists() or Alias.objects.filter(address__iexact=address).exists()


def change_own(
    person: Person, *, by: Actor, at: datetime, name: str, zone: str, password: str = ""
) -> Person:
    """Change one's own name, time zone (empty: the house's) and, if given, password."""
    name = clean(name, "name", 200)
    zone = known_zone(zone) if zone else ""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        what = [
            field
            for field, new in (("name", name), ("zone", zone))
            if getattr(person, field) != new
        ]
        person.name, person.zone = name, zone
        if password:
            person.set_password(password)
            what.append("password")
        if what:
            person.save(update_fields=what)
            index_persons([person.pk])
            write(person, "person.changed", by=by, at=at, what=what)
    return person


def set_password(person: Person, password: str, *, by: Actor, at: datetime) -> Person:
    """Give somebody a first password. Who has one changes it themselves, or signs in by code."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.has_usable_password():
            raise BadInput(
                f"{person} has a password already. Take it away first: then they sign in by code.",
                password="",
            )
        if not person.email:
            raise BadInput(f"{person} has no mail address to sign in with.", password="")
        try:
            validate_password(password, person)
        except ValidationError as problem:
            raise BadInput(" ".join(problem.messages), password="") from problem
        person.set_password(password)
        person.save(update_fields=["password"])
        write(person, "person.password_set", by=by, at=at)
    return person


def remove_password(person: Person, *, by: Actor, at: datetime) -> Person:
    """Take a password away: from now on they sign in by a mailed code, and are signed out."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.has_usable_password():
            raise BadInput(f"{person} has no password: they sign in by code already.")
        person.set_unusable_password()
        person.save(update_fields=["password"])
        write(person, "person.password_removed", by=by, at=at)
    return person
