"""A PostgreSQL server of the suite's own: in a temporary folder, on a unix socket, gone afterwards.

PostgreSQL refuses to run as root, so then the server runs as the account that its package made.
"""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.beside import wait_until

WHAT_NEXT = "Run scripts/needs: it installs what the suite needs, or says how to."
ACCOUNTS = ("postgres", "nobody")
SECONDS_TO_START = 60
CLUSTER = [
    "--username",
    "postgres",
    "--auth",
    "trust",
    "--encoding",
    "UTF8",
    "--no-locale",
    "--no-sync",
]
# Nothing here must survive a power cut, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}
# The server ends when this shell's standard input closes: at the end of the run, and also when
# the run itself is killed.
KEEPER = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"'


class MissingError(Exception):
    """What the suite needs is not there; the sentence says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and the process that keeps it."""

    socket: Path
    keeper: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"postgresql:///tricorn?host={self.socket}&user=postgres"

    def stop(self) -> None:
        if self.keeper.stdin is not None:
            self.keeper.stdin.close()
        self.keeper.wait(timeout=SECONDS_TO_START)


def start(folder: Path) -> Server:
    """Make a cluster in `folder`, which must be empty, start its server and wait for its answer."""
    binaries = find_binaries()
    account = other_account()
    if account:
        os.chown(folder, account["user"], account["group"])
    data, socket, log = folder / "data", folder / "socket", folder / "log"
    run = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}} | account
    made = subprocess.run(
        [binaries / "initdb", "--pgdata", data, *CLUSTER],
        capture_output=True,
        text=True,
        check=False,
        **run,
    )
    if made.returncode:
        raise MissingError(f"PostgreSQL could not make a cluster in {data}: {made.stderr.strip()}")
    socket.mkdir()
    if account:
        os.chown(socket, account["user"], account["group"])
    settings = SETTINGS | {"unix_socket_directories": str(socket)}
    options = [f"--{name}={value}" for name, value in settings.items()]
    with log.open("wb") as said:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", binaries / "postgres", "-D", data, *options],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,
            **run,
        )
    server = Server(socket, keeper)
    wait_for_answer(server, log)
    return server


def find_binaries() -> Path:
    """The folder of initdb and postgres: Debian's newest, or the one on the PATH."""
    debian = Path("/usr/lib/postgresql")
    newest = sorted(debian.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    found = newest[-1].parent if newest else Path(on_path).resolve().parent if on_path else None
    if found is None or not (found / "postgres").exists():
        raise MissingError(
            "PostgreSQL was not found: neither initdb on the PATH nor a version below "
            f"{debian}. {WHAT_NEXT}"
        )
    return found


def other_account() -> dict[str, Any]:
    """For root, whom PostgreSQL refuses: another account to run as. Otherwise nothing."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return {"user": known[name].pw_uid, "group": known[name].pw_gid, "extra_groups": []}
    raise MissingError(f"PostgreSQL does not run as root, and there is no account {ACCOUNTS[0]}.")


def answers(server: Server) -> bool:
    try:
        with psycopg.connect(
            host=str(server.socket), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def wait_for_answer(server: Server, log: Path) -> None:
    """Return when the server answers; raise MissingError when it never does."""
    with suppress(TimeoutError):
        wait_until(lambda: answers(server) or server.keeper.poll() is not None, SECONDS_TO_START)
    if answers(server):
        return
    server.stop()
    raise MissingError(
        f"PostgreSQL did not start. It said: {log.read_text(errors='replace')[-2000:]}"
    )
