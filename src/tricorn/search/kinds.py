"""What can be found: a table of the index for each kind, and where its documents come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Each has a table of its own, so that a word frequent in one costs nothing in the others.
KINDS = ("ticket", "person", "article")


@dataclass(frozen=True)
class Document:
    """What is kept of one thing. `aside` is found only by who asks for it: the desk's notes.

    `marks` are codes that no text can hold, to narrow by inside the index: "open".
    """

    subject_id: int
    title: str
    body: str = ""
    aside: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where the documents of a kind come from, to build the index anew.

    `count` says how many things there are to find, `batches` yields all of them as documents.
    """

    count: Callable[[], int]
    batches: Callable[[], Iterator[list[Document]]]


SOURCES: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """Say where the documents of a kind come from; called when a higher package is loaded."""
    table(kind)
    SOURCES[kind] = source


def table(kind: str) -> str:
    """Return the name of the table of a kind; an unknown kind is our own mistake."""
    if kind not in KINDS:
        raise ValueError(f"Nothing is found as {kind!r}; there are {', '.join(KINDS)}.")
    return f"search_{kind}"
