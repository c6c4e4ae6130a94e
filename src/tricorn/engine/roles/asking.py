"""The one sentence for somebody who may not: why, and whose signature is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..days import day_in_words
from .authority import Entitled, Held, Question, Situation, Voice, entitled

DEEDS: Mapping[str, str] = {
    "accept": "accept work",
    "admit": "say who may use a service",
    "approve": "approve",
    "decide": "decide",
    "sign": "sign",
}
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_NAMED = 3


@dataclass(frozen=True)
class Spoken:
    """The names that a sentence needs. `is_internal`: within one house people approve, not sign."""

    organisation: str
    people: Mapping[int, str]
    services: Mapping[int, str] = field(default_factory=dict)
    per: str = ""
    is_internal: bool = False


def refusal(person: int, question: Question, situation: Situation, spoken: Spoken) -> str | None:
    """Return None if the person may; else why not, and whom to ask.

    Moments are said as their zone has them: hand them in as the house reads them.
    Source  docs/engine/roles.md, rule A9: how a refusal of authority reads.
    """
    found = entitled(question, situation)
    if person in found.people:
        return None
    before, within = _own(person, question, situation, spoken)
    start = f"{before} " if before else ""
    tail = f"; {within}" if within else ""
    if not found.voices:
        return f"{start}{nobody(question, spoken, tail)}"
    who = names(found.voices, spoken.people, "or")
    together = f", {count(found.needed)} of them together" if found.needed > 1 else ""
    plain = [spoken.people[voice.person] for voice in found.voices]
    return (
        f"{start}Only {who} can {deed(question, spoken)}{together}{tail}. "
        f"Ask {_either(list(dict.fromkeys(plain)), 'or')}."
    )


def nobody(question: Question, spoken: Spoken, tail: str = "") -> str:
    """Say that nobody may, and who can change that."""
    return (
        f"Nobody may {deed(question, spoken)} yet{tail}. "
        "A manager can grant it under Manage, People."
    )


def too_few(question: Question, found: Entitled, spoken: Spoken) -> str:
    """Say that more are needed than there are."""
    wanted = count(found.needed)
    if not found.voices:
        return nobody(question, spoken)
    who = names(found.voices, spoken.people, "and")
    return (
        f"It takes {wanted} people to {deed(question, spoken)}, and only {who} may. "
        "A manager can grant it to somebody else under Manage, People."
    )


def deed(question: Question, spoken: Spoken) -> str:
    """Return the deed in words: "sign for Finance up to 4,800 EUR a year"."""
    verb = "approve" if spoken.is_internal and question.deed == "sign" else DEEDS[question.deed]
    per = f" a {spoken.per}" if spoken.per else ""
    amount = question.amount
    limit = "" if amount is None else f" up to {money(amount, question.currency)}{per}"
    return f"{verb} for {spoken.organisation}{limit}"


def names(voices: Sequence[Voice], people: Mapping[int, str], last: str = "and") -> str:
    """Return who it is as a part of a sentence: "Clive Weber and Cleo Adler (for Pia Lang)"."""
    said: dict[int, str] = {}
    for voice in voices:
        instead = f" (for {people[voice.acting_for]})" if voice.acting_for is not None else ""
        said.setdefault(voice.person, people[voice.person] + instead)
    return _either(list(said.values()), last)


def money(amount: Decimal, currency: str) -> str:
    """Return "4,800 EUR", or "4,800.50 EUR"."""
    return f"{amount:,.2f}".removesuffix(".00") + (f" {currency}" if currency else "")


def count(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)


def _own(person: int, question: Question, situation: Situation, spoken: Spoken) -> tuple[str, str]:
    """What the person's own authority lacks: a sentence before, or a clause within."""
    own = [held for held in situation.held if held.person == person]
    if begun := [held for held in own if held.holds_at(question.at)]:
        return "", _lacks(begun, question, spoken)
    if coming := [held for held in own if held.since > question.at and not held.withdrawn]:
        first = min(held.since for held in coming)
        return f"Your authority begins on {day_in_words(first)}.", ""
    ended = [held for held in own if held.until is not None and held.until <= question.at]
    if ended:
        last = max(ended, key=lambda held: (held.until or held.since, held.row))
        verb = "was withdrawn" if last.withdrawn else "ended"
        return f"Your authority {verb} on {day_in_words(last.until or last.since)}.", ""
    for held in situation.held:
        named = held.deputy == person and held.person not in situation.gone
        if named and held.holds_at(question.at):
            return f"You stand in for {spoken.people[held.person]} only while they are away.", ""
    return "", ""


def _lacks(begun: Sequence[Held], question: Question, spoken: Spoken) -> str:
    limits = [held for held in begun if held.touches(question.services)]
    too_small = [held for held in limits if not held.reaches(question)]
    if too_small and len(too_small) == len(limits):
        same = [held for held in too_small if held.currency == question.currency]
        most = max(same or too_small, key=lambda held: held.up_to or 0)
        return f"your own limit is {money(most.up_to or Decimal(), most.currency)}"
    held_for = frozenset().union(*(held.services or frozenset() for held in begun))
    missing = sorted(spoken.services.get(each, "") for each in question.services - held_for)
    if missing:
        return f"your own authority does not cover {_either(missing, 'or')}"
    if not question.services:
        return "your own authority is for single services"
    return "your own authority does not reach so far"


def _either(words: Sequence[str], last: str) -> str:
    if len(words) > MOST_NAMED + 1:
        words = [*words[:MOST_NAMED], f"{len(words) - MOST_NAMED} others"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
