"""The database, ready for a command: Django set up, tables made, triggers in place."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from tricorn.engine.errors import Refusal

Say = Callable[[str], None]


class StoppedHalfWay(Refusal):
    """Tables stand between two versions, and only the migrations that are gone could finish them."""

    code = "stopped-half-way"

    def __init__(self, apps: list[str]) -> None:
        super().__init__(
            f"The tables of this database ({', '.join(apps)}) stand between two versions, and this "
            "one cannot finish them. Start the last version with the old migrations once, then "
            "this one (docs/decisions/0018-migrations-squashed.md). Nothing was changed."
        )


def say(sentence: str) -> None:
    """Tell what goes on: on standard error, so that results stay alone on standard output."""
    click.echo(f"tricorn: {sentence}", err=True)


def configure() -> None:
    """Set Django up; the database is not touched."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tricorn.config.settings")
    django.setup()


def ready(say: Say = say) -> None:
    """Make sure that the database can be used: made, up to date, its append-only tables guarded.

    Never fills in the demonstration. Quick when there is nothing to do. Triggers that are gone
    although nothing was migrated are put back and said aloud: somebody took them away.
    """
    configure()
    from django.db import OperationalError, connection

    from tricorn.journal import triggers

    try:
        if unapplied():
            with alone(), _quietly():
                if unapplied():  # another command may just have done it
                    migrate()
        elif gone := triggers.missing(connection):
            triggers.install(connection)
            say(
                f"{len(gone)} triggers that keep the journal unchanged were missing and are back. "
                "Run tricorn verify: it says whether anything was changed meanwhile."
            )
    except OperationalError as problem:
        raise SystemExit(f"tricorn: {unreachable(problem)}") from problem


def unreachable(problem: Exception) -> str:
    """Return one sentence about a database that does not answer, and what next."""
    from django.db import connection

    why = " ".join(str(problem).split())
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        return f"cannot use the database {name} ({why}). Check that you may write there."
    return f"the PostgreSQL database does not answer ({why}). Check TRICORN_DATABASE."


def unapplied() -> list[str]:
    """Name the migrations that this database does not have yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if apps := half_way(connection):
        raise StoppedHalfWay(apps)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def half_way(connection: Any) -> list[str]:
    """Name the apps of which a database has some replaced migrations, but not all.

    Django would take such an app for whole or begin it anew. Where a migration that replaces has
    run, it was this version that stopped, and it goes on where it was.
    """
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    loader = MigrationLoader(connection, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connection).applied_migrations())
    replaced: dict[str, set[tuple[str, str]]] = {}
    replacing: dict[str, set[tuple[str, str]]] = {}
    for key, migration in (loader.disk_migrations or {}).items():
        if migration.replaces:
            replaced.setdefault(key[0], set()).update(migration.replaces)
            replacing.setdefault(key[0], set()).add(key)
    return sorted(
        app
        for app, olds in replaced.items()
        if olds & applied and olds - applied and not replacing[app] & applied
    )


def migrate() -> None:
    """Bring the tables up to date, put back triggers that table remakes dropped, fill an empty index."""
    from django.core.management import call_command
    from django.db import connection

    from tricorn.cli.search import fill_empty
    from tricorn.journal import triggers

    call_command("migrate", verbosity=0, interactive=False)
    triggers.install(connection)
    fill_empty()


@contextmanager
def alone() -> Iterator[None]:
    """Let only one process of this machine migrate at a time; the others wait for it."""
    from django.conf import settings

    with (Path(settings.HOME) / "migrate.lock").open("w") as file:
        _lock(file)
        yield


def _lock(file: IO[Any]) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def _quietly() -> Iterator[None]:
    """Migrations speak of themselves on standard output, which belongs to results."""
    from contextlib import redirect_stdout

    with redirect_stdout(sys.stderr):
        yield
