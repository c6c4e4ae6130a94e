"""The program's own tickets, loaded once: columns kept beside the program's files.

The journal says which tickets have changed since: every verb that changes one writes a line in its
own transaction. Those are read again, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection
from django.db.models import Q

from tricorn.engine.replay import History
from tricorn.insight.replays.columns import write_columns
from tricorn.insight.replays.own import Tables, Wanted, build, cut, fetch, wanted
from tricorn.journal.models import Line
from tricorn.tickets.models import Ticket

# So many selections are kept, and so many bytes; the ones used longest ago go first.
MOST_FILES = 24
MOST_BYTES = 512 * 1024 * 1024
# Up to so many tickets that have changed are read alone; more than a few are kept again.
MOST_CHANGED, FEW_CHANGED = 500, 50
MOST_LINES = 5_000
LAYOUT = 1


def own_history(
    services: Collection[int] | None,
    first: datetime,
    last: datetime,
    *,
    at: datetime,
    versions: Collection[int] | None = None,
) -> History:
    """Return our own tickets reported from `first` to before `last`, as the log read at `at`.

    services  numbers of services; None: of all
    versions  only tickets that run by one of these versions: one client's. None: everybody's
    Cost      Ten queries at the most, whatever there is; a file, and seven or ten, the next time.
    """
    return cut(build(_loaded(wanted(services, first, last, versions=versions))), at)


@dataclass(frozen=True)
class Mark:
    """How far the journal had come when tickets were read.

    line      the newest line
    key       tells this database from any other, and from itself before a backup was put back
    turn      on PostgreSQL, where lines become visible out of order: every transaction before this
              one was over. 0 elsewhere
    """

    line: int
    key: str
    turn: int

    @classmethod
    def now(cls) -> Mark:
        """Return how far it has come: four queries."""
        line, turn = _newest_line(), _turn()
        return cls(line, _key(line), turn)

    def changed(self) -> npt.NDArray[np.int64] | None:
        """Return which tickets have changed since. Three queries.

        None when it was long ago, this is another database, or the same one at an earlier time.
        """
        if _key(self.line) != self.key:
            return None
        later = Q(pk__gt=self.line)
        if self.turn:
            later |= Q(turn__gte=self.turn)
        # In no order: else a database may walk through the journal from its beginning.
        rows = Line.objects.filter(later).order_by().values_list("subject", "subject_id")
        found = list(rows[: MOST_LINES + 1])
        if len(found) > MOST_LINES:
            return None
        tickets = {number for subject, number in found if subject == "ticket"}
        return np.array(sorted(tickets), dtype=np.int64)


def _loaded(asked: Wanted) -> Tables:
    path = _path(asked)
    mark = Mark.now()
    if (kept := _kept(path)) is not None:
        tables, then = kept
        changed = then.changed()
        if changed is not None and len(changed) <= MOST_CHANGED:
            if len(changed):
                tables = tables.renewed(changed, fetch(asked, changed.tolist()))
            if len(changed) > FEW_CHANGED:
                _keep(path, tables, mark)
            else:
                with suppress(OSError):
                    path.touch()
            return tables
    tables = fetch(asked)
    _keep(path, tables, mark)
    _make_room(path)
    return tables


def _keep(path: Path, tables: Tables, mark: Mark) -> None:
    said = np.frombuffer(json.dumps({"layout": LAYOUT, "mark": asdict(mark)}).encode(), np.uint8)
    with suppress(OSError):  # a full disk must not keep anybody from reading
        write_columns(path, {**tables.__dict__, "said": said})


def _kept(path: Path) -> tuple[Tables, Mark] | None:
    """Return what was kept, with how far the journal had come; None if it is none or broken."""
    try:
        with np.load(path, allow_pickle=False) as file:
            said = json.loads(bytes(file["said"]))
            if said["layout"] != LAYOUT:
                return None
            tables = Tables(file["tickets"], file["waits"], file["clocks"])
            return tables, Mark(**said["mark"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None


def folder() -> Path:
    """Where selections of own tickets are kept; everything in it may be deleted at any time."""
    return Path(settings.HOME) / "replays" / "own"


def _path(asked: Wanted) -> Path:
    database = str(connection.settings_dict["NAME"])
    return folder() / f"{hashlib.sha256(repr((database, asked)).encode()).hexdigest()[:32]}.npz"


def _make_room(newest: Path) -> None:
    """Delete what was used longest ago, until the rest fits."""
    files = sorted(folder().glob("*.npz"), key=_used_at, reverse=True)
    size = 0
    for count, path in enumerate(files, 1):
        size += path.stat().st_size if path.exists() else 0
        if path != newest and (count > MOST_FILES or size > MOST_BYTES):
            path.unlink(missing_ok=True)


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _newest_line() -> int:
    return Line.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def _key(line: int) -> str:
    """Return what the line says, and the first ticket of all, as a hash."""
    told = Line.objects.filter(pk=line).values_list("kind", "subject_id", "at").first()
    ticket = Ticket.objects.order_by("id").values_list("pk", "link_key").first()
    said = repr((told, ticket and (ticket[0], bytes(ticket[1]).hex())))
    return hashlib.sha256(said.encode()).hexdigest()


def _turn() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
