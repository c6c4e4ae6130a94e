"""Everything known of some persons at an instant, read set-wise; facts per service come from it.

Five queries for any number of persons, so a queue of fifty people costs what one person costs;
and one more for each package that knows of what holds for everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from tricorn.engine.days import day_in_words
from tricorn.engine.roles import Door, Facts, Standing, doors
from tricorn.engine.roles.authority import Away, Held, Situation, deputies
from tricorn.parties.models import Membership
from tricorn.prepared import Prepared
from tricorn.standing.models import Absence, Authority, Duty, Fact, Use
from tricorn.standing.sharing import PRIVATE, SHARED, served, shared_of, sharing

# Facts that make somebody a party to the service from their day on, for the length of the relation.
BEGINS = frozenset({"signed", "paid", "mutual", "recognised", "entitled", "orders", "accept"})
SAME_NAME = {"alternative": "exit"}


class Known(NamedTuple):
    """A fact as a row: a queue reads a hundred of them, and none is ever changed here."""

    pk: int
    kind: str
    person_id: int | None
    organisation_id: int | None
    includes_below: bool
    service_id: int | None
    funder_id: int | None
    words: str
    evidence: str
    evidence_id: int | None
    since: datetime


class Granted(NamedTuple):
    """An authority as a row; or an absence, which has neither number nor organisation."""

    pk: int | None
    person_id: int
    organisation_id: int
    service_id: int | None
    may: str
    deputy_id: int | None


class OnDuty(NamedTuple):
    """A duty as a row; no service means every one."""

    person_id: int
    duty: str
    service_id: int | None


def _authorities_and_absences(people: list[int], at: datetime) -> QuerySet[Any, Any]:
    nothing = Cast(Value(None), BigIntegerField())
    away = Absence.objects.at(at).filter(person__is_active=True).order_by()
    held = Authority.objects.at(at).filter(
        Q(person__in=people) | Q(person__in=away.values("person_id"))
    )
    granted = held.order_by().values_list(*Granted._fields)
    absent = away.values_list(nothing, "person_id", nothing, nothing, Value(""), "deputy_id")
    return granted.union(absent, all=True)


MEMBERS = Prepared(
    lambda people, at: (
        Membership.objects.at(at)
        .filter(person__in=people)
        .values_list("person", "organisation", "organisation__path")
    ),
    "people",
)
FACTS = Prepared(
    lambda people, organisations, at: (
        Fact.objects.at(at)
        .filter(Q(person__in=people) | Q(organisation__in=organisations))
        .order_by("since", "id")
        .values_list(*Known._fields)
    ),
    *("people", "organisations"),
)
DUTIES = Prepared(
    lambda people, at: (
        Duty.objects.at(at)
        .filter(person__in=people)
        .order_by()
        .values_list(*OnDuty._fields)
        .union(sharing(), all=True)
    ),
    "people",
)
AUTHORITIES = Prepared(_authorities_and_absences, "people")
USES = Prepared(
    lambda people, at: (
        Use.objects.filter(person__in=people, at__lte=at)
        .values_list("person", "service")
        .annotate(days=Count("on", distinct=True), first=Min("on"))
        .order_by()
    ),
    "people",
)

# What holds for everybody who has a name: a fact is about one, so these stand in other records.
OF_ALL: dict[str, Callable[[datetime], Iterable[Known]]] = {}


def register_of_all(name: str, read: Callable[[datetime], Iterable[Known]]) -> None:
    """Let `read(at)` say what holds for everybody; called when a higher package is loaded."""
    OF_ALL[name] = read


@dataclass(frozen=True)
class Used:
    """How one person used one service: on how many days, first on which."""

    days: int
    first: date


@dataclass(frozen=True)
class Portrait:
    """One person at an instant, over all services.

    `authorities` are their own, and those of whom they stand in for while these are away.
    """

    person_id: int
    at: datetime
    has_name: bool = True
    duties: tuple[OnDuty, ...] = ()
    # The services that a duty for every one opens; None while no service is private.
    shared: frozenset[int] | None = None
    private: frozenset[int] = frozenset()
    authorities: tuple[Granted, ...] = ()
    facts_known: tuple[Known, ...] = ()
    uses: dict[int, Used] = field(default_factory=dict)
    organisations: tuple[int, ...] = ()

    def facts(self, service_id: int) -> Facts:
        """Return the facts of this person for one service, each with its evidence in words."""
        evidence: dict[str, list[str]] = defaultdict(list)
        values: dict[str, bool | int] = {}
        first: date | None = None
        mutual = 0
        for fact in self.facts_known:
            if fact.service_id not in (None, service_id):
                continue
            name = SAME_NAME.get(fact.kind, fact.kind)
            evidence[name].append(fact.words or fact.evidence)
            if name == "mutual":
                mutual += 1
            else:
                values[name] = True
            if name == "entitled" and fact.funder_id is not None:
                values["funded_by_client"] = True
                evidence["funded_by_client"].append(fact.words or fact.evidence)
            if name in BEGINS:
                first = min(first or fact.since.date(), fact.since.date())
        if used := self.uses.get(service_id):
            values |= {"used": True, "days": used.days}
            evidence["used"].append(_days(used))
            first = min(first or used.first, used.first)
        if first is not None:
            values["span"] = max((self.at.date() - first).days, 0)
        if self.has_name:
            values |= {"ident": True, "known": True}
        values["mutual"] = mutual
        shown = {name: tuple(dict.fromkeys(words)) for name, words in evidence.items()}
        return Facts(**values, evidence=shown)  # type: ignore[arg-type]  # built above, name by name

    def standing(self, service_id: int, *, own: bool = False) -> Standing:
        """Return how this person stands to one service (and to the ticket at hand, with `own`)."""
        return Standing(
            facts=self.facts(service_id),
            duties=self.duties_for(service_id),
            own=own,
            may=frozenset(a.may for a in self.authorities if a.service_id in (None, service_id)),
        )

    def duties_for(self, service_id: int | None) -> frozenset[str]:
        return frozenset(d.duty for d in self.duties if d.service_id in (None, service_id))

    def served(self, *duties: str) -> frozenset[int] | None:
        """Return the services whose tickets these duties open to this person; None for every one.

        Without any named, by whichever duty. A private service is opened by its own name alone.
        """
        named = {d.service_id for d in self.duties if not duties or d.duty in duties}
        return served(named, self.shared)

    def serves(self, service_id: int, *duties: str) -> bool:
        """Whether the tickets of this service are open to this person by duty."""
        found = self.served(*duties)
        return found is None or service_id in found

    @property
    def hidden(self) -> frozenset[int]:
        """The private services whose tickets are not open to this person."""
        return frozenset(each for each in self.private if not self.serves(each))

    def without(self, services: Collection[int]) -> Portrait:
        """Return the portrait as if this person had never used these services, nor been a party."""
        if not services:
            return self
        return replace(
            self,
            facts_known=tuple(f for f in self.facts_known if f.service_id not in services),
            uses={number: used for number, used in self.uses.items() if number not in services},
        )

    @property
    def services(self) -> set[int]:
        """Every service that a fact, a use, a duty or an authority of this person names."""
        rows: Iterable[Known | OnDuty | Granted] = (
            *self.facts_known,
            *self.duties,
            *self.authorities,
        )
        return {row.service_id for row in rows if row.service_id} | set(self.uses)

    def doors(self) -> tuple[Door, ...]:
        """Return the doors open to this person, over all services."""
        everywhere = self.standing(0)
        return doors(everywhere, *(self.standing(service) for service in self.services))


def portrait(person_id: int, at: datetime) -> Portrait:
    """Return one person's portrait: six queries."""
    return portraits([person_id], at)[person_id]


