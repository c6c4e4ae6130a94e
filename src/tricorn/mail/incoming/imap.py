"""Fetching by IMAP: what is unread is kept first, and only then marked as read or moved away."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from imaplib import IMAP4

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from tricorn.mail import bearer
from tricorn.mail.incoming.keeper import LARGEST, Keeper
from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Mailbox
from tricorn.tickets.sealed import unseal
from tricorn.tickets.verbs import Came

TIMEOUT = 30.0
# Servers end an IDLE after half an hour; home routers forget a silent line sooner.
IDLE_AGAIN = 240
# What comes while a server begins to tell may be told by nobody: it is soon looked for once more.
IDLE_FIRST = 5
LOOK_AGAIN = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
AT_ONCE = 20
PROBLEMS = (OSError, IMAP4.error, ImapToolsError)
log = logging.getLogger("tricorn.mail")


def connect(mailbox: Mailbox) -> BaseMailBox:
    """Sign in and open the folder.

    Errors  NotReached with one sentence: no such server, no safe line, a wrong password.
    """
    line = _by_password(mailbox) if mailbox.sign_in == "password" else _by_token(mailbox)
    try:
        line.folder.set(mailbox.folder)
    except PROBLEMS as problem:
        leave(line)
        raise NotReached(f"There is no folder “{mailbox.folder}” in it.") from problem
    return line


def _by_password(mailbox: Mailbox) -> BaseMailBox:
    password = unseal(mailbox.secret)
    if password is None:
        raise NotReached("The password cannot be read with the present secret. Type it again.")
    line = _line(mailbox)
    try:
        if (mailbox.login + password).isascii():
            line.login(mailbox.login, password, initial_folder=None)
        else:
            line.login_utf8(mailbox.login, password, initial_folder=None)
    except PROBLEMS as problem:
        leave(line)
        raise NotReached("The server refuses this login and password.") from problem
    return line


def _by_token(mailbox: Mailbox) -> BaseMailBox:
    """Sign in by an access token; by a new one, once, where the remembered one is refused."""
    token = bearer.token_for(mailbox)
    line = _line(mailbox)
    try:
        _show(line, mailbox.login, token)
    except PROBLEMS:
        leave(line)
        token = bearer.token_for(mailbox, stale=token)
        line = _line(mailbox)
        try:
            _show(line, mailbox.login, token)
        except PROBLEMS as problem:
            leave(line)
            raise NotReached(
                f"{mailbox.host} refuses this name with its access token. The token itself was "
                "given: see that the name is the mailbox's address, that IMAP is on for it, and "
                "that the application may read it by IMAP."
            ) from problem
    return line


def _show(line: BaseMailBox, login: str, token: str) -> None:
    """Sign in by token (SASL). A server that refuses it says why first, and waits for an answer."""
    mechanism = bearer.mechanism_of(" ".join(map(str, line.client.capabilities)))
    said = iter([bearer.response(login, token, mechanism).encode()])
    end = b"\x01" if mechanism == "OAUTHBEARER" else b""
    line.client.authenticate(mechanism, lambda _: next(said, end))


def _line(mailbox: Mailbox) -> BaseMailBox:
    """Open a line, safe where it is to be."""
    try:
        return _opened(mailbox)
    except ssl.SSLError as problem:
        raise NotReached(f"No safe line to {mailbox.host}: {_words(problem)}.") from problem
    except PROBLEMS as problem:
        said = _words(problem)
        raise NotReached(f"{mailbox.host}:{mailbox.port} cannot be reached: {said}.") from problem


def _opened(mailbox: Mailbox) -> BaseMailBox:
    if mailbox.security == "plain":
        return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if mailbox.security == "starttls":
        return MailBoxStartTls(mailbox.host, mailbox.port, timeout=TIMEOUT, ssl_context=context)
    return MailBox(mailbox.host, mailbox.port, timeout=TIMEOUT, ssl_context=context)


def check(mailbox: Mailbox) -> int:
    """Try a mailbox as it is written down; return how many letters in it are unread.

    Errors  NotReached with the reason.
    """
    line = connect(mailbox)
    try:
        return len(line.uids("UNSEEN"))
    except PROBLEMS as problem:
        raise NotReached(f"The server answers oddly: {_words(problem)}.") from problem
    finally:
        leave(line)


def fetch(mailbox: Mailbox, line: BaseMailBox, keeper: Keeper, now: Callable[[], datetime]) -> int:
    """Fetch what is unread, some at a time; each is marked after it is safe. Returns how many."""
    count = 0
    for uids in _chunks(line.uids("UNSEEN")):
        done = []
        waiting = [(uid, keeper.put(came)) for uid, came in _letters(mailbox, line, uids, now)]
        for uid, future in waiting:
            future.result(timeout=120)
            done.append(uid)
        if done:
            _mark(mailbox, line, done)
        count += len(done)
    return count


def _letters(
    mailbox: Mailbox, line: BaseMailBox, uids: list[str], now: Callable[[], datetime]
) -> list[tuple[str, Came]]:
    """Return the letters; of one that is too big its headers alone."""
    sizes = _sizes(line, uids)
    found = []
    for uid in uids:
        size = sizes.get(uid, 0)
        is_big = size > LARGEST
        raw = _bytes(line, uid, "BODY.PEEK[HEADER]" if is_big else "BODY.PEEK[]")
        if raw:
            addresses = (mailbox.address,)
            found.append((uid, Came(raw, mailbox, now(), addresses, size if is_big else 0)))
    return found


def _sizes(line: BaseMailBox, uids: list[str]) -> dict[str, int]:
    """Ask for the sizes first, so that nothing too big is ever loaded."""
    _, rows = line.client.uid("FETCH", ",".join(uids), "(UID RFC822.SIZE)")
    found = {}
    for row in rows:
        words = (row if isinstance(row, bytes) else row[0] if row else b"").decode(
            "ascii", "replace"
        )
        named = words.replace("(", " ").replace(")", " ").split()
        if "UID" in named and "RFC822.SIZE" in named:
            size = named[named.index("RFC822.SIZE") + 1]
            found[named[named.index("UID") + 1]] = int(size) if size.isdigit() else 0
    return found


def _bytes(line: BaseMailBox, uid: str, what: str) -> bytes:
    _, rows = line.client.uid("FETCH", uid, f"({what})")
    for row in rows:
        if isinstance(row, tuple) and len(row) > 1 and isinstance(row[1], bytes):
            return row[1]
    return b""


def _mark(mailbox: Mailbox, line: BaseMailBox, uids: list[str]) -> None:
    line.flag(uids, ["\\Seen"], True)
    if mailbox.done_folder:
        if not line.folder.exists(mailbox.done_folder):
            line.folder.create(mailbox.done_folder)
        line.move(uids, mailbox.done_folder)


def watch(
    mailbox: Mailbox,
    keeper: Keeper,
    now: Callable[[], datetime],
    *,
    stop: threading.Event,
    note: Callable[[Mailbox, str], None],
) -> None:
    """Fetch again and again until told to stop; after a problem with pauses that grow.

    `note` hears of every round: of what went wrong, or with no words that all is well.
    """
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            line = connect(mailbox)
            try:
                is_quiet = False
                while not stop.is_set():
                    came = fetch(mailbox, line, keeper, now)
                    note(mailbox, "")
                    pause = FIRST_PAUSE
                    _rest(line, stop, IDLE_AGAIN if is_quiet and not came else IDLE_FIRST)
                    is_quiet = not came
            finally:
                leave(line)
        except NotReached as problem:
            note(mailbox, str(problem))
        except PROBLEMS as problem:
            note(mailbox, f"The line broke: {_words(problem)}.")
        except Exception as problem:  # our database is away, perhaps: the letters wait unread
            log.warning("Fetching from a mailbox stopped: %s", type(problem).__name__)
        stop.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _rest(line: BaseMailBox, stop: threading.Event, seconds: int) -> None:
    """Wait until something comes: the server says so where it can (IDLE), else look again."""
    if "IDLE" not in line.client.capabilities:
        stop.wait(LOOK_AGAIN)
        line.client.noop()
        return
    line.idle.start()
    try:
        for _ in range(seconds):
            if stop.is_set() or line.idle.poll(timeout=1):
                break
    finally:
        line.idle.stop()


def leave(line: BaseMailBox) -> None:
    try:
        line.logout()
    except PROBLEMS:
        try:
            line.client.shutdown()
        except PROBLEMS:
            log.debug("A line to a mail server was gone already.")


def _chunks(uids: list[str]) -> list[list[str]]:
    return [uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE)]


def _words(problem: BaseException) -> str:
    """Return what went wrong in a few words, without an address of anybody."""
    if isinstance(problem, socket.timeout):
        return "it does not answer"
    said = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return " ".join(word for word in said.split() if "@" not in word)[:150].rstrip(".")
