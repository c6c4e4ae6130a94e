"""What every test may ask for. Folders, servers and the run's own rules: `tests/plugin.py`."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tricorn.journal import triggers

pytest_plugins = ["tests.cast"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On SQLite test in a file, not in memory: threads then have connections of their own."""
    if connection.vendor == "sqlite":
        name = Path(os.environ["TRICORN_HOME"]) / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The tests' database carries what no model says: the index of words, the triggers.

    Its tables are made of the models as they are now, many times faster than by every migration; that
    both are the same is what `makemigrations --check` says, and programs beside the tests migrate.
    """
    index = import_module("tricorn.search.migrations.0001_initial")
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            index.make(None, editor)
        triggers.install(connection)


@pytest.fixture(scope="session", autouse=True)
def flush_passes_append_only_tables() -> Iterator[None]:
    """A test with transactions of its own empties all tables at its end; triggers forbid that.

    So they are lifted for exactly that moment. Every other statement meets them as in real life.
    """
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with triggers.suspended(connection):
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
