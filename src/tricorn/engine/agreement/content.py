"""What an agreement says, as plain, immutable data.

[agreement]      ref, title, services, from, to, kind, running, notice, renews, credits_at_most
[parties]        client, provider
[hours.NAME]     as H.toml
[[clause]]       id, kinds, priorities, start, stop, hours, target, share, per, stopped_by
[[availability]] id, services, hours, share, per
[[workload]]     id, services, kinds, priorities, at_most, per
[[exception]]    id, words
[[escalation]]   id, services, at ("80 %", "2h before", "late", "4h after"), tell | person, client
[[entitled]]     person | organisation (below) | group | place | everyone, services, funder
[[price]]        amount, currency, per, basis
[[credit]]       clause, below, percent | amount
[review]         per, within
[[signed]]       by, capacity, on, for, method

Source  docs/engine/agreements.md, rules A1 to A13.
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

from .length import Length

STARTS = ("began", "reported")
STOPS = ("closed", "first_response", "resolved")
PER = ("month", "quarter", "year")
KINDS = ("complaint", "incident", "praise", "question", "request", "wish")
PRIORITIES = ("critical", "high", "low", "moderate")
AGREEMENT_KINDS = ("full", "trial")
RUNNING = ("move", "stay")
BASES = ("flat", "hour", "person", "ticket")
METHODS = ("account", "code", "paper")
REVIEW_WITHIN = Length(14, "day")


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
class Availability:
    """In which share of its service hours a service is up; no services means all of the text."""

    id: str
    hours: str
    share: Decimal
    services: tuple[str, ...] = ()
    per: str = "month"


@dataclass(frozen=True)
class Workload:
    """Up to how many tickets the promises hold; an empty list means all of them."""

    id: str
    at_most: int
    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    per: str = "month"


@dataclass(frozen=True)
class Exemption:
    """What the promises do not hold for, in words."""

    id: str
    words: str


@dataclass(frozen=True)
class Escalation:
    """One step of the agreed chain: when, who on the provider's side hears, and whether the client.

    when, amount  As a step of `engine.escalation`: minutes of service time, or percent.
    whom          assignee, team, manager, or person, who is named as the text writes them.
    services      Those of the text that it is for; none means all.
    """

    id: str
    when: str
    amount: int = 0
    whom: str = "assignee"
    person: str = ""
    tells_client: bool = False
    services: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        """When, in the one spelling of the text: "80 %", "2h before", "late", "1h30m after"."""
        if self.when == "late":
            return "late"
        if self.when == "share":
            return f"{self.amount} %"
        return f"{Target(seconds=self.amount * 60)} {self.when}"


@dataclass(frozen=True)
class Credit:
    """What comes back when fewer than `below` were kept.

    clause   The id of a clause with a share, or of an availability.
    below    None: below the share that it promises.
    percent  Of the price of the period, 0 < percent <= 100; or
    amount   in the currency of the prices. One of the two is None.
    """

    clause: str
    below: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Review:
    """How often both sides look at it, and how soon after each period."""

    per: str
    within: Length = REVIEW_WITHIN


@dataclass(frozen=True)
class Entitled:
    """Who is covered: a person, an organisation (with what is below), a group, all at a place,
    or everyone (without a name)."""

    scope: str
    name: str
    below: bool = True
    services: tuple[str, ...] = ()
    funder: str = ""


@dataclass(frozen=True)
class Price:
    """What is paid each period: at a flat rate, or for each person, ticket or hour of work."""

    amount: Decimal
    currency: str
    per: str = "month"
    basis: str = "flat"


@dataclass(frozen=True)
class Signed:
    """Who signed when; `acting_for` whom a deputy signed for, `method` account, code or paper."""

    by: str
    capacity: str
    on: date
    acting_for: str = ""
    method: str = ""


@dataclass(frozen=True)
class Agreement:
    """A whole agreement text. `from_on` and `to_on` are local dates, `to_on` included.

    kind             full or trial.
    running          stay: tickets that run keep their version; move: they go on by this one.
    notice           How long before the last day, or before it renews, notice is given.
    renews           By how much it goes on after its last day unless notice was given.
    credits_at_most  The share of a period's price that all its credits together may reach.
    """

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
    kind: str = "full"
    running: str = "stay"
    notice: Length | None = None
    renews: Length | None = None
    credits_at_most: Decimal | None = None
    review: Review | None = None
    availability: tuple[Availability, ...] = ()
    workloads: tuple[Workload, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    credits: tuple[Credit, ...] = ()

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

    @property
    def shares(self) -> dict[str, Clause | Availability]:
        """The promises that name a share, by their id: what can be missed by so much."""
        promises: list[Clause | Availability] = [*self.clauses, *self.availability]
        return {each.id: each for each in promises if each.share is not None}

    @property
    def notice_by(self) -> date | None:
        """The last day on which notice is in time for the last day of the text; None if none."""
        return self.notice.before(self.to_on) if self.notice and self.to_on else None

    def chain(self, service: str) -> tuple[Escalation, ...]:
        """Return the agreed chain of a service, named as the text does, in the text's order."""
        return tuple(
            each for each in self.escalation if not each.services or service in each.services
        )

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
