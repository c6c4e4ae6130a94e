"""A map says which column of a table means what.

source = "boston311"
service = "Streets"                  the service of all rows, unless a column names it
null = ["", "N/A"]
[columns]                            field = column, or a list of columns to join
id = "case_enquiry_id"
reported = "opened"
summary = ["type", "case_title"]
[values.state]                       what the source says = what we say
Open = "open"
[constant]
kind = "request"
[dates]
formats = ["%m/%d/%Y %I:%M:%S %p"]
[[waits]]                            for the replay: from when to when somebody held it up
holder = "user"
from = "on_hold_since"
to = "on_hold_until"
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from tricorn.engine.errors import BadInput
from tricorn.engine.replay import HOLDERS
from tricorn.engine.toml import read_toml

MOMENTS = ("reported", "began", "first_response", "resolved", "closed")
# What an import reads of a row.
TICKET = (
    "id",
    *MOMENTS,
    "summary",
    "text",
    "kind",
    "state",
    "priority",
    "impact",
    "urgency",
    "requester",
    "requester_email",
    "organisation",
    "place",
    "service",
    "channel",
)
# What a replay reads besides: the source's own promise, and what its promises go by.
PROMISE = ("due", "met", "priority_opened", "group")
FIELDS = (*TICKET, *PROMISE)


@dataclass(frozen=True)
class WaitColumns:
    """Two columns that say from when to when somebody held a ticket up."""

    holder: str
    start: str
    end: str


@dataclass(frozen=True)
class Map:
    """Which column means what in one kind of table."""

    source: str
    columns: Mapping[str, tuple[str, ...]]
    service: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    null: frozenset[str] = frozenset({""})
    waits: tuple[WaitColumns, ...] = ()


def shipped_maps() -> list[str]:
    """Name the maps that come with the program."""
    folder = resources.files("tricorn.histories").joinpath("maps")
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir())


def map_for(columns: Sequence[str]) -> Map | None:
    """Return the first map that ships and whose columns are all there; None if none fits."""
    there = set(columns)
    for name in shipped_maps():
        found = load_map(name)
        wanted = {column for each in found.columns.values() for column in each}
        if wanted <= there:
            return found
    return None


def load_map(name: str) -> Map:
    """Load a map: one that ships with the program by its name, else a TOML file by its path.

    Errors  BadInput naming what the map lacks or what is not known in it.
    """
    if name in shipped_maps():
        path = resources.files("tricorn.histories").joinpath("maps", f"{name}.toml")
        return parse_map(path.read_text(encoding="utf-8"), f"{name}.toml")
    file = Path(name)
    if not file.is_file():
        raise BadInput(
            f"There is no map {name!r}. Give the path of a TOML file, or one that ships: "
            f"{', '.join(shipped_maps())}."
        )
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise BadInput(f"{file.name} is not a text in UTF-8. Save it as UTF-8.") from problem
    return parse_map(text, file.name)


def parse_map(text: str, name: str) -> Map:
    """Read a map from TOML."""
    data = read_toml(text, name)
    known = {"source", "service", "columns", "values", "constant", "dates", "null", "waits"}
    for key in data:
        if key not in known:
            raise BadInput(f"{name}: {key!r} is not known. Known: {', '.join(sorted(known))}.")
    columns = _columns(data.get("columns", {}), name)
    for needed in ("id", "reported"):
        if needed not in columns:
            raise BadInput(f"{name}, [columns]: {needed} is missing. Name the column it is in.")
    values, constant = (_table(data, where, name) for where in ("values", "constant"))
    for where, table in (("values", values), ("constant", constant)):
        for each in table:
            if each not in FIELDS:
                raise BadInput(f"{name}, [{where}]: {each!r} is no field of a ticket.")
    return Map(
        source=str(data.get("source", name.removesuffix(".toml"))),
        columns=columns,
        service=str(data.get("service", "")),
        values={
            k: {str(a): str(b) for a, b in _table(values, k, f"{name}, [values]").items()}
            for k in values
        },
        constant={k: str(v) for k, v in constant.items()},
        formats=_formats(_table(data, "dates", name), f"{name}, [dates]"),
        null=frozenset(_words(data, "null", name)) | {""},
        waits=_waits(data.get("waits", []), name),
    )


def _table(data: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise BadInput(f"{place}: {key} is a table, like [{key}] and lines below it.")
    return found


def _formats(dates: Mapping[str, Any], place: str) -> tuple[str, ...]:
    formats = _words(dates, "formats", place)
    for each in formats:
        try:
            datetime.strptime("", each)  # noqa: DTZ007 - only whether it can be understood
        except re.error as problem:
            raise BadInput(f"{place}: {each!r} says the same part of a date twice.") from problem
        except ValueError:
            continue
    return formats


def _words(data: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadInput(f'{place}: {key} is a list of words, like {key} = ["a", "b"].')
    return tuple(found)


def _columns(said: Any, name: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, dict):
        raise BadInput(f"{name}: [columns] is a table of field = column.")
    found = {}
    for field_name, column in said.items():
        if field_name not in FIELDS:
            raise BadInput(
                f"{name}, [columns]: {field_name!r} is no field of a ticket. "
                f"Known: {', '.join(FIELDS)}."
            )
        many = [column] if isinstance(column, str) else column
        if not isinstance(many, list) or not all(isinstance(each, str) for each in many):
            raise BadInput(f"{name}, [columns], {field_name}: name a column, or a list of them.")
        found[field_name] = tuple(many)
    return found


def _waits(said: Any, name: str) -> tuple[WaitColumns, ...]:
    holders = [holder for holder in HOLDERS if holder]
    if not isinstance(said, list):
        raise BadInput(f"{name}: waits stand as [[waits]], each with holder, from and to.")
    found = []
    for each in said:
        if not isinstance(each, dict) or set(each) != {"holder", "from", "to"}:
            raise BadInput(f"{name}, [[waits]]: each has holder, from and to, and nothing else.")
        if each["holder"] not in holders:
            raise BadInput(
                f"{name}, [[waits]]: {each['holder']!r:.40} is no holder. "
                f"It is one of {', '.join(holders)}."
            )
        found.append(WaitColumns(each["holder"], str(each["from"]), str(each["to"])))
    return tuple(found)
