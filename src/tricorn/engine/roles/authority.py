"""Who may do a deed for an organisation, in whose place, how many it takes, and for whom to ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

HOLDER, DEPUTY, LINE_MANAGER, MANAGER = "holder", "deputy", "line manager", "manager"


@dataclass(frozen=True)
class Question:
    """A deed for one organisation: on which services, for how much, at which instant.

    No services: the organisation as a whole, which takes an authority bound to no service.
    """

    deed: str
    at: datetime
    services: frozenset[int] = frozenset()
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Held:
    """One authority for the deed asked. `distance`: levels above the organisation asked, 0 itself.

    services  Those it is bound to; None means every service.
    up_to     The highest amount, in `currency`; None means any amount in any currency.
    """

    row: int
    person: int
    since: datetime
    until: datetime | None = None
    withdrawn: bool = False
    distance: int = 0
    services: frozenset[int] | None = None
    up_to: Decimal | None = None
    currency: str = ""
    deputy: int | None = None

    def holds_at(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

    def reaches(self, question: Question) -> bool:
        """Whether the amount is within the limit."""
        if question.amount is None or self.up_to is None:
            return True
        return self.currency == question.currency and question.amount <= self.up_to

    def touches(self, services: frozenset[int]) -> bool:
        return self.services is None or not services or bool(self.services & services)


@dataclass(frozen=True)
class Away:
    """Somebody is away; `deputy` None: whoever their authority names stands in."""

    person: int
    deputy: int | None
    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Several:
    """So many are needed for the deed, on a service or any, above an amount or always."""

    needed: int
    service: int | None = None
    above: Decimal | None = None
    currency: str = ""

    def fits(self, question: Question) -> bool:
        if self.service is not None and self.service not in question.services:
            return False
        if self.above is None:
            return True
        if question.amount is None:
            return False
        # An amount in another currency cannot be shown to be below.
        return self.currency != question.currency or question.amount > self.above


@dataclass(frozen=True)
class Situation:
    """Everything that bears on one question: rows for its deed and organisation, at any time.

    line_managers  Of an internal provider, for all services asked; empty elsewhere.
    managers       Of the provider, when the organisation asked is the provider itself.
    gone           Who can no longer sign in: they act for nobody, and nobody acts for them.
    """

    held: Sequence[Held] = ()
    away: Sequence[Away] = ()
    several: Sequence[Several] = ()
    line_managers: Sequence[int] = ()
    managers: Sequence[int] = ()
    gone: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Voice:
    """Somebody who may do the deed: for themselves, or for a holder who is away."""

    person: int
    capacity: str = HOLDER
    acting_for: int | None = None
    row: int | None = None
    up_to: Decimal | None = None
    currency: str = ""
    distance: int = 0

    @property
    def holder(self) -> int:
        """Whose voice it is: a holder and their deputy have one together."""
        return self.person if self.acting_for is None else self.acting_for


@dataclass(frozen=True)
class Entitled:
    """Who may do it, nearest first, and how many of them it takes."""

    voices: tuple[Voice, ...] = ()
    needed: int = 1

    @property
    def people(self) -> frozenset[int]:
        return frozenset(voice.person for voice in self.voices)

    @property
    def can_be_met(self) -> bool:
        return reach(self.voices) >= self.needed

    def nearest(self) -> tuple[Voice, ...]:
        """Return the voices of the fewest levels up that are enough; all where none are.

        Source  docs/engine/roles.md, rule A10: only the nearest are told first.
        """
        for distance in sorted({voice.distance for voice in self.voices}):
            near = tuple(voice for voice in self.voices if voice.distance <= distance)
            if reach(near) >= self.needed:
                return near
        return self.voices


def entitled(question: Question, situation: Situation) -> Entitled:
    """Say who may do the deed at this instant, and how many it takes.

    Somebody who may in several ways has one voice for each; in n of m they count once.
    Source  docs/engine/roles.md, rules A1 to A8.
    """
    here = [h for h in situation.held if h.person not in situation.gone]
    holding = [held for held in here if held.holds_at(question.at)]
    rows: dict[tuple[int, int | None], list[Held]] = defaultdict(list)
    stands = deputies(holding, situation, question.at)
    for held in holding:
        if held.reaches(question):
            rows[held.person, None].append(held)
            if deputy := stands.get(held.row):
                rows[deputy, held.person].append(held)
    voices = [
        _voice(person, acting_for, best)
        for (person, acting_for), group in rows.items()
        if (best := _covering(group, question.services))
    ]
    if not any(held.touches(question.services) for held in holding):
        voices = _instead(situation)
    voices.sort(key=lambda voice: (voice.distance, voice.acting_for or 0, voice.person))
    needed = max((s.needed for s in situation.several if s.fits(question)), default=1)
    return Entitled(tuple(voices), needed)


def holders(question: Question, situation: Situation) -> tuple[Voice, ...]:
    """Return one voice for each holder of anything that bears on the question, deputies aside.

    For setting a number: who holds it for one service only counts too.
    """
    holding = [
        held
        for held in situation.held
        if held.person not in situation.gone
        if held.holds_at(question.at) and held.touches(question.services)
    ]
    if not holding:
        return tuple(_instead(situation))
    best = {held.person: held for held in holding if held.reaches(question)}
    return tuple(_voice(person, None, held) for person, held in best.items())


def deputies(held: Iterable[Held], situation: Situation, at: datetime) -> dict[int, int]:
    """Return who acts instead of an absent holder, by the row of the authority.

    `held` are the authorities in force. A chain goes on through deputies who are away themselves.
    Source  docs/engine/roles.md, rule A4: a deputy acts only while the holder is away.
    """
    away: dict[int, Away] = {}
    for absence in situation.away:
        if absence.covers(at):
            away.setdefault(absence.person, absence)
    named: dict[int, int] = {}
    rows = sorted(held, key=lambda each: (each.distance, each.row))
    for each in rows:
        if each.deputy is not None:
            named.setdefault(each.person, each.deputy)
    found = {}
    for each in rows:
        passed: set[int] = set()
        now: int | None = each.person
        while now is not None and now in away and now not in passed:
            passed.add(now)
            own = each.deputy if now == each.person else named.get(now)
            now = away[now].deputy or own
        if now is not None and now not in {*passed, *situation.gone, each.person}:
            found[each.row] = now
    return found


def reach(voices: Sequence[Voice], heard: Collection[Voice] = ()) -> int:
    """Return how many more can count: each person once, and each holder's voice once.

    The largest matching of persons to holders, without those who are `heard` already.
    Source  docs/engine/roles.md, rule A6: how several are counted.
    """
    spoken = {voice.person for voice in heard}
    used = {voice.holder for voice in heard}
    choices: dict[int, list[int]] = defaultdict(list)
    for voice in voices:
        if voice.person not in spoken and voice.holder not in used:
            choices[voice.person].append(voice.holder)
    taken: dict[int, int] = {}

    def place(person: int, tried: set[int]) -> bool:
        for holder in choices[person]:
            if holder not in tried:
                tried.add(holder)
                if holder not in taken or place(taken[holder], tried):
                    taken[holder] = person
                    return True
        return False

    return sum(place(person, set()) for person in list(choices))


def voice_of(person: int, voices: Sequence[Voice], heard: Collection[Voice] = ()) -> Voice | None:
    """Return the voice that this person would speak with: their own first, then somebody's unheard.

    Of those the one that leaves most to the others, so that nobody's answer is in the way.
    """
    used = {voice.holder for voice in heard}
    open_ones = [v for v in voices if v.person == person and v.holder not in used]
    own = [voice for voice in open_ones if voice.acting_for is None]
    if own:
        return own[0]
    return max(open_ones, key=lambda v: reach(voices, [*heard, v]), default=None)


@dataclass(frozen=True)
class Stands:
    """One naming of a deputy; `deed` and `path` empty: for everything that the person may."""

    person: int
    deputy: int
    since: datetime
    until: datetime | None = None
    deed: str = ""
    path: str = ""


def circle(new: Stands, others: Iterable[Stands]) -> tuple[int, ...]:
    """Return the persons of the circle that `new` would close, from its person on; empty if none.

    A circle is one only where all its parts hold at one instant, for one deed and organisation.
    Source  docs/engine/roles.md, rule A5: a chain that loops is refused when it is named.
    """
    by_person: dict[int, list[Stands]] = defaultdict(list)
    for each in others:
        by_person[each.person].append(each)

    def walk(so_far: Stands, path: tuple[int, ...]) -> tuple[int, ...]:
        if so_far.deputy == new.person:
            return path
        for step in by_person[so_far.deputy]:
            both = _together(so_far, step)
            if both is None or step.deputy in path[1:]:
                continue
            if found := walk(both, (*path, step.person)):
                return found
        return ()

    return walk(new, (new.person,))


def _together(one: Stands, other: Stands) -> Stands | None:
    """What holds of a chain that takes both steps, or None if they never meet."""
    since = max(one.since, other.since)
    ends = [each for each in (one.until, other.until) if each is not None]
    until = min(ends, default=None)
    if until is not None and until <= since:
        return None
    if one.deed and other.deed and one.deed != other.deed:
        return None
    short, long = sorted((one.path, other.path), key=len)
    if not long.startswith(short):
        return None
    return Stands(one.person, other.deputy, since, until, one.deed or other.deed, long)


def _covering(rows: Sequence[Held], services: frozenset[int]) -> Held | None:
    """Return the row that counts if these rows together cover the services, else None."""
    whole = [
        each for each in rows if each.services is None or (services and services <= each.services)
    ]
    if whole:
        return max(whole, key=lambda each: (each.up_to is None, each.up_to or 0, -each.distance))
    added = frozenset().union(*(each.services or frozenset() for each in rows))
    if not services or not services <= added:
        return None
    used = [each for each in rows if each.touches(services)]
    return min(used, key=lambda each: (each.up_to is None, each.up_to or 0, each.row))


def _voice(person: int, acting_for: int | None, row: Held) -> Voice:
    capacity = HOLDER if acting_for is None else DEPUTY
    return Voice(person, capacity, acting_for, row.row, row.up_to, row.currency, row.distance)


def _instead(situation: Situation) -> list[Voice]:
    """Who signs where nobody holds authority: the provider's managers, or line managers within."""
    here = situation.gone
    if managers := [each for each in situation.managers if each not in here]:
        return [Voice(each, MANAGER) for each in dict.fromkeys(managers)]
    return [Voice(e, LINE_MANAGER) for e in dict.fromkeys(situation.line_managers) if e not in here]
