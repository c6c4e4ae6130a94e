"""The event log of a ServiceNow instance: one row per update, many rows per incident.

`resolved_at` and `closed_at` are repeated on every row: they are believed only once an event says
that the incident is resolved or closed. `?` is nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadInput
from tricorn.histories.moments import Moments, NaiveTime
from tricorn.histories.table import Row, Table, open_table
from tricorn.histories.words import SERVICENOW_PRIORITIES, SERVICENOW_STATES
from tricorn.tickets.bridge import PRIORITY
from tricorn.tickets.imports.records import Batch, Problem, Record

NEEDED = ("number", "incident_state", "opened_at", "sys_updated_at")
NOT_YET = datetime.max.replace(tzinfo=UTC)
# Cells that become columns of the ticket; everything else stays with it as it was written.
TAKEN = {"number", "incident_state", "opened_at", "resolved_at", "closed_at", "caller_id"}


@dataclass(slots=True)
class _Event:
    """One update of an incident."""

    at: datetime
    order: int
    state: str
    holder: str


@dataclass(slots=True)
class _Incident:
    """The events of one incident so far, and its newest row."""

    opened_at: datetime
    events: list[_Event] = field(default_factory=list)
    newest: list[str] = field(default_factory=list)
    newest_key: tuple[datetime, int] | None = None


def read_servicenow(
    path: Path,
    *,
    zone: ZoneInfo | None,
    source: str = "servicenow",
    encoding: str = "utf-8-sig",
    on_bytes: Callable[[int], None] | None = None,
    shift: timedelta = timedelta(),
    until: datetime | None = None,
) -> Batch:
    """Read an incident event log.

    A refused row leaves the rest of its incident. With `shift` every local time is moved by it;
    what lies after `until` has not happened yet and is passed over.
    Errors  BadInput when the file is no such log, or its times say no zone and none was named.
    """
    table = open_table(path, encoding=encoding, on_bytes=on_bytes)
    missing = [name for name in NEEDED if table.index(name) is None]
    if missing:
        raise BadInput(
            f"{path.name} is no ServiceNow event log: it has no column {', '.join(missing)}. "
            f"It has {', '.join(table.columns[:8])} ... For any other table: tricorn import csv."
        )
    reader = _Reader(table, Moments(zone, shift=shift), until)
    for row in table.rows:
        reader.take(row)
    return Batch(
        records=[reader.record(number, source) for number in reader.incidents],
        rows=reader.rows,
        problems=reader.problems,
    )


class _Reader:
    """Collects events by incident, then tells each incident's story."""

    def __init__(self, table: Table, moments: Moments, until: datetime | None = None) -> None:
        self.table, self.moments, self.until = table, moments, until
        self.at = {name.strip().lower(): n for n, name in enumerate(table.columns)}
        self.incidents: dict[str, _Incident] = {}
        self.problems: list[Problem] = []
        self.rows = 0

    def take(self, row: Row) -> None:
        """Take one row, or note why it is refused."""
        self.rows += 1
        if not row.is_whole:
            self.refuse(
                row, "", f"has {len(row.cells)} cells; {len(self.table.columns)} belong here."
            )
            return
        number = self.cell(row.cells, "number")
        if not number:
            self.refuse(row, "number", "is empty; every row names its incident.")
            return
        state = SERVICENOW_STATES.get(self.cell(row.cells, "incident_state").lower())
        if state is None:
            said = self.cell(row.cells, "incident_state")
            self.refuse(row, "incident_state", f"{said!r} is no state of an incident.")
            return
        opened = self.moment(row, "opened_at")
        updated = self.moment(row, "sys_updated_at")
        if opened is None or updated is None:
            return
        if self.until is not None and updated > self.until:
            return
        if updated < opened:
            self.refuse(row, "sys_updated_at", "is before the incident was opened.")
            return
        order = self.cell(row.cells, "sys_mod_count")
        incident = self.incidents.setdefault(number, _Incident(opened))
        event = _Event(updated, int(order) if order.isascii() and order.isdigit() else 0, *state)
        incident.events.append(event)
        if incident.newest_key is None or (event.at, event.order) >= incident.newest_key:
            incident.newest_key = (event.at, event.order)
            incident.newest = [sys.intern(cell) for cell in row.cells]

    def refuse(self, row: Row, column: str, words: str) -> None:
        self.problems.append(Problem(row.line, column, words))

    def cell(self, cells: list[str], name: str) -> str:
        n = self.at.get(name)
        said = cells[n].strip() if n is not None else ""
        return "" if said == "?" else said

    def moment(self, row: Row, name: str) -> datetime | None:
        said = self.cell(row.cells, name)
        if not said:
            self.refuse(row, name, "is empty; a row without it has no place in time.")
            return None
        try:
            return self.moments.read(said)
        except NaiveTime:
            raise
        except BadInput as problem:
            self.refuse(row, name, str(problem))
            return None

    def believed(self, incident: _Incident, name: str) -> datetime | None:
        """Return a moment of the newest row, unless that row would foretell it or it is unreadable."""
        said = self.cell(incident.newest, name)
        try:
            moment = self.moments.read(said) if said else None
        except BadInput:
            return None
        is_past = moment and incident.newest_key and moment <= incident.newest_key[0]
        return moment if is_past else None

    def record(self, number: str, source: str) -> Record:
        """Return one incident's story as a record."""
        incident = self.incidents[number]
        story = _tell(incident)
        cells = incident.newest
        resolved_at = closed_at = None
        if story.state in ("resolved", "closed"):
            said = self.believed(incident, "resolved_at")
            resolved_at = said if said and said >= incident.opened_at else story.resolved_at
        if story.state in ("closed", "cancelled"):
            closed_at = self.believed(incident, "closed_at") or story.ended_at
            closed_at = max(closed_at, resolved_at or closed_at)
        impact, urgency = _scale(self.cell(cells, "impact")), _scale(self.cell(cells, "urgency"))
        priority = SERVICENOW_PRIORITIES.get(
            self.cell(cells, "priority")[:1], PRIORITY[impact + urgency]
        )
        what = [self.cell(cells, name) for name in ("category", "subcategory", "u_symptom")]
        return Record(
            source=source,
            source_id=number,
            summary=", ".join(part for part in what if part) or number,
            reported_at=incident.opened_at,
            state=story.state,
            first_response_at=story.first_response_at,
            resolved_at=resolved_at,
            closed_at=closed_at,
            waits=tuple(story.waits),
            waiting_on=story.holder,
            impact=impact,
            urgency=urgency,
            priority=priority,
            requester=self.cell(cells, "caller_id"),
            channel=self.cell(cells, "contact_type").lower()[:20] or "import",
            extra={
                name: cells[n]
                for name, n in self.at.items()
                if name not in TAKEN and cells[n].strip() not in ("", "?")
            },
        )


