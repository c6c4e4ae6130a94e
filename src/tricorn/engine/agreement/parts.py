"""Reading the parts of a text one by one: a clause, a price, a signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadAgreement, BadInput, BadTarget
from tricorn.engine.hours import Hours, Target

from .content import (
    BASES,
    KINDS,
    METHODS,
    PER,
    PRIORITIES,
    REVIEW_WITHIN,
    STARTS,
    STOPS,
    Availability,
    Clause,
    Credit,
    Entitled,
    Escalation,
    Exemption,
    Price,
    Review,
    Signed,
    Workload,
)
from .fields import Fields
from .length import Length
from .stepped import step_when

SCOPES = ("person", "organisation", "group", "place")
TELL = ("assignee", "manager", "team")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Parts(Fields):
    """Reads the entries of one text."""

    def clause(self, row: Row, n: int, hours: Mapping[str, Hours]) -> Clause:
        where = f"clause {row.get('id', n)!s:.40}"
        known = {"id", "kinds", "priorities", "start", "stop", "hours"}
        self.only(row, known | {"target", "share", "per", "stopped_by"}, f"{where}, ")
        stopped_by = self.chosen(
            row, "stopped_by", f"{where}, stopped_by", tuple(holder.value for holder in Holder)
        )
        return Clause(
            id=self.words(row, "id", f"{where}, id", longest=40),
            kinds=self.chosen(row, "kinds", f"{where}, kinds", KINDS),
            priorities=self.chosen(row, "priorities", f"{where}, priorities", PRIORITIES),
            start=self.one_of(row, "start", f"{where}, start", STARTS, "reported"),
            stop=self.one_of(row, "stop", f"{where}, stop", STOPS),
            hours=self.hours(row, where, hours),
            target=self.target(row, f"{where}, target"),
            share=self.share(row["share"], f"{where}, share") if "share" in row else None,
            per=self.one_of(row, "per", f"{where}, per", PER, "month"),
            stopped_by=frozenset(Holder(each) for each in stopped_by),
        )

    def hours(self, row: Row, where: str, hours: Mapping[str, Hours]) -> str:
        name = self.words(row, "hours", f"{where}, hours")
        if name not in hours:
            raise self.fail(
                f"{where}, hours", f"there is no [hours.{name:.60}]. There is: {', '.join(hours)}."
            )
        return name

    def target(self, row: Row, where: str) -> Target:
        try:
            return Target.parse(self.words(row, "target", where))
        except BadTarget as problem:
            raise self.fail(where, f"{problem}") from problem

    def availability(
        self, row: Row, n: int, hours: Mapping[str, Hours], services: tuple[str, ...]
    ) -> Availability:
        where = f"availability {row.get('id', n)!s:.40}"
        self.only(row, {"id", "services", "hours", "share", "per"}, f"{where}, ")
        return Availability(
            id=self.words(row, "id", f"{where}, id", longest=40),
            hours=self.hours(row, where, hours),
            share=self.share(row.get("share"), f"{where}, share"),
            services=self.among(row, where, services),
            per=self.one_of(row, "per", f"{where}, per", PER, "month"),
        )

    def workload(self, row: Row, n: int, services: tuple[str, ...]) -> Workload:
        where = f"workload {row.get('id', n)!s:.40}"
        known = {"id", "services", "kinds", "priorities", "at_most", "per"}
        self.only(row, known, f"{where}, ")
        return Workload(
            id=self.words(row, "id", f"{where}, id", longest=40),
            at_most=self.whole(row.get("at_most"), f"{where}, at_most"),
            services=self.among(row, where, services),
            kinds=self.chosen(row, "kinds", f"{where}, kinds", KINDS),
            priorities=self.chosen(row, "priorities", f"{where}, priorities", PRIORITIES),
            per=self.one_of(row, "per", f"{where}, per", PER, "month"),
        )

    def among(self, row: Row, where: str, services: tuple[str, ...]) -> tuple[str, ...]:
        """Some of the services of the whole text, written as they are there."""
        named = self.many(row, "services", f"{where}, services")
        for each in named:
            if each not in services:
                raise self.fail(
                    f"{where}, services",
                    f"{each!r:.60} is none of the agreement's: {', '.join(services)}.",
                )
        return named

    def exemption(self, row: Row, n: int) -> Exemption:
        where = f"exception {row.get('id', n)!s:.40}"
        self.only(row, {"id", "words"}, f"{where}, ")
        return Exemption(
            self.words(row, "id", f"{where}, id", longest=40),
            self.words(row, "words", f"{where}, words", longest=500),
        )

    def escalation(self, row: Row, n: int, services: tuple[str, ...]) -> Escalation:
        where = f"escalation {row.get('id', n)!s:.40}"
        self.only(row, {"id", "services", "at", "tell", "person", "client"}, f"{where}, ")
        if "tell" in row and "person" in row:
            raise self.fail(where, "says either tell or person. Write one of them.")
        person = ""
        if "person" in row:
            person = self.words(row, "person", f"{where}, person", longest=254)
        when, amount = self.step(row, f"{where}, at")
        return Escalation(
            id=self.words(row, "id", f"{where}, id", longest=40),
            when=when,
            amount=amount,
            whom="person" if person else self.one_of(row, "tell", f"{where}, tell", TELL, TELL[0]),
            person=person,
            tells_client="client" in row and self.yes_or_no(row, "client", f"{where}, client"),
            services=self.among(row, where, services),
        )

    def step(self, row: Row, where: str) -> tuple[str, int]:
        """When a step is due: "80 %" of the time, "2h before" it is late, "late", "4h after"."""
        try:
            return step_when(self.words(row, "at", where))
        except BadInput as problem:
            if problem.facts.get("where"):
                raise
            raise self.fail(where, f"{problem}") from problem

    def entitled(self, row: Row, n: int) -> Entitled:
        where = f"entitled {n}"
        self.only(row, {*SCOPES, "below", "everyone", "services", "funder"}, f"{where}, ")
        if "everyone" in row and not self.yes_or_no(row, "everyone", f"{where}, everyone"):
            raise self.fail(
                f"{where}, everyone", "can only be true. Leave it out, and name who is covered."
            )
        named = [scope for scope in SCOPES if scope in row]
        if "everyone" in row and not named:
            named = ["everyone"]
        if len(named) != 1:
            raise self.fail(
                where, f"names exactly one of {', '.join(SCOPES)}; or says everyone = true."
            )
        if "below" in row and named != ["organisation"]:
            raise self.fail(f"{where}, below", "is for an organisation only. Leave it out.")
        if "everyone" in row and named[0] not in ("everyone", "place"):
            raise self.fail(f"{where}, everyone", f"is said beside a {named[0]}. Leave one out.")
        is_named = named[0] != "everyone"
        return Entitled(
            scope=named[0],
            name=self.words(row, named[0], f"{where}, {named[0]}", longest=254) if is_named else "",
            below=self.yes_or_no(row, "below", f"{where}, below"),
            services=self.many(row, "services", f"{where}, services"),
            funder=self.words(row, "funder", f"{where}, funder", required=False),
        )

    def price(self, row: Row, n: int) -> Price:
        where = f"price {n}"
        self.only(row, {"amount", "currency", "per", "basis"}, f"{where}, ")
        currency = self.words(row, "currency", f"{where}, currency")
        if not re.fullmatch("[A-Za-z]{3}", currency):
            raise self.fail(f"{where}, currency", f"is three letters like EUR, not {currency!r}.")
        return Price(
            self.money(row.get("amount"), f"{where}, amount"),
            currency.upper(),
            self.one_of(row, "per", f"{where}, per", PER, "month"),
            self.one_of(row, "basis", f"{where}, basis", BASES, "flat"),
        )

    def credit(self, row: Row, n: int) -> Credit:
        where = f"credit {n}"
        self.only(row, {"clause", "below", "percent", "amount"}, f"{where}, ")
        if ("percent" in row) == ("amount" in row):
            raise self.fail(where, "says either percent or amount. Write one of them.")
        return Credit(
            clause=self.words(row, "clause", f"{where}, clause", longest=40),
            below=self.share(row["below"], f"{where}, below") if "below" in row else None,
            percent=self.percent(row["percent"], f"{where}, percent") if "percent" in row else None,
            amount=self.paid(row["amount"], f"{where}, amount") if "amount" in row else None,
        )

    def percent(self, found: Any, where: str) -> Decimal:
        """A number of percent: 5 and "5 %" are the same."""
        number = self.number(found.replace("%", "") if isinstance(found, str) else found, where)
        if not 0 < number <= 100:
            raise self.fail(where, f"is above 0 and at most 100, not {found!s:.60}.")
        return self.exact(number, where, 4)

    def paid(self, found: Any, where: str) -> Decimal:
        amount = self.money(found, where)
        if not amount:
            raise self.fail(where, "is more than nothing. Leave the credit out if none is due.")
        return amount

    def review(self, row: Any) -> Review:
        if not isinstance(row, Mapping):
            raise self.fail("[review]", "is written in single brackets, once.")
        self.only(row, {"per", "within"}, "review.")
        return Review(
            self.one_of(row, "per", "review.per", PER),
            self.length(row, "within", "review.within") or REVIEW_WITHIN,
        )

    def length(self, row: Row, key: str, where: str) -> Length | None:
        """A length of the calendar, like "3 months"; None where nothing is said."""
        if key not in row:
            return None
        try:
            return Length.parse(self.words(row, key, where))
        except BadAgreement as problem:
            if problem.facts.get("where"):
                raise
            raise self.fail(where, f"{problem}") from problem

    def signature(self, row: Row, n: int) -> Signed:
        where = f"signed {n}"
        self.only(row, {"by", "capacity", "on", "for", "method"}, f"{where}, ")
        return Signed(
            by=self.words(row, "by", f"{where}, by", longest=254),
            capacity=self.words(row, "capacity", f"{where}, capacity", required=False, longest=120),
            on=self.day(row.get("on"), f"{where}, on"),
            acting_for=self.words(row, "for", f"{where}, for", longest=254) if "for" in row else "",
            method=self.one_of(row, "method", f"{where}, method", METHODS)
            if "method" in row
            else "",
        )
