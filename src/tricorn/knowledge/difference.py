"""What is different between two versions, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

AROUND = 2


@dataclass(frozen=True)
class Line:
    """One line: `same`, `added`, `removed`, or `left_out` for a stretch that is the same."""

    kind: str
    text: str = ""


def lines_of(older: str, newer: str) -> list[Line]:
    """Return the lines of both, what is the same only near to what is not; none if nothing is."""
    if older == newer:
        return []
    before, after = older.split("\n"), newer.split("\n")
    matcher = SequenceMatcher(None, before, after)
    return list(_lines(matcher, before, after))


def _lines(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Line]:
    end = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            yield Line("left_out")
        for kind, a, b, c, d in group:
            if kind == "equal":
                yield from (Line("same", text) for text in islice(before, a, b))
            else:
                yield from (Line("removed", text) for text in islice(before, a, b))
                yield from (Line("added", text) for text in islice(after, c, d))
        end = group[-1][2]
    if end < len(before):
        yield Line("left_out")