@dataclass
class _Story:
    """What the events of an incident say, in order."""

    state: str = "new"
    holder: str = ""
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    ended_at: datetime = NOT_YET
    waits: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)


def _tell(incident: _Incident) -> _Story:
    """Go through the events in time: when it was taken up, who held it up, when it was over.

    The first event in which it is no longer new is its first response.
    """
    story = _Story()
    since: datetime | None = None
    for event in sorted(incident.events, key=lambda each: (each.at, each.order)):
        if event.state != "new" and story.first_response_at is None:
            story.first_response_at = event.at
        if (event.state, event.holder) == (story.state, story.holder):
            continue
        if story.state == "waiting" and since is not None and event.at > since:
            story.waits.append((story.holder, since, event.at))
        was_over = story.state in ("resolved", "closed", "cancelled")
        is_over = event.state in ("resolved", "closed", "cancelled")
        if was_over and not is_over and story.resolved_at is not None:
            if event.at > story.resolved_at:
                story.waits.append(("", story.resolved_at, event.at))
            story.resolved_at = None
        if is_over and not was_over:
            story.resolved_at = event.at
        story.state, story.holder, since = event.state, event.holder, event.at
        story.ended_at = event.at
    if story.state == "waiting" and since is not None:
        story.waits.append((story.holder, since, None))
    return story


def _scale(said: str) -> int:
    """Return 1 to 3 from "2 - Medium"; what is not said is in the middle."""
    return int(said[0]) if said[:1] in ("1", "2", "3") else 2
