"""Trying a mailbox, for whoever may not know how mail is fetched. Mail registers how."""

from __future__ import annotations

from collections.abc import Callable

from tricorn.tickets.models import Mailbox

# Where consent is asked for, and what its answer is worth: see `tricorn.mail.consent`.
ConsentUrl = Callable[[Mailbox, str, str], str]
Exchange = Callable[[Mailbox, str, str, str], str]
Check = Callable[[Mailbox], str]
CHECKS: dict[str, Check] = {}
CONSENTS: list[tuple[ConsentUrl, Exchange]] = []


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


def register_consent(url: ConsentUrl, exchange: Exchange) -> None:
    """Let these two ask for a mailbox's consent."""
    CONSENTS[:] = [(url, exchange)]


def consent_url(mailbox: Mailbox, back: str, state: str) -> str:
    """Return where a mailbox's owner consents; empty where nobody can tell."""
    return CONSENTS[0][0](mailbox, back, state)


def exchange(mailbox: Mailbox, code: str, back: str, state: str) -> str:
    """Return the refresh token that an answer is worth.

    Errors  NotReached with the reason.
    """
    return CONSENTS[0][1](mailbox, code, back, state)
