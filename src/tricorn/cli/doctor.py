"""`tricorn doctor`: is everything here that Tricorn needs?"""

from __future__ import annotations

import json
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tricorn.cli import database
from tricorn.cli.output import answer

SIGNS = {"good": "ok ", "note": "see", "bad": "BAD"}
ENOUGH_DISK = 500 * 1024 * 1024
QUIET_TOO_LONG = timedelta(minutes=2)
READS_TABLES = ("deliveries", "address", "mailboxes", "search")
LETTERS_WAIT = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is (good, note, bad), and a sentence with what next."""

    what: str
    how: str
    sentence: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(as_json: bool) -> None:
    """Look at everything Tricorn needs: Python, database, worker, mail, disk, calendars.

    Each line says what was found, and where something is wrong also what to do.
    Exit status 1 when something is wrong.

    Example: tricorn doctor --json
    """
    database.configure()
    findings = list(examine(datetime.now(UTC)))
    is_well = not any(finding.how == "bad" for finding in findings)
    if as_json:
        answer({"well": is_well, "findings": [asdict(each) for each in findings]}, as_json)
    else:
        answer([f"{SIGNS[each.how]} {each.what}: {each.sentence}" for each in findings], as_json)
    sys.exit(0 if is_well else 1)


def examine(at: datetime) -> Iterator[Finding]:
    """Yield every finding. A look that fails itself is a bad finding, not the end."""
    from django.conf import settings

    home = Path(settings.HOME)
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("python", _python),
        ("database", _database),
        ("worker", lambda: _worker(home / "workers", at)),
        ("deliveries", _deliveries),
        ("disk", lambda: _disk(home)),
        ("address", _address),
        ("mail", _mail),
        ("mailboxes", lambda: _mailboxes(at)),
        ("calendars", lambda: _calendars(at)),
        ("search", _search),
    ]
    has_tables = True
    for what, look in looks:
        if what in READS_TABLES and not has_tables:
            continue  # the waiting migrations were named already
        try:
            for finding in look():
                has_tables &= (finding.what, finding.how) != ("migrations", "bad")
                yield finding
        except Exception as problem:  # the doctor's job is to say what is broken
            words = " ".join(str(problem).split()) or type(problem).__name__
            yield Finding(what, "bad", f"could not be looked at: {words.rstrip('.')}.")


def _python() -> Iterator[Finding]:
    import tricorn

    is_new = sys.version_info >= (3, 11)
    words = f"{platform.python_version()} on {platform.system()}, Tricorn {tricorn.__version__}"
    yield Finding("python", "good" if is_new else "bad", words)


def _database() -> Iterator[Finding]:
    from django.db import connection, transaction

    from tricorn.journal import triggers

    waiting = database.unapplied()
    if waiting:
        words = f"{len(waiting)} wait; tricorn up, or any other command, applies them."
        yield Finding("migrations", "bad", words)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
            name = connection.settings_dict["NAME"]
            how = "good" if mode == "wal" else "bad"
            words = f"SQLite {version}, journal mode {mode}, {name}"
        else:
            cursor.execute("SHOW server_version")
            how, words = "good", f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        # Writable? A table that this transaction forgets again.
        cursor.execute("CREATE TABLE tricorn_doctor (x integer)")
        transaction.set_rollback(True)
    yield Finding("database", how, f"{words}, writable")
    yield Finding("migrations", "good", "all applied")
    gone = triggers.missing(connection)
    words = f"missing: {', '.join(gone)}. Run tricorn verify." if gone else "in place"
    yield Finding("guards of the journal", "bad" if gone else "good", words)


def _worker(folder: Path, at: datetime) -> Iterator[Finding]:
    signs = []
    for file in folder.glob("*.json"):
        try:
            signs.append(json.loads(file.read_text()))
        except (OSError, ValueError):
            continue
    if not signs:
        yield Finding("worker", "bad", "none is running: nothing is mailed. Start: tricorn up")
        return
    newest = max(signs, key=lambda sign: str(sign["at"]))
    silent = at - datetime.fromisoformat(newest["at"])
    words = f"last sign of life {int(silent.total_seconds())} s ago"
    if silent > QUIET_TOO_LONG:
        yield Finding("worker", "bad", f"{words}: it stopped. Start it again: tricorn up")
        return
    yield Finding("worker", "good", f"{words}; {newest['delivered']} deliveries since its start")


def _deliveries() -> Iterator[Finding]:
    from tricorn.journal.models import Delivery
    from tricorn.mail.models import Letter

    waiting = Delivery.objects.filter(state="waiting")
    tried = waiting.filter(attempts__gt=1).exclude(problem="").order_by("id").first()
    failed = Delivery.objects.filter(state="failed").count()
    if failed:
        last = Delivery.objects.filter(state="failed").order_by("-id").values("problem")[0]
        yield Finding("deliveries", "bad", f"{failed} given up; the last: {last['problem']}")
    elif tried is not None:
        yield Finding("deliveries", "note", f"{waiting.count()} waiting; {tried.problem}")
    else:
        yield Finding("deliveries", "good", f"{waiting.count()} waiting, none given up")
    refused = Letter.objects.filter(state="failed")
    if count := refused.count():
        words = refused.order_by("-id").values_list("problem", flat=True)[0]
        yield Finding("letters", "note", f"{count} could not be delivered; the last: {words}")


def _disk(home: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(home).free
    words = f"{free / 1024**3:.1f} GB free in {home}"
    if free < ENOUGH_DISK:
        yield Finding("disk", "bad", f"{words}: make room, or the database stops")
    else:
        yield Finding("disk", "good", words)


def _address() -> Iterator[Finding]:
    from django.conf import settings

    from tricorn.parties.models import House

    house = House.objects.first()
    address = settings.PUBLIC_URL or (house.public_url if house else "")
    if address:
        yield Finding("public address", "good", address)
    else:
        words = "not set: letters carry no links, QR codes wait. Set TRICORN_PUBLIC_URL"
        yield Finding("public address", "note", words)


def _mail() -> Iterator[Finding]:
    from django.conf import settings

    if not settings.EMAIL_BACKEND.endswith("outgoing.Backend"):
        yield Finding("mail", "note", "is printed by the worker, not sent. Set TRICORN_SMTP")
        return
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=5).close()
    except OSError as problem:
        words = f"{place} does not answer ({problem}). Check TRICORN_SMTP; letters wait meanwhile."
        yield Finding("mail", "bad", words)
    else:
        yield Finding("mail", "good", f"{place} answers; from {settings.DEFAULT_FROM_EMAIL}")


def _mailboxes(at: datetime) -> Iterator[Finding]:
    from tricorn.tickets.models import Arrival, Mailbox

    boxes = list(Mailbox.objects.filter(is_open=True))
    for each in boxes:
        if each.last_problem:
            words = f"{each.address}: {each.last_problem} See Manage, Mailboxes."
            yield Finding("mailbox", "bad", words)
    if not boxes:
        yield Finding("mailboxes", "good", "none is open: nothing is reported by mail")
    elif not any(each.last_problem for each in boxes):
        yield Finding("mailboxes", "good", f"{len(boxes)} open")
    late = Arrival.objects.filter(state="new", received_at__lt=at - LETTERS_WAIT).count()
    if late:
        words = f"{late} wait to be filed for more than five minutes. Start: tricorn up"
        yield Finding("letters that came", "bad", words)
    aside = Arrival.objects.filter(state="quarantined").count()
    if aside:
        words = f"{aside} put aside. Look at them: Manage, Letters that came in"
        yield Finding("letters that came", "note", words)


def _calendars(at: datetime) -> Iterator[Finding]:
    from zoneinfo import TZPATH, ZoneInfo

    import holidays

    ZoneInfo("Europe/Berlin")
    source = "the system" if any(Path(each).is_dir() for each in TZPATH) else "the tzdata package"
    yield Finding("time zones", "good", f"from {source}")
    years = range(at.year, at.year + 3)
    known = [year for year in years if holidays.country_holidays("DE", years=year)]
    words = f"holidays {holidays.__version__}, computed for {known[0]} to {known[-1]} and on"
    yield Finding("public holidays", "good" if len(known) == len(years) else "bad", words)


def _search() -> Iterator[Finding]:
    from tricorn.search import reads
    from tricorn.search.kinds import SOURCES

    counts = {kind: (reads.count(kind), source.count()) for kind, source in SOURCES.items()}
    words = ", ".join(f"{kind} {found:,} of {all_:,}" for kind, (found, all_) in counts.items())
    if any(found != all_ for found, all_ in counts.values()):
        yield Finding("search", "bad", f"{words} can be found. Run tricorn search rebuild.")
    else:
        yield Finding("search", "good", f"{words} can be found")
