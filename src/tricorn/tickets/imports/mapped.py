"""Any table, one row per ticket, with a map that says which column means what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadInput
from tricorn.histories.map import MOMENTS, TICKET, Map
from tricorn.histories.moments import Moments, NaiveTime
from tricorn.histories.table import Row, Table, open_table
from tricorn.tickets.bridge import PRIORITY
from tricorn.tickets.imports.records import Batch, Problem, Record
from tricorn.tickets.models import KINDS, PRIORITIES, STATES

CHOICES = {"kind": KINDS, "state": STATES, "priority": PRIORITIES}


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
    for field_name in TICKET:
        for column in given.columns.get(field_name, ()):
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
            name: [n for c in given.columns.get(name, ()) if (n := table.index(c)) is not None]
            for name in TICKET
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
