"""Which mailboxes are open, remembered for some seconds, and which addresses are our own."""

from __future__ import annotations

import threading
import time

from tricorn.mail import identities
from tricorn.tickets.models import Mailbox

REMEMBERED = 5.0


class Boxes:
    """The open mailboxes of one transport, by their address."""

    def __init__(self, transport: str) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._known: dict[str, Mailbox] = {}
        self._asked_at = 0.0

    def all(self) -> dict[str, Mailbox]:
        """Return address and mailbox; asks the database anew after five seconds."""
        with self._lock:
            if not self._asked_at or time.monotonic() - self._asked_at > REMEMBERED:
                rows = Mailbox.objects.filter(is_open=True, transport=self._transport)
                self._known = {row.address.lower(): row for row in rows}
                self._asked_at = time.monotonic()
            return self._known

    def of(self, address: str) -> Mailbox | None:
        """Return the mailbox of an address, with or without a plus and what follows it."""
        return self.all().get(bare(address))


def bare(address: str) -> str:
    """Return an address in small letters, without the plus sign and what follows it."""
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def own_addresses() -> set[str]:
    """Return every address that is ours: mailboxes, closed ones too, and who letters come from."""
    return {bare(each) for each in identities.own_addresses() if "@" in each}
