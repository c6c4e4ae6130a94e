"""A history as a file of columns, and back: numbers, and names of priorities and kinds, no text."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, overload
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from tricorn.engine.replay import History
from tricorn.engine.replay.history import TICKET_COLUMNS, WAIT_COLUMNS
from tricorn.histories.columns import Groups

LAYOUT = 1
SPLIT = "\n"
# What looks like a number that a desk gives its tickets: INC0001234, "ITSM-12", 101000871592.
REF = re.compile(r"[A-Za-z]{0,10}[-_#]?[0-9][0-9A-Za-z/-]{0,30}")
# A group of fewer tickets may be somebody's name.
FEWEST = 5
# No source has so many priorities or kinds.
MOST_NAMES = 40


@dataclass(frozen=True)
class Refs(Sequence[str]):
    """The public names of our own tickets, made when they are asked for."""

    numbers: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Refs: ...
    def __getitem__(self, place: int | slice) -> str | Refs:
        if isinstance(place, slice):
            return Refs(self.numbers[place])
        return f"T-{self.numbers[place]}"


class NoColumns(Exception):
    """There is no such file, or it is not what was written."""


def save(path: Path, history: History, *, groups: Groups | None = None, **told: Any) -> None:
    """Write a history whole or not at all; `told` is kept beside it, as JSON."""
    columns = {name: getattr(history, name) for name in (*TICKET_COLUMNS, *WAIT_COLUMNS)}
    if isinstance(history.refs, Refs):
        columns["numbers"] = history.refs.numbers
    else:
        columns["refs"] = _bytes(SPLIT.join(history.refs))
    if groups is not None:
        columns["group"] = groups.codes
    about = {
        "layout": LAYOUT,
        "priorities": history.priorities,
        "kinds": history.kinds,
        "excluded": dict(history.excluded),
        "excluded_waits": dict(history.excluded_waits),
        "ended": history.ended,
        "groups": groups.names if groups is not None else None,
        "told": told,
    }
    columns["about"] = _bytes(json.dumps(about))
    write_columns(path, columns)


def write_columns(path: Path, columns: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays into a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with open(half, "wb") as file:
            arrays: dict[str, Any] = dict(columns)  # no name in it is one of savez's own options
            np.savez(file, **arrays)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


@dataclass(frozen=True)
class Loaded:
    """What a file of columns holds."""

    history: History
    groups: Groups | None
    told: Mapping[str, Any]


def load(path: Path) -> Loaded:
    """Read a history back. Errors: NoColumns when there is none, or it is broken or older."""
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(bytes(file["about"]))
            if about["layout"] != LAYOUT:
                raise NoColumns(f"{path.name} has an older layout.")
            columns = {name: file[name] for name in (*TICKET_COLUMNS, *WAIT_COLUMNS)}
            refs: Sequence[str]
            if "numbers" in file:
                refs = Refs(file["numbers"])
            else:
                text = bytes(file["refs"]).decode()
                refs = tuple(text.split(SPLIT)) if len(columns["reported"]) else ()
            groups = None
            if about["groups"] is not None:
                groups = Groups(tuple(about["groups"]), file["group"])
            history = History(
                refs=refs,
                priorities=tuple(about["priorities"]),
                kinds=tuple(about["kinds"]),
                excluded=about["excluded"],
                excluded_waits=about["excluded_waits"],
                ended=about["ended"],
                **columns,
            )
    except (OSError, ValueError, KeyError, BadZipFile, EOFError) as problem:
        raise NoColumns(f"{path.name}: {problem}") from problem
    return Loaded(history, groups, about["told"])


def impersonal(history: History, groups: Groups) -> tuple[History, Groups]:
    """Leave out what may be somebody's name: refs that are no numbers, groups of few tickets.

    A ref that does not look like a ticket's number becomes the number of its row. Who reported is
    a number already. Priorities and kinds stay as the source writes them, unless there are so many
    that they must be something else.
    """
    refs = tuple(ref if REF.fullmatch(ref) else f"row {n}" for n, ref in enumerate(history.refs, 1))
    priorities, kinds = history.priorities, history.kinds
    if len(priorities) > MOST_NAMES:
        both = np.concatenate([history.priority, history.priority_opened])
        priorities = _of_many(priorities, both, "priority")
    if len(kinds) > MOST_NAMES:
        kinds = _of_many(kinds, history.kind, "kind")
    names = _of_many(groups.names, groups.codes, "group")
    found = replace(history, refs=refs, priorities=priorities, kinds=kinds)
    return found, Groups(names, groups.codes)


def _of_many(names: Sequence[str], codes: npt.NDArray[Any], what: str) -> tuple[str, ...]:
    """Return the names that many tickets have; any other becomes a number."""
    many = np.bincount(codes[codes >= 0], minlength=len(names)) >= FEWEST
    return tuple(
        name if known else f"{what} {n}"
        for n, (name, known) in enumerate(zip(names, many, strict=True), 1)
    )


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
