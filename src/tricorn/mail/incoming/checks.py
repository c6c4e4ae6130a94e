"""How a mailbox is tried from its page."""

from __future__ import annotations

import socket

from django.conf import settings
from django.utils.translation import gettext, ngettext

from tricorn.mail import outgoing
from tricorn.mail.incoming import imap
from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Mailbox


def check_imap(mailbox: Mailbox) -> str:
    """Sign in, open the folder, and count; see that letters go out where its token sends them."""
    count = imap.check(mailbox)
    try:
        outgoing.try_line(mailbox)
    except OSError as problem:
        raise NotReached(f"Letters are fetched, but none goes out: {problem}"[:300]) from problem
    said = ngettext("It is reached; %d letter is unread.", "It is reached; %d are unread.", count)
    return said % count


def check_lmtp(mailbox: Mailbox) -> str:
    """Ask whether somebody takes letters where the mail server is to bring them."""
    host, port = settings.LMTP
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as problem:
        raise NotReached(
            f"Nobody takes letters at {host}:{port} yet. "
            "tricorn up begins to within some seconds after the first mailbox is opened."
        ) from problem
    return gettext("Letters are taken at %(host)s:%(port)s.") % {"host": host, "port": port}
