"""The event log of a ServiceNow instance: one row per update, many rows per incident.

`resolved_at` and `closed_at` are repeated on every row: they are believed only once an event says
that the incident is resolved or closed. `made_sla` is true while the promise is met or not yet
missed; the last row's counts. `?` is nothing. Rows may come in any order.
"""

from __future__ import annotations

import zlib
from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

from tricorn.engine.errors import BadInput
from tricorn.engine.replay import MISSING, History
from tricorn.engine.replay.reasons import NO_START

from .columns import Codes, Groups, as_array, recoded, sorted_names
from .moments import Moments, NaiveTime
from .story import CANCELLED, CLOSED, RESOLVED, state_code, tell
from .table import Row, Table
from .tally import (
    BEFORE_OPENED,
    CELLS,
    DUPLICATE_EVENT,
    NO_REF,
    STATE_UNKNOWN,
    UNREADABLE,
    Tally,
)
from .tally import CANCELLED as WAS_CANCELLED
from .words import SERVICENOW_STATES, is_met

COLUMNS = {
    "number": ("number",),
    "state": ("incident_state", "state"),
    "opened": ("opened_at", "opened"),
    "updated": ("sys_updated_at", "sys_updated_on", "updated"),
    "order": ("sys_mod_count", "updates"),
    "resolved": ("resolved_at", "resolved"),
    "closed": ("closed_at", "closed"),
    "priority": ("priority",),
    "person": ("caller_id", "caller"),
    "met": ("made_sla", "made sla"),
    "group": ("category",),
}
NULLS = frozenset({"", "?"})
_STATES = {said: state_code(*ours) for said, ours in SERVICENOW_STATES.items()}
_EVENT = {
    "ticket": "i",
    "at": "q",
    "order": "i",
    "state": "b",
    "opened": "q",
    "resolved": "q",
    "closed": "q",
    "priority": "i",
    "person": "i",
    "group": "i",
    "flag": "b",
    "digest": "I",
    "line": "i",
}
# By incident and time; the rest only so that the order of rows in the file decides nothing.
_ORDER = (
    *("ticket", "at", "order", "flag", "state", "priority", "group", "person"),
    *("resolved", "closed", "digest", "line"),
)


