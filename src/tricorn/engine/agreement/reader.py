"""Reading an agreement: every complaint names the place in the text, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadAgreement, BadTarget
from tricorn.engine.hours import Hours, Target
from tricorn.engine.toml import read_toml

from .content import (
    KINDS,
    PER,
    PRIORITIES,
    STARTS,
    STOPS,
    Agreement,
    Clause,
    Entitled,
    Price,
    Signed,
)

LONGEST = 200_000
# Days of an agreement lie in these years: far enough for anybody, near enough for every calendar.
YEARS = range(1900, 3000)
HIGHEST = Decimal(10) ** 12
SCOPES = ("person", "organisation", "group", "place")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def from_toml(text: str, source: str) -> Agreement:
    if len(text) > LONGEST:
        raise BadAgreement(
            f"{source} has {len(text):,} characters; at most {LONGEST:,} fit. "
            "Leave out what no clause needs."
        )
    data = read_toml(text, source, error=BadAgreement, parse_float=Decimal)
    return from_data(data, source)


def from_data(data: Mapping[str, Any], source: str) -> Agreement:
    read = _Reader(source)
    read.only(data, {"agreement", "parties", "hours", "clause", "entitled", "price", "signed"}, "")
    head = read.table(data, "agreement")
    read.only(head, {"ref", "title", "services", "from", "to"}, "agreement.")
    parties = read.table(data, "parties")
    read.only(parties, {"client", "provider"}, "parties.")
    hours = {
        read.word(name, f"hours.{name}", 80): Hours.from_data(spec, f"{source}, hours.{name}")
        for name, spec in read.table(data, "hours").items()
    }
    if not hours:
        raise BadAgreement(f"{source} names no hours. Add [hours.desk] with zone and windows.")
    clauses = tuple(read.clause(row, n, hours) for n, row in read.rows(data, "clause"))
    if not clauses:
        raise BadAgreement(f"{source} has no [[clause]]: nothing is promised.")
    for name, times in Counter(clause.id for clause in clauses).items():
        if times > 1:
            raise BadAgreement(f"{source} has two clauses called {name}. Number them apart.")
    from_on = read.day(head.get("from"), "agreement.from")
    to_on = read.day(head["to"], "agreement.to") if "to" in head else None
    if to_on is not None and to_on < from_on:
        raise BadAgreement(f"{source} ends on {to_on}, before it begins on {from_on}.")
    ref = read.words(head, "ref", "agreement.ref", longest=40)
    return Agreement(
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
    )


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
        self,
        table: Mapping[str, Any],
        key: str,
        where: str,
        *,
        required: bool = True,
        longest: int = 200,
    ) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            raise self.fail(where, f"is a text in quotes, not {found!r:.60}.")
        if not found.strip() and not required:
            return ""
        return self.word(found, where, longest)

    def word(self, found: str, where: str, longest: int = 200) -> str:
        """One text of a name's length, with nothing in it that no page can show."""
        found = found.strip()
        if not found:
            raise self.fail(where, "is missing. Write it down.")
        if len(found) > longest:
            raise self.fail(where, f"has {len(found):,} characters; at most {longest} fit.")
        if any(unicodedata.category(each) in ("Cc", "Cs") for each in found):
            raise self.fail(where, "holds control characters. Write plain text.")
        return found

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
        return tuple(self.word(each, where) for each in found)

    def chosen(
        self, table: Mapping[str, Any], key: str, where: str, known: tuple[str, ...]
    ) -> tuple[str, ...]:
        found = self.many(table, key, where)
        for each in found:
            if each not in known:
                raise self.fail(where, f"{each!r:.60} is not one of {', '.join(known)}.")
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
            raise self.fail(where, f"is one of {', '.join(known)}, not {found!r:.60}.")
        return str(found)

    def yes_or_no(self, table: Mapping[str, Any], key: str, where: str) -> bool:
        found = table.get(key, True)
        if not isinstance(found, bool):
            raise self.fail(where, f"is true or false, not {found!r:.60}.")
        return found

    def day(self, found: Any, where: str) -> date:
        day = found if type(found) is date else None
        if isinstance(found, str) and _DATE.fullmatch(found):
            try:
                day = date.fromisoformat(found)
            except ValueError as problem:
                raise self.fail(where, f"{found} is not in the calendar.") from problem
        if day is None:
            raise self.fail(where, f"is a date like 2026-05-04, not {found!r:.60}.")
        if day.year not in YEARS:
            raise self.fail(where, f"lies between {YEARS[0]} and {YEARS[-1]}, not in {day.year}.")
        return day

    def number(self, found: Any, where: str) -> Decimal:
        try:
            number = Decimal(str(found).replace("%", "").strip())
        except InvalidOperation as problem:
            raise self.fail(where, f"is a number, not {found!r:.60}.") from problem
        if not number.is_finite() or isinstance(found, bool):
            raise self.fail(where, f"is a number, not {found!r:.60}.")
        return number / 100 if isinstance(found, str) and "%" in found else number

    def exact(self, number: Decimal, where: str, places: int) -> Decimal:
        """The number in its one spelling, so that 0.950 and 0.95 are the same content."""
        if number.normalize() != round(number, places):
            raise self.fail(where, f"has at most {places} digits behind the point.")
        return round(number, places).normalize() + 0

    def clause(self, row: Mapping[str, Any], n: int, hours: Mapping[str, Hours]) -> Clause:
        where = f"clause {row.get('id', n)!s:.40}"
        known = {"id", "kinds", "priorities", "start", "stop", "hours"}
        self.only(row, known | {"target", "share", "per", "stopped_by"}, f"{where}, ")
        name = self.words(row, "hours", f"{where}, hours")
        if name not in hours:
            raise self.fail(
                f"{where}, hours", f"there is no [hours.{name:.60}]. There is: {', '.join(hours)}."
            )
        stopped_by = self.chosen(
            row, "stopped_by", f"{where}, stopped_by", tuple(holder.value for holder in Holder)
        )
        return Clause(
            id=self.words(row, "id", f"{where}, id", longest=40),
            kinds=self.chosen(row, "kinds", f"{where}, kinds", KINDS),
            priorities=self.chosen(row, "priorities", f"{where}, priorities", PRIORITIES),
            start=self.one_of(row, "start", f"{where}, start", STARTS, "reported"),
            stop=self.one_of(row, "stop", f"{where}, stop", STOPS),
            hours=name,
            target=self.target(row, f"{where}, target"),
            share=self.share(row["share"], f"{where}, share") if "share" in row else None,
            per=self.one_of(row, "per", f"{where}, per", PER, "month"),
            stopped_by=frozenset(Holder(each) for each in stopped_by),
        )

    def target(self, row: Mapping[str, Any], where: str) -> Target:
        try:
            return Target.parse(self.words(row, "target", where))
        except BadTarget as problem:
            raise self.fail(where, f"{problem}") from problem

    def share(self, found: Any, where: str) -> Decimal:
        share = self.number(found, where)
        if not 0 < share <= 1:
            raise self.fail(where, f"is above 0 and at most 1, not {found!s:.60}.")
        return self.exact(share, where, 5)

    def entitled(self, row: Mapping[str, Any], n: int) -> Entitled:
        where = f"entitled {n}"
        self.only(row, {*SCOPES, "below", "everyone", "services", "funder"}, f"{where}, ")
        named = [scope for scope in SCOPES if scope in row]
        if len(named) != 1:
            raise self.fail(where, f"names exactly one of {', '.join(SCOPES)}.")
        if "below" in row and named != ["organisation"]:
            raise self.fail(f"{where}, below", "is for an organisation only. Leave it out.")
        if "everyone" in row and (
            named != ["place"] or not self.yes_or_no(row, "everyone", f"{where}, everyone")
        ):
            raise self.fail(f"{where}, everyone", "can only be true, and only for a place.")
        return Entitled(
            scope=named[0],
            name=self.words(row, named[0], f"{where}, {named[0]}", longest=254),
            below=self.yes_or_no(row, "below", f"{where}, below"),
            services=self.many(row, "services", f"{where}, services"),
            funder=self.words(row, "funder", f"{where}, funder", required=False),
        )

    def price(self, row: Mapping[str, Any], n: int) -> Price:
        where = f"price {n}"
        self.only(row, {"amount", "currency", "per"}, f"{where}, ")
        amount = self.number(row.get("amount"), f"{where}, amount")
        if not 0 <= amount < HIGHEST:
            raise self.fail(f"{where}, amount", "is not below zero, and below a million million.")
        currency = self.words(row, "currency", f"{where}, currency")
        if not re.fullmatch("[A-Za-z]{3}", currency):
            raise self.fail(f"{where}, currency", f"is three letters like EUR, not {currency!r}.")
        return Price(
            self.exact(amount, f"{where}, amount", 4),
            currency.upper(),
            self.one_of(row, "per", f"{where}, per", PER, "month"),
        )

    def signature(self, row: Mapping[str, Any], n: int) -> Signed:
        where = f"signed {n}"
        self.only(row, {"by", "capacity", "on"}, f"{where}, ")
        return Signed(
            by=self.words(row, "by", f"{where}, by", longest=254),
            capacity=self.words(row, "capacity", f"{where}, capacity", required=False, longest=120),
            on=self.day(row.get("on"), f"{where}, on"),
        )
