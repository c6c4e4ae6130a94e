"""Organisations as a tree, and who belongs to them from when to when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Membership, Organisation, Person
from tricorn.parties.verbs.found import index_persons
from tricorn.parties.verbs.typed import clean


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
        members = Membership.objects.filter(organisation=organisation, until__isnull=True)
        index_persons(list(members.values_list("person", flat=True)))
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
        index_persons([person.pk])
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
        index_persons([membership.person_id])
        write(
            membership.person, "person.left", by=by, at=at, organisation=membership.organisation_id
        )
    return membership
