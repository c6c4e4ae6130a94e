"""The header of a mail or of one part: names, unfolded values, encoded words, parameters."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from tricorn.mail.reading import charsets

MOST_FIELDS = 2_000
LONGEST_VALUE = 65_536

_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:(.*)", re.S)
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(
    r';\s*+([^\s=;"*]{1,60})(\*\d{1,3})?(\*)?\s*+=\s*+(?:"((?:[^"\\]|\\.){0,4000}+)"?|([^;]*+))'
)


@dataclass(slots=True)
class Headers:
    """Fields in their order. Names count without case; a value is unfolded, not yet decoded."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    odd_lines: int = 0

    def all(self, name: str) -> list[str]:
        wanted = name.lower()
        return [value for key, value in self.fields if key == wanted]

    def get(self, name: str) -> str:
        """The first field of this name, else ""."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key == wanted), "")

    def text(self, name: str) -> str:
        return decoded(self.get(name))

    def names(self) -> Iterator[str]:
        return (key for key, _ in self.fields)


def parse(block: bytes) -> tuple[Headers, int]:
    """Read fields until an empty line; return them and where the body begins.

    A line that is no field is passed over when a field follows it; else the body begins there.
    """
    headers, start, size = Headers(), 0, len(block)
    pending: tuple[str, list[bytes]] | None = None
    room = 0
    while start < size:
        end = block.find(b"\n", start)
        end = size if end < 0 else end + 1
        row = block[start:end].rstrip(b"\r\n")
        if not row:
            start = end
            break
        if row[:1] in b" \t":
            room -= len(row)
            if pending and room > 0:
                pending[1].append(b" " + row.strip())
        elif (match := _FIELD.match(row)) and len(headers.fields) < MOST_FIELDS:
            _keep(headers, pending)
            pending = (match[1].decode("ascii").lower(), [match[2].strip()])
            room = LONGEST_VALUE - len(row)
        elif not match and start and not _field_follows(block, end):
            break
        else:
            # The first line of a mailbox file is no field and tells nothing.
            headers.odd_lines += bool(start) or not row.startswith((b"From ", b">From "))
        start = end
    _keep(headers, pending)
    return headers, start


def _keep(headers: Headers, pending: tuple[str, list[bytes]] | None) -> None:
    if pending:
        value = charsets.decoded(b"".join(pending[1])[:LONGEST_VALUE])
        headers.fields.append((pending[0], value))


def _field_follows(block: bytes, start: int) -> bool:
    row = block[start : start + 200].split(b"\n", 1)[0].rstrip(b"\r")
    return bool(_FIELD.match(row))


def decoded(value: str) -> str:
    """Encoded words made text (RFC 2047), also where they are glued to others or cut in pieces."""
    if "=?" not in value:
        return value
    out: list[str] = []
    held, charset, last = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[last : match.start()]
        if held and (between.strip() or match[1].lower() != charset):
            out.append(charsets.decoded(held, charset))
            held = b""
        if between.strip() or not last:
            out.append(between)
        # One character may be cut over two words: put their bytes together first.
        charset, held, last = match[1].lower(), held + _unpacked(match[2], match[3]), match.end()
    if held:
        out.append(charsets.decoded(held, charset))
    return "".join(out) + value[last:]


def _unpacked(way: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if way in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return base64(raw)


def base64(raw: bytes) -> bytes:
    """Bytes from base64, as far as it goes: padding may be missing, garbage is passed over."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def split(value: str) -> tuple[str, dict[str, str]]:
    """A value like `text/plain; charset="x"` as (word in lower case, parameters) (RFC 2231)."""
    word, _, rest = value.partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in list(_PARAMETER.finditer(";" + rest[:LONGEST_VALUE]))[:200]:
        text = match[5].strip() if match[4] is None else re.sub(r"\\(.)", r"\1", match[4])
        number = int(match[2][1:]) if match[2] else 0
        pieces.setdefault(match[1].lower(), []).append((number, bool(match[3]), text))
    return word.strip().lower(), {name: _joined(found) for name, found in pieces.items()}


def _joined(found: list[tuple[int, bool, str]]) -> str:
    if not any(is_extended for _, is_extended, _ in found):
        whole = "".join(text for _, _, text in sorted(found, key=lambda piece: piece[0]))
        return decoded(whole if len({number for number, _, _ in found}) > 1 else found[0][2])
    found = sorted((piece for piece in found), key=lambda piece: piece[0])
    charset, data = "", b""
    for order, (_, is_extended, text) in enumerate(found):
        if is_extended and order == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if is_extended else text.encode("utf-8", "replace")
    return charsets.decoded(data, charset)


def moment(value: str) -> datetime | None:
    """A date in UTC, or None when nobody can tell; a date without a zone counts as UTC."""
    try:
        found = parsedate_to_datetime(value.strip()[:100])
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        found = found.astimezone(UTC)
    except Exception:  # the parser fails in many ways over the dates that people send
        return None
    return found if 1970 < found.year < 2200 else None
