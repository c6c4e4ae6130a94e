"""Persons, organisations, memberships and places: the only code that changes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from tricorn.engine.errors import BadInput
from tricorn.engine.roles import SCHEMES
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import House, Membership, Organisation, Person, Place

# Which naming scheme a kind of house starts with; Settings, Words changes it at any time.
SCHEME_OF_SECTOR = {
    "building": "fm",
    "it": "itil-customer-user",
    "library": "knowledge",
    "other": "everyone-a-customer",
}


# They join or part the letters of Persian and of many an emoji, and are no control characters.
JOINERS = "\u200c\u200d"


def furnish(
    *,
    by: Actor,
    at: datetime,
    provider: str,
    sector: str,
    zone: str,
    danger_number: str = "",
    is_demonstration: bool = False,
) -> House:
    """Make the one house row: who provides, what is run, in which zone, whom to call in danger."""
    if House.objects.exists():
        raise BadInput("This house is furnished already. Change it under Settings.")
    if sector not in House.SECTORS:
        raise BadInput(f"Choose what you run: {', '.join(House.SECTORS)}.", sector=sector)
    with transaction.atomic():
        organisation = add_organisation(by=by, at=at, name=provider, is_provider=True)
        house = House(
            provider=organisation,
            sector=sector,
            zone=known_zone(zone),
            danger_number=clean(danger_number, "danger number", 40, required=False),
            scheme=SCHEME_OF_SECTOR[sector],
            is_demonstration=is_demonstration,
            made_at=at,
        )
        house.save()
        write(house, "house.furnished", by=by, at=at, sector=sector, zone=house.zone)
    return house


def change_house(*, by: Actor, at: datetime, changes: Mapping[str, Any]) -> House:
    """Change the house's settings; words change no permission and no number."""
    with transaction.atomic():
        house = House.objects.select_for_update().get()
        if "scheme" in changes and changes["scheme"] not in SCHEMES:
            raise BadInput(f"There is no naming scheme {changes['scheme']!r}.")
        if "zone" in changes:
            known_zone(changes["zone"])
        if not 3 <= int(changes.get("fewest", house.fewest)) <= 1000:
            raise BadInput(
                "The fewest people that a count may show is never below three, or above 1,000.",
                fewest="",
            )
        if "labels" in changes:
            changes = {**changes, "labels": _known_labels(changes["labels"])}
        if "public_url" in changes:
            changes = {**changes, "public_url": _known_address(changes["public_url"])}
        if "danger_number" in changes:
            number = clean(changes["danger_number"], "danger_number", 40, required=False)
            changes = {**changes, "danger_number": number}
        for name, value in changes.items():
            setattr(house, name, value)
        house.save()
        write(house, "house.changed", by=by, at=at, what=sorted(changes))
    return house


