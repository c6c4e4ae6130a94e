"""HEIC and AVIF: the picture's own items stay where they are; Exif, XMP and what nobody names go."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tricorn.files.metadata.known import Budget, NotKnown, only

AROUND = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"uuid"}
WITHIN = {b"hdlr", b"pitm", b"iinf", b"iloc", b"iprp", b"iref", b"idat", b"dinf", b"grpl"}
TELLING = {b"Exif", b"mime", b"uri "}
# Where Exif begins, and Exif with no entry: readers refuse a picture whose Exif is none.
NO_EXIF = b"\0\0\0\0" + b"MM\0*" + b"\0\0\0\x08" + b"\0\0" + b"\0\0\0\0"
MOST_BOXES, MOST_ITEMS = 1000, 20_000
Box = tuple[bytes, int, int]


def without(data: bytes) -> bytes:
    """Return the picture with all places between its items, and the telling items, empty."""
    try:
        return _without(data)
    except (struct.error, IndexError) as problem:
        raise NotKnown(str(problem)) from problem


def _without(data: bytes) -> bytes:
    around = list(_boxes(data, 0, len(data), AROUND))
    metas = [each for each in around if each[0] == b"meta"]
    if len(metas) != 1:
        raise NotKnown("it has no one list of its items")
    _, start, end = metas[0]
    within = {name: (at, to) for name, at, to in _boxes(data, start + 4, end, WITHIN)}
    if not {b"iinf", b"iloc"} <= within.keys():
        raise NotKnown("its items cannot be found")
    kinds = dict(_kinds(data, *within[b"iinf"]))
    idat = within.get(b"idat", (0, 0))
    # The heads of all boxes, all of what describes the items, and the bytes of the items.
    pieces = [(at - 8 if at >= 8 else 0, 8) for _, at, _ in around]
    pieces += [(at, to - at) for name, at, to in around if name in (b"ftyp", b"meta")]
    kept = only(data, pieces)
    emptied: set[int] = set()
    budget = Budget(data)
    kept[idat[0] : idat[1]] = bytes(idat[1] - idat[0])
    for item, at, length, is_in_idat in _places(data, *within[b"iloc"]):
        at += idat[0] if is_in_idat else 0
        low, high = idat if is_in_idat else (0, len(data))
        if not low <= at <= at + length <= high:
            raise NotKnown("an item lies outside of the file")
        budget.take(length)
        kind = kinds.get(item)
        if kind not in TELLING:
            kept[at : at + length] = data[at : at + length]
        elif kind == b"Exif" and length >= len(NO_EXIF) and item not in emptied:
            kept[at : at + len(NO_EXIF)] = NO_EXIF
            emptied.add(item)
    _silence(data, kept, within.get(b"iprp"))
    return bytes(kept)


def _boxes(data: bytes, at: int, end: int, known: set[bytes] | None = None) -> Iterator[Box]:
    """Yield the name of each box, and where its content begins and ends."""
    for _ in range(MOST_BOXES):
        if at == end:
            return
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 0:
            length = end - at
        if length < head or at + length > end or (known is not None and name not in known):
            raise NotKnown("a box is not known")
        yield name, at + head, at + length
        at += length
    raise NotKnown("too many boxes")


def _kinds(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the kind of each item."""
    version = data[at]
    first = at + (6 if version == 0 else 8)
    for _, start, _ in _boxes(data, first, end, {b"infe"}):
        if data[start] == 2:
            item, kind = struct.unpack_from(">H2x4s", data, start + 4)
        elif data[start] == 3:
            item, kind = struct.unpack_from(">I2x4s", data, start + 4)
        else:
            raise NotKnown("an item has no kind")
        yield item, kind


def _places(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, bool]]:
    """Yield where each item lies: its number, start, length, and whether in the box of small ones."""
    version, sizes = data[at], struct.unpack_from(">H", data, at + 4)[0]
    if version > 2:
        raise NotKnown("its items cannot be found")
    offset, length, base, index = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15)
    if not {offset, length, base, index} <= {0, 4, 8}:
        raise NotKnown("its items cannot be found")
    reader = _Reader(data[:end], at + 6)
    for _ in range(min(reader.number(2 if version < 2 else 4), MOST_ITEMS)):
        item = reader.number(2 if version < 2 else 4)
        way = reader.number(2) & 15 if version else 0
        if way > 1 or reader.number(2):
            raise NotKnown("an item lies elsewhere")
        start = reader.number(base)
        for _ in range(min(reader.number(2), MOST_ITEMS)):
            reader.number(index if version else 0)
            place, long = start + reader.number(offset), reader.number(length)
            if not long:
                raise NotKnown("an item has no length")
            yield item, place, long, way == 1


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def number(self, size: int) -> int:
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise NotKnown("it is cut off")
        self._at += size
        return int.from_bytes(found, "big")


def _silence(data: bytes, kept: bytearray, place: tuple[int, int] | None) -> None:
    """Empty what somebody wrote about the picture among its properties."""
    if place is None:
        return
    for name, at, to in _boxes(data, *place):
        if name == b"ipco":
            for what, start, end in _boxes(data, at, to):
                if what in (b"udes", b"uuid", b"crtt", b"mdft"):
                    kept[start:end] = bytes(end - start)
