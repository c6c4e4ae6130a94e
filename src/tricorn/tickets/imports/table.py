"""Reading a table row by row: gzip as it is, any usual separator, every fault with its place."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tricorn.engine.errors import BadInput

# A cell longer than this is no cell: most likely a quote that was never closed.
csv.field_size_limit(4 * 1024 * 1024)
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """One row: where it stands, and its cells by column. `cells` is None when the count is wrong."""

    line: int
    cells: list[str]
    is_whole: bool


@dataclass
class Table:
    """An open table: its columns as written, and its rows one by one."""

    columns: list[str]
    rows: Iterator[Row]

    def index(self, name: str) -> int | None:
        """Return where a column stands, whatever its case and blanks around it."""
        wanted = name.strip().lower()
        for n, column in enumerate(self.columns):
            if column.strip().lower() == wanted:
                return n
        return None


def open_table(
    path: Path, *, encoding: str = "utf-8-sig", on_bytes: Callable[[int], None] | None = None
) -> Table:
    """Open a CSV file, gzipped or not. `on_bytes` hears how many bytes of the file were read.

    Errors  BadInput when there is no such file, it is no text, in another encoding, or empty.
    """
    try:
        raw: IO[bytes] = open(path, "rb")  # noqa: SIM115 - closed with the rows' iterator
    except OSError as problem:
        raise BadInput(f"Cannot open {path.name}: {problem.strerror}.", file=str(path)) from problem
    counted = io.BufferedReader(_Counted(raw, on_bytes)) if on_bytes else raw
    start = counted.peek(2)[:2] if isinstance(counted, io.BufferedReader) else b""
    plain: IO[bytes] = gzip.GzipFile(fileobj=counted) if start == b"\x1f\x8b" else counted  # type: ignore[assignment]
    try:
        text = io.TextIOWrapper(plain, encoding=encoding, newline="")
        lines = _checked(text, path.name, encoding)
        head = next(lines, "")
    except LookupError as problem:
        raise BadInput(
            f"There is no encoding called {encoding!r}. Try utf-8 or cp1252."
        ) from problem
    if not head.strip():
        raise BadInput(f"{path.name} is empty. It needs a first line with the names of columns.")
    separator = max(SEPARATORS, key=head.count)
    if head.count(separator) == 0:
        raise BadInput(
            f"{path.name} does not look like a table: its first line has no comma, semicolon "
            "or tab between names of columns."
        )
    try:
        columns = next(csv.reader([head], delimiter=separator))
    except csv.Error as problem:
        raise BadInput(f"{path.name}, line 1: {problem}. Is this a table?") from problem
    doubled = sorted({name for name in columns if columns.count(name) > 1})
    if doubled:
        raise BadInput(f"{path.name} names the column {doubled[0]!r} twice. Rename one of them.")
    return Table(columns, _rows(lines, separator, len(columns), path.name))


def _checked(text: io.TextIOWrapper, name: str, encoding: str) -> Iterator[str]:
    """Yield lines; say in one sentence when the bytes are no text in this encoding."""
    number = 0
    while True:
        number += 1
        try:
            line = text.readline()
        except UnicodeDecodeError as problem:
            raise BadInput(
                f"{name} is not in {encoding.removesuffix('-sig')}: "
                f"byte 0x{problem.object[problem.start]:02x} near line {number}. "
                "Name its encoding, for example --encoding cp1252.",
                line=number,
            ) from problem
        except (OSError, EOFError, zlib.error) as problem:
            raise BadInput(f"{name} cannot be unpacked near line {number}: {problem}.") from problem
        if not line:
            return
        if "\0" in line:
            raise BadInput(
                f"{name} holds a NUL byte in line {number}: it is no text, or in UTF-16. "
                "Save it as CSV in UTF-8, or name its encoding: --encoding utf-16."
            )
        yield line


def _rows(lines: Iterator[str], separator: str, width: int, name: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator)
    while True:
        line = reader.line_num + 2
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise BadInput(f"{name}, line {line}: {problem}. Is a quote never closed?") from problem
        if cells:
            yield Row(line, cells, len(cells) == width)


class _Counted(io.RawIOBase):
    """A file that tells how far it was read, for the progress bar."""

    def __init__(self, file: IO[bytes], heard: Callable[[int], None]) -> None:
        self._file, self._heard, self._done = file, heard, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._done += len(data)
        self._heard(self._done)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
