"""Reading an agreement: every complaint names the place in the text, and what to write instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tricorn.engine.errors import BadAgreement
from tricorn.engine.escalation import MOST
from tricorn.engine.hours import Hours
from tricorn.engine.toml import read_toml

from .content import AGREEMENT_KINDS, RUNNING, Agreement, Credit
from .parts import Parts

LONGEST = 200_000
TABLES = {"agreement", "parties", "hours", "review"}
ROWS = {
    *("availability", "clause", "credit", "entitled", "escalation"),
    *("exception", "price", "signed", "workload"),
}
HEAD = {"ref", "title", "services", "from", "to", "kind", "running", "notice", "renews"}


def from_toml(text: str, source: str) -> Agreement:
    """Read the text of an agreement; `source` names it in what is refused.

    Errors  BadAgreement, BadCalendar or BadTarget with the place in the text; BadAgreement also
            for one that is too long, or no TOML.
    """
    if len(text) > LONGEST:
        raise BadAgreement(
            f"{source} has {len(text):,} characters; at most {LONGEST:,} fit. "
            "Leave out what no clause needs."
        )
    data = read_toml(text, source, error=BadAgreement, parse_float=Decimal)
    return from_data(data, source)


def from_data(data: Mapping[str, Any], source: str) -> Agreement:
    """Read a text part by part, then check what the parts say about each other.

    Errors  BadAgreement, BadCalendar or BadTarget with the place in the text.
    Source  docs/engine/agreements.md, rules A1 to A13.
    """
    read = Parts(source)
    read.only(data, TABLES | ROWS, "")
    head = read.table(data, "agreement")
    read.only(head, HEAD | {"credits_at_most"}, "agreement.")
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
    ref = read.words(head, "ref", "agreement.ref", longest=40)
    services = read.many(head, "services", "agreement.services", required=True)
    at_most = head.get("credits_at_most")
    content = Agreement(
        ref=ref,
        title=read.words(head, "title", "agreement.title", required=False) or ref,
        services=services,
        from_on=read.day(head.get("from"), "agreement.from"),
        to_on=read.day(head["to"], "agreement.to") if "to" in head else None,
        client=read.words(parties, "client", "parties.client"),
        provider=read.words(parties, "provider", "parties.provider"),
        hours=hours,
        clauses=clauses,
        entitled=tuple(read.entitled(row, n) for n, row in read.rows(data, "entitled")),
        prices=tuple(read.price(row, n) for n, row in read.rows(data, "price")),
        signed=tuple(read.signature(row, n) for n, row in read.rows(data, "signed")),
        kind=read.one_of(head, "kind", "agreement.kind", AGREEMENT_KINDS, "full"),
        running=read.one_of(head, "running", "agreement.running", RUNNING, "stay"),
        notice=read.length(head, "notice", "agreement.notice"),
        renews=read.length(head, "renews", "agreement.renews"),
        credits_at_most=read.share(at_most, "agreement.credits_at_most")
        if "credits_at_most" in head
        else None,
        review=read.review(data["review"]) if "review" in data else None,
        availability=tuple(
            read.availability(row, n, hours, services) for n, row in read.rows(data, "availability")
        ),
        workloads=tuple(read.workload(row, n, services) for n, row in read.rows(data, "workload")),
        exceptions=tuple(read.exemption(row, n) for n, row in read.rows(data, "exception")),
        escalation=tuple(
            read.escalation(row, n, services) for n, row in read.rows(data, "escalation")
        ),
        credits=tuple(read.credit(row, n) for n, row in read.rows(data, "credit")),
    )
    _check_names(content, source)
    _check_term(content, read)
    _check_money(content, read)
    _check_credits(content, read)
    _check_chains(content, read)
    return content


def _check_names(content: Agreement, source: str) -> None:
    """An id names one thing, whatever it is.

    Source  docs/engine/agreements.md, rule A2: one id, one part.
    """
    seen: dict[str, str] = {}
    parts = [("clause", each.id) for each in content.clauses]
    parts += [("availability", each.id) for each in content.availability]
    parts += [("workload", each.id) for each in content.workloads]
    parts += [("exception", each.id) for each in content.exceptions]
    parts += [("escalation", each.id) for each in content.escalation]
    for part, name in parts:
        if name in seen and (seen[name], part) == ("clause", "clause"):
            raise BadAgreement(f"{source} has two clauses called {name}. Number them apart.")
        if name in seen:
            raise BadAgreement(
                f"{source}, {part} {name}: there is already {article(seen[name])} called "
                f"{name}. Number them apart.",
                where=f"{part} {name}",
            )
        seen[name] = part


def _check_chains(content: Agreement, read: Parts) -> None:
    """No chain is longer than people can follow.

    Source  docs/engine/agreements.md, rule A13: the agreed chain.
    """
    for service in content.services:
        if len(chain := content.chain(service)) > MOST:
            raise read.fail(
                f"escalation {chain[MOST].id}",
                f"{service} has {len(chain)} steps; a chain has at most {MOST}.",
            )


def article(part: str) -> str:
    return f"{'an' if part[0] in 'aeiou' else 'a'} {part}"


def _check_term(content: Agreement, read: Parts) -> None:
    """It ends after it begins, and what renews or is a trial says when it ends.

    Source  docs/engine/agreements.md, rule A6: the term.
    """
    if content.to_on is None:
        if content.renews:
            raise read.fail("agreement.renews", "needs agreement.to. Say when the first term ends.")
        if content.kind == "trial":
            raise read.fail("agreement.to", "is missing. A trial says on which day it ends.")
    elif content.to_on < content.from_on:
        raise BadAgreement(
            f"{read.source} ends on {content.to_on}, before it begins on {content.from_on}."
        )


def _check_money(content: Agreement, read: Parts) -> None:
    """All money of a text is in the currency of its first price.

    Source  docs/engine/agreements.md, rule A9: one currency.
    """
    for n, price in enumerate(content.prices, start=1):
        first = content.prices[0].currency
        if price.currency != first:
            raise read.fail(
                f"price {n}, currency",
                f"is {price.currency}, and price 1 is in {first}. Write all in one currency.",
            )
    if content.credits and not content.prices:
        raise read.fail("credit 1", "needs a [[price]], for it is money back in its currency.")
    if content.credits_at_most is not None and not content.credits:
        raise read.fail("agreement.credits_at_most", "limits no [[credit]]. Leave it out.")


def _check_credits(content: Agreement, read: Parts) -> None:
    """A credit is for a share that can be missed, and its steps rise as what was kept falls.

    Source  docs/engine/agreements.md, rules A10 and A11: credits and their steps.
    """
    steps: dict[str, dict[Decimal, tuple[int, Credit]]] = defaultdict(dict)
    promised, clauses = content.shares, {each.id for each in content.clauses}
    for n, credit in enumerate(content.credits, start=1):
        where = f"credit {n}"
        if credit.clause not in promised:
            if credit.clause in clauses:
                problem = f"{credit.clause} promises no share, so none is missed. Give it a share."
            else:
                there = f"There is: {', '.join(promised)}." if promised else "None has a share."
                problem = f"there is no clause or availability called {credit.clause}. {there}"
            raise read.fail(f"{where}, clause", problem)
        share = promised[credit.clause].share or Decimal(1)
        below = share if credit.below is None else credit.below
        if below > share:
            raise read.fail(
                f"{where}, below",
                f"is more than {credit.clause} promises ({share:f}), so it would pay for a "
                "promise that was kept. Write that or less.",
            )
        if below in steps[credit.clause]:
            raise read.fail(
                f"{where}, below", f"{credit.clause} has a credit below {below:f} already."
            )
        steps[credit.clause][below] = (n, credit)
    for found in steps.values():
        _check_steps([found[below] for below in sorted(found, reverse=True)], read)


def _check_steps(steps: list[tuple[int, Credit]], read: Parts) -> None:
    """From the highest step down: all percent or all amounts, and never less for less kept."""
    given = Decimal(0)
    for n, credit in steps:
        if (credit.percent is None) != (steps[0][1].percent is None):
            raise read.fail(
                f"credit {n}", f"mixes percent and amount for {credit.clause}. Write one of them."
            )
        found = credit.amount or credit.percent or Decimal(0)
        if found < given:
            raise read.fail(
                f"credit {n}",
                f"gives less ({found:f}) than a higher step of {credit.clause} ({given:f}). "
                "The fewer are kept, the more comes back.",
            )
        given = found