def _known_labels(labels: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return own words for roles, by scheme and role; empty ones fall back to the scheme's."""
    kept: dict[str, dict[str, str]] = {}
    for scheme, words in labels.items():
        roles = {rule.name for rule in SCHEMES[scheme].rules} if scheme in SCHEMES else set()
        for role, label in words.items():
            if role not in roles:
                raise BadInput(f"The scheme {scheme!r} has no role {role!r}.")
            if said := clean(label, f"word for {role}", 60, required=False):
                kept.setdefault(scheme, {})[role] = said
    return kept


def _known_address(address: str) -> str:
    """Return the public address without a trailing slash; empty says that there is none."""
    address = clean(address, "public_url", 200, required=False).rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.port is None or parts.port else None
    except ValueError:
        host = None
    is_whole = host and parts.scheme in ("http", "https") and not (parts.query or parts.fragment)
    if not is_whole or parts.path or parts.username or " " in address:
        raise BadInput(
            f"{address[:80]!r} is not a public address. It reads like https://help.example.org",
            public_url="",
        )
    return address


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
        if person.email and Person.objects.filter(email__iexact=person.email).exists():
            raise BadInput(
                f"Somebody with the address {person.email} is known already. "
                "Look them up, or give another address.",
                email=person.email,
            )
        person.save()
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
        changed = []
        if name is not None and name != person.name:
            person.name = clean(name, "name", 200)
            changed.append("name")
        if email is not None and email != (person.email or ""):
            person.email = known_email(email) if email else None
            others = Person.objects.exclude(pk=person.pk).filter(email__iexact=person.email)
            if person.email and others.exists():
                raise BadInput(f"Somebody else has the address {person.email}.", email=email)
            changed.append("email")
        if is_active is not None and is_active != person.is_active:
            person.is_active = is_active
            changed.append("is_active")
        if changed:
            person.save()
            write(person, "person.changed", by=by, at=at, what=changed)
    return person


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


def add_organisation(
    *,
    by: Actor,
    at: datetime,
    name: str,
    parent: Organisation | None = None,
    is_provider: bool = False,
) -> Organisation:
    """Add an organisation, under another when it is part of it."""
    name = clean(name, "name", 200)
    with transaction.atomic():
        if Organisation.objects.filter(name__iexact=name).exists():
            raise BadInput(f"There is an organisation called {name} already.", name=name)
        organisation = Organisation.objects.create(
            name=name, parent=parent, is_provider=is_provider
        )
        organisation.path = f"{parent.path if parent else '/'}{organisation.pk}/"
        if len(organisation.path) > 500:
            raise BadInput(f"{parent} lies too deep to hold another one. Choose one above it.")
        organisation.save(update_fields=["path"])
        write(organisation, "organisation.added", by=by, at=at, parent=parent and parent.pk)
    return organisation


def rename_organisation(
    organisation: Organisation, *, by: Actor, at: datetime, name: str
) -> Organisation:
    """Give an organisation another name; what it belongs to and who belongs to it stays."""
    name = clean(name, "name", 200)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if name == organisation.name:
            return organisation
        if Organisation.objects.filter(name__iexact=name).exclude(pk=organisation.pk).exists():
            raise BadInput(f"There is an organisation called {name} already.", name=name)
        organisation.name = name
        organisation.save(update_fields=["name"])
        write(organisation, "organisation.renamed", by=by, at=at)
    return organisation


def join(
    person: Person,
    organisation: Organisation,
    *,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    title: str = "",
) -> Membership:
    """Let a person belong to an organisation from `since` on (now when left out)."""
    since = since or at
    with transaction.atomic():
        current = Membership.objects.at(since).filter(person=person, organisation=organisation)
        if found := current.first():
            if found.until is None:
                return found
            raise BadInput(
                f"{person} was in {organisation} on that day already, and left later. "
                "Choose a day after that.",
                since=since,
            )
        membership = Membership.objects.create(
            person=person,
            organisation=organisation,
            since=since,
            title=clean(title, "title", 120, required=False),
        )
        write(person, "person.joined", by=by, at=at, organisation=organisation.pk)
    return membership


def leave(membership: Membership, *, by: Actor, at: datetime) -> Membership:
    """End a membership; what happened while it lasted stays."""
    with transaction.atomic():
        membership = Membership.objects.select_for_update().get(pk=membership.pk)
        if membership.until is not None:
            raise BadInput(f"{membership.person} left {membership.organisation} already.")
        if at <= membership.since:
            raise BadInput(
                f"{membership.person} has only just joined {membership.organisation}, "
                "or will do so later. Wait until then."
            )
        membership.until = at
        membership.save(update_fields=["until"])
        write(
            membership.person, "person.left", by=by, at=at, organisation=membership.organisation_id
        )
    return membership


def add_place(
    *,
    by: Actor,
    at: datetime,
    name: str,
    slug: str = "",
    within: Place | None = None,
    organisation: Organisation | None = None,
) -> Place:
    """Add a place with its own address /at/<slug>/."""
    name = clean(name, "name", 200)
    slug = slugify(slug or name)[:80]
    if not slug:
        raise BadInput("Give the place a short address of letters, digits and dashes.")
    with transaction.atomic():
        if Place.objects.filter(slug=slug).exists():
            raise BadInput(f"The address /at/{slug}/ belongs to another place.", slug=slug)
        place = Place.objects.create(name=name, slug=slug, within=within, organisation=organisation)
        write(place, "place.added", by=by, at=at)
    return place


def change_place(
    place: Place,
    *,
    by: Actor,
    at: datetime,
    name: str,
    within: Place | None = None,
    organisation: Organisation | None = None,
    is_open_to_reports: bool = True,
) -> Place:
    """Change a place. Its address stays: it is printed on signs."""
    name = clean(name, "name", 200)
    with transaction.atomic():
        place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
        outer = within
        while outer is not None:
            if outer.pk == place.pk:
                raise BadInput(
                    f"{place} cannot lie within itself, or within what it holds.", within=""
                )
            outer = outer.within
        place.name, place.within, place.organisation = name, within, organisation
        place.is_open_to_reports = is_open_to_reports
        place.save()
        write(place, "place.changed", by=by, at=at)
    return place


def clean(text: str, what: str, longest: int, *, required: bool = True) -> str:
    """Return one line of text without control characters, or say what is wrong with it."""
    kept = (c for c in text if c.isprintable() or c.isspace() or c in JOINERS)
    text = " ".join("".join(kept).split())
    if not text.strip(JOINERS):
        text = ""
    if required and not text:
        raise BadInput(f"The {what} is empty. Write it down.", field=what)
    if len(text) > longest:
        raise BadInput(f"The {what} has {len(text)} characters; at most {longest} fit.", field=what)
    return text


def known_email(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
        if len(email) > 254:
            raise ValidationError("No mail system takes a longer one.")
    except ValidationError as problem:
        raise BadInput(
            f"{email[:80]!r} is not a mail address. It reads like name@example.org.", field="email"
        ) from problem
    return email


def known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise BadInput(
            f"There is no time zone {zone[:60]!r}. It reads like Europe/Berlin.", field="zone"
        )
    return zone
