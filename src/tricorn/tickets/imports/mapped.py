"""Any table, one row per ticket, with a map that says which column means what.

source = "boston311"
service = "Streets"                  the service of all rows, unless a column names it
null = ["", "N/A"]
[columns]                            field = column, or a list of columns to join
id = "case_enquiry_id"
reported = "open_dt"
summary = ["type", "case_title"]
[values.state]                       what the source says = what we say
Open = "open"
[constant]
kind = "request"
[dates]
formats = ["%m/%d/%Y %I:%M:%S %p"]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadInput
from tricorn.engine.toml import read_toml
from tricorn.tickets.bridge import PRIORITY
from tricorn.tickets.imports.moments import Moments, NaiveTime
from tricorn.tickets.imports.records import Batch, Problem, Record
from tricorn.tickets.imports.table import Row, Table, open_table
from tricorn.tickets.models import KINDS, PRIORITIES, STATES

MOMENTS = ("reported", "began", "first_response", "resolved", "closed")
FIELDS = (
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
CHOICES = {"kind": KINDS, "state": STATES, "priority": PRIORITIES}


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


def shipped_maps() -> list[str]:
    """Name the maps that come with the program."""
    folder = resources.files("tricorn.tickets.imports").joinpath("maps")
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir())


def load_map(name: str) -> Map:
    """Load a map: one that ships with the program by its name, else a TOML file by its path.

    Errors  BadInput naming what the map lacks or what is not known in it.
    """
    if name in shipped_maps():
        path = resources.files("tricorn.tickets.imports").joinpath("maps", f"{name}.toml")
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
    known = {"source", "service", "columns", "values", "constant", "dates", "null"}
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


def read_mapped(
    path: Path,
    given: Map,
    *,
    zone: ZoneInfo | None,
    encoding: str = "utf-8-sig",
    on_bytes: Callable[[int], None] | None = None,
) -> Batch:
    """Read a table by a map. The first of two rows with one id is taken, the second refused.

    Errors  BadInput when a mapped column is missing, or times say no zone and none was named.
    """
    table = open_table(path, encoding=encoding, on_bytes=on_bytes)
    for field_name, columns in given.columns.items():
        for column in columns:
            if table.index(column) is None:
                raise BadInput(
                    f"{path.name} has no column {column!r}, which the map reads as {field_name}. "
                    f"It has: {', '.join(table.columns[:30])}."
                )
    reader = _Reader(table, given, Moments(zone, given.formats))
    batch = Batch()
    seen: set[str] = set()
    for row in table.rows:
        batch.rows += 1
        try:
            record = reader.record(row)
            if record.source_id in seen:
                raise _BadCell(given.columns["id"][0], f"{record.source_id!r} stood above already.")
            seen.add(record.source_id)
            batch.records.append(record)
        except _BadCell as problem:
            batch.problems.append(Problem(row.line, problem.column, problem.words))
    return batch


class _BadCell(Exception):
    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column, self.words = column, words


class _Reader:
    """Turns rows into records by a map."""

    def __init__(self, table: Table, given: Map, moments: Moments) -> None:
        self.table, self.map, self.moments = table, given, moments
        self.at = {
            name: [n for column in columns if (n := table.index(column)) is not None]
            for name, columns in given.columns.items()
        }
        taken = {n for places in self.at.values() for n in places}
        self.rest = [(n, name) for n, name in enumerate(table.columns) if n not in taken]

    def record(self, row: Row) -> Record:
        """Return the ticket of one row; _BadCell says which cell is in the way."""
        if not row.is_whole:
            raise _BadCell(
                "", f"has {len(row.cells)} cells; {len(self.table.columns)} belong here."
            )
        source_id = self.said(row, "id")
        if not source_id:
            raise _BadCell(self.map.columns["id"][0], "is empty; every row needs its own id.")
        when = {name: self.moment(row, name) for name in MOMENTS}
        reported_at = when["reported"]
        if reported_at is None:
            raise _BadCell(self.map.columns["reported"][0], "is empty; when was it reported?")
        for name in ("first_response", "resolved", "closed"):
            moment = when[name]
            if moment is not None and moment < reported_at:
                raise _BadCell(self.map.columns[name][0], "is before it was reported.")
        began_at = when["began"]
        if began_at is not None and began_at > reported_at:
            raise _BadCell(self.map.columns["began"][0], "is after it was reported.")
        state = self.state(row, when)
        done = state in ("resolved", "closed")
        impact, urgency = self.scale(row, "impact"), self.scale(row, "urgency")
        return Record(
            source=self.map.source,
            source_id=source_id[:120],
            summary=self.said(row, "summary")[:200] or source_id,
            text=self.said(row, "text"),
            kind=self.choice(row, "kind") or "incident",
            state=state,
            reported_at=reported_at,
            began_at=began_at,
            first_response_at=when["first_response"],
            resolved_at=(when["resolved"] or when["closed"]) if done else None,
            closed_at=when["closed"] if state in ("closed", "cancelled") else None,
            impact=impact,
            urgency=urgency,
            priority=self.choice(row, "priority") or PRIORITY[impact + urgency],
            requester=self.said(row, "requester")[:120],
            requester_email=self.said(row, "requester_email"),
            organisation=self.said(row, "organisation")[:200],
            place=self.said(row, "place")[:200],
            service=self.said(row, "service")[:120] or self.map.service,
            channel=self.said(row, "channel").lower()[:20] or "import",
            extra={name: row.cells[n] for n, name in self.rest if row.cells[n].strip()},
        )

    def said(self, row: Row, name: str) -> str:
        """Return what the row says of a field, translated by the map; empty when it says nothing."""
        parts = [row.cells[n].strip() for n in self.at.get(name, ())]
        text = ", ".join(part for part in parts if part not in self.map.null)
        text = self.map.values.get(name, {}).get(text, text)
        return (text or self.map.constant.get(name, "")).replace("\0", "")

    def choice(self, row: Row, name: str) -> str:
        said = self.said(row, name).lower()
        if said and said not in CHOICES[name]:
            column = self.map.columns.get(name, (name,))[0]
            raise _BadCell(
                column,
                f"{said!r} is none of {', '.join(CHOICES[name])}. "
                f"Translate it in the map: [values.{name}].",
            )
        return said

    def moment(self, row: Row, name: str) -> datetime | None:
        said = self.said(row, name)
        if not said:
            return None
        try:
            return self.moments.read(said)
        except NaiveTime:
            raise
        except BadInput as problem:
            raise _BadCell(self.map.columns[name][0], str(problem)) from problem

    def state(self, row: Row, when: Mapping[str, datetime | None]) -> str:
        """Return the state that the row says, else the one that its moments show."""
        if said := self.choice(row, "state"):
            return "open" if said == "waiting" else said
        if when["closed"]:
            return "closed"
        return "resolved" if when["resolved"] else "open"

    def scale(self, row: Row, name: str) -> int:
        said = self.said(row, name)[:1]
        return int(said) if said in ("1", "2", "3") else 2
