"""What was refused of a file: counted by reason, the first ones with their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tricorn.engine.replay import SENTENCES as REPLAY
from tricorn.engine.replay import WAIT_SENTENCES

SHOWN = 5
CELLS = "cells"
NO_REF = "reference-missing"
UNREADABLE = "moment-unreadable"
STATE_UNKNOWN = "state-unknown"
BEFORE_OPENED = "before-opened"
DUPLICATE_EVENT = "duplicate-event"
CANCELLED = "cancelled"
NO_END = "end-missing"
NO_JSON = "not-json"
NO_HOLDER = "holder-unknown"

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        **REPLAY,
        **WAIT_SENTENCES,
        CELLS: "The row has too many or too few cells.",
        NO_REF: "The row does not say which ticket it is about.",
        UNREADABLE: "A moment in it cannot be read.",
        STATE_UNKNOWN: "Its state is none that the source is known to have.",
        BEFORE_OPENED: "The update is older than the ticket.",
        DUPLICATE_EVENT: "The same update came before, word for word.",
        CANCELLED: "It was cancelled, merged or a duplicate: nobody was owed anything.",
        NO_END: "It is done, but the file does not say since when.",
        NO_JSON: "The line is no JSON object.",
        NO_HOLDER: "It does not say who held the ticket up, or somebody unknown.",
    }
)


@dataclass(frozen=True)
class Problem:
    """One refused row: where it stands in the file and what is in the way."""

    line: int
    column: str
    reason: str
    words: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.words}"


@dataclass
class Tally:
    """Rows of one file: read = used + the sum of `problems`."""

    rows: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    examples: list[Problem] = field(default_factory=list)

    @property
    def used(self) -> int:
        return self.rows - self.problems.total()

    def refuse(self, reason: str, line: int, column: str = "", words: str = "") -> None:
        """Count a refused row; the first few of each reason are kept with their place."""
        self.problems[reason] += 1
        if self.problems[reason] <= SHOWN:
            self.examples.append(Problem(line, column, reason, words or SENTENCES[reason]))
