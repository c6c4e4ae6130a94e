"""What must never change is guarded in the database itself, whatever the migrations did."""

import pytest
from django.db import connection

from tricorn.journal import triggers


@pytest.mark.django_db
def test_every_append_only_table_is_guarded():
    assert "journal_line" in triggers.APPEND_ONLY
    assert triggers.missing(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "after the tables were emptied"])
def test_emptying_the_tables_between_tests_leaves_the_guards_in_place(time):
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_a_guard_that_is_gone_is_missed():
    with triggers.suspended(connection):
        assert "journal_line_no_update" in triggers.missing(connection)
