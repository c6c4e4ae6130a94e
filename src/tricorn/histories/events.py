"""What stands beside the tickets of a list: metric events, follow-ups, waits.

They come in a second file, or within the tickets themselves where those are JSON.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tricorn.engine.errors import BadInput
from tricorn.engine.replay import HOLDERS, MISSING
from tricorn.engine.replay.reasons import NO_START, WAIT_NO_START, WAIT_REVERSED

from .columns import HOLDER_CODE, Codes, as_array
from .moments import Moments, NaiveTime
from .objects import cell
from .story import CLOSED, OPEN, RESOLVED, STATES, WAITING, state_code, tell
from .tally import CELLS, NO_HOLDER, NO_REF, STATE_UNKNOWN, UNREADABLE, Tally
from .words import HELPDESK_STATES

Wait = tuple[int, int, int]  # start, end, code of the holder
Cells = Mapping[str, Any]
# Where JSON tickets carry them, and what each is made of.
INLINE = {"zendesk": "metric_events", "django-helpdesk": "followup_set"}
BESIDE = {
    "zendesk": ("ticket_id", "metric", "type", "time", "id", "deleted"),
    "django-helpdesk": ("ticket", "ticket_id", "date", "new_status", "id"),
    "neutral": ("id", "waiting", "from", "to"),
}


@dataclass
class Told:
    """What is told of one ticket besides its row."""

    state: str = ""
    first_response: int = MISSING
    resolved: int = MISSING
    closed: int = MISSING
    met: bool | None = None
    waits: list[Wait] = field(default_factory=list)

    def into(self, when: dict[str, int]) -> None:
        """Add the moments that the row does not have; a log knows better than a row when it ended."""
        if when.get("first_response", MISSING) == MISSING:
            when["first_response"] = self.first_response
        for name, moment in (("resolved", self.resolved), ("closed", self.closed)):
            if moment != MISSING:
                when[name] = moment


class Reader:
    """Reads moments of events; what cannot be read is counted."""

    def __init__(self, moments: Moments, tally: Tally) -> None:
        self.moments, self.tally = moments, tally
        self.refs = Codes()
        self.columns = {"ticket": array("q"), "at": array("q"), "order": array("q")}
        self.columns["what"] = array("b")

    def moment(self, said: str, line: int, column: str) -> int | None:
        """Return the moment, MISSING for an empty cell, None if it is refused."""
        if not said:
            return MISSING
        try:
            return self.moments.seconds(said)
        except NaiveTime:
            raise
        except BadInput as problem:
            self.tally.refuse(UNREADABLE, line, column, str(problem))
            return None

    def event(self, ref: str, when: str, order: str, what: int, line: int, column: str) -> None:
        """Take one event in, or count why not."""
        at = self.moment(when, line, column)
        if not ref:
            self.tally.refuse(NO_REF, line)
        elif at == MISSING:
            self.tally.refuse(NO_START, line, column, "is empty.")
        elif at is not None:
            number = int(order) if order.isascii() and order.isdigit() else 0
            for name, value in zip(
                ("ticket", "at", "order", "what"), (self.refs[ref], at, number, what), strict=True
            ):
                self.columns[name].append(value)

    def ordered(self) -> dict[str, Any]:
        columns: dict[str, Any] = {name: as_array(each) for name, each in self.columns.items()}
        order = np.lexsort([columns[name] for name in ("what", "order", "at", "ticket")])
        return {name: column[order] for name, column in columns.items()}

    def stories(self, ticket: Any, at: Any, state: Any) -> dict[str, Told]:
        """Tell the stories of the tickets that these ordered events are about."""
        present, codes = np.unique(ticket, return_inverse=True)
        story = tell(len(present), codes, at, state)
        names = list(self.refs)
        told: dict[str, Told] = {}
        for row, number in enumerate(present.tolist()):
            last = int(story.state[row])
            is_over = last in (RESOLVED, CLOSED)
            told[names[number]] = Told(
                state="waiting" if last >= WAITING else STATES[last],
                resolved=int(story.over[row]) if is_over else MISSING,
                closed=int(story.last[row]) if last == CLOSED else MISSING,
            )
        for row, *wait in zip(
            story.wait_ticket.tolist(),
            story.wait_start.tolist(),
            story.wait_end.tolist(),
            story.wait_holder.tolist(),
            strict=True,
        ):
            told[names[present[row]]].waits.append((wait[0], wait[1], wait[2]))
        return told


# Zendesk: what a metric event does, as one number.
_CLOCKS = ("requester_wait_time", "agent_work_time")
_TYPES = ("activate", "pause", "fulfill")
_REPLY, _BREACH, _APPLIED = 20, 21, 22


def metric_events(
    rows: Iterable[tuple[int, Cells]], moments: Moments, tally: Tally
) -> dict[str, Told]:
    """Read Zendesk's metric events: the requester's clock pauses while a ticket is pending.

    The agent's clock pauses on hold too: what only it pauses for waits on somebody outside.
    """
    reader = Reader(moments, tally)
    for line, row in rows:
        tally.rows += 1
        what = _what(row)
        if what is not None:
            ref, when = cell(row.get("ticket_id")), cell(row.get("time"))
            reader.event(ref, when, cell(row.get("id")), what, line, "time")
    events = reader.ordered()
    state = array("b")
    taken = array("q")
    first: dict[int, int] = {}
    met: dict[int, bool] = {}
    ticket = -1
    clocks = [0, 0]
    for place, (of, what) in enumerate(
        zip(events["ticket"].tolist(), events["what"].tolist(), strict=True)
    ):
        if of != ticket:
            ticket, clocks = of, [0, 0]
        if what == _REPLY:
            first.setdefault(of, int(events["at"][place]))
        elif what == _BREACH:
            met[of] = False
        elif what == _APPLIED:
            met.setdefault(of, True)
        else:
            clocks[what // 10] = what % 10
            state.append(_state(clocks))
            taken.append(place)
    rows_taken = as_array(taken)
    when, whose = events["at"][rows_taken], events["ticket"][rows_taken]
    # Of what happens in one moment only the outcome counts.
    last = np.append((whose[1:] != whose[:-1]) | (when[1:] != when[:-1]), True)[: len(whose)]
    told = reader.stories(whose[last], when[last], as_array(state)[last])
    names = list(reader.refs)
    for code, moment in first.items():
        told.setdefault(names[code], Told()).first_response = moment
    for code, is_kept in met.items():
        told.setdefault(names[code], Told()).met = is_kept
    return told


def _what(row: Cells) -> int | None:
    metric, kind = cell(row.get("metric")), cell(row.get("type"))
    if cell(row.get("deleted")).lower() in ("yes", "true"):
        return None
    if metric == "reply_time":
        return _REPLY if kind == "fulfill" else None
    if kind == "breach":
        return _BREACH
    if kind == "apply_sla":
        return _APPLIED
    if metric in _CLOCKS and kind in _TYPES:
        return _CLOCKS.index(metric) * 10 + _TYPES.index(kind)
    return None


def _state(clocks: list[int]) -> int:
    requester, agent = (_TYPES[clock] for clock in clocks)
    if requester == "fulfill":
        return RESOLVED
    if requester == "pause":
        return state_code("waiting", "user")
    return state_code("waiting", "supplier") if agent == "pause" else OPEN


def follow_ups(
    rows: Iterable[tuple[int, Cells]], moments: Moments, tally: Tally
) -> dict[str, Told]:
    """Read django-helpdesk's follow-ups: those that change the status tell when it ended."""
    reader = Reader(moments, tally)
    for line, row in rows:
        tally.rows += 1
        said = cell(row.get("new_status"))
        if not said:
            continue
        if said not in HELPDESK_STATES:
            tally.refuse(STATE_UNKNOWN, line, "new_status", f"{said!r:.40} is no status.")
            continue
        ref = cell(row.get("ticket_id")) or cell(row.get("ticket"))
        what = state_code(*HELPDESK_STATES[said])
        reader.event(ref, cell(row.get("date")), cell(row.get("id")), what, line, "date")
    events = reader.ordered()
    return reader.stories(events["ticket"], events["at"], events["what"])


