"""A source's own priorities read as those of an agreement."""

import re
from collections.abc import Iterable, Mapping

from ..agreement import PRIORITIES
from ..errors import BadInput

# The first word that is found decides, so "very high" stands before "high".
_WORDS = (
    (
        "critical",
        ("very high", "critical", "urgent", "highest", "blocker", "emergency", "kritisch"),
    ),
    ("critical", ("dringend", "sehr hoch", "critique", "urgente", "très haute")),
    ("low", ("very low", "lowest", "sehr niedrig", "très basse")),
    ("high", ("high", "major", "hoch", "haute", "important")),
    ("moderate", ("moderate", "medium", "normal", "mittel", "moyenne", "standard")),
    ("low", ("low", "minor", "trivial", "planning", "niedrig", "basse")),
)
_NUMBER = re.compile(r"(?:p|prio|priority|s|sev)?[\s-]*([1-5])")
_BY_NUMBER = ("critical", "high", "moderate", "low", "low")


def guess_priority(name: str) -> str | None:
    """Return critical, high, moderate or low for "3 - Moderate", "P1", "Highest"; else None.

    Words go before numbers; a number alone counts from 1, the most pressing, to 5.
    Source  docs/engine/replay.md, rule R4: how a source's priorities are read.
    """
    text = " ".join(name.lower().split())
    for priority, words in _WORDS:
        if any(re.search(rf"\b{word}\b", text) for word in words):
            return priority
    number = _NUMBER.fullmatch(text)
    return _BY_NUMBER[int(number[1]) - 1] if number else None


def read_priorities(
    names: Iterable[str], mapping: Mapping[str, str] | None = None
) -> dict[str, str | None]:
    """Return for each name the agreement's priority, None where unknown.

    `mapping` decides for the names that it has, spaces around them aside; the others are guessed.
    Errors  BadInput if the mapping leads to something that is no priority of agreements.
    """
    given = dict(mapping or {})
    for name, priority in given.items():
        if priority not in PRIORITIES:
            known = ", ".join(PRIORITIES)
            raise BadInput(f"{name!r:.40} cannot be {priority!r:.40}. Priorities are {known}.")
    return {
        name: given.get(name) or given.get(name.strip()) or guess_priority(name) for name in names
    }
