"""What every picture is: a drawing, what it says in words, and its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Table:
    """Figures as text: the first column names the row, the others are its figures.

    is_prose  the others are words, not figures
    Errors  ValueError for a row of another length than the head.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_prose: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.head):
                raise ValueError(f"The row {row} does not fit under {self.head}.")

    @classmethod
    def of(
        cls, head: Sequence[str], rows: Sequence[Sequence[str]], *, is_prose: bool = False
    ) -> Table:
        return cls(tuple(head), tuple(tuple(row) for row in rows), is_prose)


@dataclass(frozen=True)
class Picture:
    """A picture for a page.

    name      prefix of the ids inside; unique on the page
    title     what it shows, in a few words
    sentence  what one sees, worked out from the figures
    svg       safe markup: every name in it is escaped, no style attribute, no script
    table     the same figures; also those for which there was no room
    """

    name: str
    title: str
    sentence: str
    svg: str
    table: Table

    def __post_init__(self) -> None:
        check_name(self.name)


def check_name(name: str) -> None:
    """Errors  ValueError unless it can stand in an id: small letters, digits, hyphens."""
    if not _NAME.fullmatch(name):
        raise ValueError(f'"{name}" cannot be the name of a picture; write it like "by-month".')
