"""Tables people bring: CSV from a file or standard input, gzip read as it is."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

from tricorn.engine.errors import BadInput
from tricorn.histories.table import unpacked

CHUNK = 8_192
_LONGEST_CELL = 2**30


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line of the file on which it begins."""

    line: int
    cells: list[str]


class Table:
    """A CSV with a header, read once from front to back.

    Errors  BadInput for what is no CSV: wrong encoding, broken gzip, no header; it names the line.
    """

    def __init__(self, name: str, lines: Iterator[str]) -> None:
        csv.field_size_limit(_LONGEST_CELL)
        self.name = name
        self._reader = csv.reader(lines, strict=True)
        self._rows = self._read()
        header = next(self._rows, None)
        if header is None:
            raise BadInput(f"{name} is empty; its first line must name the columns.")
        self.columns = header.cells

    def column(self, wanted: str) -> int:
        """The place of a column. Errors: BadInput if it is missing or named twice."""
        found = [k for k, name in enumerate(self.columns) if name == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadInput(f'{self.name} has {len(found)} columns named "{wanted}"; rename one.')
        near = get_close_matches(wanted, self.columns, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"it has: {_listed(self.columns)}."
        raise BadInput(f'{self.name} has no column "{wanted}"; {hint}')

    def chunks(self) -> Iterator[list[Row]]:
        rows: list[Row] = []
        for row in self._rows:
            rows.append(row)
            if len(rows) == CHUNK:
                yield rows
                rows = []
        if rows:
            yield rows

    def _read(self) -> Iterator[Row]:
        """Every row that is not blank."""
        line = 1
        try:
            for cells in self._reader:
                if cells:
                    yield Row(line, cells)
                line = self._reader.line_num + 1
        except UnicodeDecodeError:
            raise BadInput(
                f"{self.name}, line {line} or soon after: this is not UTF-8 text; "
                f"save the table as CSV in UTF-8."
            ) from None
        except csv.Error as error:
            raise BadInput(f"{self.name}, line {line}: this is not CSV: {error}.") from None
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise BadInput(f"{self.name}: the gzip file is damaged after line {line}.") from None


@contextmanager
def open_table(path: str) -> Iterator[Table]:
    """Open a table; "-" is standard input."""
    name = "standard input" if path == "-" else path
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as raw:
            yield Table(name, _text(io.BufferedReader(cast(io.RawIOBase, raw))))
    except OSError as error:
        if error.filename is None:
            raise
        raise BadInput(f"{name} cannot be read: {error.strerror}.") from None


def _text(raw: io.BufferedReader) -> io.TextIOWrapper:
    return io.TextIOWrapper(unpacked(raw), encoding="utf-8-sig", newline="")


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown
