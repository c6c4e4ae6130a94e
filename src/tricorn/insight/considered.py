"""Options that a client declined, as they were last offered, and what of a matter they would cover."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tricorn.agreements.bridge import midnight
from tricorn.agreements.models import Offer, Option, Version, Wording
from tricorn.engine import agreement as text
from tricorn.engine.availability import Outage, union
from tricorn.engine.declined import Beyond, Kept, beyond, earlier_start, kept
from tricorn.engine.errors import Refusal
from tricorn.engine.hours import Schedule, Span
from tricorn.insight.reach import Reach, reaches_of

# Which end of a ticket a measure is about, as clauses name it.
STOPS = {"first_response": "first_response", "resolution": "resolved", "closing": "closed"}
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
# How far ahead two calendars are laid over each other to see whether one has hours of its own.
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Matter:
    """One matter as an option is held against it: whose, for what, and when it waited.

    `active` are the stretches that counted, pauses left out; `given` the hours that it ran by.
    """

    service: int
    kind: str
    priority: str
    measure: str
    person: int | None
    place: int | None
    reported_at: datetime
    active: tuple[Span, ...]
    given: Schedule


@dataclass(frozen=True)
class Covered:
    """How much of one's waiting an option would have covered, and when help would have started.

    `started_at` is None where help would have started no earlier.
    """

    seconds: int
    started_at: datetime | None


@dataclass(frozen=True)
class Considered:
    """A declined option as it was last offered. It holds from `from_at` to before `to_at`.

    Source  docs/engine/declined.md, rule D1: never before the decline, nor before it would begin.
    """

    option: Option
    content: text.Agreement
    services: frozenset[int]
    reach: Reach
    from_at: datetime
    to_at: datetime
    instead: tuple[text.Price, ...] | None

    @property
    def offer(self) -> Offer:
        return self.option.offer

    @property
    def declined_on(self) -> date:
        """The day on which it was declined, in the zone of its text."""
        return (self.option.answered_at or self.from_at).astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.content.zone)

    def schedule(self, kind: str, priority: str, measure: str) -> Schedule | None:
        """Return the hours of the option's clause for such a matter; None where it has none.

        Source  docs/engine/declined.md, rule D1: the first clause with the same end, else the first.
        """
        fitting = [each for each in self.content.clauses if each.applies_to(kind, priority)]
        same = [each for each in fitting if each.stop == STOPS[measure]]
        return self._schedules[(same or fitting)[0].hours] if fitting else None

    @property
    def main(self) -> Schedule:
        """The hours of the option as a whole: those of the first clause about an end, else the first."""
        clauses = self.content.clauses
        main = next((each for each in clauses if each.stop == "resolved"), clauses[0])
        return self._schedules[main.hours]

    @cached_property
    def _schedules(self) -> dict[str, Schedule]:
        return {name: Schedule(hours) for name, hours in self.content.hours.items()}

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at < self.to_at

    def kept(self, at: datetime) -> Kept | None:
        """Return what declining it has kept up to an instant; None without a price."""
        since = max(self.declined_on, self.content.from_on)
        until = at.astimezone(self.zone).date()
        if self.content.to_on is not None:
            until = min(until, self.content.to_on + timedelta(days=1))
        return kept(self.content.prices, self.instead, since, until)

    def covered(self, matter: Matter) -> Covered | None:
        """Return what it would have covered of a matter; None where that is nothing."""
        if matter.service not in self.services or not self.reach.has(matter.person, matter.place):
            return None
        wanted = self.schedule(matter.kind, matter.priority, matter.measure)
        if wanted is None or not matter.active or not self.holds(matter.active[0].start):
            return None
        first, last = matter.active[0].start, min(matter.active[-1].end, self.to_at)
        if last <= first:
            return None
        seconds = _inside(beyond(wanted, matter.given, first, last), matter.active)
        if not seconds:
            return None
        return Covered(seconds, earlier_start(wanted, matter.given, matter.reported_at))

    def adds_to(self, given: Iterable[Schedule], at: datetime) -> bool:
        """Whether it has hours that some of these lack, in the year ahead: else it has been had."""
        return any(beyond(self.main, each, at, at + AHEAD) for each in given)


@dataclass(frozen=True)
class Down:
    """An outage of a service, and how much of it lay in the option's hours alone. No people in it."""

    service: str
    began_at: datetime
    ended_at: datetime | None
    seconds: int