def portraits(person_ids: Collection[int], at: datetime) -> dict[int, Portrait]:
    """Return the portraits of many persons at an instant: six queries for any number."""
    ids = sorted(set(person_ids))
    above: dict[int, dict[int, bool]] = {each: {} for each in ids}
    if not ids:
        return {}
    for person, own, path in MEMBERS.rows(at, people=ids):
        for number in (int(part) for part in path.split("/") if part):
            above[person][number] = above[person].get(number, False) or number == own
    organisations = {number for chain in above.values() for number in chain}
    facts = FACTS.rows(at, people=ids, organisations=organisations)
    of_person: dict[int, list[Known]] = defaultdict(list)
    of_organisation: dict[int, list[Known]] = defaultdict(list)
    for fact in map(Known._make, facts):
        if fact.person_id is not None:
            of_person[fact.person_id].append(fact)
        elif fact.organisation_id is not None:
            of_organisation[fact.organisation_id].append(fact)
    duties: dict[int, list[OnDuty]] = defaultdict(list)
    rows = DUTIES.rows(at, people=ids)
    shared = shared_of((how, service) for _, how, service in rows if how in (SHARED, PRIVATE))
    private = frozenset(service for _, how, service in rows if how == PRIVATE)
    for duty in map(OnDuty._make, rows):
        if duty.person_id is not None:
            duties[duty.person_id].append(duty)
    authorities = _authorities(ids, at)
    uses = _uses(ids, at)
    of_all = tuple(known for read in OF_ALL.values() for known in read(at))
    return {
        each: Portrait(
            person_id=each,
            at=at,
            duties=tuple(duties.get(each, ())),
            shared=shared,
            private=private,
            authorities=tuple(authorities.get(each, ())),
            facts_known=(
                *of_person.get(each, ()),
                *(
                    fact
                    for number, is_own in above[each].items()
                    for fact in of_organisation.get(number, ())
                    if is_own or fact.includes_below
                ),
                *of_all,
            ),
            uses=uses.get(each, {}),
            organisations=tuple(above[each]),
        )
        for each in ids
    }


