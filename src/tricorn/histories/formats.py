"""The formats that are known by their columns, as data; which one a file is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tricorn.engine.errors import BadInput

from . import words
from .objects import is_json, open_objects, sound
from .table import open_table, open_text, plain, readable
from .words import States, is_met

SHOWN = 30


def is_time_left(said: str) -> bool | None:
    """Return whether a promise held, from the time that was left of it: "1:30" or "-0:10"."""
    if not any(letter.isdigit() for letter in said):
        return None
    return not said.startswith(("-", "−"))


def is_not_exceeded(said: str) -> bool | None:
    """Return whether a promise held, from whether it was exceeded."""
    met = is_met(said)
    return None if met is None else not met


@dataclass(frozen=True)
class Format:
    """What the columns of one kind of export mean.

    columns  our field -> the names by which its column goes, the best one first
    marks    by which it is known: of each group one column must be there
    states   the source's states in ours; none of these: the moments decide
    met      what a cell says about the promise
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    marks: tuple[tuple[str, ...], ...]
    states: States = field(default_factory=lambda: words.OUR_STATES)
    met: Callable[[str], bool | None] = is_met
    nulls: frozenset[str] = frozenset({""})


_LIST = (
    Format(
        "servicenow-log",
        "ServiceNow, one row per update",
        {},
        (
            ("number",),
            ("incident_state", "state"),
            ("opened_at", "opened"),
            ("sys_updated_at", "sys_updated_on", "updated"),
            ("sys_mod_count", "updates"),
        ),
    ),
    Format(
        "servicenow-list",
        "ServiceNow, one row per ticket",
        {
            "id": ("number",),
            "reported": ("opened_at", "opened"),
            "resolved": ("resolved_at", "resolved"),
            "closed": ("closed_at", "closed"),
            "state": ("incident_state", "state"),
            "priority": ("priority",),
            "person": ("caller_id", "caller"),
            "met": ("made_sla",),
            "group": ("category",),
        },
        (
            ("number",),
            ("opened_at", "opened"),
            ("caller_id", "caller", "assignment_group", "incident_state", "contact_type", "state"),
        ),
        words.SERVICENOW_STATES,
        nulls=frozenset({"", "?"}),
    ),
    Format(
        "jira",
        "Jira Service Management, CSV with all fields",
        {
            "id": ("issue key",),
            "reported": ("created",),
            "resolved": ("resolved",),
            "first_response": ("custom field ([chart] date of first response)",),
            "state": ("status category",),
            "changed": ("status category changed",),
            "priority": ("priority",),
            "kind": ("issue type",),
            "person": ("reporter",),
            "met": ("custom field (time to resolution)",),
            "group": ("custom field (request type)",),
        },
        (("issue key",), ("created",)),
        words.JIRA_STATES,
        is_time_left,
    ),
    Format(
        "django-helpdesk",
        "django-helpdesk, the table helpdesk_ticket or its interface",
        {
            "id": ("id",),
            "reported": ("created",),
            "state": ("status",),
            "priority": ("priority",),
            "person": ("submitter_email",),
            "group": ("queue", "queue_id"),
            "gone": ("merged_to", "merged_to_id"),
        },
        (("id",), ("submitter_email",), ("queue", "queue_id")),
        words.HELPDESK_STATES,
    ),
    Format(
        "zendesk",
        "Zendesk, JSON lines or CSV of tickets",
        {
            "id": ("id",),
            "reported": ("created_at",),
            "resolved": ("solved_at",),
            "state": ("status",),
            "priority": ("priority",),
            "kind": ("type",),
            "person": ("requester_id", "requester"),
            "group": ("group_id", "group"),
        },
        (("id",), ("created_at",), ("requester_id", "submitter_id", "requester"), ("status",)),
        words.ZENDESK_STATES,
    ),
    Format(
        "zammad",
        "Zammad, its report as CSV or tickets of its interface",
        {
            "id": ("#", "number"),
            "reported": ("created_at",),
            "first_response": ("first_response_at",),
            "closed": ("last_close_at", "closed_at", "close_at"),
            "due": ("close_escalation_at",),
            "state": ("state",),
            "priority": ("priority",),
            "person": ("customer", "customer_id"),
            "met": ("close_diff_in_min",),
            "group": ("group",),
        },
        (("#", "number"), ("created_at",), ("close_escalation_at", "closed_at", "close_at")),
        words.ZAMMAD_STATES,
        is_time_left,
        frozenset({"", "-"}),
    ),
    Format(
        "glpi",
        "GLPI, CSV of a list with English columns",
        {
            "id": ("id",),
            "reported": ("opening date",),
            "resolved": ("resolution date",),
            "closed": ("closing date",),
            "due": ("time to resolve",),
            "state": ("status",),
            "priority": ("priority",),
            "kind": ("type",),
            "person": ("requester - requester", "requester"),
            "met": ("time to resolve exceeded",),
            "group": ("category",),
        },
        (("id",), ("opening date",)),
        words.GLPI_STATES,
        is_not_exceeded,
    ),
    Format(
        "neutral",
        "CSV with Tricorn's own columns",
        {
            "id": ("id",),
            "reported": ("reported", "opened"),
            "began": ("began",),
            "first_response": ("first_response",),
            "resolved": ("resolved",),
            "closed": ("closed",),
            "due": ("due",),
            "state": ("state",),
            "priority": ("priority",),
            "priority_opened": ("priority_opened",),
            "kind": ("kind",),
            "person": ("person",),
            "met": ("met",),
            "group": ("group",),
        },
        (("id",), ("reported", "opened"), ("resolved", "closed", "first_response")),
    ),
)
FORMATS: Mapping[str, Format] = MappingProxyType({each.name: each for each in _LIST})
# Columns of helpdesks in other languages; their maps are short to write.
_GLPI_ELSEWHERE = {
    "date d'ouverture",
    "eröffnungsdatum",
    "fecha de apertura",
    "data di apertura",
    "data de abertura",
    "data otwarcia",
}


