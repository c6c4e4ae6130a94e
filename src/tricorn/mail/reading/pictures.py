"""Pictures told by their content, and stripped of what they tell about their maker.

Nothing is unpacked: the file is taken apart as segments and put together without the ones that
carry places, names and cameras. So a picture keeps every pixel, and no bomb goes off.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice

from tricorn.files.metadata import BRANDS

_JPEG_NEXT = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
MOST_PIECES = 50_000
_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
_JPEG_KEPT = {0xE0, 0xEE}  # JFIF and Adobe's colours: without them it may look wrong
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB"),
    *(b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
}
_WEBP_DROPPED = {b"EXIF", b"XMP "}
_ORIENTATION = 0x0112


class Damaged(ValueError):
    """The picture is not built as it says."""


def kind(data: bytes) -> str:
    """The media type of a picture by its first bytes, "" for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        return "image/avif" if data[8:11] == b"avi" else "image/heic"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    return "image/bmp" if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0" else ""


def size(data: bytes, media_type: str) -> tuple[int, int]:
    """Width and height as its header says. Errors: Damaged when it says nothing."""
    try:
        if media_type == "image/png":
            width, height = struct.unpack_from(">II", data, 16)
        elif media_type == "image/gif":
            width, height = struct.unpack_from("<HH", data, 6)
        elif media_type == "image/webp":
            width, height = _webp_size(data)
        else:
            frames = (piece for piece in islice(_jpeg(data), 1_000) if _JPEG_FRAME.match(piece))
            height, width = struct.unpack_from(">HH", next(frames, b""), 5)
    except (struct.error, IndexError) as problem:
        raise Damaged(str(problem)) from problem
    if not width or not height:
        raise Damaged("no pixels")
    return width, height


def _webp_size(data: bytes) -> tuple[int, int]:
    if data[12:16] == b"VP8X":
        width, height = data[24:27] + b"\0", data[27:30] + b"\0"
        return struct.unpack("<I", width)[0] + 1, struct.unpack("<I", height)[0] + 1
    if data[12:16] == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def stripped(data: bytes, media_type: str) -> bytes:
    """The same picture without its metadata. Errors: Damaged when it cannot be taken apart."""
    ways = {
        "image/jpeg": _jpeg,
        "image/png": _png,
        "image/gif": _gif,
        "image/webp": _webp,
    }
    try:
        pieces = list(islice(ways[media_type](data), MOST_PIECES + 1))
    except (struct.error, IndexError, ValueError) as problem:
        raise Damaged(str(problem)) from problem
    if len(pieces) > MOST_PIECES:
        raise Damaged("too many pieces")
    return b"".join(pieces)


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while match := _JPEG_NEXT.search(data, at):
        mark = match[1][0]
        if mark == 0xD9:
            break
        start = match.end()
        length = struct.unpack_from(">H", data, start)[0] if mark != 0x01 else 0
        segment = data[start : start + length]
        if mark == 0xE1 and (turned := _orientation(segment)) > 1:
            yield _exif(turned)
        elif mark in _JPEG_KEPT or not (0xE0 <= mark <= 0xEF or mark == 0xFE):
            yield b"\xff" + bytes([mark]) + segment
        elif mark == 0xE2 and segment[2:13] == b"ICC_PROFILE":
            yield b"\xff\xe2" + segment
        at = start + length
        if mark == 0xDA:
            # What follows are pixels, until the next mark; restarts are none.
            after = _JPEG_NEXT.search(data, at)
            yield data[at : after.start() if after else len(data)]
            at = after.start() if after else len(data)
    yield b"\xff\xd9"


def _orientation(segment: bytes) -> int:
    """How the camera was held: the one thing of Exif without which the picture lies on its side."""
    if segment[2:8] != b"Exif\0\0":
        return 0
    tiff = segment[8:]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        for n in range(min(struct.unpack_from(order + "H", tiff, start)[0], 100)):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * n)
            if tag == _ORIENTATION:
                return value if value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _exif(orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at = 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise Damaged("a chunk is cut off")
        if name in _PNG_KEPT:
            yield data[at:end]
        if name == b"IEND":
            return
        at = end


def _gif(data: bytes) -> Iterator[bytes]:
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    yield data[:at]
    while at < len(data) and data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            at += 10 + (3 << ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0) + 1
            is_kept = True
        elif data[at] == 0x21:
            # Timing of frames and endless repeating stay; comments, texts and programs' data go.
            is_kept = data[at + 1] == 0xF9 or data[at + 3 : at + 14] == b"NETSCAPE2.0"
            at += 2
        else:
            raise Damaged("a block has no kind")
        while data[at]:
            at += data[at] + 1
        at += 1
        if is_kept:
            yield data[start:at]
    yield b";"


def _webp(data: bytes) -> Iterator[bytes]:
    chunks, at = [], 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + (length & 1)
        if end > len(data) + 1:
            raise Damaged("a chunk is cut off")
        chunk = data[at:end]
        if name == b"VP8X" and length >= 10:
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if name not in _WEBP_DROPPED:
            chunks.append(chunk)
        at = end
    body = b"".join(chunks)
    yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
