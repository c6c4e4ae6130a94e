"""An agreement as data and as TOML: the same content goes out and comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .content import (
    REVIEW_WITHIN,
    Agreement,
    Availability,
    Clause,
    Credit,
    Entitled,
    Escalation,
    Price,
    Review,
    Signed,
    Workload,
)

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_data(agreement: Agreement) -> dict[str, Any]:
    """Return the agreement as plain data for JSON; `from_data` reads the same agreement again."""
    data: dict[str, Any] = _plain(_content(agreement))
    return data


def to_toml(agreement: Agreement) -> str:
    """Return the agreement as TOML; `from_toml` reads the same agreement again."""
    return "\n".join(_table(_content(agreement), "")).lstrip("\n") + "\n"


def _content(agreement: Agreement) -> dict[str, Any]:
    """Everything that the agreement says, in the order of the format, with dates and numbers.

    What came into the format later is left out where nothing is said.
    Source  docs/engine/agreements.md, rule A3: what is not said is not written.
    """
    later = {
        "availability": [_availability(each) for each in agreement.availability],
        "workload": [_workload(each) for each in agreement.workloads],
        "exception": [{"id": each.id, "words": each.words} for each in agreement.exceptions],
        "escalation": [_escalation(each) for each in agreement.escalation],
        "credit": [_credit(each) for each in agreement.credits],
        "review": _review(agreement.review) if agreement.review else {},
    }
    said = {part: found for part, found in later.items() if found}
    return {
        "agreement": _head(agreement),
        "parties": {"client": agreement.client, "provider": agreement.provider},
        "hours": {name: hours.to_data() for name, hours in agreement.hours.items()},
        "clause": [_clause(clause) for clause in agreement.clauses],
        **said,
        "entitled": [_entitled(each) for each in agreement.entitled],
        "price": [_price(each) for each in agreement.prices],
        "signed": [_signed(each) for each in agreement.signed],
    }


def _head(agreement: Agreement) -> dict[str, Any]:
    head: dict[str, Any] = {
        "ref": agreement.ref,
        "title": agreement.title,
        "services": list(agreement.services),
        "from": agreement.from_on,
    }
    if agreement.to_on:
        head["to"] = agreement.to_on
    if agreement.kind != "full":
        head["kind"] = agreement.kind
    if agreement.running != "stay":
        head["running"] = agreement.running
    if agreement.notice:
        head["notice"] = str(agreement.notice)
    if agreement.renews:
        head["renews"] = str(agreement.renews)
    if agreement.credits_at_most is not None:
        head["credits_at_most"] = agreement.credits_at_most
    return head


def _clause(clause: Clause) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": clause.id,
        "kinds": list(clause.kinds),
        "priorities": list(clause.priorities),
        "start": clause.start,
        "stop": clause.stop,
        "hours": clause.hours,
        "target": str(clause.target),
        "per": clause.per,
        "stopped_by": sorted(holder.value for holder in clause.stopped_by),
    }
    if clause.share is not None:
        data["share"] = clause.share
    return data


def _entitled(each: Entitled) -> dict[str, Any]:
    data: dict[str, Any] = {each.scope: each.name if each.scope != "everyone" else True}
    if each.scope == "organisation":
        data["below"] = each.below
    if each.services:
        data["services"] = list(each.services)
    if each.funder:
        data["funder"] = each.funder
    return data


def _availability(each: Availability) -> dict[str, Any]:
    data: dict[str, Any] = {"id": each.id}
    if each.services:
        data["services"] = list(each.services)
    return data | {"hours": each.hours, "share": each.share, "per": each.per}


def _workload(each: Workload) -> dict[str, Any]:
    data: dict[str, Any] = {"id": each.id}
    for key in ("services", "kinds", "priorities"):
        if found := getattr(each, key):
            data[key] = list(found)
    return data | {"at_most": each.at_most, "per": each.per}


def _escalation(each: Escalation) -> dict[str, Any]:
    data: dict[str, Any] = {"id": each.id}
    if each.services:
        data["services"] = list(each.services)
    data["at"] = each.at
    if each.whom == "person":
        data["person"] = each.person
    elif each.whom != "assignee":
        data["tell"] = each.whom
    return data | {"client": True} if each.tells_client else data


def _credit(each: Credit) -> dict[str, Any]:
    data = {"below": each.below, "percent": each.percent, "amount": each.amount}
    said = {key: found for key, found in data.items() if found is not None}
    return {"clause": each.clause, **said}


def _review(review: Review) -> dict[str, Any]:
    data = {"per": review.per}
    if review.within != REVIEW_WITHIN:
        data["within"] = str(review.within)
    return data


def _price(each: Price) -> dict[str, Any]:
    data: dict[str, Any] = {"amount": each.amount, "currency": each.currency, "per": each.per}
    if each.basis != "flat":
        data["basis"] = each.basis
    return data


def _signed(each: Signed) -> dict[str, Any]:
    data: dict[str, Any] = {"by": each.by, "capacity": each.capacity, "on": each.on}
    if each.acting_for:
        data["for"] = each.acting_for
    if each.method:
        data["method"] = each.method
    return data


def _plain(value: Any) -> Any:
    """The same value as JSON knows it: dates and decimal numbers become text."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _table(table: Mapping[str, Any], path: str) -> Iterator[str]:
    """The lines of one table: its own values, then the tables within it. Empty lists say nothing."""
    for key, value in table.items():
        if not _holds_tables(value) and value != []:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if not _holds_tables(value):
            continue
        inner = f"{path}{_key(key)}"
        for row in value if isinstance(value, list) else [value]:
            has_values = not row or any(not _holds_tables(each) for each in row.values())
            if has_values:
                yield from ("", f"[[{inner}]]" if isinstance(value, list) else f"[{inner}]")
            yield from _table(row, f"{inner}.")


def _holds_tables(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