def waits(rows: Iterable[tuple[int, Cells]], moments: Moments, tally: Tally) -> dict[str, Told]:
    """Read a table of waits: id, waiting (who holds it up), from, to (empty: still)."""
    reader = Reader(moments, tally)
    told: dict[str, Told] = {}
    for line, row in rows:
        tally.rows += 1
        ref = cell(row.get("id"))
        if not ref:
            tally.refuse(NO_REF, line, "id")
        elif wait := read_wait(
            reader, line, *(cell(row.get(name)) for name in ("waiting", "from", "to"))
        ):
            told.setdefault(ref, Told()).waits.append(wait)
    return told


def read_wait(reader: Reader, line: int, holder: str, since: str, until: str) -> Wait | None:
    """Return one wait; None, and counted, if it cannot be used."""
    code = HOLDER_CODE.get(holder.lower()) if holder else None
    if code is None:
        known = ", ".join(each for each in HOLDERS if each)
        words = f"{holder!r:.40} is nobody who holds tickets up; known are {known}."
        reader.tally.refuse(NO_HOLDER, line, "waiting", words)
        return None
    start, end = reader.moment(since, line, "from"), reader.moment(until, line, "to")
    if start is None or end is None:
        return None
    if start == MISSING:
        reader.tally.refuse(WAIT_NO_START, line, "from")
    elif end != MISSING and end < start:
        reader.tally.refuse(WAIT_REVERSED, line, "to")
    else:
        return start, end, code
    return None


READERS = {"zendesk": metric_events, "django-helpdesk": follow_ups, "neutral": waits}


def inline(key: str, objects: Iterable[tuple[int, Cells | None]]) -> Iterator[tuple[int, Cells]]:
    """Yield the events that JSON tickets carry themselves."""
    for line, ticket in objects:
        if ticket is None:
            continue
        ref, found = ticket.get("id"), ticket.get(key)
        groups = found.items() if isinstance(found, Mapping) else [(None, found)]
        for metric, events in groups:
            for event in events if isinstance(events, list) else ():
                if isinstance(event, Mapping):
                    named = {"metric": metric} if metric else {}
                    yield line, {**named, **event, "ticket_id": ref}


def whole(rows: Iterable[Any], columns: list[str], tally: Tally) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a table as cells by name; a row of another width is counted."""
    for row in rows:
        if row.is_whole:
            yield row.line, dict(zip(columns, (each.strip() for each in row.cells), strict=True))
        else:
            tally.rows += 1
            tally.refuse(CELLS, row.line)
