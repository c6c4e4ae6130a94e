"""Declined options that come back: what happened since that they would have covered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.verbs.answers import asked_again
from tricorn.catalogue.bridge import schedule, schedule_of
from tricorn.catalogue.models import Service
from tricorn.engine.availability import Outage, Stretch
from tricorn.engine.declined import Kept
from tricorn.insight.availability import main_clause, stretches_in
from tricorn.insight.considered import Considered, Covered, Down, downs
from tricorn.insight.figures import Figures, Prevented
from tricorn.insight.own import Own
from tricorn.insight.scope import Party
from tricorn.tickets import models


@dataclass(frozen=True)
class OwnCovered:
    """One matter of the reader's, and what the option would have covered of it."""

    own: Own
    covered: Covered


@dataclass(frozen=True)
class CameBack:
    """A declined option with all that speaks for it and what speaks against: both stand together.

    prevented  how many reports of the month, as far as it may be said; None below the minimum
    own        matters of the reader's
    downs      outages: about a service as a whole, so nobody in particular is concerned
    asked_at   when the client asked for it again, if so
    """

    considered: Considered
    kept: Kept | None
    prevented: Prevented | None
    own: tuple[OwnCovered, ...]
    downs: tuple[Down, ...]
    asked_at: datetime | None

    @property
    def speaks(self) -> bool:
        """Whether anything happened that it would have covered."""
        return bool(self.prevented or self.own or self.downs)


Known = dict[int, list[models.Outage]]


class Looking:
    """What is read once for a page: outages of the options' services, and who asked again."""

    def __init__(
        self, options: Sequence[Considered], start: datetime, end: datetime, *, at: datetime
    ) -> None:
        """Four queries at the most, none where no option was declined."""
        self.options, self.start, self.end, self.at = options, start, end, at
        services = {number for each in options for number in each.services}
        self.services = (
            {s.pk: s for s in Service.objects.filter(pk__in=services).select_related("hours")}
            if services
            else {}
        )
        self.outages = _outages(services, start, end) if services else {}
        self.asked = asked_again({each.offer.pk for each in options}) if options else {}

    def of_party(
        self,
        party: Party,
        start: datetime,
        end: datetime,
        *,
        own: Sequence[Own] = (),
        figures: Figures | None = None,
        is_provider: bool = False,
    ) -> list[CameBack]:
        """Return the options that come back for an agreement in a stretch of time.

        One that a version in force has caught up with is not spoken of any more. The provider also
        sees those that were asked for again.
        """
        options = [each for each in self.options if _is_about(each, party)]
        if not options:
            return []
        given = stretches_in(party, start, min(end, self.at))
        now = party.version_at(self.at)
        clauses = party.clauses_of(now) if now else []
        force = [schedule_of(c.spec, c.hours) for c in [main_clause(clauses)]] if clauses else []
        prevented = {each.option: each for each in figures.declined} if figures else {}
        found = []
        for each in options:
            if force and not each.adds_to(force, self.at):
                continue
            found.append(self._held(each, given, own=own, prevented=prevented.get(each.option.pk)))
        return [each for each in found if each.speaks or (is_provider and each.asked_at)]

    def without_party(
        self,
        parties: Iterable[Party],
        start: datetime,
        end: datetime,
        *,
        is_provider: bool = False,
    ) -> list[CameBack]:
        """Return the options of offers that no agreement is about: only outages speak for them.

        The hours in force are those of the service, by the house promise.
        """
        known = list(parties)
        found = []
        for each in self.options:
            if any(_is_about(each, party) for party in known):
                continue
            given = {
                number: [Stretch(schedule(self.services[number].hours), start, min(end, self.at))]
                for number in each.services
            }
            if each.adds_to([one.schedule for ones in given.values() for one in ones], self.at):
                found.append(self._held(each, given))
        return [each for each in found if each.speaks or (is_provider and each.asked_at)]

    def _held(
        self,
        each: Considered,
        given: Mapping[int, Sequence[Stretch]],
        *,
        own: Sequence[Own] = (),
        prevented: Prevented | None = None,
    ) -> CameBack:
        covered = [(one, each.covered(one.matter)) for one in own if one.matter is not None]
        return CameBack(
            considered=each,
            kept=each.kept(self.at),
            prevented=prevented,
            own=tuple(OwnCovered(one, found) for one, found in covered if found is not None),
            downs=tuple(
                down
                for number in sorted(each.services, key=lambda pk: self.services[pk].name)
                for down in self._downs(each, number, given.get(number, ()))
            ),
            asked_at=self.asked.get(each.option.pk),
        )

    def _downs(self, each: Considered, service: int, given: Sequence[Stretch]) -> list[Down]:
        outages = [
            Outage(row.began_at, row.ended_at)
            for row in self.outages.get(service, ())
            if row.began_at <= self.at and _is_there(each, row)
        ]
        stretches = [(one.schedule, one.start, one.end) for one in given]
        return downs(each, self.services[service].name, stretches, outages)


def _outages(services: Iterable[int], start: datetime, end: datetime) -> Known:
    found: Known = defaultdict(list)
    rows = models.Outage.objects.touching(start, end).filter(services__in=services)
    for row in rows.filter(is_planned=False).distinct().prefetch_related("services", "places"):
        for service in row.services.all():
            found[service.pk].append(row)
    return found


def _is_about(each: Considered, party: Party) -> bool:
    """Whether an option is about the agreement: the same client, and a service of both."""
    return each.offer.client_id == party.agreement.client_id and bool(
        each.services & party.service_ids
    )


def _is_there(each: Considered, outage: models.Outage) -> bool:
    """Whether an outage is where the option would have held: places, if it names nothing else."""
    places = {place.pk for place in outage.places.all()}
    if each.reach.everybody or not places or not each.reach.places:
        return True
    return bool(places & each.reach.places)
