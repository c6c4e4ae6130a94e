"""A table with one column more: read in chunks, solved as arrays, written as it goes."""

import csv
import json
import sys
from collections.abc import Callable, Iterator

import click
import numpy as np
import numpy.typing as npt

from tricorn.engine.errors import BadInput, BadTarget
from tricorn.engine.hours import Schedule, Target

from .moments import read_moments
from .output import progress
from .table import Row, Table, open_table

MOST_SHOWN = 50


class Sheet:
    """A chunk of rows, its columns as values; collects what cannot be read."""

    def __init__(self, table: Table, rows: list[Row], schedule: Schedule) -> None:
        self.table, self.rows, self.schedule = table, rows, schedule
        self.refused: dict[int, tuple[str, str]] = {}
        self.never = 0
        width = len(table.columns)
        for number, row in enumerate(rows):
            if len(row.cells) != width:
                sentence = f"{len(row.cells)} cells where the header has {width}."
                self.complain("all", number, sentence)

    def complain(self, column: str, row: int, sentence: str) -> None:
        self.refused.setdefault(row, (column, sentence))

    def cells(self, column: str) -> list[str]:
        place, width = self.table.column(column), len(self.table.columns)
        return [row.cells[place] if len(row.cells) == width else "" for row in self.rows]

    def moments(self, column: str) -> npt.NDArray[np.int64]:
        return read_moments(
            self.cells(column), self.schedule, lambda row, why: self.complain(column, row, why)
        )

    def targets(self, column: str) -> list[Target | None]:
        found: list[Target | None] = []
        for number, cell in enumerate(self.cells(column)):
            try:
                found.append(Target.parse(cell) if cell.strip() else None)
            except BadTarget as refusal:
                self.complain(column, number, str(refusal))
                found.append(None)
        return found


def _as_value(text: str | int | None) -> str | int | None:
    """Return a result as JSON has it: seconds as a number, nothing as null."""
    if not isinstance(text, str):
        return text
    return int(text) if text.isdigit() else text or None


def add_column(
    schedule: Schedule, path: str, name: str, as_json: bool, solve: Callable[[Sheet], list[str]]
) -> None:
    """Write the table with the column that `solve` makes, as CSV or one JSON object.

    Refused rows keep their cells and get an empty result; they are listed on standard error with
    line and column, and the exit status is 1.
    """
    refused: list[dict[str, object]] = []
    listed: list[dict[str, str | int | None]] = []
    never = 0
    with open_table(path) as table, progress("Rows") as bar:
        if name in table.columns:
            raise BadInput(f'{table.name} has a column "{name}" already; choose a name with --as.')
        header = [*table.columns, name]
        write = csv.writer(sys.stdout, lineterminator="\n").writerow
        for number, sheet in enumerate(_sheets(table, schedule)):
            results = solve(sheet)  # before the header: a wrong column leaves nothing half-written
            rows = [_fitted(r.cells, header, t) for r, t in zip(sheet.rows, results, strict=True)]
            if as_json:
                for row in rows:
                    listed.append(dict(zip(header, row, strict=False)))
            elif number == 0:
                write(header)
            if not as_json:
                for row in rows:
                    write(row)
            for at, (column, why) in sorted(sheet.refused.items()):
                refused.append({"line": sheet.rows[at].line, "column": column, "why": why})
            never += sheet.never
            bar.advance(len(rows))
    if as_json:
        for each in listed:
            each[name] = _as_value(each[name])
        click.echo(json.dumps({"rows": listed, "refused": refused}, ensure_ascii=False))
    sys.stdout.flush()
    if never:
        count = "1 row is" if never == 1 else f"{never} rows are"
        click.echo(f"tricorn: {count} never due: nothing opens for a century.", err=True)
    if refused:
        _report(refused, table.name)
        sys.exit(1)


def _sheets(table: Table, schedule: Schedule) -> Iterator[Sheet]:
    """At least one, so that a table without rows still has its columns checked."""
    empty = True
    for rows in table.chunks():
        empty = False
        yield Sheet(table, rows, schedule)
    if empty:
        yield Sheet(table, [], schedule)


def _fitted(cells: list[str], header: list[str], result: str) -> list[str]:
    """A row as wide as the header; what is too long stays, behind the result."""
    width = len(header) - 1
    return [*cells[:width], *[""] * (width - len(cells)), result, *cells[width:]]


def _report(refused: list[dict[str, object]], name: str) -> None:
    for row in refused[:MOST_SHOWN]:
        place = f"{name}, line {row['line']}, column {row['column']}"
        click.echo(f"tricorn: {place}: {row['why']}", err=True)
    more = len(refused) - MOST_SHOWN
    rest = f" ({more} of them not listed here)" if more > 0 else ""
    count = "1 row was" if len(refused) == 1 else f"{len(refused)} rows were"
    click.echo(f"tricorn: {count} refused and written without a result{rest}.", err=True)
