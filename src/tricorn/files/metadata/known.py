"""What these readers share: the one error, and carrying over only what was understood."""

from __future__ import annotations

from collections.abc import Iterable

MOST_PIECES = 50_000


class NotKnown(ValueError):
    """A file that is not built as it says, or in a way that is not known here."""


def only(data: bytes, pieces: Iterable[tuple[int, int]]) -> bytearray:
    """Return as many bytes as before, all naught but these pieces (start, length)."""
    kept, budget = bytearray(len(data)), Budget(data)
    for start, length in pieces:
        if start < 0 or length < 0 or start + length > len(data):
            raise NotKnown("a piece lies outside of the file")
        budget.take(length)
        kept[start : start + length] = data[start : start + length]
    return kept


class Budget:
    """How much of a file may be carried over: not the same bytes again and again."""

    def __init__(self, data: bytes) -> None:
        self._pieces, self._bytes = MOST_PIECES, 2 * len(data) + 1000

    def take(self, length: int) -> None:
        self._pieces -= 1
        self._bytes -= length
        if self._pieces < 0 or self._bytes < 0:
            raise NotKnown("its pieces lie over each other")
