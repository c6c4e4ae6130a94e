"""What the machine decides, read once from the environment: folders, database, mail, address."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """Return the folder of database and files, made when missing (TRICORN_HOME, else ./var)."""
    folder = Path(os.environ.get("TRICORN_HOME") or ROOT / "var").expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise SystemExit(
            f"tricorn: cannot make the folder {folder} ({problem.strerror}). "
            "Name one that you may write to: TRICORN_HOME=/path/to/folder"
        ) from problem
    if not os.access(folder, os.W_OK):
        raise SystemExit(
            f"tricorn: cannot write to {folder}. "
            "Make it writable, or name another: TRICORN_HOME=/path/to/folder"
        )
    return folder


def secret(folder: Path) -> str:
    """Return the installation's secret: TRICORN_SECRET, else a file in the home folder."""
    if given := os.environ.get("TRICORN_SECRET"):
        return given
    path = folder / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def database(folder: Path) -> dict[str, Any]:
    """Return Django's database settings: SQLite in the home folder, or TRICORN_DATABASE."""
    url = os.environ.get("TRICORN_DATABASE", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "tricorn.sqlite3",
            # The write lock is taken when a transaction begins: on SQLite this is the row lock.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                    "PRAGMA cache_size=-32000;PRAGMA mmap_size=268435456;"
                ),
            },
            "CONN_MAX_AGE": 600,
            "TEST": {"NAME": folder / "test.sqlite3"},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit(
            f"tricorn: TRICORN_DATABASE begins with {parts.scheme or 'nothing'!r}. "
            "It reads postgresql://name:password@host:5432/database, or is left out for SQLite."
        )
    query = dict(parse_qsl(parts.query))
    # The same thousand statements again and again: the server plans each once for a connection.
    prepared = {"server_side_binding": True, "prepare_threshold": 3}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "tricorn",
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {} if query.get("prepare") == "no" else prepared,
    }


@dataclass(frozen=True)
class Mail:
    """The one place of outgoing mail's settings, named as Django names them."""

    backend: str
    sender: str
    reply_to: str = ""
    host: str = "localhost"
    port: int = 25
    name: str = ""
    password: str = ""
    use_ssl: bool = False
    use_tls: bool = False


def mail() -> Mail:
    """Return the settings of outgoing mail: TRICORN_SMTP, else what is sent is printed."""
    url = os.environ.get("TRICORN_SMTP", "")
    sender = os.environ.get("TRICORN_MAIL_FROM", "Tricorn <tricorn@localhost>")
    reply_to = os.environ.get("TRICORN_REPLY_TO", "")
    if not url:
        return Mail("django.core.mail.backends.console.EmailBackend", sender, reply_to)
    parts = urlsplit(url)
    try:
        port = parts.port or {"smtps": 465, "smtp+starttls": 587}.get(parts.scheme, 25)
    except ValueError:
        port = 0
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname or not port:
        raise SystemExit(
            "tricorn: TRICORN_SMTP cannot be read. It is like smtp://localhost:25, "
            "smtps://name:password@mail.example.org or "
            "smtp+starttls://name:password@mail.example.org:587."
        )
    return Mail(
        backend="tricorn.mail.outgoing.Backend",
        sender=sender,
        reply_to=reply_to,
        host=parts.hostname,
        port=port,
        name=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp+starttls",
    )


def letters_per_hour() -> int:
    """Return how many letters of one sender are filed within an hour (TRICORN_LETTERS_PER_HOUR)."""
    given = os.environ.get("TRICORN_LETTERS_PER_HOUR", "30")
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 1_000_000):
        raise SystemExit(f"tricorn: TRICORN_LETTERS_PER_HOUR is a number from 1 on, not {given!r}.")
    return int(given)


def lmtp() -> tuple[str, int]:
    """Return where letters are taken by LMTP (TRICORN_LMTP, else this machine alone)."""
    given = os.environ.get("TRICORN_LMTP", "127.0.0.1:8024")
    host, _, port = given.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise SystemExit(f"tricorn: TRICORN_LMTP is like 127.0.0.1:8024, not {given!r}.")
    return host.strip("[]"), int(port)


def public_address() -> str:
    """Return where people reach this house from outside, without a last slash; empty if not set."""
    return os.environ.get("TRICORN_PUBLIC_URL", "").rstrip("/")


def hosts(public: str) -> list[str]:
    """Return the host names answered: this machine's, the public one, TRICORN_HOSTS (by comma)."""
    named = [name.strip() for name in os.environ.get("TRICORN_HOSTS", "").split(",")]
    public_host = urlsplit(public).hostname or ""
    return [name for name in ["localhost", "127.0.0.1", "[::1]", public_host, *named] if name]
