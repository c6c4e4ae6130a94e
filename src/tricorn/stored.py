"""Storing new records with statements that are made once: for what is written with every report.

Django makes the text of an INSERT anew each time and asks every column twice how it is written.
What is stored is the same as by `save`; there are no signals in this house. See
docs/decisions/0016-prepared.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models, transaction

# Of these columns such values are sent as they are.
PLAIN: dict[type[Any], frozenset[type[Any]]] = {
    models.CharField: frozenset({str}),
    models.EmailField: frozenset({str}),
    models.TextField: frozenset({str}),
    models.BooleanField: frozenset({bool}),
    models.PositiveIntegerField: frozenset({int}),
    models.PositiveSmallIntegerField: frozenset({int}),
    models.IntegerField: frozenset({int}),
    models.BigIntegerField: frozenset({int}),
    models.ForeignKey: frozenset({int}),
}
# More at once is Django's, who knows how many a statement may have.
MOST = 20


def insert(record: models.Model) -> None:
    """Store one new record, as `save` does."""
    insert_all([record])


def insert_all(records: Sequence[models.Model]) -> None:
    """Store new records of one kind together, as `bulk_create` does."""
    if not records:
        return
    model = type(records[0])
    if len(records) > MOST:
        model._default_manager.bulk_create(records)
        return
    made = _made_insert(model, connection.vendor)
    values = [value for record in records for value in made.values_of(record)]
    text = made.text % ", ".join([made.places] * len(records))
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(text, values)
        keys = cursor.fetchall()
    for record, (key,) in zip(records, keys, strict=True):
        record.pk = key
        record._state.adding, record._state.db = False, connection.alias


def update(record: models.Model, names: Collection[str]) -> None:
    """Store these fields of a record that is there, as `save(update_fields=...)` does."""
    made = _made_update(type(record), tuple(names), connection.vendor)
    values = made.values_of(record, is_new=False)
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(made.text, [*values, record.pk])


def insert_new(records: Sequence[models.Model]) -> bool:
    """Store those of the records that are not there yet; whether none was.

    As `bulk_create(ignore_conflicts=True)`, which however does not tell the numbers.
    """
    if not records:
        return True
    made = _made_insert(type(records[0]), connection.vendor)
    into, _, key = made.text.rpartition(" RETURNING ")
    text = f"{into} ON CONFLICT DO NOTHING RETURNING {key}" % made.places
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        for each in records:
            cursor.execute(text, made.values_of(each))
            if found := cursor.fetchone():
                each.pk = found[0]
                each._state.adding, each._state.db = False, connection.alias
    return all(each.pk is not None for each in records)


def change(record: models.Model, where: Mapping[str, Any], **changes: Any) -> bool:
    """Store these values in the row of a record if it still has those of `where`; whether it had.

    As `filter(pk=..., **where).update(**changes)`: what is in hand here stays as it is.
    """
    asked = tuple((name, value is None) for name, value in where.items())
    made = _made_change(type(record), tuple(changes), asked, connection.vendor)
    given = [*changes.values(), *(each for each in where.values() if each is not None)]
    values = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(made.fields, given, strict=True)
    ]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(made.text, [*values, record.pk])
        return bool(cursor.rowcount)


@dataclass(frozen=True)
class _Column:
    field: Any
    plain: frozenset[type[Any]]

    @classmethod
    def of(cls, field: Any) -> _Column:
        return cls(field, PLAIN.get(type(field), frozenset()))

    def value_of(self, record: models.Model, *, is_new: bool) -> Any:
        value = getattr(record, self.field.attname)
        if type(value) in self.plain:
            return value
        return self.field.get_db_prep_save(self.field.pre_save(record, is_new), connection)


@dataclass(frozen=True)
class _Made:
    text: str
    columns: Sequence[_Column]
    places: str = ""

    def values_of(self, record: models.Model, *, is_new: bool = True) -> list[Any]:
        return [each.value_of(record, is_new=is_new) for each in self.columns]


@cache
def _made_insert(model: type[models.Model], vendor: str) -> _Made:
    """Only names of our own models go into the text."""
    quote, fields = connection.ops.quote_name, _meta(model).local_concrete_fields
    columns = [_Column.of(each) for each in fields if not each.primary_key]
    names = ", ".join(quote(each.field.column) for each in columns)
    table, key = quote(_meta(model).db_table), quote(_meta(model).pk.column)
    text = f"INSERT INTO {table} ({names}) VALUES %s RETURNING {key}"  # noqa: S608 - our own names
    return _Made(text, columns, f"({', '.join(['%s'] * len(columns))})")


@cache
def _made_update(model: type[models.Model], names: tuple[str, ...], vendor: str) -> _Made:
    quote = connection.ops.quote_name
    columns = [_Column.of(_meta(model).get_field(name)) for name in names]
    sets = ", ".join(f"{quote(each.field.column)} = %s" for each in columns)
    table, key = quote(_meta(model).db_table), quote(_meta(model).pk.column)
    return _Made(f"UPDATE {table} SET {sets} WHERE {key} = %s", columns)  # noqa: S608 - our own names


@dataclass(frozen=True)
class _Change:
    text: str
    fields: Sequence[Any]


@cache
def _made_change(
    model: type[models.Model],
    names: tuple[str, ...],
    asked: tuple[tuple[str, bool], ...],
    vendor: str,
) -> _Change:
    quote, field = connection.ops.quote_name, _meta(model).get_field
    sets = ", ".join(f"{quote(field(name).column)} = %s" for name in names)
    wheres = [
        f"{quote(field(name).column)} {'IS NULL' if is_null else '= %s'}" for name, is_null in asked
    ]
    wheres.append(f"{quote(_meta(model).pk.column)} = %s")
    table, those = quote(_meta(model).db_table), " AND ".join(wheres)
    fields = [field(name) for name in (*names, *(name for name, is_null in asked if not is_null))]
    return _Change(f"UPDATE {table} SET {sets} WHERE {those}", fields)  # noqa: S608 - our own names


def _meta(model: type[models.Model]) -> Any:
    return model._meta
