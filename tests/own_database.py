"""A fresh database of a test's own, for programs that the test starts beside itself.

Making one takes many seconds, so it is made once in a run and copied; what is about making it asks
for an empty one.
"""

import fcntl
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

MADE = "made"


@contextmanager
def own_database(home: Path, *, is_made: bool = True) -> Iterator[Mapping[str, str]]:
    """Yield the environment in which programs find a database of the kind under test.

    It has its tables and nothing in them; with `is_made=False` not even those.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRICORN_") and name not in {"PORT", "HOST", "DEMO"}
    }
    environment["TRICORN_HOME"] = str(home)
    environment["PYTHONPATH"] = os.pathsep.join(["src", "."])
    url = os.environ.get("TRICORN_DATABASE", "")
    if not url:
        if is_made:
            home.mkdir(parents=True, exist_ok=True)
            _copy(_made_file(environment), home / "tricorn.sqlite3")
        yield environment
        return
    server, _, query = url.partition("?")
    name = f"own_{secrets.token_hex(6)}"
    own = f"{server.rpartition('/')[0]}/{name}?{query}"
    operator = f"{server.rpartition('/')[0]}/postgres?{query}"
    template = ""
    if is_made:
        _make_on_server(environment, operator, f"{server.rpartition('/')[0]}/{MADE}?{query}")
        template = f" TEMPLATE {MADE}"
    with psycopg.connect(operator, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{template}")
    try:
        yield environment | {"TRICORN_DATABASE": own}
    finally:
        with psycopg.connect(operator, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _made_file(environment: Mapping[str, str]) -> Path:
    """Return the SQLite file with tables, made by whichever process of the run asks first."""
    folder = Path(os.environ["TRICORN_TEST_FOLDER"])
    made = folder / MADE / "tricorn.sqlite3"
    with open(folder / "made.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            home = folder / "making"
            _make(dict(environment) | {"TRICORN_HOME": str(home)})
            made.parent.mkdir()
            _copy(home / "tricorn.sqlite3", made)
    return made


def _make_on_server(environment: Mapping[str, str], operator: str, url: str) -> None:
    """Make the database that others are copied from, once on each process's server."""
    with psycopg.connect(operator, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MADE])
        if found.fetchone():
            return
        connection.execute(f"CREATE DATABASE {MADE}")
    home = Path(os.environ["TRICORN_TEST_FOLDER"]) / f"making-{secrets.token_hex(4)}"
    _make(dict(environment) | {"TRICORN_HOME": str(home), "TRICORN_DATABASE": url})


def _make(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tricorn", "worker", "--once"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=200)


def _copy(one: Path, other: Path) -> None:
    with sqlite3.connect(one) as source, sqlite3.connect(other) as target:
        source.backup(target)
    source.close()
    target.close()
