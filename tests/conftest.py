"""What every test may ask for. Folders, servers and the run's own rules: `tests/plugin.py`."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from tricorn.journal import triggers
from tricorn.prepared import Prepared, several

pytest_plugins = ["tests.cast", "tests.town"]


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
def prepared_queries_are_what_django_would_send() -> Iterator[None]:
    """Every query that was made once is made anew, once for each length of its lists, and compared."""
    ask, compared = Prepared._ask, set()

    def ask_and_compare(query: Prepared, made: Any, at: Any, given: dict[str, Any]) -> Any:
        lists = {name: given.get(name) for name in query._lists.values()}
        lists = {name: [*several(values)] for name, values in lists.items()}
        shape = (id(query), connection.vendor, *map(len, lists.values()))
        is_plain = all(len(set(values)) == len(values) > 0 for values in lists.values())
        if shape not in compared and is_plain and len(compared) < 2_000:
            compared.add(shape)
            moments = {name: {"at": at, **given}[name] for name in made.moments}
            anew = query._make(**lists, **moments).query.get_compiler(connection=connection)
            text, parameters = anew.as_sql()
            assert made.filled({"at": at, **given}) == (text, [*parameters])
        return ask(query, made, at, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "_ask", ask_and_compare)
        yield


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
