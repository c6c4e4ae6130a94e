"""Queries whose SQL is made once: for what every page asks, where making it costs more than asking.

Django builds the text of a query anew each time, about a millisecond for a filter with dates and
joins. A page of the queue asks twenty. See docs/decisions/0016-prepared.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Stand for what is given later; no real query has them, so that they are found in its parameters.
FIRST = 8_070_450_532_247_928_832
MOMENT = datetime(1583, 2, 3, 4, 5, 6, tzinfo=UTC)


class Prepared:
    """A query in tuples (`values_list`) over lists of numbers and one instant, `at`.

    `make` says it as Django does, its arguments the names in `lists` and `at`; it is asked once for
    each kind of database. A list must be asked for with `in`: `filter(person__in=people)`.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *lists: str) -> None:
        self._make = make
        self._lists = {FIRST + n: name for n, name in enumerate(lists)}
        self._made: dict[str, _Made] = {}

    def rows(self, at: datetime, **lists: Collection[int]) -> list[tuple[Any, ...]]:
        """Return the rows. An empty list fits no row."""
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = self._compile()
        sql = [made.pieces[0]]
        parameters: list[Any] = []
        for piece, given in zip(made.pieces[1:], made.given, strict=True):
            if isinstance(given, str):
                numbers = lists[given]
                sql.append(", ".join(["%s"] * len(numbers)) or "NULL")
                parameters += numbers
            else:
                sql.append("%s")
                parameters.append(_moment(at) if given is MOMENT else given[0])
            sql.append(piece)
        with connection.cursor() as cursor:
            cursor.execute("".join(sql), parameters)
            found = cursor.fetchall()
        if made.converters:
            found = list(made.compiler.apply_converters(found, made.converters))
        return [tuple(row) for row in found]

    def _compile(self) -> _Made:
        names = {name: [number] for number, name in self._lists.items()}
        compiler = self._make(**names, at=MOMENT).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        moments = (MOMENT, _moment(MOMENT))
        given: list[Any] = [
            self._lists[each]
            if isinstance(each, int) and each in self._lists
            else MOMENT
            if each in moments
            else (each,)
            for each in parameters
        ]
        converters = compiler.get_converters(each[0] for each in compiler.select or ())
        return _Made(text.split("%s"), given, compiler, converters)


@dataclass(frozen=True)
class _Made:
    """The text between the parameters; of each parameter the list's name, MOMENT, or its value."""

    pieces: list[str]
    given: list[Any]
    compiler: Any
    converters: dict[Any, Any]


def _moment(at: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(at)