@dataclass(frozen=True)
class Detected:
    """The format of a file and by what it is known."""

    format: str
    reason: str


@dataclass(frozen=True)
class Shape:
    """How a file is written: as JSON or as a table, and with which columns."""

    is_json: bool
    columns: Sequence[str]

    def listed(self) -> str:
        shown = sound(", ".join(self.columns[:SHOWN]))
        more = len(self.columns) - SHOWN
        return f"{shown} and {more} more" if more > 0 else shown


def shape_of(path: Path, encoding: str = "utf-8-sig") -> Shape:
    """Look at the beginning of a file."""
    text = open_text(path, encoding=encoding)
    with text, readable(path.name, encoding, 1):
        start = text.read(1024)
    if not is_json(start):
        table = open_table(path, encoding=encoding, repeats=True)
        return Shape(False, table.columns)
    objects = open_objects(path, encoding=encoding)
    for _, told in objects:
        if told is not None:
            return Shape(True, list(told))
    raise BadInput(f"{path.name} holds no JSON objects. Give one object per line, or a list.")


def detect(path: Path, encoding: str = "utf-8-sig") -> Detected:
    """Return the format of a file, by its columns alone.

    Errors  BadInput for none that is known: it says which columns there are, and what to do.
    """
    return detected(shape_of(path, encoding), path.name)


def detected(shape: Shape, name: str) -> Detected:
    known = {plain(column): column for column in reversed(shape.columns)}
    for each in FORMATS.values():
        found = [
            next((known[plain(mark)] for mark in group if plain(mark) in known), None)
            for group in each.marks
        ]
        if all(found):
            told = ", ".join(dict.fromkeys(mark for mark in found if mark))
            return Detected(each.name, f"it has the columns {told}")
    hint = (
        "This looks like GLPI in another language: set your language there to English (UK) and "
        "export again, or write a map (--map MAP.toml)."
        if _GLPI_ELSEWHERE & known.keys()
        else f"Name its format (--format {', '.join(FORMATS)}) or write a map that says which "
        "column means what (--map MAP.toml, docs/formats.md)."
    )
    raise BadInput(
        f"{name} is in no format that is known. Its columns are: {shape.listed()}. {hint}",
        columns=tuple(shape.columns),
    )
