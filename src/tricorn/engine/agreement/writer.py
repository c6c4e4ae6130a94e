"""An agreement as data and as TOML: the same content goes out and comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .content import Agreement, Clause, Entitled

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_data(agreement: Agreement) -> dict[str, Any]:
    data: dict[str, Any] = _plain(_content(agreement))
    return data


def to_toml(agreement: Agreement) -> str:
    return "\n".join(_table(_content(agreement), "")).lstrip("\n") + "\n"


def _content(agreement: Agreement) -> dict[str, Any]:
    """Everything that the agreement says, in the order of the format, with dates and numbers."""
    head: dict[str, Any] = {
        "ref": agreement.ref,
        "title": agreement.title,
        "services": list(agreement.services),
        "from": agreement.from_on,
    }
    if agreement.to_on:
        head["to"] = agreement.to_on
    return {
        "agreement": head,
        "parties": {"client": agreement.client, "provider": agreement.provider},
        "hours": {name: hours.to_data() for name, hours in agreement.hours.items()},
        "clause": [_clause(clause) for clause in agreement.clauses],
        "entitled": [_entitled(each) for each in agreement.entitled],
        "price": [
            {"amount": price.amount, "currency": price.currency, "per": price.per}
            for price in agreement.prices
        ],
        "signed": [
            {"by": each.by, "capacity": each.capacity, "on": each.on} for each in agreement.signed
        ],
    }


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
    data: dict[str, Any] = {each.scope: each.name}
    if each.scope == "organisation":
        data["below"] = each.below
    if each.services:
        data["services"] = list(each.services)
    if each.funder:
        data["funder"] = each.funder
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
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