def considered(
    *, clients: Collection[int] | None = None, offers: Collection[int] | None = None
) -> list[Considered]:
    """Return the declined options of these clients or offers, the latest decline first.

    One query where there are none; a fixed number more for any number of options.
    """
    rows = Option.objects.filter(state="declined", offer__made_at__isnull=False)
    if clients is not None:
        rows = rows.filter(offer__client__in=clients)
    if offers is not None:
        rows = rows.filter(offer__in=offers)
    options = list(
        rows.select_related("offer__client", "offer__provider", "offer__agreement")
        .prefetch_related("services")
        .order_by("-answered_at", "pk")
    )
    if not options:
        return []
    contents = _last_texts(Wording.objects.filter(option__in=[each.pk for each in options]))
    options = [each for each in options if each.pk in contents]
    instead = _instead(options)
    reaches = reaches_of({each: contents[each.pk] for each in options})
    return [
        _considered(each, contents[each.pk], reaches[each.pk], instead[each.pk]) for each in options
    ]


def downs(
    each: Considered,
    service: str,
    given: Sequence[tuple[Schedule, datetime, datetime]],
    outages: Iterable[Outage],
) -> list[Down]:
    """Return the unplanned outages of a service in hours that the option has and others lacked.

    `given` are stretches with the hours in force in each, in order; what lies outside is left out.
    Source  docs/engine/declined.md, rule D1: the time it lasted.
    """
    found = []
    for began_at, ended_at in union(outages, is_planned=False):
        if not each.holds(began_at):
            continue
        seconds = 0
        for schedule, first, last in given:
            start = max(began_at, first, each.from_at)
            end = min(ended_at or last, last, each.to_at)
            if start < end:
                hours = beyond(each.main, schedule, start, end)
                seconds += _inside(hours, [Span(start, end)])
        if seconds:
            found.append(Down(service, began_at, ended_at, seconds))
    return found


def _inside(hours: Beyond, spans: Iterable[Span]) -> int:
    pairs = [(int(each.start.timestamp()), int(each.end.timestamp())) for each in spans]
    rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return int(hours.seconds(rows[:, 0], rows[:, 1]).sum())


def _last_texts(rows: Any) -> dict[int, text.Agreement]:
    """Return the text of each option's last round; one that is no agreement any more is left out."""
    last = {each.option_id: each for each in rows.order_by("option", "number")}
    found = {}
    for option, wording in last.items():
        try:
            found[option] = text.Agreement.from_data(json.loads(wording.text), str(option))
        except Refusal:
            continue
    return found


def _considered(
    option: Option,
    content: text.Agreement,
    reach: Reach,
    instead: tuple[text.Price, ...] | None,
) -> Considered:
    zone = ZoneInfo(content.zone)
    begins = midnight(content.from_on, zone)
    ends = midnight(content.to_on + timedelta(days=1), zone) if content.to_on else LATEST
    return Considered(
        option=option,
        content=content,
        services=frozenset(service.pk for service in option.services.all()),
        reach=reach,
        from_at=max(begins, option.answered_at or begins).astimezone(UTC),
        to_at=ends.astimezone(UTC),
        instead=instead,
    )


def _instead(options: Sequence[Option]) -> dict[int, tuple[text.Price, ...] | None]:
    """Return the prices of what was taken instead of each option. Three queries.

    Source  docs/engine/declined.md, rule D3: the option accepted, else the version in force.
    """
    offers = {each.offer_id for each in options}
    chosen = {
        each.offer_id: each.pk for each in Option.objects.filter(offer__in=offers, state="accepted")
    }
    texts = _last_texts(Wording.objects.filter(option__in=chosen.values()))
    versions: dict[int, list[Version]] = defaultdict(list)
    agreements = {each.offer.agreement_id for each in options if each.offer.agreement_id}
    for version in Version.objects.filter(agreement__in=agreements).order_by("number"):
        versions[version.agreement_id].append(version)
    found: dict[int, tuple[text.Price, ...] | None] = {}
    for each in options:
        taken = texts.get(chosen.get(each.offer_id, 0))
        if taken is not None:
            found[each.pk] = taken.prices
        else:
            found[each.pk] = _paid(versions.get(each.offer.agreement_id or 0, ()), each)
    return found


def _paid(versions: Sequence[Version], option: Option) -> tuple[text.Price, ...] | None:
    at = option.answered_at or option.offer.begun_at
    begun = [version for version in versions if version.from_at <= at]
    if not begun or (begun[-1].to_at is not None and begun[-1].to_at <= at):
        return None
    data = json.loads(begun[-1].text)
    return text.Agreement.from_data(data, str(begun[-1])).prices
