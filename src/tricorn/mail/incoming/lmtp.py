"""The LMTP door: a mail server beside us hands letters over; each is safe before we say so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from django.db import Error, connection

from tricorn.mail.incoming.boxes import Boxes
from tricorn.mail.incoming.keeper import LARGEST, Keeper
from tricorn.tickets.models import Mailbox
from tricorn.tickets.verbs import Came

LONGEST_LINE = 1024 * 1024
MOST_RECIPIENTS = 100
SILENCE = 120.0
LATER = "451 4.3.0 The letter cannot be kept now; bring it again later"
log = logging.getLogger("tricorn.mail")


class Protocol(LMTP):
    """LMTP as RFC 2033 has it: after the letter one answer for each recipient."""

    # Real letters have lines longer than they may.
    line_length_limit = LONGEST_LINE
    _answers = 0

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the name that aiosmtpd looks for
        self._answers = 0
        await super().smtp_DATA(arg)
        self._answers = 0

    async def push(self, status: str | bytes) -> None:
        """Say the answer to a letter as often as it has recipients."""
        words = status.decode() if isinstance(status, bytes) else status
        if words.startswith("354"):
            self._answers = len(self.envelope.rcpt_tos) if self.envelope else 0
        elif self._answers > 1:
            words = "\r\n".join([words] * self._answers)
            self._answers = 0
        await super().push(words)


class Door:
    """What happens to each recipient and each letter."""

    def __init__(self, keeper: Keeper, now: Callable[[], datetime]) -> None:
        self._keeper, self._now = keeper, now
        self._boxes = Boxes("lmtp")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients at once; bring the letter again for the others"
        try:
            mailbox = await asyncio.to_thread(self._of, address)
        except Error:
            return LATER
        if mailbox is None:
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        addresses = [str(each) for each in envelope.rcpt_tos]
        try:
            mailbox = await asyncio.to_thread(self._of, addresses[0])
            if mailbox is None:
                return "550 5.1.1 The mailbox was closed a moment ago"
            came = Came(bytes(envelope.content), mailbox, self._now(), tuple(addresses))
            await asyncio.wrap_future(self._keeper.put(came))
        except Exception as problem:  # not kept, whatever it was: the sender keeps it
            log.warning("A letter was sent away for later: %s", type(problem).__name__)
            return LATER
        return "250 2.0.0 Kept"

    def _of(self, address: str) -> Mailbox | None:
        """In a thread of its own: the database is waited for, and its connection given back."""
        try:
            return self._boxes.of(address)
        finally:
            connection.close()


class Server(Controller):
    """The server in a thread of its own."""

    def __init__(
        self, keeper: Keeper, now: Callable[[], datetime], *, host: str, port: int
    ) -> None:
        self._now = now
        super().__init__(Door(keeper, now), hostname=host, port=port, ready_timeout=20)

    def factory(self) -> Protocol:
        return Protocol(
            self.handler,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            ident="Tricorn LMTP",
            hostname="tricorn",
            timeout=SILENCE,
            loop=self.loop,
        )
