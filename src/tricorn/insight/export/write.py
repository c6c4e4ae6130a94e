"""Writing everything out: row by row as CSV and JSON lines, files beside them, the manifest last."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from tricorn import __version__
from tricorn.engine.errors import BadInput
from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.insight.export.held import NOT_WRITTEN, columns, left_out, tables
from tricorn.journal.actor import Actor
from tricorn.journal.sealing import head
from tricorn.journal.verbs import write
from tricorn.parties.models import House

FORMAT = 1
FORMATS = ("csv", "json")
MANIFEST = "manifest.json"
OURS = ("csv", "json", "files")
# What a person reads first. It is written first, too: by it a later export knows its own folder.
README = "README.txt"
ROWS_AT_ONCE = 2000
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ABOUT = """Everything that this house keeps, as of the moment in manifest.json.

csv/   one table each, for spreadsheets: a text that begins like a formula has an apostrophe before it
json/  the same rows, exact: one JSON object a line
files/ what was attached to tickets and records, and the signed agreements

Without manifest.json this folder is not whole. It holds personal and private texts: keep it well.
"""
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Exported:
    """What was written: how many tables, rows and files, and files that the disk did not have."""

    tables: int
    rows: int
    files: int
    missing: tuple[str, ...]


def count_rows() -> int:
    """Return how many rows there are to write."""
    return sum(model._base_manager.count() for model in tables())


def export(
    folder: Path,
    *,
    by: Actor,
    at: datetime,
    formats: Collection[str] = FORMATS,
    force: bool = False,
    advance: Advance = lambda rows: None,
) -> Exported:
    """Write everything into a folder. The manifest comes last: without it the folder is not whole.

    All rows are of one moment. Memory does not grow with them.
    Errors  BadInput for a folder that holds something (unless forced) or cannot be written.
    """
    try:
        _prepare(folder, force)
        _remember(by=by, at=at)
        with _one_moment():
            written = [_table(folder, model, formats, advance) for model in tables()]
            files, missing = _files(folder)
            journal = {"head": head(), "lines": _rows_of(written, "journal.Line")}
        manifest = {
            "format": FORMAT,
            "program": f"tricorn {__version__}",
            "made_at": at.isoformat(),
            "journal": journal,
            "tables": written,
            "files": files,
            "missing_files": missing,
            "not_written": NOT_WRITTEN,
        }
        _put(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    except OSError as problem:
        raise BadInput(
            f"Cannot write {problem.filename or folder} ({problem.strerror}). "
            "Name a folder on a disk with room that you may write to."
        ) from problem
    rows = sum(each["rows"] for each in written)
    return Exported(len(written), rows, len(files), tuple(missing))


def _remember(*, by: Actor, at: datetime) -> None:
    """Who takes everything along is told to the journal before, whether it ends well or not."""
    with transaction.atomic():
        if house := House.objects.first():
            write(house, "house.exported", by=by, at=at)


def _prepare(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is not a folder. Name one that is empty or not there yet.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        if not force:
            raise BadInput(
                f"{folder} is not empty. Name an empty folder, or write over it with --force."
            )
        if not _is_ours(folder):
            raise BadInput(
                f"{folder} holds something else than an earlier export, and that is never "
                "deleted. Name an empty folder."
            )
    # From here on the folder is not whole, whatever happens.
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in OURS:
        shutil.rmtree(folder / name, ignore_errors=True)
    _put(folder / README, ABOUT.encode())


def _is_ours(folder: Path) -> bool:
    """Whether an export, whole or half, is all that the folder holds."""
    readme = folder / README
    known = {*OURS, README, MANIFEST, *(_half(Path(name)) for name in (README, MANIFEST))}
    there = list(folder.iterdir())
    return (
        {path.name for path in there} <= known
        and not any(path.is_symlink() for path in there)
        and readme.is_file()
        and readme.read_bytes() == ABOUT.encode()
    )


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN DEFERRED"
    if connection.vendor == "postgresql":
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _table(
    folder: Path, model: type[models.Model], formats: Collection[str], advance: Advance
) -> dict[str, Any]:
    """Write one table in each format, and return its entry in the manifest."""
    fields = columns(model)
    label = model._meta.label
    count = 0
    with ExitStack() as stack:
        outs = {
            each: stack.enter_context(_Out.open(folder, each, f"{label}.{ENDINGS[each]}"))
            for each in formats
        }
        sheet = csv.writer(outs["csv"]) if "csv" in outs else None
        if sheet:
            sheet.writerow([field.attname for field in fields])
        for row in _rows(model, [field.attname for field in fields]):
            if sheet:
                sheet.writerow([_cell(value) for value in row])
            if "json" in outs:
                named = {f.attname: _plain(v) for f, v in zip(fields, row, strict=True)}
                outs["json"].write(json.dumps(named, ensure_ascii=False) + "\n")
            count += 1
            if count % ROWS_AT_ONCE == 0:
                advance(ROWS_AT_ONCE)
        advance(count % ROWS_AT_ONCE)
    return {
        "table": label,
        "rows": count,
        "columns": [field.attname for field in fields],
        "left_out": [field.attname for field in left_out(model)],
        "files": {each: out.entry for each, out in outs.items()},
    }


ENDINGS = {"csv": "csv", "json": "jsonl"}


def _rows(model: type[models.Model], names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows by their number, some thousand at a time: no cursor on the server is needed."""
    key = model._meta.pk.attname
    place = names.index(key)
    rows = model._base_manager.order_by("pk").values_list(*names)
    last = None
    while True:
        some = list((rows if last is None else rows.filter(pk__gt=last))[:ROWS_AT_ONCE])
        yield from some
        if len(some) < ROWS_AT_ONCE:
            return
        last = some[-1][place]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: moments in ISO 8601, exact numbers as text, bytes in base64."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def _cell(value: Any) -> Any:
    """Return a value as a cell of a sheet: nothing for null, and no text that is a formula."""
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


