"""Documents of an office (docx, xlsx, pptx, odt and theirs): who wrote them, when and for whom goes.

They are archives. Each part is copied packed as it is, so nothing is ever unpacked; only the parts
that describe the document are written anew, empty.
"""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import BadZipFile, ZipFile, ZipInfo

from tricorn.files.metadata.known import NotKnown

MOST_LISTED = 1_000_000
SHORT = "http://schemas.openxmlformats.org"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CORE = f'<cp:coreProperties xmlns:cp="{SHORT}/package/2006/metadata/core-properties"/>'
EMPTY = {
    "docProps/core.xml": CORE,
    "docProps/app.xml": f'<Properties xmlns="{SHORT}/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{SHORT}/officeDocument/2006/custom-properties"/>',
}
META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'office:version="1.3"><office:meta/></office:document-meta>'
)
SIGNED = ("_xmlsignatures/", "META-INF/documentsignatures.xml")


def without(data: bytes) -> bytes | None:
    """Return the document without what describes it; None for an archive that is none.

    Errors  NotKnown for a broken one, and for a signed one: its signature would break.
    """
    end = data.rfind(b"PK\x05\x06", max(len(data) - 66_000, 0))
    tail = data[end : end + 22] if end >= 0 else b""
    if len(tail) < 22 or int.from_bytes(tail[12:16], "little") > MOST_LISTED:
        return None
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = sorted(archive.infolist(), key=lambda each: each.header_offset)
    except (BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError):
        return None
    empty = _empty({each.filename for each in parts})
    if not empty:
        return None
    if any(each.filename.startswith(SIGNED) for each in parts):
        raise NotKnown("it is signed")
    return _written(data, parts, empty)


def _empty(names: set[str]) -> dict[str, str]:
    """Return what is to stand in the parts that describe the document."""
    if "[Content_Types].xml" in names:
        core = {name: CORE for name in names if name.endswith(".psmdcp")}
        return core | {name: text for name, text in EMPTY.items() if name in names}
    return {"meta.xml": META} if {"mimetype", "meta.xml", "content.xml"} <= names else {}


def _written(data: bytes, parts: list[ZipInfo], empty: dict[str, str]) -> bytes:
    """Return the archive anew, without times, remarks and what lies between its parts."""
    made, listed, total = io.BytesIO(), [], 0
    for each in parts:
        at = made.tell()
        name, flags = each.filename.encode(), each.flag_bits & ~0x0008 | 0x0800
        if text := empty.get(each.filename):
            packed = (XML + text).encode()
            kind, size, check = 0, len(packed), zlib.crc32(packed)
            flags &= ~1
        else:
            packed = _packed(data, each)
            kind, size, check = each.compress_type, each.file_size, each.CRC
        total += len(packed)
        if total > len(data) + 10_000 or max(size, each.compress_size) >= 1 << 32:
            raise NotKnown("its parts lie over each other")
        head = struct.pack("<HHHHIIIHH", flags, kind, 0, 33, check, len(packed), size, len(name), 0)
        made.write(b"PK\x03\x04\x14\0" + head + name + packed)
        rest = struct.pack("<HHHII", 0, 0, 0, each.external_attr & 0xFFFFFFFF, at)
        listed.append(b"PK\x01\x02\x14\0\x14\0" + head + rest + name)
    at, table = made.tell(), b"".join(listed)
    if len(listed) > 65_534:
        raise NotKnown("too many parts")
    tail = struct.pack("<HHHHIIH", 0, 0, len(listed), len(listed), len(table), at, 0)
    return made.getvalue() + table + b"PK\x05\x06" + tail


def _packed(data: bytes, part: ZipInfo) -> bytes:
    """Return a part as it lies in the archive."""
    at = part.header_offset
    if data[at : at + 4] != b"PK\x03\x04" or len(data) < at + 30:
        raise NotKnown("a part is not where it should be")
    name, more = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name + more
    packed = data[start : start + part.compress_size]
    if len(packed) != part.compress_size:
        raise NotKnown("a part is cut off")
    return packed
