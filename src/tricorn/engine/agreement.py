"""The agreement as a text that executes: read from TOML, checked, written back without loss.

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
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tricorn.engine.clock import Holder, Terms
from tricorn.engine.errors import BadAgreement, BadInput
from tricorn.engine.hours import Hours, Schedule, Target

STARTS = ("began", "reported")
STOPS = ("closed", "first_response", "resolved")
PER = ("month", "quarter", "year")
KINDS = ("complaint", "incident", "praise", "question", "request", "wish")


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
    zone: str = field(default="UTC")

    @classmethod
    def from_toml(cls, text: str, source: str = "agreement.toml") -> Agreement:
        """Read an agreement text.

        Errors  BadAgreement, BadCalendar or BadTarget, with the place in the text.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise BadAgreement(f"{source} is not TOML: {problem}.") from problem
        return cls.from_data(data, source)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], source: str = "agreement") -> Agreement:
        """Read an agreement from parsed TOML or JSON; the same errors as `from_toml`."""
        read = _Reader(source)
        known = {"agreement", "parties", "hours", "clause", "entitled", "price", "signed"}
        read.only(data, known, "")
        head = read.table(data, "agreement")
        read.only(head, {"ref", "title", "services", "from", "to"}, "agreement.")
        parties = read.table(data, "parties")
        read.only(parties, {"client", "provider"}, "parties.")
        hours = {
            name: Hours.from_data(spec, where=f"{source}, hours.{name}")
            for name, spec in read.table(data, "hours").items()
        }
        if not hours:
            raise BadAgreement(f"{source} names no hours. Add [hours.desk] with zone and windows.")
        clauses = tuple(read.clause(row, n, hours) for n, row in read.rows(data, "clause"))
        if not clauses:
            raise BadAgreement(f"{source} has no [[clause]]: nothing is promised.")
        ids = [clause.id for clause in clauses]
        for each in ids:
            if ids.count(each) > 1:
                raise BadAgreement(f"{source} has two clauses called {each}. Number them apart.")
        from_on = read.day(head.get("from"), "agreement.from")
        to_on = read.day(head["to"], "agreement.to") if head.get("to") else None
        if to_on is not None and to_on < from_on:
            raise BadAgreement(f"{source} ends on {to_on}, before it begins on {from_on}.")
        ref = read.words(head, "ref", "agreement.ref")
        return cls(
            ref=ref,
            title=read.words(head, "title", "agreement.title", required=False) or ref,
            services=read.many(head, "services", "agreement.services", required=True),
            from_on=from_on,
            to_on=to_on,
            client=read.words(parties, "client", "parties.client"),
            provider=read.words(parties, "provider", "parties.provider"),
            hours=hours,
            clauses=clauses,
            entitled=tuple(read.entitled(row, n) for n, row in read.rows(data, "entitled")),
            prices=tuple(read.price(row, n) for n, row in read.rows(data, "price")),
            signed=tuple(read.signature(row, n) for n, row in read.rows(data, "signed")),
            zone=next(iter(hours.values())).zone,
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
        head: dict[str, Any] = {
            "ref": self.ref,
            "title": self.title,
            "services": list(self.services),
            "from": self.from_on.isoformat(),
        }
        if self.to_on:
            head["to"] = self.to_on.isoformat()
        return {
            "agreement": head,
            "parties": {"client": self.client, "provider": self.provider},
            "hours": {name: hours.to_data() for name, hours in self.hours.items()},
            "clause": [_clause_data(clause) for clause in self.clauses],
            "entitled": [_entitled_data(each) for each in self.entitled],
            "price": [
                {"amount": str(p.amount), "currency": p.currency, "per": p.per}
                for p in self.prices
            ],
            "signed": [
                {"by": s.by, "capacity": s.capacity, "on": s.on.isoformat()} for s in self.signed
            ],
        }

    def canonical(self) -> str:
        """Return the one text of this content: sorted JSON. Its hash names the version."""
        return json.dumps(self.to_data(), sort_keys=True, indent=1, default=str)

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def _clause_data(clause: Clause) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": clause.id,
        "kinds": list(clause.kinds),
        "priorities": list(clause.priorities),
        "start": clause.start,
        "stop": clause.stop,
        "hours": clause.hours,
        "target": str(clause.target),
        "per": clause.per,
        "stopped_by": sorted(clause.stopped_by),
    }
    if clause.share is not None:
        data["share"] = str(clause.share)
    return data


def _entitled_data(each: Entitled) -> dict[str, Any]:
    data: dict[str, Any] = {each.scope: each.name}
    if each.scope == "organisation":
        data["below"] = each.below
    if each.services:
        data["services"] = list(each.services)
    if each.funder:
        data["funder"] = each.funder
    return data


