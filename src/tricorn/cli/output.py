"""Answers on standard output, progress on standard error."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """A progress bar, or nothing at all where nobody watches."""

    def __init__(self, draw: Callable[[int], None] | None = None) -> None:
        self._draw = draw
        self._done = 0

    def advance(self, count: int = 1) -> None:
        self._done += count
        if self._draw:
            self._draw(count)

    def reach(self, position: int) -> None:
        """Go on to a position that is counted from the start."""
        self.advance(position - self._done)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Bar]:
    """A bar on standard error while the block runs, drawn only on a terminal."""
    if not sys.stderr.isatty():
        yield Bar()
        return
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=total)
        yield Bar(lambda count: shown.advance(task, count))


def answer(data: object, as_json: bool) -> None:
    """Print the result: exactly one JSON value, or plain lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    for line in _lines(data):
        click.echo(line)


def _lines(data: object) -> Iterator[str]:
    if isinstance(data, Mapping):
        width = max((len(str(key)) for key in data), default=0)
        for key, value in data.items():
            words = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            yield f"{str(key).replace('_', ' '):<{width}}  {words}"
    elif isinstance(data, list | tuple):
        for item in data:
            yield str(item)
    else:
        yield str(data)
