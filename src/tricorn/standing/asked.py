"""A question of authority: rows in, the engine's values out. Eight queries for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tricorn.catalogue.models import Service
from tricorn.engine.roles import asking, authority
from tricorn.parties.models import House, Organisation, Person
from tricorn.parties.reads import is_one_house
from tricorn.standing.models import Absence, Authority, Duty, Fact, Quorum


@dataclass(frozen=True)
class Asked:
    """A deed (sign, approve, accept, decide, admit) for one organisation, on services, for a sum.

    No services: for the organisation as a whole. `per` is only said: "4,800 EUR a year".
    """

    organisation: Organisation
    deed: str
    services: tuple[Service, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    per: str = ""


@dataclass(frozen=True)
class Case:
    """One question with everything that bears on it at one instant."""

    asked: Asked
    question: authority.Question
    situation: authority.Situation
    spoken: asking.Spoken
    people: dict[int, Person]
    rows: dict[int, Authority]
    managers: tuple[int, ...]

    @property
    def entitled(self) -> authority.Entitled:
        return authority.entitled(self.question, self.situation)


def case(asked: Asked, at: datetime) -> Case:
    return cases([asked], at)[0]


def cases(askeds: Sequence[Asked], at: datetime) -> list[Case]:
    """Return what bears on each question at one instant."""
    if not askeds:
        return []
    return _Loaded(askeds, at).cases()


class _Loaded:
    """The rows that bear on some questions."""

    def __init__(self, askeds: Sequence[Asked], at: datetime) -> None:
        self.askeds, self.at = askeds, at
        above = {number for asked in askeds for number in asked.organisation.above}
        deeds = {asked.deed for asked in askeds}
        house = House.objects.select_related("provider").get()
        self.zone = ZoneInfo(house.zone)
        self.house = house
        wanted = {service.provider_id for asked in askeds for service in asked.services}
        self.providers = Organisation.objects.in_bulk(sorted(wanted))
        self.authorities = list(
            Authority.objects.filter(may__in=deeds, organisation__in=above).order_by("id")
        )
        self.absences = list(Absence.objects.at(at).order_by("since", "id"))
        self.quorums = list(
            Quorum.objects.at(at).filter(may__in=deeds, organisation__in=above).order_by("id")
        )
        self.line_managers = _by_person(
            Fact.objects.at(at).filter(kind="linemgr", person__isnull=False)
        )
        self.managers = _by_person(Duty.objects.at(at).filter(duty="manage"))
        self.people = Person.objects.in_bulk(self._concerned())

    def _concerned(self) -> list[int]:
        """Everybody whose name may be said: holders, managers, and the chains of their deputies."""
        chain: dict[int, list[int]] = defaultdict(list)
        rows: list[Authority | Absence] = [*self.authorities, *self.absences]
        for row in rows:
            if row.deputy_id is not None:
                chain[row.person_id].append(row.deputy_id)
        found = {*self.line_managers, *self.managers}
        waiting = [row.person_id for row in self.authorities]
        while waiting:
            person = waiting.pop()
            if person not in found or person in chain:
                waiting += chain.pop(person, [])
            found.add(person)
        return sorted(found)

    def cases(self) -> list[Case]:
        return [self._case(asked) for asked in self.askeds]

    def _case(self, asked: Asked) -> Case:
        services = frozenset(service.pk for service in asked.services)
        providers = [self.providers[each.provider_id] for each in asked.services]
        providers = providers or [self.house.provider]
        is_own = asked.organisation.is_provider or asked.organisation in providers
        is_internal = all(is_one_house(asked.organisation, each) for each in providers)
        managers = _for_all(self.managers, services)
        rows = [
            row
            for row in self.authorities
            if row.may == asked.deed and row.organisation_id in asked.organisation.above
        ]
        situation = authority.Situation(
            held=[held_of(row, asked.organisation, self.zone) for row in rows],
            away=[away_of(row, self.zone) for row in self.absences],
            several=[
                authority.Several(row.needed, row.service_id, row.above, row.currency)
                for row in self.quorums
                if row.may == asked.deed and row.organisation_id in asked.organisation.above
            ],
            line_managers=_for_all(self.line_managers, services) if is_internal else (),
            managers=managers if is_own else (),
            gone=frozenset(p.pk for p in self.people.values() if not p.is_active),
        )
        return Case(
            asked=asked,
            question=authority.Question(
                asked.deed, self.at, services, asked.amount, asked.currency.upper()
            ),
            situation=situation,
            spoken=asking.Spoken(
                organisation=asked.organisation.name,
                people={number: person.name for number, person in self.people.items()},
                services={service.pk: service.name for service in asked.services},
                per=asked.per,
                is_internal=is_internal,
            ),
            people=self.people,
            rows={row.pk: row for row in rows},
            managers=managers,
        )


def held_of(row: Authority, organisation: Organisation, zone: ZoneInfo) -> authority.Held:
    """Return an authority as the engine knows it, seen from an organisation at or below its own."""
    above = organisation.above
    return authority.Held(
        row=row.pk,
        person=row.person_id,
        since=row.since.astimezone(zone),
        until=row.until and row.until.astimezone(zone),
        withdrawn=row.withdrawn_at is not None,
        distance=len(above) - 1 - above.index(row.organisation_id),
        services=None if row.service_id is None else frozenset({row.service_id}),
        up_to=row.up_to,
        currency=row.currency,
        deputy=row.deputy_id,
    )


def away_of(row: Absence, zone: ZoneInfo) -> authority.Away:
    until = row.until and row.until.astimezone(zone)
    return authority.Away(row.person_id, row.deputy_id, row.since.astimezone(zone), until)


def _by_person(rows: Iterable[Fact | Duty]) -> dict[int, set[int | None]]:
    found: dict[int, set[int | None]] = defaultdict(set)
    for row in rows:
        if row.person_id is not None:
            found[row.person_id].add(row.service_id)
    return found


def _for_all(by_person: dict[int, set[int | None]], services: Collection[int]) -> tuple[int, ...]:
    """Those who have it for every service, or for each of these."""
    return tuple(
        person
        for person, held in sorted(by_person.items())
        if None in held or (services and set(services) <= held)
    )
