"""Reading a table row by row: gzip as it is, any usual separator, every fault with its place."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tricorn.engine.errors import BadInput

# A cell longer than this is no cell: most likely a quote that was never closed.
LONGEST_CELL = 4 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
MOST_BLANK = 100_000  # lines: a small gzip can hold any number of them
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """One row: where it stands, its cells by column, and whether their count is right."""

    line: int
    cells: list[str]
    is_whole: bool
    told: Mapping[str, Any] | None = None  # the whole object, where the row was one


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

    def places(self, *names: str) -> list[int]:
        """Return where columns stand that go by one of these names, `opened_at` as Opened at."""
        wanted = [plain(name) for name in names]
        known = [plain(column) for column in self.columns]
        return [n for name in wanted for n, column in enumerate(known) if column == name]


def plain(name: str) -> str:
    """Return the name of a column without what differs between exports: case, blanks, lines."""
    return " ".join(name.replace("_", " ").lower().split())


def unpacked(raw: io.BufferedReader[Any]) -> IO[bytes]:
    """Return the bytes of a file, unpacked when they are gzip."""
    packed = raw.peek(2)[:2] == b"\x1f\x8b"
    return gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[return-value]


def open_text(
    path: Path, *, encoding: str = "utf-8-sig", on_bytes: Callable[[int], None] | None = None
) -> io.TextIOWrapper:
    """Open a text file, gzipped or not. `on_bytes` hears how many bytes of it were read.

    Errors  BadInput when there is no such file, it is a workbook, or the encoding is unknown.
    """
    try:
        raw = open(path, "rb")  # noqa: SIM115 - closed with the text
    except OSError as problem:
        raise BadInput(f"Cannot open {path.name}: {problem.strerror}.", file=str(path)) from problem
    counted: io.BufferedReader[Any] = raw
    if on_bytes:
        counted = io.BufferedReader(_Counted(raw, on_bytes))
    try:
        if counted.peek(4)[:4] == b"PK\x03\x04":
            raise BadInput(
                f"{path.name} is a workbook or a ZIP archive. Save the sheet as CSV in UTF-8."
            )
        return io.TextIOWrapper(unpacked(counted), encoding=encoding, newline="")
    except (LookupError, ValueError) as problem:  # ValueError: a NUL in its name
        raise BadInput(
            f"There is no encoding called {encoding!r}. Try utf-8 or cp1252."
        ) from problem
    except OSError as problem:
        raise BadInput(f"Cannot read {path.name}: {problem.strerror}.", file=str(path)) from problem


@contextmanager
def readable(name: str, encoding: str, line: int) -> Iterator[None]:
    """Say in one sentence why a text cannot be read on."""
    try:
        yield
    except UnicodeDecodeError as problem:
        raise BadInput(
            f"{name} is not in {encoding.removesuffix('-sig')}: "
            f"byte 0x{problem.object[problem.start]:02x} near line {line}. "
            "Name its encoding, for example --encoding cp1252.",
            line=line,
        ) from problem
    except (OSError, EOFError, zlib.error) as problem:
        raise BadInput(f"{name} cannot be unpacked near line {line}: {problem}.") from problem


def open_table(
    path: Path,
    *,
    encoding: str = "utf-8-sig",
    on_bytes: Callable[[int], None] | None = None,
    repeats: bool = False,
) -> Table:
    """Open a CSV file, gzipped or not. With `repeats` several columns may have one name.

    Errors  BadInput when there is no such file, it is no text, in another encoding, or empty.
    """
    text = open_text(path, encoding=encoding, on_bytes=on_bytes)
    lines = checked_lines(text, path.name, encoding)
    head = next(lines, "")
    if not head.strip():
        raise BadInput(f"{path.name} is empty. It needs a first line with the names of columns.")
    separator = max(SEPARATORS, key=head.count)
    if head.count(separator) == 0:
        raise BadInput(
            f"{path.name} does not look like a table: its first line has no comma, semicolon "
            "or tab between names of columns."
        )
    try:
        columns = next(_cells([head], separator))
    except csv.Error as problem:
        raise BadInput(f"{path.name}, line 1: {problem}. Is this a table?") from problem
    doubled = sorted({name for name in columns if columns.count(name) > 1})
    if doubled and not repeats:
        raise BadInput(f"{path.name} names the column {doubled[0]!r} twice. Rename one of them.")
    return Table(columns, _rows(lines, separator, len(columns), path.name))


def checked_lines(text: io.TextIOWrapper, name: str, encoding: str) -> Iterator[str]:
    """Yield lines; say in one sentence when the bytes are no text in this encoding."""
    number = blank = 0
    with text:
        while True:
            number += 1
            try:
                line = text.readline(LONGEST_LINE)
            except (ValueError, OSError, EOFError, zlib.error):
                with readable(name, encoding, number):
                    raise
                raise
            if not line:
                return
            if "\0" in line:
                raise BadInput(
                    f"{name} holds a NUL byte in line {number}: it is no text, or in UTF-16. "
                    "Save it as CSV in UTF-8, or name its encoding: --encoding utf-16."
                )
            if len(line) == LONGEST_LINE:
                raise BadInput(f"{name} has a line of {LONGEST_LINE:,} signs. Is it a table?")
            blank = 0 if line.strip() else blank + 1
            if blank > MOST_BLANK:
                raise BadInput(
                    f"{name} has more than {MOST_BLANK:,} empty lines in a row, up to line "
                    f"{number:,}. Is it a table?"
                )
            yield line


def _cells(lines: Iterable[str], separator: str) -> Any:
    csv.field_size_limit(LONGEST_CELL)  # of the whole program; others read longer ones
    return csv.reader(lines, delimiter=separator)


def _rows(lines: Iterator[str], separator: str, width: int, name: str) -> Iterator[Row]:
    reader = _cells(lines, separator)
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
