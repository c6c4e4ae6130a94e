"""Writing records as tickets, a thousand at a time: the set-wise verb of imports.

Each batch is one transaction with its journal lines. What was imported before is found by source
and id: equal is unchanged, else the source's part of the ticket is brought up to date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.agreements.choose import Choice
from tricorn.catalogue.models import Service
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import Entry, digest, new_key, write_all
from tricorn.parties.models import Organisation, Person
from tricorn.parties.reads import house_zone
from tricorn.standing.models import Fact, Use
from tricorn.tickets.bridge import priority_of
from tricorn.tickets.imports.names import Names, choice_key, person_key
from tricorn.tickets.imports.records import Problem, Record
from tricorn.tickets.models import Clock, Message, Ticket, Wait
from tricorn.tickets.verbs.clocks import CLOCK_FIELDS, Promises, pin, settle
from tricorn.tickets.verbs.found import index_many
from tricorn.tickets.verbs.intake import summary_of

BATCH = 1000
# What a source tells again when it is imported again. Whom the desk gave the ticket to is ours.
SOURCE_FIELDS = [
    "kind",
    "state",
    "summary",
    "requester",
    "affected",
    "organisation",
    "place",
    "impact",
    "urgency",
    "computed_priority",
    "priority",
    "waiting_on",
    "version",
    "covered_by",
    "began_at",
    "reported_at",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "due_at",
    "breach_at",
    "queue_at",
    "changed_at",
    "source_mark",
    "extra",
]


@dataclass
class ImportReport:
    """What an import did, or with a dry run would do: tickets, and rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    rows: int = 0
    dry_run: bool = False
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: ImportReport) -> None:
        """Add what another part of the same import did."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged


def by_service(records: Iterable[Record], usual: str) -> dict[str, list[Record]]:
    """Return the records by the service that each names, `usual` where none is named."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.service or usual].append(record)
    return found