class _Out:
    """A file that is hashed while it is written."""

    def __init__(self, folder: Path, path: Path) -> None:
        self._path = path
        self._name = path.relative_to(folder).as_posix()
        self._hash = hashlib.sha256()
        self._size = 0
        self._file = os.fdopen(_only_mine(str(path), NEW), "wb")

    @classmethod
    @contextmanager
    def open(cls, folder: Path, kind: str, name: str) -> Iterator[_Out]:
        (folder / kind).mkdir(mode=0o700, exist_ok=True)
        out = cls(folder, folder / kind / name)
        try:
            yield out
            out._file.flush()
            os.fsync(out._file.fileno())
        finally:
            out._file.close()

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "backslashreplace")
        self._hash.update(data)
        self._size += len(data)
        return self._file.write(data)

    @property
    def entry(self) -> dict[str, Any]:
        return {"name": self._name, "bytes": self._size, "sha256": self._hash.hexdigest()}


def _only_mine(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _files(folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Copy what is attached, and the signed agreements; return their entries and what was not there."""
    entries, missing = [], []
    for row in _rows(File, ["id", "stored_as"]):
        name = str(row[1])
        found = _copied(where(name), folder / "files" / name[:2] / name, folder)
        if found is None:
            missing.append(name)
        else:
            entries.append(found)
    signed = Path(settings.AGREEMENTS_ROOT)
    for path in sorted(signed.iterdir()) if signed.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            found = _copied(path, folder / "files" / "agreements" / path.name, folder)
            entries += [found] if found else []
    return entries, missing


def _copied(source: Path, target: Path, folder: Path) -> dict[str, Any] | None:
    if not source.is_file():
        return None
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashed, size = hashlib.sha256(), 0
    with open(source, "rb") as reading, open(target, "wb", opener=_only_mine) as writing:
        while data := reading.read(1 << 20):
            hashed.update(data)
            size += len(data)
            writing.write(data)
        writing.flush()
        os.fsync(writing.fileno())
    name = target.relative_to(folder).as_posix()
    return {"name": name, "bytes": size, "sha256": hashed.hexdigest()}


def _rows_of(written: list[dict[str, Any]], label: str) -> int:
    return sum(int(each["rows"]) for each in written if each["table"] == label)


def _put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    half = path.with_name(_half(path))
    with open(half, "wb", opener=_only_mine) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _half(path: Path) -> str:
    return f".{path.name}.half"
