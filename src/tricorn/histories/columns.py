"""Columns that grow row by row, and become arrays without being copied."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tricorn.engine.replay import HOLDERS, MISSING, History

WIDTHS = {"q": np.int64, "i": np.int32, "I": np.uint32, "h": np.int16, "b": np.int8}
MOMENTS = ("began", "reported", "first_response", "resolved", "closed", "due")
HOLDER_CODE = {holder: code for code, holder in enumerate(HOLDERS)}


class Codes(dict[str, int]):
    """Names as small numbers, handed out in the order in which they are first met."""

    def __missing__(self, name: str) -> int:
        self[name] = code = len(self)
        return code


def as_array(column: array) -> npt.NDArray[Any]:
    """Return a grown column as an array over the same memory."""
    return np.frombuffer(column, dtype=WIDTHS[column.typecode])


def sorted_names(names: Codes) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the names in order, and for each old code its place among them.

    So that the order of rows in a file leaves no trace.
    """
    order = sorted(names)
    places = np.empty(len(order), dtype=np.int64)
    for place, name in enumerate(order):
        places[names[name]] = place
    return tuple(order), places


@dataclass
class Waits:
    """Waits of tickets, by row of the ticket."""

    ticket: array = field(default_factory=lambda: array("q"))
    start: array = field(default_factory=lambda: array("q"))
    end: array = field(default_factory=lambda: array("q"))
    holder: array = field(default_factory=lambda: array("b"))

    def add(self, ticket: int, start: int, end: int, holder: int) -> None:
        self.ticket.append(ticket)
        self.start.append(start)
        self.end.append(end)
        self.holder.append(holder)


class Gathered:
    """Tickets on their way into a history, one at a time."""

    def __init__(self) -> None:
        self.refs: list[str] = []
        self.moments = {name: array("q") for name in MOMENTS}
        self.priorities, self.kinds, self.people, self.groups = Codes(), Codes(), Codes(), Codes()
        self.codes = {name: array("i") for name in ("final", "opened", "kind", "person", "group")}
        self.flag = array("b")
        self.waits = Waits()

    def add(
        self,
        ref: str,
        moments: Mapping[str, int],
        *,
        priority: str,
        priority_opened: str,
        kind: str,
        person: str,
        group: str,
        met: bool | None,
    ) -> int:
        """Take a ticket in; return its row."""
        self.refs.append(ref)
        for name, column in self.moments.items():
            column.append(moments.get(name, MISSING))
        codes = self.codes
        codes["final"].append(self.priorities[priority])
        codes["opened"].append(self.priorities[priority_opened])
        codes["kind"].append(self.kinds[kind])
        codes["person"].append(self.people[person] if person else -1)
        codes["group"].append(self.groups[group])
        self.flag.append(-1 if met is None else int(met))
        return len(self.refs) - 1

    def history(
        self, excluded: Mapping[str, int], excluded_waits: Mapping[str, int], ended: int = MISSING
    ) -> History:
        """Return the history of what was gathered."""
        priorities, place = sorted_names(self.priorities)
        kinds, kind_place = sorted_names(self.kinds)
        return History(
            refs=tuple(self.refs),
            priorities=priorities,
            priority=recoded(as_array(self.codes["final"]), place, np.int16),
            priority_opened=recoded(as_array(self.codes["opened"]), place, np.int16),
            kinds=kinds,
            kind=recoded(as_array(self.codes["kind"]), kind_place, np.int16),
            person=as_array(self.codes["person"]),
            flag=as_array(self.flag),
            wait_ticket=as_array(self.waits.ticket),
            wait_start=as_array(self.waits.start),
            wait_end=as_array(self.waits.end),
            wait_holder=as_array(self.waits.holder),
            excluded=dict(excluded),
            excluded_waits=dict(excluded_waits),
            ended=ended,
            **{name: as_array(column) for name, column in self.moments.items()},
        )


@dataclass(frozen=True)
class Groups:
    """What the source's own promises go by (type, category, queue): a code for each ticket."""

    names: Sequence[str]
    codes: npt.NDArray[np.int64]


def recoded(
    codes: npt.NDArray[Any], place: npt.NDArray[np.int64], kind: type[np.signedinteger]
) -> npt.NDArray[Any]:
    return place[codes].astype(kind) if len(codes) else codes.astype(kind)
