"""How a database of earlier migrations moves on."""

from collections import Counter
from itertools import groupby

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tricorn.cli.database import StoppedHalfWay, half_way

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]


@pytest.fixture
def bare(settings):
    """A database of no tables, beside the tests' own, whose migrations are the real ones."""
    settings.MIGRATION_MODULES = {}
    default = connections["default"]
    connections["bare"] = type(default)(default.settings_dict | {"NAME": ":memory:"}, alias="bare")
    yield connections["bare"]
    connections["bare"].close()
    del connections["bare"]


@pytest.fixture
def squashed(bare):
    loader = MigrationLoader(None)
    return {key: each.replaces for key, each in loader.disk_migrations.items() if each.replaces}


def record(bare, names):
    recorder = MigrationRecorder(bare)
    recorder.ensure_schema()
    for app, name in names:
        recorder.record_applied(app, name)


def waiting(bare):
    executor = MigrationExecutor(bare)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {(migration.app_label, migration.name) for migration, _ in plan}


def chains(squashed):
    """The old migrations of each app, in their order."""
    olds = sorted({old for replaced in squashed.values() for old in replaced})
    return {app: list(names) for app, names in groupby(olds, key=lambda old: old[0])}


def test_one_that_has_all_the_old_migrations_has_nothing_to_do(bare, squashed):
    record(bare, [old for chain in chains(squashed).values() for old in chain])

    assert half_way(bare) == []
    assert not waiting(bare) & set(squashed)


def test_an_empty_one_makes_the_new_ones_only(bare, squashed):
    assert half_way(bare) == []
    assert waiting(bare) >= set(squashed)


def test_each_old_one_stands_once_and_lends_its_name_to_no_new_one(squashed):
    olds = Counter(old for replaced in squashed.values() for old in replaced)

    assert set(olds.values()) == {1}
    assert not set(olds) & set(squashed)


def test_one_that_stopped_anywhere_between_the_old_ones_is_refused(bare, squashed):
    for app, chain in chains(squashed).items():
        for old in chain[:-1]:
            record(bare, [old])
            assert half_way(bare) == [app], old
        record(bare, chain[-1:])
        assert half_way(bare) == []

    assert "stand between two versions" in str(StoppedHalfWay(["tickets"]))


def test_one_that_stopped_between_the_new_ones_goes_on(bare, squashed):
    first = min(key for key in squashed if key[0] == "tickets")
    record(bare, [first, *squashed[first]])

    assert half_way(bare) == []
    assert ("tickets", "0006_private") in waiting(bare)
