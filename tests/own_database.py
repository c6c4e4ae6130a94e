"""A fresh database of a test's own, for programs that the test starts beside itself."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def own_database(home: Path) -> Iterator[Mapping[str, str]]:
    """Yield the environment in which programs find an empty database of the kind under test."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRICORN_") and name not in {"PORT", "HOST", "DEMO"}
    }
    environment["TRICORN_HOME"] = str(home)
    environment["PYTHONPATH"] = os.pathsep.join(["src", "."])
    url = os.environ.get("TRICORN_DATABASE", "")
    if not url:
        yield environment
        return
    server, _, query = url.partition("?")
    name = f"own_{secrets.token_hex(6)}"
    own = f"{server.rpartition('/')[0]}/{name}?{query}"
    operator = f"{server.rpartition('/')[0]}/postgres?{query}"
    with psycopg.connect(operator, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield environment | {"TRICORN_DATABASE": own}
    finally:
        with psycopg.connect(operator, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
