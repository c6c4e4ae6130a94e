"""Whom and what a batch of records names: persons, places, the agreement that applies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower

from tricorn.agreements.choose import Choice, Chooser, Clauses, One, Whom
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import Entry, write_all
from tricorn.parties.models import Membership, Organisation, Person, Place
from tricorn.parties.verbs import add_organisation
from tricorn.parties.verbs.found import index_persons
from tricorn.tickets.bridge import priority_of
from tricorn.tickets.imports.records import Record


class Names:
    """Looks names up a batch at a time; persons that nobody knows yet are made."""

    def __init__(
        self,
        service_id: int,
        clauses: Clauses,
        organisation: Organisation | None,
        by: Actor,
        at: datetime,
    ) -> None:
        self.service_id, self.clauses = service_id, clauses
        self.organisation, self.by, self.at = organisation, by, at

    def persons(self, batch: Sequence[Record]) -> dict[str, Person]:
        """Return the persons that the batch names, made where nobody knows them yet.

        An address that is known here is that person; a name alone never is.
        """
        first: dict[str, Record] = {}
        for record in batch:
            if key := person_key(record):
                first.setdefault(key, record)
        if not first:
            return {}
        found: dict[str, Person] = {}
        emails = [r.requester_email.lower() for r in first.values() if r.requester_email]
        if emails:
            rows = Person.objects.annotate(low=Lower("email")).filter(low__in=emails)
            found |= {f"@{person.email.lower()}": person for person in rows if person.email}
        by_source: dict[str, list[str]] = defaultdict(list)
        for key, record in first.items():
            if key not in found and not record.requester_email:
                by_source[record.source].append(record.requester)
        for source, names in by_source.items():
            called = Person.objects.filter(source=source, source_id__in=names)
            found |= {f"{source}:{person.source_id}": person for person in called}
        new = {
            key: Person(
                name=(record.requester or record.requester_email)[:200],
                email=record.requester_email or None,
                source="" if record.requester_email else record.source,
                source_id="" if record.requester_email else record.requester,
                password=make_password(None),
                made_at=self.at,
            )
            for key, record in first.items()
            if key not in found
        }
        if new:
            Person.objects.bulk_create(new.values())
            self.join({new[key]: record for key, record in first.items() if key in new})
            index_persons([person.pk for person in new.values()])
            entries = [
                Entry("person", person.pk, "person.added", {"source": person.source})
                for person in new.values()
            ]
            write_all(entries, by=self.by, at=self.at)
        return found | new

    def join(self, made: dict[Person, Record]) -> None:
        """Let new persons belong to what their row names, else to what the whole import does."""
        named = self.organisations(list(made.values()))
        Membership.objects.bulk_create(
            Membership(person=person, organisation=organisation, since=record.reported_at)
            for person, record in made.items()
            if (organisation := named.get(record.organisation.lower(), self.organisation))
        )

    def organisations(self, batch: Sequence[Record]) -> dict[str, Organisation]:
        """Return the organisations that the batch names, made where nobody knows them yet."""
        names: dict[str, str] = {}
        for record in batch:
            if record.organisation:
                names.setdefault(record.organisation.lower(), record.organisation)
        if not names:
            return {}
        known = Organisation.objects.annotate(low=Lower("name")).filter(low__in=names)
        found: dict[str, Organisation] = {each.name.lower(): each for each in known}
        for low, name in names.items():
            if low not in found:
                found[low] = add_organisation(by=self.by, at=self.at, name=name)
        return found

    def places(self, batch: Sequence[Record]) -> dict[str, Place]:
        """Return the places of the house that the batch names; unknown ones stay in its words."""
        names = {record.place for record in batch if record.place}
        if not names:
            return {}
        return {place.name: place for place in Place.objects.filter(name__in=names)}

    def choices(
        self, batch: Sequence[Record], persons: dict[str, Person], places: dict[str, Place]
    ) -> dict[Any, Choice | None]:
        """Return which agreement applies to each person, kind and priority on each day of it."""
        members: dict[int, list[Membership]] = defaultdict(list)
        ids = {person.pk for person in persons.values()}
        rows = Membership.objects.filter(person__in=ids).select_related("organisation")
        for member in rows:
            members[member.person_id].append(member)
        belongs = {n for each in members.values() for m in each for n in m.organisation.above}
        chooser = Chooser(
            self.service_id,
            Whom(persons=ids, organisations=belongs, places={p.pk for p in places.values()}),
            self.clauses,
        )
        if not chooser.entitlements:
            return {}
        found: dict[Any, Choice | None] = {}
        for record in batch:
            person = persons.get(person_key(record))
            key = choice_key(record, person)
            if key in found:
                continue
            at = record.reported_at
            current = [
                m
                for m in (members[person.pk] if person else [])
                if m.since <= at and (m.until is None or m.until > at)
            ]
            one = One(
                person_id=person.pk if person else None,
                organisations={n for m in current for n in m.organisation.above},
                own={m.organisation_id for m in current},
                place_id=places[record.place].pk if record.place in places else None,
            )
            found[key] = chooser.choose(
                one, at=at, kind=record.kind, priority=priority_given(record)
            )
        return found


def person_key(record: Record) -> str:
    """Return what tells the record's person apart; empty for nobody."""
    if record.requester_email:
        return f"@{record.requester_email.lower()}"
    return f"{record.source}:{record.requester}" if record.requester else ""


def choice_key(record: Record, person: Person | None) -> Any:
    """Return what decides which agreement applies."""
    who = person.pk if person else None
    return (who, record.place, record.kind, priority_given(record), record.reported_at)


def priority_given(record: Record) -> str:
    """Return the priority that the source gave, else what impact and urgency give together."""
    return record.priority or priority_of(record.impact, record.urgency)
