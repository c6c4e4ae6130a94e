"""Who wants to hear of which kinds of line. Higher packages register when the program starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from tricorn.journal.models import Line

React = Callable[[Line, datetime], None]


@dataclass(frozen=True)
class Reactor:
    """What hears of lines after their commit. Must be idempotent by line: it may hear twice."""

    name: str
    react: React
    kinds: frozenset[str]
    is_wanted: Callable[[], bool] | None = None


REACTORS: dict[str, Reactor] = {}
_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


def register(
    name: str, kinds: Iterable[str], react: React, is_wanted: Callable[[], bool] | None = None
) -> None:
    """Let `react(line, at)` hear of every line of these kinds, at least once.

    `is_wanted`, if given, is asked whenever such a line is written: a delivery less while nobody
    would do anything with it.
    """
    REACTORS[name] = Reactor(name, react, frozenset(kinds), is_wanted)


def hearing(kind: str) -> list[str]:
    """Name the reactors that want lines of this kind."""
    if _QUIET.get():
        return []
    return [
        reactor.name
        for reactor in REACTORS.values()
        if kind in reactor.kinds and (reactor.is_wanted is None or reactor.is_wanted())
    ]


@contextmanager
def quiet() -> Iterator[None]:
    """Inside the block lines are written and nobody is told: for stories of long ago."""
    before = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(before)
