"""`tricorn worker`: delivers what the journal announces, seals it, and says that it lives."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from tricorn.cli import database, lifeline

PAUSE = 1.0
SEAL_EVERY = 60.0
SEAL_AT = 1000
BEAT_EVERY = 10.0
TIDY_EVERY = 3600.0
DIGEST_EVERY = 60.0
LONGEST_PAUSE = 30.0
LEFT_LETTERS = timedelta(seconds=5)
# A heartbeat file as old as this belongs to nobody any more.
FORGOTTEN = 86_400.0


@click.command()
@click.option("--once", is_flag=True, help="Do what waits now, then end.")
def worker(once: bool) -> None:
    """Deliver what is to be told (mail, for now) and seal the journal, until stopped.

    `tricorn up` starts one. Several at once are safe, on several machines too with PostgreSQL.

    Example: tricorn worker --once
    """
    database.ready()
    from django.conf import settings

    work = Worker(Path(settings.HOME) / "workers")
    if once:
        work.once()
        return
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: work.stop.set())
    lifeline.hold(work.stop.set)
    work.run()


def now() -> datetime:
    """The one place where the worker reads the clock."""
    return datetime.now(UTC)


@dataclass
class Worker:
    """The loop: deliver, seal, beat, rest. Outlives a database that goes away for a while."""

    folder: Path
    clock: Callable[[], datetime] = now
    stop: threading.Event = field(default_factory=threading.Event)
    delivered: int = 0
    _sealed_at: float = 0.0
    _beaten_at: float = 0.0
    _tidied_at: float = 0.0
    _digested_at: float = 0.0
    _replaying: threading.Thread | None = None

    def run(self) -> None:
        """Work until `stop` is set; what is in hand is finished first."""
        from django.db import InterfaceError, OperationalError, connection

        from tricorn.mail.outgoing import hang_up

        pause = PAUSE
        try:
            while not self.stop.is_set():
                try:
                    count = self.turn()
                    if self._is_time_to_seal():
                        self.seal()
                    if self._is_time_to_tidy():
                        self.tidy()
                    pause = PAUSE
                    if count:
                        continue
                    hang_up()
                except (InterfaceError, OperationalError) as problem:
                    database.say(f"{database.unreachable(problem)} Trying again in {pause:.0f} s.")
                    connection.close()
                    pause = min(pause * 2, LONGEST_PAUSE)
                self.stop.wait(pause)
        finally:
            hang_up()
            self.finish()
            with suppress(OSError):
                self._file().unlink(missing_ok=True)

    def once(self) -> None:
        """Deliver everything that is ready and seal everything that can be sealed."""
        from tricorn.automation.jobs import work
        from tricorn.insight.replays.jobs import work_on_next
        from tricorn.journal.deliver import run_once
        from tricorn.mail.incoming.filing import file_waiting
        from tricorn.mail.outgoing import hang_up
        from tricorn.tickets.jobs import go_on_with_bulk, move_clocks, remind_due

        self.remind()
        while remind_due(self.clock()) or go_on_with_bulk(self.clock()):
            pass
        self.digest()
        while run_once(self.clock):
            pass
        while move_clocks(self.clock()):
            pass
        while file_waiting(self.clock):
            pass
        while work(self.clock()) or run_once(self.clock):
            pass
        hang_up()
        while work_on_next(self.clock):
            pass
        self.seal()
        self.tidy()

    def turn(self) -> int:
        """Deliver, file letters, move clocks and do what comes with time, some of each; how many."""
        from tricorn.automation.jobs import work
        from tricorn.journal.deliver import run_once
        from tricorn.mail.incoming.filing import file_waiting
        from tricorn.tickets.jobs import go_on_with_bulk, move_clocks, remind_due

        self.beat()
        self.digest()
        count = run_once(self.clock)
        self.delivered += count
        self.replay()
        count += remind_due(self.clock()) + go_on_with_bulk(self.clock())
        # The receiver files what comes; what it left is filed here, and what a manager let in.
        count += file_waiting(self.clock, behind=LEFT_LETTERS)
        return count + move_clocks(self.clock()) + work(self.clock())

    def replay(self) -> None:
        """See that somebody works on the runs that wait: beside the mail, which waits for nobody."""
        from tricorn.insight.replays.jobs import is_waiting

        if self._replaying is not None and self._replaying.is_alive():
            return
        if is_waiting(self.clock()):
            self._replaying = threading.Thread(target=self._replay_all, name="replays")
            self._replaying.start()

    def finish(self) -> None:
        """Wait until the run in hand is done with or, once `stop` is set, given back."""
        if self._replaying is not None:
            self._replaying.join(LONGEST_PAUSE)

    def _replay_all(self) -> None:
        from django.db import InterfaceError, OperationalError, connection

        from tricorn.insight.replays.jobs import work_on_next

        try:
            while not self.stop.is_set() and work_on_next(self.clock, is_stopping=self.stop.is_set):
                pass
        except (InterfaceError, OperationalError) as problem:
            database.say(f"{database.unreachable(problem)} The run is taken up again later.")
        finally:
            connection.close()

    def seal(self) -> None:
        """Close every batch of lines that can be closed."""
        from tricorn.journal.sealing import seal

        self._sealed_at = time.monotonic()
        while seal(at=self.clock()) is not None and not self.stop.is_set():
            pass

    def _is_time_to_seal(self) -> bool:
        if time.monotonic() - self._sealed_at >= SEAL_EVERY:
            return True
        from tricorn.journal.models import Line, Seal

        newest = Line.objects.order_by("-id").values_list("id", flat=True).first() or 0
        sealed = Seal.objects.order_by("-id").values_list("last_id", flat=True).first() or 0
        return newest - sealed >= SEAL_AT

    def _is_time_to_tidy(self) -> bool:
        return not self._tidied_at or time.monotonic() - self._tidied_at >= TIDY_EVERY

    def tidy(self) -> None:
        """Remind, count ended months, prepare reviews, say what is due; remove what is nobody's."""
        from django.contrib.sessions.backends.db import SessionStore

        from tricorn.agreements.jobs import say_what_is_due
        from tricorn.automation.jobs import forget_runs, sweep_again
        from tricorn.files.verbs import remove_strays
        from tricorn.insight.jobs import count_months
        from tricorn.insight.replays.jobs import forget_left
        from tricorn.insight.reviews import prepare_reviews
        from tricorn.journal.actor import WORKER
        from tricorn.notices.jobs import tidy as tidy_notices

        self._tidied_at = time.monotonic()
        self.remind()
        count_months(self.clock())
        prepare_reviews(self.clock(), by=WORKER)
        say_what_is_due(self.clock(), by=WORKER)
        remove_strays(at=self.clock())
        forget_left(self.clock())
        sweep_again(self.clock())
        forget_runs(self.clock())
        tidy_notices(self.clock())
        SessionStore.clear_expired()

    def remind(self) -> None:
        """Remind whoever was asked for an approval; let go of names that were kept long enough."""
        from tricorn.standing.approvals import remind_due
        from tricorn.tickets.jobs import tend_inquiries

        remind_due(self.clock())
        tend_inquiries(self.clock())

    def digest(self) -> None:
        """Send what waited for somebody's morning."""
        from tricorn.notices.jobs import send_digests

        if not self._digested_at or time.monotonic() - self._digested_at >= DIGEST_EVERY:
            self._digested_at = time.monotonic()
            send_digests(self.clock())

    def beat(self) -> None:
        """Leave a sign of life that `tricorn doctor` reads: a small file, written anew."""
        if time.monotonic() - self._beaten_at < BEAT_EVERY and self._beaten_at:
            return
        self._beaten_at = time.monotonic()
        sign = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "at": self.clock().isoformat(),
            "delivered": self.delivered,
        }
        with suppress(OSError):  # a full disk must not stop the mail
            self.folder.mkdir(exist_ok=True)
            draft = self._file().with_suffix(".new")
            draft.write_text(json.dumps(sign))
            draft.replace(self._file())
            for old in self.folder.glob("*.json"):
                if time.time() - old.stat().st_mtime > FORGOTTEN:
                    old.unlink(missing_ok=True)

    def _file(self) -> Path:
        return self.folder / f"{socket.gethostname()}-{os.getpid()}.json"
