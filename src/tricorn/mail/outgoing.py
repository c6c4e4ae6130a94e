"""The line to the mail server: opened once for the letters of a moment, with a password or a token."""

from __future__ import annotations

import smtplib
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from tricorn.mail import bearer
from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Mailbox

# Servers end a line that carries very many letters, or that is silent for some minutes.
MOST_LETTERS, LONGEST_REST = 50, 30.0


class Backend(EmailBackend):
    """Django's way to the mail server, which also knows access tokens.

    A name without a password in TRICORN_SMTP is a mailbox of that name that signs in by token.
    """

    def open(self) -> bool | None:
        is_new = super().open()
        if is_new and self.username and not self.password:
            try:
                self._show_token()
            except BaseException:
                with suppress(OSError):
                    self.close()
                raise
        return is_new

    def _show_token(self) -> None:
        """Sign in by token; by a new one, once, where the remembered one is refused.

        Errors  SMTPException with a sentence: the letter waits and is tried again.
        """
        box = mailbox_of(self.username)
        if box is None:
            raise smtplib.SMTPException(
                "TRICORN_SMTP names nobody's password, and no mailbox of that name signs in by "
                "token. Add the mailbox under Manage, Mailboxes."
            )
        try:
            token = bearer.token_for(box)
            if not self._is_let_in(box.login, token):
                token = bearer.token_for(box, stale=token)
                if not self._is_let_in(box.login, token):
                    raise smtplib.SMTPException(
                        f"{self.host} refuses the access token. The token itself was given: see "
                        "that sending by SMTP is on for the mailbox, and that the application may."
                    )
        except NotReached as problem:
            raise smtplib.SMTPException(str(problem)) from problem

    def _is_let_in(self, login: str, token: str) -> bool:
        line = self.connection
        assert line is not None
        line.ehlo_or_helo_if_needed()
        mechanism = bearer.mechanism_of(str(line.esmtp_features.get("auth", "")))
        end = "\x01" if mechanism == "OAUTHBEARER" else ""
        first = bearer.response(login, token, mechanism)
        if not first.isascii():
            raise smtplib.SMTPException("The name of the mailbox cannot be said to a mail server.")
        try:
            line.auth(mechanism, lambda challenge=None: first if challenge is None else end)
        except smtplib.SMTPAuthenticationError:
            return False
        return True


def mailbox_of(name: str) -> Mailbox | None:
    """Return the mailbox whose token opens the mail server's door for this name."""
    boxes = Mailbox.objects.filter(login__iexact=name).exclude(sign_in="password")
    return boxes.order_by("-is_open", "id").first()


def try_line(mailbox: Mailbox) -> None:
    """See that the mail server takes this mailbox's token, if it is the one that is shown there.

    Errors  OSError with what is wrong.
    """
    backend = get_connection()
    if not isinstance(backend, Backend) or backend.password or not backend.username:
        return
    if mailbox == mailbox_of(backend.username):
        backend.open()
        with suppress(OSError):
            backend.close()


@dataclass
class _Kept:
    """A line that is open, where it leads, what it has carried, and when it did so last."""

    backend: Any
    leads: tuple[object, ...]
    count: int = 0
    used_at: float = 0.0


_here = threading.local()


def line() -> Any:
    """Return an open line to the mail server: the one of the letter before, if it still answers."""
    kept: _Kept | None = getattr(_here, "kept", None)
    leads = (settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT)
    if kept and (kept.leads != leads or not _answers(kept)):
        hang_up()
        kept = None
    if kept is None:
        backend = get_connection()
        backend.open()
        kept = _here.kept = _Kept(backend, leads)
    kept.count += 1
    kept.used_at = time.monotonic()
    return kept.backend


def _answers(kept: _Kept) -> bool:
    smtp = getattr(kept.backend, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        return False
    if kept.count >= MOST_LETTERS or time.monotonic() - kept.used_at > LONGEST_REST:
        return False
    try:
        return smtp.noop()[0] == 250
    except OSError:
        return False


def hang_up() -> None:
    """End the line, if one is open. What went wrong at the end is nobody's concern."""
    kept: _Kept | None = getattr(_here, "kept", None)
    _here.kept = None
    if kept is not None:
        with suppress(Exception):
            kept.backend.close()
