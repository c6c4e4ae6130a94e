"""A few words of a text around what was looked for, with the words themselves marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tricorn.search.words import Wanted, words_of

RUN = re.compile(r"\S+")
BEFORE = 8
LONG = 28
# What stands further down is found, but not shown.
LOOKED_AT = 30_000


@dataclass(frozen=True)
class Piece:
    """A stretch of an excerpt; `is_hit` is a word that was looked for."""

    text: str
    is_hit: bool = False


def excerpt(texts: Iterable[str], wanted: Wanted) -> tuple[Piece, ...]:
    """Return the part of the first text that holds a word looked for; the beginning without one."""
    beginning: tuple[Piece, ...] = ()
    for text in texts:
        runs = RUN.findall(text[:LOOKED_AT])
        hits = [_is_hit(run, wanted) for run in runs]
        if any(hits):
            return _around(runs, hits, max(hits.index(True) - BEFORE, 0))
        beginning = beginning or _around(runs, hits, 0)
    return beginning


def highlight(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """Return a short text whole, its hits marked."""
    runs = RUN.findall(text)
    return _joined([(run, _is_hit(run, wanted)) for run in runs])


def _is_hit(run: str, wanted: Wanted) -> bool:
    words = words_of(run)
    return any(term.fits(word) for term in wanted.terms for word in words)


def _around(runs: list[str], hits: list[bool], start: int) -> tuple[Piece, ...]:
    end = start + LONG
    shown = [(run[:80], hit) for run, hit in zip(runs[start:end], hits[start:end], strict=True)]
    if start and shown:
        shown[0] = (f"… {shown[0][0]}", shown[0][1])
    if end < len(runs) and shown:
        shown.append(("…", False))
    return _joined(shown)


def _joined(shown: list[tuple[str, bool]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for number, (run, is_hit) in enumerate(shown):
        text = run if number == 0 else f" {run}"
        if not is_hit and pieces and not pieces[-1].is_hit:
            pieces[-1] = Piece(pieces[-1].text + text)
        elif is_hit and number:
            pieces += [Piece(" "), Piece(run, True)]
        else:
            pieces.append(Piece(text, is_hit))
    return tuple(pieces)