class EventLog:
    """Collects events as columns, then tells every incident's story at once."""

    def __init__(self, table: Table, moments: Moments, tally: Tally) -> None:
        self.table, self.moments, self.tally = table, moments, tally
        places = {name: table.places(*names) for name, names in COLUMNS.items()}
        self.at = {name: found[0] if found else None for name, found in places.items()}
        missing = [n for n in ("number", "state", "opened", "updated") if self.at[n] is None]
        if missing:
            names = ", ".join(COLUMNS[name][0] for name in missing)
            raise BadInput(f"A ServiceNow event log has the columns {names}; this table has not.")
        self.numbers, self.priorities, self.people = Codes(), Codes(), Codes()
        self.categories = Codes()
        self.events = {name: array(width) for name, width in _EVENT.items()}
        self.appends = [self.events[name].append for name in _EVENT]
        self.places = [len(table.columns) if n is None else n for n in self.at.values()]
        self.written_at = self.places[list(self.at).index("priority")]
        self.lost: dict[str, str] = {}  # incidents that a refused row named -> its reason
        self.unread = 0

    def take_all(self) -> None:
        for row in self.table.rows:
            self.take(row)

    def take(self, row: Row) -> None:
        """Take one row, or count why it is refused."""
        self.tally.rows += 1
        cells = row.cells
        if not row.is_whole:
            width = len(self.table.columns)
            self.tally.refuse(CELLS, row.line, "", f"has {len(cells)} cells; {width} belong here.")
            return
        digest = zlib.crc32("\x1f".join(cells).encode("utf-8", "replace"))
        cells.append("")  # where columns stand that this log does not have
        number, state_said, opened, updated, order, resolved, closed, *rest = [
            "" if (said := cells[n].strip()) in NULLS else said for n in self.places
        ]
        priority, person, flag, group = rest
        if priority:  # sign by sign as it is written
            priority = cells[self.written_at]
        if not number:
            self.tally.refuse(NO_REF, row.line, self.column("number"))
            return
        state = _STATES.get(state_said.lower())
        if state is None:
            self.refuse(row, number, STATE_UNKNOWN, "state", f"{state_said!r:.40} is no state.")
            return
        opened_at = self.needed(row, number, "opened", opened)
        updated_at = self.needed(row, number, "updated", updated)
        if opened_at == MISSING or updated_at == MISSING:
            return
        if updated_at < opened_at:
            self.refuse(row, number, BEFORE_OPENED, "updated", "is before it was opened.")
            return
        met = is_met(flag)
        event = (
            self.numbers[number],
            updated_at,
            int(order) if order.isascii() and order.isdigit() and len(order) < 10 else 0,
            state,
            opened_at,
            self.optional(resolved),
            self.optional(closed),
            self.priorities[priority],
            self.people[person] if person else -1,
            self.categories[group],
            -1 if met is None else int(met),
            digest,
            row.line,
        )
        for append, value in zip(self.appends, event, strict=True):
            append(value)

    def refuse(self, row: Row, number: str, reason: str, name: str, words: str) -> None:
        self.tally.refuse(reason, row.line, self.column(name), words)
        self.lost.setdefault(number, reason)

    def column(self, name: str) -> str:
        at = self.at[name]
        return "" if at is None else self.table.columns[at]

    def needed(self, row: Row, number: str, name: str, said: str) -> int:
        """Return a moment without which the row has no place in time; MISSING if it is refused."""
        if not said:
            self.refuse(row, number, NO_START, name, "is empty.")
            return MISSING
        try:
            return self.moments.seconds(said)
        except NaiveTime:
            raise
        except BadInput as problem:
            self.refuse(row, number, UNREADABLE, name, str(problem))
            return MISSING

    def optional(self, said: str) -> int:
        if not said:
            return MISSING
        try:
            return self.moments.seconds(said)
        except NaiveTime:
            raise
        except BadInput:
            self.unread += 1
            return MISSING

    def ordered(self) -> dict[str, npt.NDArray[Any]]:
        """Return the events by incident and time, without those that came twice.

        Incidents are in order of their numbers: the order of rows leaves no trace.
        """
        columns: dict[str, Any] = {name: as_array(column) for name, column in self.events.items()}
        self.events, self.appends = {}, []
        for name, codes in self.coded().items():
            # What has no code, -1, keeps it: it finds the last place.
            place = np.append(sorted_names(codes)[1], -1).astype(np.int32)
            columns[name] = place[columns[name]]
        # Where two updates share a moment, the promise is missed after it was met.
        columns["flag"] = -columns["flag"]
        order = np.lexsort([columns[name] for name in reversed(_ORDER)])
        columns["flag"] = -columns["flag"]
        again = np.zeros(len(order), dtype=bool)
        again[1:] = True
        for name in ("ticket", "at", "order", "digest"):
            found = columns[name][order]
            again[1:] &= found[1:] == found[:-1]
        for line in sorted(columns.pop("line")[order[again]].tolist()):
            self.tally.refuse(DUPLICATE_EVENT, line)
        del columns["digest"]
        order = order[~again]
        return {name: columns.pop(name)[order] for name in list(columns)}

    def coded(self) -> dict[str, Codes]:
        return {
            "ticket": self.numbers,
            "priority": self.priorities,
            "person": self.people,
            "group": self.categories,
        }

    def history(self) -> tuple[History, Groups]:
        """Tell every incident's story."""
        lost = [reason for number, reason in self.lost.items() if number not in self.numbers]
        events = self.ordered()
        numbers, _ = sorted_names(self.numbers)
        priorities, _ = sorted_names(self.priorities)
        n = len(numbers)
        story = tell(n, events["ticket"], events["at"], events["state"])
        first = np.searchsorted(events["ticket"], np.arange(n))
        last = np.searchsorted(events["ticket"], np.arange(n), side="right") - 1
        opened = events["opened"][first]
        resolved, closed = _ends(story.state, story.over, story.last, opened, events, last)
        excluded: dict[str, int] = {reason: lost.count(reason) for reason in sorted(set(lost))}
        kept = story.state != CANCELLED
        if gone := int((~kept).sum()):
            excluded[WAS_CANCELLED] = gone
        history = History(
            refs=numbers,
            priorities=priorities,
            priority=events["priority"][last].astype(np.int16),
            priority_opened=events["priority"][first].astype(np.int16),
            kinds=("incident",),
            kind=np.zeros(n, dtype=np.int16),
            began=np.full(n, MISSING),
            reported=opened,
            first_response=story.first_response,
            resolved=resolved,
            closed=closed,
            wait_ticket=story.wait_ticket,
            wait_start=story.wait_start,
            wait_end=story.wait_end,
            wait_holder=story.wait_holder,
            person=events["person"][last].astype(np.int32),
            flag=events["flag"][last],
            due=np.full(n, MISSING),
            excluded=excluded,
            ended=int(events["at"].max()) if n else MISSING,
        )
        group = recoded(events["group"][last], np.arange(len(self.categories)), np.int32)
        if gone:
            history, group = history.take(kept), group[kept]
        return history, Groups(sorted(self.categories), group)


def _ends(
    state: npt.NDArray[np.int8],
    over: npt.NDArray[np.int64],
    taken: npt.NDArray[np.int64],
    opened: npt.NDArray[np.int64],
    events: dict[str, npt.NDArray[Any]],
    last: npt.NDArray[np.intp],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return when incidents were resolved and closed: the newest row's word if it is past.

    Without it, the update that first said so.
    """
    newest = events["at"][last]
    said_resolved, said_closed = events["resolved"][last], events["closed"][last]
    is_resolved = (state == RESOLVED) | (state == CLOSED)
    believed = (said_resolved >= opened) & (said_resolved <= newest)
    resolved = np.where(is_resolved, np.where(believed, said_resolved, over), MISSING)
    believed = (said_closed != MISSING) & (said_closed <= newest)
    closed = np.where(believed, said_closed, taken)
    return resolved, np.where(state == CLOSED, np.maximum(closed, resolved), MISSING)
