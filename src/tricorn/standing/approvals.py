"""Who may sign, approve, accept, decide or admit, and asking them: one place for everything.

Reads are here, the verbs are imported from here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tricorn.engine.errors import StandingRefused
from tricorn.engine.roles import asking
from tricorn.engine.roles.authority import Voice, voice_of
from tricorn.parties.models import Person
from tricorn.standing.asked import Asked, Case, case, cases
from tricorn.standing.models import Approval, Authority
from tricorn.standing.verbs.approvals import (
    answer,
    ask,
    asked_of,
    remind_due,
    voices_heard,
    withdraw_request,
)

__all__ = [
    "Asked",
    "Signer",
    "Signers",
    "answer",
    "ask",
    "asked_of",
    "refusal",
    "remind_due",
    "require",
    "signers",
    "waiting_for",
    "withdraw_request",
]


@dataclass(frozen=True)
class Signer:
    """Somebody who may: by which authority, for whom, up to what amount (None: any).

    capacity  holder, deputy, line manager, manager; only the first two have an authority.
    """

    person: Person
    authority: Authority | None
    acting_for: Person | None
    capacity: str
    up_to: Decimal | None
    currency: str = ""

    def __str__(self) -> str:
        return f"{self.person} for {self.acting_for}" if self.acting_for else self.person.name


@dataclass(frozen=True)
class Signers:
    """Everybody who may, nearest first, each once; and how many of them it takes."""

    people: tuple[Signer, ...]
    needed: int
    can_be_met: bool

    def names(self, last: str = "or") -> str:
        """Return who it is as a part of a sentence: "Clive Weber or Cleo Adler for Pia Lang"."""
        said = [str(each) for each in self.people]
        return f" {last} ".join([", ".join(said[:-1]), said[-1]]) if said[1:] else "".join(said)

    def __contains__(self, person: Person) -> bool:
        return any(each.person == person for each in self.people)


def signers(asked: Asked, *, at: datetime) -> Signers:
    """Return who may do it at this instant. Eight queries, whatever is on record."""
    found = case(asked, at)
    entitled = found.entitled
    once: dict[int, Voice] = {}
    for voice in entitled.voices:
        if voice.person not in once or voice.acting_for is None:
            once[voice.person] = voice
    people = tuple(_signer(voice, found) for voice in once.values())
    return Signers(people, entitled.needed, entitled.can_be_met)


def refusal(person: Person, asked: Asked, *, at: datetime) -> str | None:
    """Return None if the person may; else one sentence that says whose signature is needed."""
    found = case(asked, at)
    return asking.refusal(person.pk, found.question, found.situation, found.spoken)


def require(person: Person, asked: Asked, *, at: datetime) -> Signer:
    """Return in what capacity the person may.

    Errors  StandingRefused, with the sentence of `refusal`, when they may not.
    """
    found = case(asked, at)
    voice = voice_of(person.pk, found.entitled.voices)
    if voice is None:
        why = asking.refusal(person.pk, found.question, found.situation, found.spoken)
        raise StandingRefused(why or "", deed=asked.deed)
    return _signer(voice, found)


def waiting_for(person: Person, at: datetime) -> list[Approval]:
    """Return what this person may answer now and has not, oldest first. Eleven queries."""
    rows = Approval.objects.waiting().exclude(answers__person=person)
    waiting = list(
        rows.select_related("organisation", "asked_by").prefetch_related("services", "answers")
    )
    found = cases([asked_of(each) for each in waiting], at)
    return [
        approval
        for approval, one in zip(waiting, found, strict=True)
        if voice_of(person.pk, one.entitled.voices, voices_heard(approval.answers.all()))
    ]


def _signer(voice: Voice, found: Case) -> Signer:
    return Signer(
        person=found.people[voice.person],
        authority=found.rows[voice.row] if voice.row is not None else None,
        acting_for=found.people[voice.acting_for] if voice.acting_for is not None else None,
        capacity=voice.capacity,
        up_to=voice.up_to,
        currency=voice.currency,
    )
