"""What an import reads, before it is a ticket."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One refused row: where, and what to do about it. `line` counts from 1, the header included."""

    line: int
    column: str
    words: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.words}"


@dataclass(frozen=True)
class Record:
    """One ticket as its source tells it. Moments are aware UTC datetimes.

    `requester` is the source's own name of a person; `waits` are (holder, start, end), where an
    empty holder stands for the time between resolving and reopening.
    """

    source: str
    source_id: str
    summary: str
    reported_at: datetime
    state: str
    text: str = ""
    kind: str = "incident"
    began_at: datetime | None = None
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    waits: tuple[tuple[str, datetime, datetime | None], ...] = ()
    waiting_on: str = ""
    impact: int = 2
    urgency: int = 2
    priority: str = ""
    requester: str = ""
    requester_email: str = ""
    organisation: str = ""
    place: str = ""
    service: str = ""
    channel: str = "import"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """A hash of everything the source says; equal marks mean nothing has changed."""
        return hashlib.sha256(
            json.dumps(asdict(self), sort_keys=True, default=str).encode()
        ).hexdigest()


@dataclass
class Batch:
    """What a file holds: its records, how many rows it has, which of them were refused."""

    records: list[Record] = field(default_factory=list)
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows were refused; a row with two problems is one."""
        return len({problem.line for problem in self.problems})
