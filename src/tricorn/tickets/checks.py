"""Trying a mailbox, for whoever may not know how mail is fetched. Mail registers how."""

from __future__ import annotations

from collections.abc import Callable

from tricorn.tickets.models import Mailbox

Check = Callable[[Mailbox], str]
CHECKS: dict[str, Check] = {}


class NotReached(Exception):
    """A mailbox that cannot be opened; the words say why, and go onto its page."""


def register(transport: str, check: Check) -> None:
    """Let `check` try mailboxes of this transport: one sentence, or NotReached."""
    CHECKS[transport] = check


def check_mailbox(mailbox: Mailbox) -> str:
    """Return one sentence that says how a mailbox was reached.

    Errors  NotReached with the reason.
    """
    return CHECKS[mailbox.transport](mailbox)
