"""A mail cut into its parts (RFC 2045-2049), by position in the bytes: nothing is copied twice."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tricorn.mail.reading import charsets, headers
from tricorn.mail.reading.headers import Headers
from tricorn.mail.reading.letter import Limits, Unreadable

MOST_UU_ROWS = 80_000

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")


@dataclass(slots=True)
class Part:
    """One part: its header, its type, where its body lies, and the parts inside."""

    headers: Headers
    kind: str
    parameters: dict[str, str]
    raw: bytes = field(repr=False)
    start: int
    end: int
    inside: list[Part] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return bool(self.inside)

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    @property
    def disposition(self) -> str:
        return headers.split(self.headers.get("content-disposition"))[0]

    @property
    def name(self) -> str:
        """The file's name, if it has one."""
        told = headers.split(self.headers.get("content-disposition"))[1].get("filename", "")
        told = told or self.parameters.get("name", "")
        return told or headers.decoded(self.headers.get("content-description"))[:100] * (
            self.kind == "message/rfc822"
        )

    @property
    def cid(self) -> str:
        return re.sub(r"[^!-~]", "", self.headers.get("content-id"))[:250].strip("<>\"'")

    def content(self) -> bytes:
        """The body without its transfer encoding; what is broken is taken as far as it goes."""
        way = self.headers.get("content-transfer-encoding").split(";")[0].strip(" \"'").lower()
        if way == "base64":
            return headers.base64(self.body)
        if way in ("quoted-printable", "quotedprintable"):
            return binascii.a2b_qp(self.body)
        if way in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _uudecoded(self.body)
        return self.body

    def text(self, most: int = 0) -> str:
        """The words; of more than `most` bytes only the beginning."""
        content = self.content()
        return charsets.decoded(content[: most or len(content)], self.parameters.get("charset", ""))

    def walk(self) -> Iterator[Part]:
        yield self
        for part in self.inside:
            yield from part.walk()


def cut(raw: bytes, limits: Limits) -> Part:
    """Cut a mail into parts.

    Errors  Unreadable for a header without end, parts without number, or nesting without bottom.
    """
    return _Cutter(raw, limits).cut(0, len(raw), "text/plain", 0)


class _Cutter:
    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw, self.limits, self.count = raw, limits, 0

    def cut(self, start: int, end: int, default: str, depth: int) -> Part:
        self.count += 1
        if self.count > self.limits.parts:
            raise Unreadable(f"The mail has more than {self.limits.parts:,} parts.")
        if depth > self.limits.depth:
            raise Unreadable(f"Its parts lie more than {self.limits.depth} deep in each other.")
        window = self.raw[start : min(end, start + self.limits.header_bytes + 1)]
        found, length = headers.parse(window)
        if length > self.limits.header_bytes:
            raise Unreadable(f"A header in it has more than {self.limits.header_bytes // 1024} KB.")
        kind, parameters = headers.split(found.get("content-type"))
        part = Part(
            found,
            kind if _TYPE.fullmatch(kind) else default,
            parameters,
            self.raw,
            start + length,
            end,
        )
        if part.kind.startswith("multipart/"):
            self._open(part, depth)
        return part

    def _open(self, part: Part, depth: int) -> None:
        default = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")[:200]
        most = self.limits.parts + 2
        places = list(islice(self._places(part, boundary), most)) if boundary else []
        if not places:
            # Nothing inside can be found, so the whole of it is shown as it is.
            part.kind = "text/plain"
            return
        for (_, begin), (stop, _) in zip(places, [*places[1:], (part.end, 0)], strict=True):
            if begin:
                part.inside.append(self.cut(begin, max(stop, begin), default, depth + 1))

    def _places(self, part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
        """Each line that is the boundary: where the part before it ends, where the next begins.

        The next begins at 0 when this was the closing one.
        """
        mark = b"--" + boundary
        at = part.start if self.raw.startswith(mark, part.start, part.end) else -1
        if at < 0:
            at = self._next(mark, part.start, part.end)
        while at >= 0:
            end = self.raw.find(b"\n", at, part.end)
            end = part.end if end < 0 else end + 1
            rest = self.raw[at + len(mark) : min(end, at + len(mark) + 200)].strip()
            if rest in (b"", b"--"):
                stop = at - 1 - (self.raw[at - 2 : at - 1] == b"\r")
                yield max(stop, part.start), 0 if rest else end
                if rest:
                    return
            at = self._next(mark, end - 1, part.end)

    def _next(self, mark: bytes, start: int, end: int) -> int:
        at = self.raw.find(b"\n" + mark, start, end)
        return at + 1 if at >= 0 else -1


def _uudecoded(body: bytes) -> bytes:
    rows = body.splitlines()
    if len(rows) > MOST_UU_ROWS:
        return body
    first = next((n for n, row in enumerate(rows[:100]) if row.startswith(b"begin ")), -1)
    out = []
    for row in rows[first + 1 :]:
        if row.strip() in (b"end", b"`", b""):
            continue
        try:
            out.append(binascii.a2b_uu(row))
        except binascii.Error:
            continue
    return b"".join(out)
