"""What was signed stands for ever, whoever asks the database to change it."""

import pytest
from django.db import DatabaseError, connection, transaction

TABLES = ("agreements_version", "agreements_clause", "agreements_signature", "journal_line")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_signed_and_written_is_never_changed_or_removed(a7, table, statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table))
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == before > (0,)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
def test_what_was_signed_and_written_is_never_emptied(a7, table):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")
