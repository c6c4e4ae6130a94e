"""Receiving: every way in at once, and the filing of what came unless another process does it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import Error, connection

from tricorn.mail.incoming import imap
from tricorn.mail.incoming.filer import Filer
from tricorn.mail.incoming.filing import file_waiting
from tricorn.mail.incoming.keeper import Keeper
from tricorn.mail.incoming.lmtp import Server
from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Mailbox
from tricorn.tickets.verbs import note_fetched

LOOK_EVERY = 5.0
log = logging.getLogger("tricorn.mail")


@dataclass
class _Watched:
    """One IMAP mailbox that is watched, as it was written down when the watching began."""

    mailbox: Mailbox
    thread: threading.Thread
    stop: threading.Event


@dataclass
class Receiver:
    """Looks every few seconds which mailboxes are open, and keeps a way in to each."""

    now: Callable[[], datetime]
    host: str = "127.0.0.1"
    port: int = 8024
    with_imap: bool = True
    with_lmtp: bool = True
    with_filing: bool = True
    stop: threading.Event = field(default_factory=threading.Event)
    _came: threading.Event = field(default_factory=threading.Event)
    _watched: dict[int, _Watched] = field(default_factory=dict)
    _server: Server | None = None

    def run(self) -> None:
        """Receive and file until `stop` is set; what was acknowledged is safe at any moment."""
        keeper = Keeper(self._came.set)
        keeper.start()
        filing = threading.Thread(target=Filer(self.now, self.stop, self._came).run, name="filing")
        if self.with_filing:
            filing.start()
        try:
            while not self.stop.is_set():
                try:
                    self._look(keeper)
                except Error as problem:
                    log.warning("The mailboxes cannot be read: %s", type(problem).__name__)
                    connection.close()
                self.stop.wait(LOOK_EVERY)
        finally:
            self.stop.set()
            self._came.set()
            self._close_lmtp()
            for each in self._watched.values():
                each.stop.set()
            for each in self._watched.values():
                each.thread.join(5)
            keeper.stop()
            if self.with_filing:
                filing.join(30)

    def _look(self, keeper: Keeper) -> None:
        open_ones = list(Mailbox.objects.filter(is_open=True).select_related("service"))
        if self.with_lmtp:
            is_wanted = any(each.transport == "lmtp" for each in open_ones)
            if is_wanted and self._server is None:
                self._open_lmtp(keeper)
            elif not is_wanted:
                self._close_lmtp()
        if self.with_imap:
            self._watch([each for each in open_ones if each.transport == "imap"], keeper)

    def _open_lmtp(self, keeper: Keeper) -> None:
        server = Server(keeper, self.now, host=self.host, port=self.port)
        try:
            server.start()
        except (OSError, TimeoutError) as problem:
            why = getattr(problem, "strerror", None) or str(problem)
            words = f"Nobody can bring letters to {self.host}:{self.port}: {why}."
            log.warning(words)
            for each in Mailbox.objects.filter(is_open=True, transport="lmtp"):
                note_fetched(each, at=self.now(), problem=words)
        else:
            self._server = server
            for each in Mailbox.objects.filter(is_open=True, transport="lmtp"):
                note_fetched(each, at=self.now())

    def _close_lmtp(self) -> None:
        if self._server is not None:
            with suppress(Exception):  # it may be gone already
                self._server.stop()
            self._server = None

    def _watch(self, wanted: list[Mailbox], keeper: Keeper) -> None:
        """Begin to watch what is new, and end what was closed or is written down otherwise now."""
        by_id = {each.pk: each for each in wanted}
        for pk, watched in list(self._watched.items()):
            mailbox = by_id.get(pk)
            if mailbox is None or _way(mailbox) != _way(watched.mailbox):
                watched.stop.set()
                del self._watched[pk]
            elif not watched.thread.is_alive():
                del self._watched[pk]
        for pk, mailbox in by_id.items():
            if pk not in self._watched:
                stop = threading.Event()
                thread = threading.Thread(
                    target=self._one, args=[mailbox, keeper, stop], name=f"mailbox {pk}"
                )
                thread.daemon = True
                self._watched[pk] = _Watched(mailbox, thread, stop)
                thread.start()

    def _one(self, mailbox: Mailbox, keeper: Keeper, stop: threading.Event) -> None:
        try:
            imap.watch(mailbox, keeper, self.now, stop=stop, note=self._note)
        finally:
            connection.close()

    def _note(self, mailbox: Mailbox, problem: str) -> None:
        if problem:
            log.warning("Mailbox %s: %s", mailbox.pk, problem)
        with suppress(Error):
            note_fetched(mailbox, at=self.now(), problem=problem)


def _way(mailbox: Mailbox) -> tuple[object, ...]:
    """What of a mailbox makes another line to its server necessary."""
    return (
        mailbox.host,
        mailbox.port,
        mailbox.security,
        mailbox.login,
        *(mailbox.sign_in, mailbox.secret, mailbox.token_url, mailbox.client_id),
        *(mailbox.client_secret, mailbox.scope, mailbox.refresh_token),
        mailbox.folder,
        mailbox.done_folder,
    )


def fetch_once(now: Callable[[], datetime]) -> tuple[int, list[str]]:
    """Fetch from every open IMAP mailbox and file what waits; return how many, and the problems."""
    keeper, count, problems = Keeper(), 0, []
    keeper.start()
    try:
        for mailbox in Mailbox.objects.filter(is_open=True, transport="imap"):
            try:
                line = imap.connect(mailbox)
                try:
                    count += imap.fetch(mailbox, line, keeper, now)
                finally:
                    imap.leave(line)
                note_fetched(mailbox, at=now())
            except (NotReached, *imap.PROBLEMS) as problem:
                problems.append(f"{mailbox.address}: {problem}")
                note_fetched(mailbox, at=now(), problem=str(problem))
    finally:
        keeper.stop()
    while file_waiting(now):
        pass
    return count, problems


__all__ = ["Receiver", "fetch_once"]
