"""One row per ticket: any table whose columns are known, by its format or by a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tricorn.engine.errors import BadInput
from tricorn.engine.replay import MISSING
from tricorn.engine.replay.reasons import DUPLICATE, NO_START, REVERSED

from .columns import Gathered
from .events import Reader, Told, Wait, read_wait
from .formats import Format
from .moments import Moments, NaiveTime
from .table import Row, Table
from .tally import CANCELLED, CELLS, NO_END, NO_JSON, NO_REF, UNREADABLE, Tally
from .words import KINDS

MOMENTS = ("reported", "began", "first_response", "resolved", "closed", "due", "changed")


@dataclass(frozen=True)
class Waiting:
    """Where a table says that a ticket waited: columns of holder (or whose it is), start, end."""

    holder: int | str
    start: int
    end: int


@dataclass(frozen=True)
class Plan:
    """Where in a table each field stands; several places are joined.

    values, constant  what a map says instead of the cell, or where there is no cell
    """

    format: Format
    at: Mapping[str, Sequence[int]]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constant: Mapping[str, str] = field(default_factory=dict)
    waits: Sequence[Waiting] = ()


def plan_of(known: Format, table: Table) -> Plan:
    """Return where the columns of a format stand in a table, the best name of each first.

    Errors  BadInput when the table has no id or no moment of reporting.
    """
    at = {
        name: found[:1] for name, names in known.columns.items() if (found := table.places(*names))
    }
    for needed in ("id", "reported"):
        if needed not in at:
            names = " or ".join(known.columns[needed])
            raise BadInput(
                f"For the format {known.name} the column {names} is missing. "
                f"There are: {', '.join(table.columns[:30])}."
            )
    waits = zip(
        table.places("waiting"),
        table.places("waiting from"),
        table.places("waiting to"),
        strict=False,
    )
    is_ours = known.name == "neutral"
    return Plan(known, at, waits=[Waiting(*places) for places in waits] if is_ours else ())


class Refused(Exception):
    """This row is left out."""

    def __init__(self, reason: str, name: str = "", words: str = "") -> None:
        super().__init__(words)
        self.reason, self.name, self.words = reason, name, words


class ListReader:
    """Turns rows into tickets; every row is a ticket or counted with its reason."""

    def __init__(
        self,
        table: Table,
        plan: Plan,
        moments: Moments,
        tally: Tally,
        told: Mapping[str, Told],
        waits: Tally,
    ) -> None:
        self.table, self.plan, self.moments, self.tally = table, plan, moments, tally
        self.told = told
        self.named: set[str] = set()
        self.waits_read = Reader(moments, waits)
        self.gathered = Gathered()
        self.seen: set[str] = set()
        self.open_again = 0
        self.spoken = {*plan.at, *plan.constant}
        self.nulls = plan.format.nulls
        self.moment_at = {name: plan.at[name] for name in MOMENTS if name in plan.at}

    def take_all(self) -> None:
        for row in self.table.rows:
            self.tally.rows += 1
            try:
                self.take(row)
            except Refused as refused:
                at = self.plan.at.get(refused.name, ())
                column = self.table.columns[at[0]] if at else ""
                self.tally.refuse(refused.reason, row.line, column, refused.words)

    def take(self, row: Row) -> None:
        """Take one ticket in; Refused says why it cannot be."""
        if not row.is_whole:
            has, width = len(row.cells), len(self.table.columns)
            if not has:
                raise Refused(NO_JSON)
            raise Refused(CELLS, "", f"has {has} cells; {width} belong here.")
        cells = row.cells
        ref = self.said(cells, "id")
        if not ref:
            raise Refused(NO_REF, "id")
        if self.told:
            self.named.add(ref)
        if ref in self.seen:
            raise Refused(DUPLICATE, "id", f"{ref!r:.60} stood above already.")
        when = {name: self.moment(cells, name) for name in self.moment_at}
        if when.get("reported", MISSING) == MISSING:
            raise Refused(NO_START, "reported", "is empty; when was it reported?")
        told = self.told.get(ref)
        met = self.plan.format.met(self.said(cells, "met"))
        if told is not None:
            told.into(when)
            met = told.met if told.met is not None else met
        self.end(self.state(cells, told), when)
        waits = self.waits(row) if self.plan.waits else ()
        priority = self.said(cells, "priority", as_written=True)
        kind = self.said(cells, "kind")
        at = self.gathered.add(
            ref,
            when,
            priority=priority,
            priority_opened=self.said(cells, "priority_opened", as_written=True) or priority,
            kind=KINDS.get(kind.lower(), kind),
            person=self.said(cells, "person"),
            group=self.said(cells, "group"),
            met=met,
        )
        self.seen.add(ref)
        for start, end, holder in (*waits, *(told.waits if told else ())):
            self.gathered.waits.add(at, start, end, holder)

    def said(self, cells: Sequence[str], name: str, *, as_written: bool = False) -> str:
        """Return what a row says of a field, in our words where a map has them.

        as_written  sign by sign as the source writes it
        """
        if name not in self.spoken:
            return ""
        at = self.plan.at.get(name, ())
        if len(at) == 1:
            text = cells[at[0]]
            text = "" if text.strip() in self.nulls else text if as_written else text.strip()
        else:
            text = ", ".join(said for n in at if (said := cells[n].strip()) not in self.nulls)
        if not as_written and name in self.plan.values:
            text = self.plan.values[name].get(text, text)
        return text or self.plan.constant.get(name, "")

    def moment(self, cells: Sequence[str], name: str) -> int:
        said = cells[self.moment_at[name][0]].strip()
        if said in self.nulls:
            return MISSING
        return self.read(said, name)

    def read(self, said: str, name: str) -> int:
        try:
            return self.moments.seconds(said)
        except NaiveTime:
            raise
        except BadInput as problem:
            raise Refused(UNREADABLE, name, str(problem)) from problem

    def state(self, cells: Sequence[str], told: Told | None) -> str:
        """Return new, open, waiting, resolved, closed or cancelled; empty if nobody knows."""
        if self.said(cells, "gone"):
            return "cancelled"
        said = self.said(cells, "state").lower()
        state = self.plan.format.states.get(said, ("", ""))[0]
        return state or (told.state if told else "")

    def end(self, state: str, when: dict[str, int]) -> None:
        """Bring state and moments together: what is open has no end, what is done has one."""
        changed = when.pop("changed", MISSING)
        if state == "cancelled":
            raise Refused(CANCELLED, "state")
        if state == "closed" and when.get("closed", MISSING) == MISSING:
            when["closed"] = changed
        resolved, closed = when.get("resolved", MISSING), when.get("closed", MISSING)
        if state in ("new", "open", "waiting"):
            self.open_again += (resolved, closed) != (MISSING, MISSING)
            resolved = closed = MISSING
        elif state in ("resolved", "closed") and (resolved, closed) == (MISSING, MISSING):
            raise Refused(NO_END, "state")
        if resolved == MISSING:
            resolved = closed
        when["resolved"], when["closed"] = resolved, closed
        reported = when["reported"]
        for name in ("closed", "resolved"):
            if MISSING != when[name] < reported:
                raise Refused(REVERSED, name, "is before it was reported.")
        if when.get("began", MISSING) > reported:
            raise Refused(REVERSED, "began", "is after it was reported.")

    def waits(self, row: Row) -> list[Wait]:
        """Return the waits in a row; an empty end: it waits still. What is wrong is counted."""
        found = []
        for each in self.plan.waits:
            start, end = (
                "" if (said := row.cells[n].strip()) in self.nulls else said
                for n in (each.start, each.end)
            )
            holder = each.holder if isinstance(each.holder, str) else row.cells[each.holder].strip()
            if start or end or (not isinstance(each.holder, str) and holder):
                self.waits_read.tally.rows += 1
                if wait := read_wait(self.waits_read, row.line, holder, start, end):
                    found.append(wait)
        return found
