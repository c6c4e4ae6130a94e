"""Who may decide for a client here: the authorities on record, where one of several deeds will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.models import Review, Work
from tricorn.catalogue.models import Service
from tricorn.engine.errors import StandingRefused
from tricorn.engine.roles import asking
from tricorn.engine.roles.authority import Voice, voice_of
from tricorn.journal.actor import Actor
from tricorn.parties.models import Organisation, Person
from tricorn.standing.asked import Asked, Case, cases

JUDGE = ("decide", "sign")


@dataclass(frozen=True)
class Decider:
    """A person who may do it, in which capacity, and for whom if they stand in."""

    person: Person
    capacity: str
    acting_for: Person | None = None

    @property
    def said(self) -> str:
        """The capacity in which they act, as a record keeps it."""
        return f"deputy of {self.acting_for}"[:120] if self.acting_for else self.capacity


def of_review(review: Review, services: Sequence[Service]) -> list[Asked]:
    """Who may judge a review: whoever decides or signs for the client on its services."""
    return [Asked(review.agreement.client, deed, tuple(services)) for deed in JUDGE]


def of_work(work: Work) -> list[Asked]:
    """Who may accept delivered work: up to its amount."""
    return [Asked(work.client, "accept", (work.service,), work.amount, work.currency)]


def to_sign(client: Organisation, service: Service) -> list[Asked]:
    return [Asked(client, "sign", (service,))]


def require(by: Actor, askeds: Sequence[Asked], *, at: datetime) -> Decider:
    """Return who acts, if they may do one of these deeds.

    Errors  StandingRefused saying who may.
    """
    found = cases(askeds, at)
    number = by.id if by.is_person and by.id is not None else 0
    for each in found:
        if voice := voice_of(number, each.entitled.voices):
            return _decider(voice, each)
    known = [each for each in found if each.entitled.voices] or found
    why = asking.refusal(number, known[0].question, known[0].situation, known[0].spoken)
    raise StandingRefused(why or "This takes an authority that you do not have.")


def who_may(askeds: Sequence[Asked], *, at: datetime) -> list[Decider]:
    """Return everybody who may do one of these deeds, each once. Eight queries."""
    once: dict[int, Decider] = {}
    for each in cases(askeds, at):
        for voice in each.entitled.voices:
            once.setdefault(voice.person, _decider(voice, each))
    return list(once.values())


def may_each(person_id: int, askeds: Sequence[Sequence[Asked]], *, at: datetime) -> list[bool]:
    """Say of each matter whether the person may do one of its deeds. Eight queries for any number."""
    flat = cases([asked for group in askeds for asked in group], at)
    found, place = [], 0
    for group in askeds:
        ones = flat[place : place + len(group)]
        place += len(group)
        found.append(any(voice_of(person_id, each.entitled.voices) for each in ones))
    return found


def _decider(voice: Voice, found: Case) -> Decider:
    instead = found.people[voice.acting_for] if voice.acting_for is not None else None
    return Decider(found.people[voice.person], voice.capacity, instead)
