"""An export, read into a history: streamed, everything that is left out counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from tricorn.engine.errors import BadInput
from tricorn.engine.replay import MISSING, History
from tricorn.engine.replay.reasons import WAIT_NO_TICKET

from . import events
from .columns import Groups, as_array, recoded, sorted_names
from .formats import FORMATS, Detected, Format, Shape, detected, shape_of
from .lists import ListReader, Plan, Waiting, plan_of
from .map import Map, map_for
from .moments import Moments
from .objects import open_as_table, open_objects
from .servicenow import EventLog
from .table import Table, open_table, plain
from .tally import Problem, Tally

Heard = Callable[[int], None]
LOG = "servicenow-log"


@dataclass(frozen=True)
class Read:
    """An export as a history, and what was left out of it.

    history   its `excluded` counts tickets, by reason; its `excluded_waits` waits
    groups    what the source's own promises go by, a code for each ticket of the history
    mapping   the source's priorities as ours, where a map says so
    rows      rows of the file: as many as used + refused
    problems  refused rows, by reason (SENTENCES tells each); `examples` the first ones with place
    beside    the same of a second file, or of what tickets carry in themselves; None without
    """

    history: History
    groups: Groups
    format: str
    reason: str
    rows: int
    problems: Counter[str]
    examples: tuple[Problem, ...]
    notes: tuple[str, ...]
    mapping: Mapping[str, str]
    beside: Tally | None = None

    @property
    def refused(self) -> int:
        return self.problems.total()

    @property
    def used(self) -> int:
        return self.rows - self.refused


@dataclass(frozen=True)
class _Source:
    """A file and how to read it."""

    path: Path
    encoding: str
    shape: Shape
    moments: Moments
    heard: Heard | None

    def table(self, keys: tuple[str, ...]) -> Table:
        """Open the file as a table; of JSON only these keys."""
        if self.shape.is_json:
            there = [key for key in self.shape.columns if plain(key) in map(plain, keys)]
            keys_there = tuple(there) or keys
            return open_as_table(self.path, keys_there, encoding=self.encoding, on_bytes=self.heard)
        return open_table(self.path, encoding=self.encoding, on_bytes=self.heard, repeats=True)


def open_history(
    path: Path,
    *,
    zone: ZoneInfo | None,
    format: str | None = None,
    map: Map | None = None,
    encoding: str = "utf-8-sig",
    progress: Heard | None = None,
    beside: Path | None = None,
) -> Read:
    """Read an export into a history; a file of any size, never held whole.

    zone      of times that say none
    format    one of FORMATS, or "map"; left out, the columns decide
    map       which column means what, for any other table; left out, those that ship are tried
    progress  hears how many bytes of the file were read so far
    beside    a second file: waits (neutral), metric events (Zendesk), follow-ups (django-helpdesk)
    Errors  BadInput when the format is unknown, times say no zone and none was named, or the file
            is no table or JSON. A bad row is no error: it is counted.
    """
    shape = shape_of(path, encoding)
    if format is None and map is None:
        map = map_for(shape.columns)
    known = _known(shape, path.name, format, map)
    if beside is not None and known.format not in events.READERS:
        raise BadInput(
            f"Nothing can stand beside a file in the format {known.format}. A second file goes "
            f"with: {', '.join(events.READERS)}."
        )
    moments = Moments(zone, map.formats if map else ())
    source = _Source(path, encoding, shape, moments, progress)
    if known.format == LOG:
        return _read_log(source, known)
    return _read_list(source, known, map, beside)


def _known(shape: Shape, name: str, format: str | None, map: Map | None) -> Detected:
    if map is not None and format in (None, "map"):
        return Detected("map", f"the map {map.source} says what its columns mean")
    if map is not None:
        raise BadInput("A map says which column means what: give it, or a format, not both.")
    if format == "map":
        raise BadInput("The format map needs a map: --map MAP.toml.")
    if format is None:
        return detected(shape, name)
    if format not in FORMATS:
        raise BadInput(f"There is no format {format!r:.40}. There are: {', '.join(FORMATS)}.")
    return Detected(format, "you said so")


def _read_log(source: _Source, known: Detected) -> Read:
    tally = Tally()
    keys = tuple(name for names in FORMATS[LOG].marks for name in names)
    log = EventLog(source.table(keys), source.moments, tally)
    log.take_all()
    history, groups = log.history()
    notes = []
    if log.unread:
        notes.append(
            f"Moments of an end that could not be read: {log.unread:,}. There the update that said "
            "so counts."
        )
    if len(history) > 20 and tally.used == len(history) + history.excluded.get("cancelled", 0):
        notes.append(
            "Every ticket has one row only. If this is a list of tickets and no log of updates, "
            "read it with --format servicenow-list."
        )
    return _done(history, groups, known, tally, notes)


def _read_list(source: _Source, known: Detected, map: Map | None, beside: Path | None) -> Read:
    tally, second = Tally(), Tally()
    told: Mapping[str, events.Told] = {}
    if beside is not None:
        told = _beside(beside, source, known.format, second)
    elif (key := events.INLINE.get(known.format)) in source.shape.columns and source.shape.is_json:
        objects = open_objects(source.path, encoding=source.encoding)
        reader = events.READERS[known.format]
        told = reader(events.inline(str(key), objects), source.moments, second)
    if map is None:
        given = FORMATS[known.format]
        table = source.table(tuple(n for names in given.columns.values() for n in names))
        plan = plan_of(given, table)
    else:
        columns = [*map.columns.values(), *((w.start, w.end) for w in map.waits)]
        table = source.table(tuple(name for names in columns for name in names))
        plan = plan_of_map(map, table, source.path.name)
    reader_of_rows = ListReader(table, plan, source.moments, tally, told, second)
    reader_of_rows.take_all()
    gathered = reader_of_rows.gathered
    lost = dict(second.problems) if known.format in ("map", "neutral") else {}
    homeless = sum(len(told[ref].waits) for ref in told.keys() - reader_of_rows.seen)
    if homeless:
        lost[WAIT_NO_TICKET] = homeless
    history = gathered.history(tally.problems, lost)
    names, places = sorted_names(gathered.groups)
    groups = Groups(names, recoded(as_array(gathered.codes["group"]), places, np.int32))
    notes = _notes(reader_of_rows, history, known.format, bool(told))
    strangers = len(told.keys() - reader_of_rows.named)
    if strangers:
        are = (
            "1 ticket of the second file is"
            if strangers == 1
            else (f"{strangers:,} tickets of the second file are")
        )
        notes.append(f"{are} not in the first.")
    mapping = map.values.get("priority", {}) if map else {}
    return _done(history, groups, known, tally, notes, mapping, second if second.rows else None)


def plan_of_map(given: Map, table: Table, name: str) -> Plan:
    """Return where the columns of a map stand in a table.

    Errors  BadInput naming the first column that is missing.
    """

    def places(columns: tuple[str, ...], what: str) -> list[int]:
        found = []
        for column in columns:
            at = table.index(column)
            if at is None:
                shown = ", ".join(table.columns[:30])
                raise BadInput(
                    f"{name} has no column {column!r}, which the map reads as {what}. "
                    f"It has: {shown}."
                )
            found.append(at)
        return found

    at = {what: places(columns, what) for what, columns in given.columns.items()}
    for whose in ("requester", "requester_email"):
        if whose in at:
            at["person"] = at[whose]
    waits = [
        Waiting(each.holder, *places((each.start, each.end), "a wait")) for each in given.waits
    ]
    known = Format("map", given.source, given.columns, (), nulls=given.null)
    return Plan(known, at, given.values, given.constant, waits)


def _beside(path: Path, source: _Source, format: str, tally: Tally) -> Mapping[str, events.Told]:
    """Read the second file."""
    wanted = events.BESIDE[format]
    shape = shape_of(path, source.encoding)
    if shape.is_json:
        objects = open_objects(path, encoding=source.encoding)
        told = ((line, one or {}) for line, one in objects)
        return events.READERS[format](told, source.moments, tally)
    table = open_table(path, encoding=source.encoding)
    columns = [plain(column).replace(" ", "_") for column in table.columns]
    needed = wanted[:4] if format != "django-helpdesk" else wanted[2:4]
    if missing := [column for column in needed if column not in columns]:
        raise BadInput(
            f"{path.name} has no column {missing[0]!r}. Beside {format} it needs "
            f"{', '.join(needed)}; it has: {shape.listed()}."
        )
    rows = events.whole(table.rows, columns, tally)
    return events.READERS[format](rows, source.moments, tally)


def _notes(reader: ListReader, history: History, format: str, has_events: bool) -> list[str]:
    notes = []
    if reader.open_again:
        notes.append(
            f"Open, although they carry an end: {reader.open_again:,}. They were opened again, and "
            "count as open."
        )
    if format == "jira" and len(history) and not len(history.wait_ticket):
        notes.append("This export does not say when tickets waited, so no clock stands still.")
    elif not has_events and len(history) and not len(history.wait_ticket):
        notes.append("The file does not say when tickets waited, so no clock stands still.")
    if format == "zendesk" and not has_events:
        notes.append(
            "Tickets of Zendesk do not say when they were solved; their metric events do. Give "
            "that file too."
        )
    if format == "django-helpdesk":
        notes.append("django-helpdesk keeps no history of tickets on hold.")
    ends = history.closed[history.closed != MISSING], history.resolved[history.resolved != MISSING]
    if len(ends[0]) and len(ends[0]) == len(ends[1]) and (ends[0] == ends[1]).all():
        notes.append("The file knows one end only: it stands for resolved and for closed.")
    if reader.tally.problems["duplicate"] > reader.tally.rows / 2:
        notes.append(
            "Most ids come more than once. If this is a log of updates, name its format: "
            f"--format {LOG}."
        )
    return notes


def _done(
    history: History,
    groups: Groups,
    known: Detected,
    tally: Tally,
    notes: list[str],
    mapping: Mapping[str, str] | None = None,
    beside: Tally | None = None,
) -> Read:
    return Read(
        history=history,
        groups=groups,
        format=known.format,
        reason=known.reason,
        rows=tally.rows,
        problems=tally.problems,
        examples=tuple(tally.examples),
        notes=tuple(notes),
        mapping=dict(mapping or {}),
        beside=beside,
    )
