"""TIFF: the tags that a picture is drawn by, and its pixels; camera, place, author and notes go."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tricorn.files.metadata.known import MOST_PIECES, NotKnown, only

MOST_PAGES, MOST_TAGS = 500, 200
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I"}
# Width, height, colours, compression, pieces, how it was held, size on paper, number of the page.
KEPT = {
    *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281),
    *(282, 283, 284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324),
    *(325, 326, 327, 328, 330, 332, 334, 336, 338, 339, 340, 341, 347, 529, 530, 531, 532, 559),
    34675,
}
COMPRESSION, OLD_JPEG, PAGES_WITHIN = 259, 6, 330
# Where the pixels lie, and how long each piece is.
PIXELS = {273: 279, 324: 325}


@dataclass(frozen=True)
class _Tag:
    """One entry of a page: its number, its values as they lie in the file, their place."""

    number: int
    entry: bytes
    start: int
    length: int
    values: tuple[int, ...]


def without(data: bytes) -> bytes:
    """Return the picture with nothing in it that it is not drawn by."""
    order = "<" if data.startswith(b"II") else ">"
    pieces: list[tuple[int, int]] = [(0, 8)]
    pages: dict[int, list[_Tag]] = {}
    nexts: dict[int, int] = {}
    try:
        todo = [struct.unpack_from(order + "I", data, 4)[0]]
        while todo:
            at = todo.pop()
            if at == 0 or at in pages:
                continue
            if len(pages) >= MOST_PAGES:
                raise NotKnown("too many pages")
            tags, nexts[at] = _page(data, order, at)
            pages[at] = [tag for tag in tags if tag.number in KEPT]
            todo.append(nexts[at])
            for tag in pages[at]:
                todo += tag.values if tag.number == PAGES_WITHIN else ()
                if tag.length > 4:
                    pieces.append((tag.start, tag.length))
            pieces += _pixels(pages[at])
            if len(pieces) > MOST_PIECES:
                raise NotKnown("too many pieces")
    except struct.error as problem:
        raise NotKnown(str(problem)) from problem
    if not pages:
        raise NotKnown("it has no page")
    kept = only(data, pieces)
    for at, tags in pages.items():
        page = struct.pack(order + "H", len(tags)) + b"".join(tag.entry for tag in tags)
        page += struct.pack(order + "I", nexts[at])
        kept[at : at + len(page)] = page
    return bytes(kept)


def _page(data: bytes, order: str, at: int) -> tuple[list[_Tag], int]:
    """Return the tags of a page, and where the next page is."""
    count = struct.unpack_from(order + "H", data, at)[0]
    if count > MOST_TAGS:
        raise NotKnown("too many tags")
    tags = [_tag(data, order, at + 2 + 12 * n) for n in range(count)]
    return tags, struct.unpack_from(order + "I", data, at + 2 + 12 * count)[0]


def _tag(data: bytes, order: str, at: int) -> _Tag:
    number, kind, count = struct.unpack_from(order + "HHI", data, at)
    length = SIZES.get(kind, 0) * count
    start = at + 8 if length <= 4 else struct.unpack_from(order + "I", data, at + 8)[0]
    if number not in KEPT:
        return _Tag(number, b"", 0, 0, ())
    if not length or start + length > len(data):
        raise NotKnown("a tag's values lie outside of the file")
    values: tuple[int, ...] = ()
    if number in {*PIXELS, *PIXELS.values(), COMPRESSION, PAGES_WITHIN}:
        most = MOST_PAGES if number in (COMPRESSION, PAGES_WITHIN) else MOST_PIECES
        if kind not in NUMBERS or count > most:
            raise NotKnown("a tag is of an odd kind")
        values = struct.unpack_from(f"{order}{count}{NUMBERS[kind]}", data, start)
    return _Tag(number, data[at : at + 12], start, length, values)


def _pixels(tags: list[_Tag]) -> list[tuple[int, int]]:
    """Return where the pixels of a page lie."""
    by_number = {tag.number: tag.values for tag in tags}
    if OLD_JPEG in by_number.get(COMPRESSION, ()):
        raise NotKnown("its pixels lie where nobody can tell")
    found: list[tuple[int, int]] = []
    for places, lengths in PIXELS.items():
        if len(by_number.get(places, ())) != len(by_number.get(lengths, ())):
            raise NotKnown("a piece has no length")
        found += zip(by_number.get(places, ()), by_number.get(lengths, ()), strict=True)
    return found