@dataclass(frozen=True)
class _Reader:
    """Reads one text; every complaint names the place in it."""

    source: str

    def fail(self, where: str, problem: str) -> BadAgreement:
        return BadAgreement(f"{self.source}, {where}: {problem}", where=where)

    def only(self, table: Mapping[str, Any], known: set[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                choices = ", ".join(sorted(known))
                raise self.fail(f"{prefix}{key}", f"is not known here. Known: {choices}.")

    def table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = data.get(key)
        if not isinstance(found, Mapping):
            raise self.fail(f"[{key}]", "is missing or no table.")
        return found

    def rows(self, data: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
        found = data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise self.fail(f"[[{key}]]", "is written with double brackets, once per entry.")
        return list(enumerate(found, start=1))

    def words(
        self, table: Mapping[str, Any], key: str, where: str, *, required: bool = True
    ) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            raise self.fail(where, f"is a text in quotes, not {found!r}.")
        if required and not found.strip():
            raise self.fail(where, "is missing. Write it down.")
        return found.strip()

    def many(
        self, table: Mapping[str, Any], key: str, where: str, *, required: bool = False
    ) -> tuple[str, ...]:
        found = table.get(key, [])
        if isinstance(found, str):
            found = [found]
        if not isinstance(found, list | tuple) or not all(isinstance(x, str) for x in found):
            raise self.fail(where, 'is a list of texts, like ["mail"].')
        if required and not found:
            raise self.fail(where, "is empty. Name at least one.")
        return tuple(found)

    def chosen(
        self, table: Mapping[str, Any], key: str, where: str, known: tuple[str, ...]
    ) -> tuple[str, ...]:
        found = self.many(table, key, where)
        for each in found:
            if each not in known:
                raise self.fail(where, f"{each!r} is not one of {', '.join(known)}.")
        return found

    def one_of(
        self,
        table: Mapping[str, Any],
        key: str,
        where: str,
        known: tuple[str, ...],
        default: str = "",
    ) -> str:
        found = table.get(key, default)
        if found not in known:
            raise self.fail(where, f"is one of {', '.join(known)}, not {found!r}.")
        return str(found)

    def day(self, found: Any, where: str) -> date:
        if type(found) is date:
            return found
        try:
            return date.fromisoformat(found)
        except (TypeError, ValueError) as problem:
            raise self.fail(where, f"is a date like 2026-05-04, not {found!r}.") from problem

    def number(self, found: Any, where: str) -> Decimal:
        try:
            number = Decimal(str(found).replace("%", "").strip())
        except InvalidOperation as problem:
            raise self.fail(where, f"is a number, not {found!r}.") from problem
        if not number.is_finite() or isinstance(found, bool):
            raise self.fail(where, f"is a number, not {found!r}.")
        return number / 100 if isinstance(found, str) and "%" in found else number

    def clause(self, row: Mapping[str, Any], n: int, hours: Mapping[str, Hours]) -> Clause:
        where = f"clause {row.get('id', n)}"
        known = {"id", "kinds", "priorities", "start", "stop", "hours"}
        self.only(row, known | {"target", "share", "per", "stopped_by"}, f"{where}, ")
        name = self.words(row, "hours", f"{where}, hours")
        if name not in hours:
            raise self.fail(
                f"{where}, hours", f"there is no [hours.{name}]. There is: {', '.join(hours)}."
            )
        share = None
        if "share" in row:
            share = self.number(row["share"], f"{where}, share")
            if not 0 < share <= 1:
                raise self.fail(f"{where}, share", f"is above 0 and at most 1, not {share}.")
        try:
            target = Target.parse(row.get("target", ""))
        except (BadInput, TypeError, AttributeError) as problem:
            raise self.fail(f"{where}, target", f"{problem}") from problem
        holders = tuple(holder.value for holder in Holder)
        stopped_by = self.chosen(row, "stopped_by", f"{where}, stopped_by", holders)
        return Clause(
            id=self.words(row, "id", f"{where}, id"),
            kinds=self.chosen(row, "kinds", f"{where}, kinds", KINDS),
            priorities=self.many(row, "priorities", f"{where}, priorities"),
            start=self.one_of(row, "start", f"{where}, start", STARTS, "reported"),
            stop=self.one_of(row, "stop", f"{where}, stop", STOPS),
            hours=name,
            target=target,
            share=share,
            per=self.one_of(row, "per", f"{where}, per", PER, "month"),
            stopped_by=frozenset(Holder(each) for each in stopped_by),
        )

    def entitled(self, row: Mapping[str, Any], n: int) -> Entitled:
        where = f"entitled {n}"
        scopes = ("person", "organisation", "group", "place")
        self.only(row, {*scopes, "below", "everyone", "services", "funder"}, f"{where}, ")
        named = [scope for scope in scopes if scope in row]
        if len(named) != 1:
            raise self.fail(where, f"names exactly one of {', '.join(scopes)}.")
        return Entitled(
            scope=named[0],
            name=self.words(row, named[0], f"{where}, {named[0]}"),
            below=bool(row.get("below", True)),
            services=self.many(row, "services", f"{where}, services"),
            funder=self.words(row, "funder", f"{where}, funder", required=False),
        )

    def price(self, row: Mapping[str, Any], n: int) -> Price:
        where = f"price {n}"
        self.only(row, {"amount", "currency", "per"}, f"{where}, ")
        amount = self.number(row.get("amount"), f"{where}, amount")
        if amount < 0:
            raise self.fail(f"{where}, amount", "is not below zero.")
        currency = self.words(row, "currency", f"{where}, currency")
        if len(currency) != 3 or not currency.isalpha():
            raise self.fail(f"{where}, currency", f"is three letters like EUR, not {currency!r}.")
        return Price(
            amount, currency.upper(), self.one_of(row, "per", f"{where}, per", PER, "month")
        )

    def signature(self, row: Mapping[str, Any], n: int) -> Signed:
        where = f"signed {n}"
        self.only(row, {"by", "capacity", "on"}, f"{where}, ")
        return Signed(
            by=self.words(row, "by", f"{where}, by"),
            capacity=self.words(row, "capacity", f"{where}, capacity", required=False),
            on=self.day(row.get("on"), f"{where}, on"),
        )