def _authorities(ids: list[int], at: datetime) -> dict[int, list[Granted]]:
    """Return what each person may decide: for themselves, and for whom they stand in. One query.

    Authorities and absences come as one list, since who stands in shows only from both.
    """
    rows = [Granted(*row) for row in AUTHORITIES.rows(at, people=ids)]
    granted = sorted((row for row in rows if row.pk is not None), key=lambda row: row.pk or 0)
    absent = [Away(row.person_id, row.deputy_id, at) for row in rows if row.pk is None]
    found: dict[int, list[Granted]] = defaultdict(list)
    for row in granted:
        found[row.person_id].append(row)
    if absent:
        by_number = {row.pk: row for row in granted}
        for number, deputy in _stand_ins(granted, absent, at).items():
            found[deputy].append(by_number[number])
    return found


def _stand_ins(granted: list[Granted], absent: list[Away], at: datetime) -> dict[int, int]:
    """Return who acts by an authority whose holder is away; each deed has chains of its own."""
    by_deed: dict[str, list[Held]] = defaultdict(list)
    for row in granted:
        by_deed[row.may].append(Held(row.pk or 0, row.person_id, at, deputy=row.deputy_id))
    found: dict[int, int] = {}
    for held in by_deed.values():
        found |= deputies(held, Situation(away=absent), at)
    return found


def _uses(ids: list[int], at: datetime) -> dict[int, dict[int, Used]]:
    found: dict[int, dict[int, Used]] = defaultdict(dict)
    for person, service, days, first in USES.rows(at, people=ids):
        found[person][service] = Used(days, first)
    return found


def _days(used: Used) -> str:
    times = "1 day" if used.days == 1 else f"{used.days} days"
    return f"on {times} since {day_in_words(used.first)}"
