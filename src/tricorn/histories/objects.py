"""JSON as interfaces give it: one object per line, an array, or an array within an answer.

Never more than one object is held: an array of two gigabytes is read like a table of that size.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tricorn.engine.errors import BadInput

from .table import Row, Table, open_text, readable

HEAD = 1 << 16
CHUNK = 1 << 20
LONGEST = 1 << 26
# Under these names interfaces put the rows of an answer.
WRAPPERS = ("tickets", "results", "result", "ticket_metric_events", "records", "data")
_WRAPPED = re.compile(rf'"(?:{"|".join(WRAPPERS)})"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()

Told = tuple[int, Mapping[str, Any] | None]


def is_json(start: str) -> bool:
    """Return whether a text that begins so is JSON, not a table."""
    return start.lstrip()[:1] in ("{", "[")


def open_objects(
    path: Path, *, encoding: str = "utf-8-sig", on_bytes: Callable[[int], None] | None = None
) -> Iterator[Told]:
    """Yield (line, object); None for a line that is no object.

    Errors  BadInput for what is no text, or an array that breaks off or is no JSON.
    """
    text = open_text(path, encoding=encoding, on_bytes=on_bytes)
    with text, readable(path.name, encoding, 1):
        head = text.read(HEAD)
    text = open_text(path, encoding=encoding, on_bytes=on_bytes)
    first, newline, _ = head.strip().partition("\n")
    wrapped = _WRAPPED.search(head)
    if first.startswith("["):
        yield from _array(text, path.name, encoding, head.index("[") + 1)
    elif newline and _object(first) and not (wrapped and _is_wrapper(first)):
        yield from _lines(text, path.name, encoding)
    elif wrapped and head.lstrip().startswith("{"):
        yield from _array(text, path.name, encoding, wrapped.end())
    else:
        yield from _lines(text, path.name, encoding)


def open_as_table(
    path: Path,
    keys: Sequence[str],
    *,
    encoding: str = "utf-8-sig",
    on_bytes: Callable[[int], None] | None = None,
) -> Table:
    """Return JSON objects as a table with these columns; a row that is no object is not whole."""
    wanted = list(keys)

    def rows() -> Iterator[Row]:
        for line, told in open_objects(path, encoding=encoding, on_bytes=on_bytes):
            if told is None:
                yield Row(line, [], False)
            else:
                yield Row(line, [cell(told.get(key)) for key in wanted], True, told)

    return Table(wanted, rows())


def cell(value: Any) -> str:
    """Return a value as a cell says it: nothing for null, yes and no, a name for {"name": ...}."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return cell(value.get("display_value") or value.get("name") or value.get("id"))
    return sound(str(value))


def sound(text: str) -> str:
    """Return a text that can be written anywhere: JSON can say half a sign, and NUL."""
    if text.isprintable():
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _lines(text: io.TextIOWrapper, name: str, encoding: str) -> Iterator[Told]:
    line = 0
    with text:
        while True:
            line += 1
            with readable(name, encoding, line):
                said = text.readline(LONGEST)
            if not said:
                return
            if said.strip():
                yield line, _object(said)


def _array(text: io.TextIOWrapper, name: str, encoding: str, start: int) -> Iterator[Told]:
    """Yield the objects of an array that begins after `start` signs of the text."""
    with text:
        with readable(name, encoding, 1):
            buffer = text.read(max(CHUNK, start))
        line, at, is_over = 1 + buffer.count("\n", 0, start), start, False
        while True:
            begins = _after_comma(buffer, at)
            line, at = line + buffer.count("\n", at, begins), begins
            if buffer[at : at + 1] == "]":
                return
            try:
                value, end = _DECODER.raw_decode(buffer, at)
            except (ValueError, RecursionError) as problem:  # also a number of thousands of digits
                if is_over or len(buffer) - at > LONGEST:
                    raise BadInput(
                        f"{name} is no whole JSON: it breaks off or goes wrong in or after line "
                        f"{line}. Export it again, or as one object per line."
                    ) from problem
            else:
                yield line, value if isinstance(value, dict) else None
                line, at = line + buffer.count("\n", at, end), end
                continue
            with readable(name, encoding, line):
                more = text.read(max(CHUNK, len(buffer) - at))
            is_over = not more
            buffer, at = buffer[at:] + more, 0


def _after_comma(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_wrapper(first: str) -> bool:
    found = _object(first) or {}
    return any(isinstance(found.get(name), list) for name in WRAPPERS)