def store(
    records: Iterable[Record],
    service: Service,
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation | None = None,
    on_batch: Callable[[int], None] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Bring records in as tickets of a service; `on_batch` hears how many are done.

    Callers become persons known by the source's name for them, members of `organisation` if given.
    With `dry_run` everything is counted and nothing written.
    """
    report = ImportReport(dry_run=dry_run)
    keeper = _Keeper(service, organisation, by, at)
    remaining = iter(records)
    while batch := list(islice(remaining, BATCH)):
        if dry_run:
            keeper.count(batch, report)
        else:
            with transaction.atomic():
                keeper.keep(batch, report)
        if on_batch:
            on_batch(len(batch))
    return report


class _Keeper:
    """Writes batches of one import; what a service promises is read once."""

    def __init__(
        self, service: Service, organisation: Organisation | None, by: Actor, at: datetime
    ) -> None:
        self.service, self.organisation, self.by, self.at = service, organisation, by, at
        self.promises = Promises(service.pk)
        self.names = Names(service.pk, self.promises.clauses, organisation, by, at)
        self.zone = ZoneInfo(house_zone())

    def known(self, batch: Sequence[Record]) -> dict[tuple[str, str], Ticket]:
        """Return the tickets that this batch has made before."""
        by_source: dict[str, list[str]] = defaultdict(list)
        for record in batch:
            by_source[record.source].append(record.source_id)
        found: dict[tuple[str, str], Ticket] = {}
        for source, ids in by_source.items():
            for ticket in Ticket.objects.filter(source=source, source_id__in=ids):
                found[source, ticket.source_id] = ticket
        return found

    def count(self, batch: Sequence[Record], report: ImportReport) -> None:
        known = self.known(batch)
        for record in batch:
            ticket = known.get((record.source, record.source_id))
            if ticket is None:
                report.created += 1
            elif ticket.source_mark == record.mark:
                report.unchanged += 1
            else:
                report.updated += 1

    def keep(self, batch: Sequence[Record], report: ImportReport) -> None:
        """Write one batch: persons, tickets, clocks, waits, words, uses, facts, lines."""
        known = self.known(batch)
        changed = [
            record
            for record in batch
            if (ticket := known.get((record.source, record.source_id))) is None
            or ticket.source_mark != record.mark
        ]
        report.unchanged += len(batch) - len(changed)
        if not changed:
            return
        persons = self.names.persons(changed)
        places = self.names.places(changed)
        choices = self.names.choices(changed, persons, places)
        organisations = self.names.organisations(changed)
        made: list[tuple[Record, Ticket]] = []
        renewed: list[tuple[Record, Ticket]] = []
        stories: list[tuple[Ticket, list[Clock], list[Wait]]] = []
        for record in changed:
            found = known.get((record.source, record.source_id))
            ticket = found or Ticket(
                service=self.service,
                source=record.source,
                source_id=record.source_id,
                channel=record.channel,
                link_key=new_key(),
            )
            person = persons.get(person_key(record))
            self.fill(ticket, record, person, choices)
            ticket.place = places.get(record.place)
            if ticket.version is None:
                own = organisations.get(record.organisation.lower(), self.organisation)
                ticket.organisation = own
            waits = [
                Wait(ticket=ticket, holder=holder, started_at=start, ended_at=end)
                for holder, start, end in record.waits
            ]
            choice = choices.get(choice_key(record, person))
            clocks = pin(ticket, self.promises, choice.version if choice else None)
            settle(ticket, clocks, waits, at=self.at)
            stories.append((ticket, clocks, waits))
            (renewed if found else made).append((record, ticket))
        Ticket.objects.bulk_create([ticket for _, ticket in made])
        Ticket.objects.bulk_update([ticket for _, ticket in renewed], SOURCE_FIELDS)
        self.write_stories(stories, {ticket.pk for _, ticket in renewed})
        self.write_words(made)
        index_many([ticket for _, ticket in [*made, *renewed]])
        self.write_facts(made)
        self.write_lines(made, renewed)
        report.created += len(made)
        report.updated += len(renewed)

    def fill(
        self,
        ticket: Ticket,
        record: Record,
        person: Person | None,
        choices: dict[Any, Choice | None],
    ) -> None:
        """Copy what the source says onto the ticket."""
        choice = choices.get(choice_key(record, person))
        computed = priority_of(record.impact, record.urgency)
        ticket.kind = record.kind
        ticket.state = record.state
        ticket.summary = summary_of(record.summary)
        ticket.requester = ticket.affected = person
        ticket.organisation = choice.entitlement.funder if choice else None
        ticket.impact, ticket.urgency = record.impact, record.urgency
        ticket.computed_priority = computed
        ticket.priority = record.priority or computed
        ticket.waiting_on = record.waiting_on
        ticket.version = choice.version if choice else None
        ticket.covered_by = choice.why[:300] if choice else ""
        ticket.reported_at = record.reported_at
        ticket.began_at = record.began_at or record.reported_at
        ticket.first_response_at = record.first_response_at
        ticket.resolved_at = record.resolved_at
        ticket.closed_at = record.closed_at
        moments = (record.closed_at, record.resolved_at, record.first_response_at)
        ticket.changed_at = next((m for m in moments if m), record.reported_at)
        ticket.source_mark = record.mark
        ticket.extra = dict(record.extra)

    def write_stories(
        self, stories: list[tuple[Ticket, list[Clock], list[Wait]]], renewed: set[int]
    ) -> None:
        """Write clocks and waits; of renewed tickets in place of the earlier ones."""
        clocks = [clock for _, each, _ in stories for clock in each]
        for clock in clocks:
            clock.ticket_id = clock.ticket.pk
        waits = [wait for _, _, each in stories for wait in each]
        for wait in waits:
            wait.ticket_id = wait.ticket.pk
        if renewed:
            Wait.objects.filter(ticket__in=renewed).delete()
            earlier = {
                (clock.ticket_id, clock.measure): clock.pk
                for clock in Clock.objects.filter(ticket__in=renewed)
            }
            for clock in clocks:
                clock.pk = earlier.get((clock.ticket_id, clock.measure))
            Clock.objects.bulk_update([c for c in clocks if c.pk], CLOCK_FIELDS)
        Clock.objects.bulk_create([clock for clock in clocks if clock.pk is None])
        Wait.objects.bulk_create(waits)

    def write_words(self, made: list[tuple[Record, Ticket]]) -> None:
        """Keep what was said in rows of their own, where the source brings words at all."""
        messages = []
        for record, ticket in made:
            if record.text:
                key = new_key()
                messages.append(
                    Message(
                        ticket=ticket,
                        author=ticket.requester,
                        by_kind="import",
                        text=record.text,
                        key=key,
                        digest=digest(key, record.text),
                        at=record.reported_at,
                        channel=record.channel,
                    )
                )
        Message.objects.bulk_create(messages)

    def write_facts(self, made: list[tuple[Record, Ticket]]) -> None:
        """One use per ticket; whoever asked by name knows that this is a service."""
        Use.objects.bulk_create(
            Use(
                person=ticket.affected,
                service=self.service,
                place=ticket.place,
                at=ticket.reported_at,
                on=ticket.reported_at.astimezone(self.zone).date(),
                source="ticket",
                source_id=ticket.pk,
            )
            for _, ticket in made
        )
        first: dict[int, Ticket] = {}
        for _, ticket in made:
            if ticket.requester_id is not None:
                earlier = first.get(ticket.requester_id)
                if earlier is None or ticket.reported_at < earlier.reported_at:
                    first[ticket.requester_id] = ticket
        aware = set(
            Fact.objects.filter(kind="aware", service=self.service, person__in=first).values_list(
                "person", flat=True
            )
        )
        Fact.objects.bulk_create(
            Fact(
                person_id=person,
                kind="aware",
                service=self.service,
                evidence="ticket",
                evidence_id=ticket.pk,
                since=ticket.reported_at,
                noted_at=self.at,
            )
            for person, ticket in first.items()
            if person not in aware
        )

    def write_lines(
        self, made: list[tuple[Record, Ticket]], renewed: list[tuple[Record, Ticket]]
    ) -> None:
        """One line per ticket, at the moment of the import; the history's moments are its figures."""
        entries = [
            *_entries("ticket.imported", made),
            *_entries("ticket.import_renewed", renewed),
        ]
        write_all(entries, by=self.by, at=self.at)


def _entries(kind: str, pairs: list[tuple[Record, Ticket]]) -> list[Entry]:
    return [
        Entry(
            "ticket",
            ticket.pk,
            kind,
            {
                "source": record.source,
                "id": record.source_id,
                "reported": record.reported_at.isoformat(),
                "state": record.state,
            },
        )
        for record, ticket in pairs
    ]
