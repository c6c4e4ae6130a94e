"""The tickets that really happened, as columns."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import BadInput
from .checks import count_out, impossible, repeated
from .reasons import (
    DUPLICATE,
    IMPOSSIBLE,
    NO_START,
    REVERSED,
    WAIT_IMPOSSIBLE,
    WAIT_NO_START,
    WAIT_NO_TICKET,
    WAIT_REVERSED,
)
from .rows import HOLDERS, MISSING, Moment, Row, holder_code, second

Seconds = npt.NDArray[np.int64]
Codes = npt.NDArray[np.signedinteger]
MOMENTS = ("began", "reported", "first_response", "resolved", "closed", "due")
_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class History:
    """Tickets as columns, one row each; moments are int64 UTC seconds, MISSING where unknown.

    priority         codes into `priorities`, named exactly as the source writes them (the last one
                     the ticket had); `priority_opened` the first one
    kind             codes into `kinds`
    wait_ticket ...  one row for each wait: row of its ticket, start, end (MISSING: never ended),
                     code into HOLDERS; in any order, overlapping or not
    person           codes of who reported, -1 unknown; only for counting distinct people
    flag             1 met, 0 missed, -1 unknown: what the source itself says
    due              the source's own due time
    excluded         rows left out, reason -> count; `excluded_waits` the same of waits
    ended            when the log was taken; MISSING: at the last moment in it
    Errors           BadInput for columns of unequal length or codes without a name.
    Source           docs/engine/replay.md, rules R1 to R3.
    """

    refs: Sequence[str]
    priorities: tuple[str, ...]
    priority: Codes
    priority_opened: Codes
    kinds: tuple[str, ...]
    kind: Codes
    began: Seconds
    reported: Seconds
    first_response: Seconds
    resolved: Seconds
    closed: Seconds
    wait_ticket: Codes
    wait_start: Seconds
    wait_end: Seconds
    wait_holder: Codes
    person: Codes
    flag: Codes
    due: Seconds
    excluded: Mapping[str, int] = field(default_factory=dict)
    excluded_waits: Mapping[str, int] = field(default_factory=dict)
    ended: int = MISSING

    def __post_init__(self) -> None:
        n, waits = len(self.refs), len(self.wait_ticket)
        for names, length in ((TICKET_COLUMNS, n), (WAIT_COLUMNS, waits)):
            for name in names:
                column = getattr(self, name)
                if column.shape != (length,):
                    raise BadInput(
                        f"The column {name} has the shape {column.shape}, not ({length},). "
                        "Give every column one entry for each row.",
                        column=name,
                    )
        if n and int(self.reported.min()) == MISSING:
            raise BadInput(
                "A ticket of this history was never reported. Leave such tickets out and count "
                f'them under excluded["{NO_START}"].'
            )
        _check_codes("priority", self.priority, len(self.priorities))
        _check_codes("priority_opened", self.priority_opened, len(self.priorities))
        _check_codes("kind", self.kind, len(self.kinds))
        _check_codes("wait_holder", self.wait_holder, len(HOLDERS))
        _check_codes("wait_ticket", self.wait_ticket, n)

    def __len__(self) -> int:
        return len(self.refs)

    def __getstate__(self) -> dict[str, Any]:
        """Return what goes to another process: counts as plain dictionaries."""
        counts = {name: dict(getattr(self, name)) for name in ("excluded", "excluded_waits")}
        return {**self.__dict__, **counts}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Row],
        *,
        excluded: Mapping[str, int] = _NOTHING,
        ended: Moment = None,
    ) -> History:
        """Build a history from rows, streamed; `excluded` is what the reader left out already.

        ended   when the log was taken; left out, it ends with its last moment.

        Errors  BadTimeline for a datetime without a zone, BadInput for an unknown holder.
        Source  docs/engine/replay.md, rule R2: what is left out is counted.
        """
        found = _Gathered().all(rows).history(excluded)
        return replace(found, ended=second(ended, "the log"))

    @classmethod
    def from_columns(
        cls,
        refs: Sequence[str],
        reported: Seconds,
        *,
        priority: Sequence[str] | None = None,
        priority_opened: Sequence[str] | None = None,
        kind: Sequence[str] | None = None,
        waits: tuple[Seconds, Seconds, Seconds, Sequence[str]] | None = None,
        excluded: Mapping[str, int] = _NOTHING,
        ended: Moment = None,
        **columns: npt.NDArray,
    ) -> History:
        """Build a history from arrays, leaving out and counting what cannot be used.

        Shapes  one entry for each ticket; priorities and kinds as names ("" and "incident" where
                not given); `waits` is (row of the ticket, start, end, holder).
        columns began, first_response, resolved, closed, due, person, flag: where not given,
                unknown.
        Errors  BadInput for a column that is not known or of another length.
        Source  docs/engine/replay.md, rule R2: what is left out is counted.
        """
        n = len(refs)
        for name in columns:
            if name not in OPTIONAL:
                raise BadInput(f"There is no column {name}. There are: {', '.join(OPTIONAL)}.")
        told: dict[str, Any] = {
            name: np.ascontiguousarray(columns.get(name, np.full(n, empty)), dtype=kind_of)
            for name, (empty, kind_of) in OPTIONAL.items()
        }
        told["reported"] = np.ascontiguousarray(reported, dtype=np.int64)
        names, final, opened = _two_coded(
            priority if priority is not None else [""] * n, priority_opened
        )
        kinds, of_kind = _coded(kind if kind is not None else ["incident"] * n)
        ticket, start, end, holder = waits or ((), (), (), ())
        found = _checked(
            refs,
            {**told, "priority": final, "priority_opened": opened, "kind": of_kind},
            {
                "wait_ticket": np.asarray(ticket, dtype=np.int64),
                "wait_start": np.asarray(start, dtype=np.int64),
                "wait_end": np.asarray(end, dtype=np.int64),
                "wait_holder": np.array([holder_code(each) for each in holder], dtype=np.int8),
            },
            names,
            kinds,
            excluded,
        )
        return replace(found, ended=second(ended, "the log"))

    @cached_property
    def until(self) -> int:
        """When the log ends, UTC seconds: `ended`, or the last moment that is known.

        Source  docs/engine/replay.md, rule R3: the log ends with its last moment.
        """
        if self.ended != MISSING:
            return self.ended
        known = (self.began, self.reported, self.first_response, self.resolved, self.closed)
        columns = (*known, self.wait_start, self.wait_end)
        return max((int(column.max()) for column in columns if len(column)), default=0)

    def starts(self, start: str) -> Seconds:
        """Return when clocks start: "reported", or "began" where that is known, else reported.

        Source  docs/engine/replay.md, rule R1: what began without a known moment began with its
        report.
        """
        if start == "reported":
            return self.reported
        return np.where(self.began == MISSING, self.reported, self.began)

    def stops(self, stop: str) -> Seconds:
        """Return when clocks stop: "first_response", "resolved" or "closed"; MISSING if never."""
        column: Seconds = getattr(self, stop)
        return column

    @property
    def is_open(self) -> npt.NDArray[np.bool_]:
        """Whether a ticket was neither resolved nor closed when the log ended."""
        return (self.resolved == MISSING) & (self.closed == MISSING)

    def take(self, rows: npt.NDArray) -> History:
        """Return the history of some tickets only, in their order; `rows` is a mask or indexes."""
        kept = np.arange(len(self))[rows]
        place = np.full(len(self), -1)
        place[kept] = np.arange(len(kept))
        waits = np.flatnonzero(place[self.wait_ticket] >= 0)
        columns = {name: getattr(self, name)[kept] for name in TICKET_COLUMNS}
        columns |= {name: getattr(self, name)[waits] for name in WAIT_COLUMNS}
        columns["wait_ticket"] = place[columns["wait_ticket"]]
        return History(
            refs=tuple(self.refs[k] for k in kept),
            priorities=self.priorities,
            kinds=self.kinds,
            excluded=self.excluded,
            excluded_waits=self.excluded_waits,
            ended=self.until,
            **columns,
        )


# Columns that may be left out: what stands for unknown, and their type.
OPTIONAL: Mapping[str, tuple[int, type]] = MappingProxyType(
    {
        **{name: (MISSING, np.int64) for name in MOMENTS if name != "reported"},
        "person": (-1, np.int32),
        "flag": (-1, np.int8),
    }
)
TICKET_COLUMNS = ("priority", "priority_opened", "kind", *MOMENTS, "person", "flag")
WAIT_COLUMNS = ("wait_ticket", "wait_start", "wait_end", "wait_holder")


@dataclass
class _Gathered:
    """Rows on their way into columns."""

    refs: list[str] = field(default_factory=list)
    columns: dict[str, array[int]] = field(
        default_factory=lambda: {name: array("q") for name in TICKET_COLUMNS}
    )
    waits: dict[str, array[int]] = field(
        default_factory=lambda: {name: array("q") for name in WAIT_COLUMNS}
    )
    priorities: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def all(self, rows: Iterable[Row]) -> _Gathered:
        for row in rows:
            self.add(row)
        return self

    def add(self, row: Row) -> None:
        opened = row.priority if row.priority_opened is None else row.priority_opened
        values = {name: second(getattr(row, name), row.ref) for name in MOMENTS}
        values["priority"] = self.priorities.setdefault(row.priority, len(self.priorities))
        values["priority_opened"] = self.priorities.setdefault(opened, len(self.priorities))
        values["kind"] = self.kinds.setdefault(row.kind, len(self.kinds))
        known = row.person is not None
        values["person"] = (
            self.people.setdefault(row.person or "", len(self.people)) if known else -1
        )
        values["flag"] = -1 if row.met is None else int(row.met)
        for name, value in values.items():
            self.columns[name].append(value)
        for holder, start, end in row.waits:
            self.waits["wait_ticket"].append(len(self.refs))
            self.waits["wait_start"].append(second(start, row.ref))
            self.waits["wait_end"].append(second(end, row.ref))
            self.waits["wait_holder"].append(holder_code(holder))
        self.refs.append(row.ref)

    def history(self, excluded: Mapping[str, int]) -> History:
        types: dict[str, type] = {
            "priority": np.int16,
            "priority_opened": np.int16,
            "kind": np.int16,
        }
        types |= {"person": np.int32, "flag": np.int8, "wait_holder": np.int8}
        columns: dict[str, Any] = {
            name: np.array(values, dtype=types.get(name, np.int64))
            for name, values in {**self.columns, **self.waits}.items()
        }
        return _checked(
            self.refs,
            {name: columns[name] for name in TICKET_COLUMNS},
            {name: columns[name] for name in WAIT_COLUMNS},
            tuple(self.priorities),
            tuple(self.kinds),
            excluded,
        )


def _checked(
    refs: Sequence[str],
    columns: dict[str, Any],
    waits: dict[str, Any],
    priorities: tuple[str, ...],
    kinds: tuple[str, ...],
    excluded: Mapping[str, int],
) -> History:
    """Leave out the rows that no clause could judge, and count them by their first reason."""
    n = len(refs)
    for name, column in columns.items():
        if column.shape != (n,):
            raise BadInput(f"The column {name} has {column.size} entries for {n} tickets.")
    reported, began = columns["reported"], columns["began"]
    ends = np.stack([columns["resolved"], columns["closed"]])
    reversed_ = ((ends != MISSING) & (ends < reported)).any(axis=0) | (began > reported)
    reasons = {
        DUPLICATE: repeated(refs),
        NO_START: reported == MISSING,
        IMPOSSIBLE: impossible(*(columns[name] for name in MOMENTS)),
        REVERSED: reversed_,
    }
    keep, counts = count_out(n, reasons, excluded)
    place = np.cumsum(keep) - 1
    ticket, start, end = (waits[name] for name in WAIT_COLUMNS[:3])
    known = (ticket >= 0) & (ticket < n)
    known[known] = keep[ticket[known]]
    kept_waits, wait_counts = count_out(
        len(ticket),
        {
            WAIT_NO_TICKET: ~known,
            WAIT_NO_START: start == MISSING,
            WAIT_IMPOSSIBLE: impossible(start, end),
            WAIT_REVERSED: (end != MISSING) & (end < start),
        },
        {},
    )
    whole = bool(keep.all())
    return History(
        refs=tuple(refs)
        if whole
        else tuple(r for r, is_in in zip(refs, keep, strict=True) if is_in),
        priorities=priorities,
        kinds=kinds,
        excluded=MappingProxyType(counts),
        excluded_waits=MappingProxyType(wait_counts),
        wait_ticket=place[ticket[kept_waits]],
        **{name: column if whole else column[keep] for name, column in columns.items()},
        **{name: waits[name][kept_waits] for name in WAIT_COLUMNS[1:]},
    )


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    found: dict[str, int] = {}
    codes = [found.setdefault(str(name), len(found)) for name in names]
    return tuple(found), np.array(codes, dtype=np.int16)


def _two_coded(
    final: Sequence[str], opened: Sequence[str] | None
) -> tuple[tuple[str, ...], Codes, Codes]:
    if opened is None:
        names, codes = _coded(final)
        return names, codes, codes
    names, codes = _coded([*final, *opened])
    return names, codes[: len(final)], codes[len(final) :]


def _check_codes(name: str, codes: Codes, known: int) -> None:
    if len(codes) and (int(codes.min()) < 0 or int(codes.max()) >= known):
        raise BadInput(f"The column {name} holds codes outside 0 to {known - 1}.", column=name)
