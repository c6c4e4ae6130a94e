"""`tricorn mail`: letters that come in, and how they are read."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tricorn.cli import database, lifeline
from tricorn.cli.output import answer, progress
from tricorn.mail.reading import Read, Unreadable
from tricorn.mail.reading import read as read_letter


@click.group()
def mail() -> None:
    """Take letters in: fetch them, let a mail server bring them, try how they are read."""


@mail.command()
@click.option("--once", is_flag=True, help="Fetch and file what is there now, then end.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print one JSON object.")
def fetch(once: bool, as_json: bool) -> None:
    """Fetch letters from the open IMAP mailboxes and file them, until stopped.

    With --once exit status 1 when a mailbox could not be reached; the sentence says why.

    Example: tricorn mail fetch --once
    """
    database.ready()
    if not once:
        _receive(with_lmtp=False)
        return
    from tricorn.mail.incoming.receiver import fetch_once

    count, problems = fetch_once(now)
    if as_json:
        answer({"fetched": count, "problems": problems}, as_json)
    else:
        answer([f"{count} fetched", *problems], as_json)
    sys.exit(1 if problems else 0)


@mail.command()
def lmtp() -> None:
    """Let a mail server on this machine bring letters by LMTP, and file them, until stopped.

    TRICORN_LMTP says where to listen. Addresses are those of the open mailboxes that say LMTP.

    Example: TRICORN_LMTP=127.0.0.1:8024 tricorn mail lmtp
    """
    database.ready()
    _receive(with_imap=False)


@mail.command()
@click.option("--no-filing", is_flag=True, help="Only keep letters: `tricorn mail file` runs too.")
def receive(no_filing: bool) -> None:
    """Both at once: what `tricorn up` starts while a mailbox is open.

    Example: tricorn mail receive
    """
    database.ready()
    _receive(with_filing=not no_filing)


@mail.command()
def file() -> None:
    """File the letters that were kept, until stopped: beside `tricorn mail receive --no-filing`.

    So one processor core receives and another files; `tricorn up` does it like that.

    Example: tricorn mail file
    """
    database.ready()
    from tricorn.mail.incoming.filer import Filer

    filer = Filer(now)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: filer.stop.set())
    lifeline.hold(filer.stop.set)
    filer.run()


def now() -> datetime:
    """The one place where incoming mail reads the clock."""
    return datetime.now(UTC)


def _receive(*, with_imap: bool = True, with_lmtp: bool = True, with_filing: bool = True) -> None:
    from django.conf import settings

    from tricorn.mail.incoming.receiver import Receiver

    host, port = settings.LMTP
    receiver = Receiver(
        now, host, port, with_imap=with_imap, with_lmtp=with_lmtp, with_filing=with_filing
    )
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: receiver.stop.set())
    lifeline.hold(receiver.stop.set)
    receiver.run()


@mail.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def read(paths: Sequence[Path], as_json: bool) -> None:
    """Read each file as a mail, in folders all files, and say what was made of it.

    A file is parsed, or it would go to quarantine and the reason is told. Both are good answers:
    the exit status is 0 when every file got one of them. Nothing is stored or sent.

    Example: tricorn mail read letters/ one.eml
    """
    files = [file for path in paths for file in _files(path)]
    rows = []
    with progress("Reading", total=len(files)) as bar:
        for file in files:
            rows.append({"file": str(file), **_told(file)})
            bar.advance()
    parsed = sum(row["state"] == "parsed" for row in rows)
    if as_json:
        counts = {"read": len(rows), "parsed": parsed, "quarantined": len(rows) - parsed}
        answer({**counts, "files": rows}, as_json)
        return
    _print(rows)
    click.echo(f"{len(rows)} files: {parsed} parsed, {len(rows) - parsed} quarantined")


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    else:
        yield path


def _told(file: Path) -> dict[str, object]:
    try:
        return {"state": "parsed", **_summary(read_letter(file.read_bytes()))}
    except Unreadable as reason:
        return {"state": "quarantined", "reason": str(reason)}
    except OSError as problem:
        return {"state": "quarantined", "reason": f"It cannot be opened: {problem.strerror}."}


def _summary(letter: Read) -> dict[str, object]:
    return {
        "message_id": letter.message_id,
        "from": letter.sender.address if letter.sender else "",
        "subject": letter.subject,
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else "",
        "text": letter.text,
        "quoted": letter.quoted,
        "html": letter.html,
        "attachments": [
            {"name": file.name, "media_type": file.media_type, "bytes": len(file.content)}
            for file in letter.attachments
        ],
        "automatic": letter.automatic,
        "came_back_from": list(letter.bounce.addresses) if letter.bounce else [],
        "notes": list(letter.notes),
    }


def _print(rows: list[dict[str, object]]) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("file", "state", "what"):
        table.add_column(name, overflow="fold", no_wrap=False)
    for row in rows:
        table.add_row(str(row["file"]), str(row["state"]), _what(row))
    Console(highlight=False, markup=False, soft_wrap=False).print(table)


def _what(row: dict[str, object]) -> str:
    if row["state"] != "parsed":
        return str(row["reason"])
    files, notes = row["attachments"], row["notes"]
    told = [str(row["subject"]) or "(no subject)", str(row["automatic"])]
    told.append(f"{len(files)} files" if isinstance(files, list) and files else "")
    told += notes if isinstance(notes, list) else []
    return "; ".join(part for part in told if part)
