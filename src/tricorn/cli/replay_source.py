"""Where the tickets of a replay come from: an export, or the program's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

from tricorn.cli.output import progress
from tricorn.cli.zones import known_zone
from tricorn.engine.errors import BadInput
from tricorn.engine.replay import History
from tricorn.histories import Groups, load_map, open_history

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


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


def from_program(service: str | None) -> Source:
    """Take the program's own tickets, all of them or those of one service.

    Errors  BadInput when there is no such service.
    """
    from tricorn.cli.database import ready

    ready()
    from django.utils import timezone

    from tricorn.catalogue.models import Service
    from tricorn.insight.replays.loaded import own_history

    numbers = None
    if service:
        numbers = list(Service.objects.filter(name__iexact=service).values_list("pk", flat=True))
        if not numbers:
            known = ", ".join(Service.objects.order_by("name").values_list("name", flat=True)[:20])
            raise BadInput(f"There is no service {service!r:.60}. There is: {known or 'none yet'}.")
    at = timezone.now()
    history = own_history(numbers, BEGINNING, at, at=at)
    return Source(history, service or "the program", Groups((), np.zeros(0, dtype=np.int64)))
