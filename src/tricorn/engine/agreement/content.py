"""What an agreement says, as plain, immutable data.

[agreement]    ref, title, services, from, to
[parties]      client, provider
[hours.NAME]   as H.toml
[[clause]]     id, kinds, priorities, start, stop, hours, target, share, per, stopped_by
[[entitled]]   person | organisation (below) | group | place, services, funder
[[price]]      amount, currency, per
[[signed]]     by, capacity, on
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tricorn.engine.clock import Holder, Terms
from tricorn.engine.hours import Hours, Schedule, Target

STARTS = ("began", "reported")
STOPS = ("closed", "first_response", "resolved")
PER = ("month", "quarter", "year")
KINDS = ("complaint", "incident", "praise", "question", "request", "wish")
PRIORITIES = ("critical", "high", "low", "moderate")


@dataclass(frozen=True)
class Clause:
    """One promise: which tickets, from when to what, in which hours, within how long, how often."""

    id: str
    kinds: tuple[str, ...]
    priorities: tuple[str, ...]
    start: str
    stop: str
    hours: str
    target: Target
    share: Decimal | None = None
    per: str = "month"
    stopped_by: frozenset[Holder] = frozenset()

    def applies_to(self, kind: str, priority: str) -> bool:
        """Whether a ticket of this kind and priority runs by this clause; no list means all."""
        return (not self.kinds or kind in self.kinds) and (
            not self.priorities or priority in self.priorities
        )


@dataclass(frozen=True)
class Entitled:
    """Who is covered: a person, an organisation (with what is below), a group, or all at a place."""

    scope: str
    name: str
    below: bool = True
    services: tuple[str, ...] = ()
    funder: str = ""


@dataclass(frozen=True)
class Price:
    amount: Decimal
    currency: str
    per: str = "month"


@dataclass(frozen=True)
class Signed:
    by: str
    capacity: str
    on: date


@dataclass(frozen=True)
class Agreement:
    """A whole agreement text. `from_on` and `to_on` are local dates, `to_on` included."""

    ref: str
    title: str
    services: tuple[str, ...]
    from_on: date
    to_on: date | None
    client: str
    provider: str
    hours: Mapping[str, Hours]
    clauses: tuple[Clause, ...]
    entitled: tuple[Entitled, ...] = ()
    prices: tuple[Price, ...] = ()
    signed: tuple[Signed, ...] = ()

    @classmethod
    def from_toml(cls, text: str, source: str = "agreement.toml") -> Agreement:
        """Read an agreement text.

        Errors  BadAgreement, BadCalendar or BadTarget, with the place in the text.
        """
        from .reader import from_toml

        return from_toml(text, source)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], source: str = "agreement") -> Agreement:
        """Read an agreement from parsed TOML or JSON; the same errors as `from_toml`."""
        from .reader import from_data

        return from_data(data, source)

    @property
    def zone(self) -> str:
        """Where the days of the agreement begin and end: the zone of the first clause's hours."""
        return self.hours[self.clauses[0].hours].zone

    def terms(self, clause: Clause) -> Terms:
        """Return a clause as the clock reads it."""
        return Terms(
            clause=clause.id,
            schedule=Schedule(self.hours[clause.hours]),
            target=clause.target,
            stopped_by=clause.stopped_by,
        )

    def to_data(self) -> dict[str, Any]:
        """Return the agreement as plain data that `from_data` reads back without loss."""
        from .writer import to_data

        return to_data(self)

    def to_toml(self) -> str:
        """Return the agreement as a text that `from_toml` reads back without loss."""
        from .writer import to_toml

        return to_toml(self)

    def canonical(self) -> str:
        """Return the one text of this content: sorted JSON. Its hash names the version."""
        return json.dumps(self.to_data(), sort_keys=True, indent=1)

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()
