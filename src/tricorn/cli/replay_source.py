"""Where the tickets of a replay come from: an export, or the program's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from tricorn.cli.output import progress
from tricorn.cli.zones import known_zone
from tricorn.engine.errors import BadInput
from tricorn.engine.replay import History
from tricorn.histories import Groups, load_map, open_history


@dataclass(frozen=True)
class Reading:
    """How to read an export, as the options of the command say it."""

    zone: str | None
    format_: str | None
    map_: str | None
    beside: Path | None
    encoding: str


@dataclass(frozen=True)
class Source:
    """The tickets, and how they came here.

    priorities  the source's priorities as ours, where a map says so
    refused     rows that could not be read, by reason
    """

    history: History
    words: str
    groups: Groups
    notes: tuple[str, ...] = ()
    priorities: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)


def from_file(path: Path, reading: Reading) -> Source:
    """Read an export, with a bar on a terminal; the first bad rows are named on standard error.

    Errors  BadInput when it cannot be read.
    """
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise BadInput(f"Cannot read {path}: {problem.strerror}. Check the path.") from problem
    with progress(f"Reading {path.name}", total=size) as bar:
        read = open_history(
            path,
            zone=known_zone(reading.zone),
            format=reading.format_,
            map=load_map(reading.map_) if reading.map_ else None,
            encoding=reading.encoding,
            progress=bar.reach,
            beside=reading.beside,
        )
    notes = (f"{path.name} was read as {read.format}: {read.reason}.", *read.notes)
    if read.refused:
        notes += (f"{read.refused:,} of {read.rows:,} rows could not be read.",)
        for example in read.examples:
            click.echo(str(example), err=True)
    return Source(read.history, path.name, read.groups, notes, read.mapping, dict(read.problems))
