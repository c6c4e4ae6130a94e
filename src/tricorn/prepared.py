"""Queries whose SQL is made once: for what every page asks, where making it costs more than asking.

Django builds the text of a query anew each time, about a millisecond for a filter with dates and
joins. A ticket's page asks forty. See docs/decisions/0016-prepared.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from inspect import signature
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

# Stand for what is given later; no real query has them, so that they are found in its parameters.
FIRST = 8_070_450_532_247_928_832
TEXT = "\u2420prepared "
MOMENT = datetime(1583, 2, 3, 4, 5, 6, tzinfo=UTC)

Given = int | str | datetime | Collection[int] | Collection[str] | None


class Prepared:
    """A query over lists of numbers, lists of `texts`, and instants: `at`, or those in `moments`.

    `make` says it as Django does, its arguments the names of all these; it is asked once for each
    kind of database. A list must be asked for with `in`: `filter(person__in=people)`. What is given
    for a list may be one value; None and an empty list fit no row.
    """

    def __init__(
        self,
        make: Callable[..., QuerySet[Any, Any]],
        *numbers: str,
        texts: Collection[str] = (),
        moments: Collection[str] = ("at",),
    ) -> None:
        self._make = make
        self._lists: dict[Any, str] = {FIRST + n: name for n, name in enumerate(numbers)}
        self._lists |= {f"{TEXT}{name}": name for name in texts}
        self._moments = {MOMENT + timedelta(n): name for n, name in enumerate(moments)}
        self._made: dict[str, _Made] = {}

    def rows(self, at: datetime | None = None, **given: Given) -> list[Any]:
        """Return the rows of a query in tuples (`values_list`)."""
        return [tuple(row) for row in self._ask(self._here(), at, given)]

    def column(self, at: datetime | None = None, **given: Given) -> list[Any]:
        """Return the first column of the rows."""
        return [row[0] for row in self._ask(self._here(), at, given)]

    def objects(self, at: datetime | None = None, **given: Given) -> list[Any]:
        """Return the objects of a query for models, with what `select_related` names."""
        made = self._here()
        found = self._ask(made, at, given)
        return [made.shape.read(row) for row in found] if found and made.shape else []

    def first(self, at: datetime | None = None, **given: Given) -> Any | None:
        """Return the first object, or None."""
        return next(iter(self.objects(at, **given)), None)

    def _here(self) -> _Made:
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = self._compile()
        return made

    def _ask(self, made: _Made, at: datetime | None, given: dict[str, Given]) -> list[Any]:
        sql, parameters = made.filled({"at": at, **given})
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found = cursor.fetchall()
        if made.converters and found:
            found = list(made.compiler.apply_converters(found, made.converters))
        return found

    def _compile(self) -> _Made:
        takes = signature(self._make).parameters
        lists = {name: [stands] for stands, name in self._lists.items()}
        moments = {name: stands for stands, name in self._moments.items() if name in takes}
        compiler = self._make(**lists, **moments).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        known: dict[Any, _Named] = {each: _Named(name) for each, name in self._lists.items()}
        for each, name in self._moments.items():
            known |= {each: _Named(name), _moment(each): _Named(name)}
        given = [
            known.get(each, each) if isinstance(each, int | str | datetime) else each
            for each in parameters
        ]
        converters = compiler.get_converters(each[0] for each in compiler.select or ())
        shape = _Shape.of(compiler) if compiler.klass_info else None
        return _Made(text.split("%s"), given, [*moments], compiler, converters, shape)


class ByServices:
    """A query that is made twice: over every service, and over those that somebody serves.

    `make` calls the list `services`; None stands for all of them.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *numbers: str, **more: Any) -> None:
        self._every = Prepared(partial(make, services=None), *numbers, **more)
        self._given = Prepared(make, *numbers, "services", **more)

    def of(self, services: Collection[int] | None) -> Prepared:
        """Return the one to ask where these are served; it may be given `services` either way."""
        return self._every if services is None else self._given


class _Named(str):
    """The name of what is filled in here."""


@dataclass(frozen=True)
class _Made:
    """The text between the parameters; of each parameter its value, or the name of what is given."""

    pieces: list[str]
    parameters: list[Any]
    moments: list[str]
    compiler: Any
    converters: dict[Any, Any]
    shape: _Shape | None

    def filled(self, given: dict[str, Given]) -> tuple[str, list[Any]]:
        """Return the text for lists as long as these, and its parameters."""
        parameters: list[Any] = []
        sql = [self.pieces[0]]
        for piece, each in zip(self.pieces[1:], self.parameters, strict=True):
            values = several(given[each]) if type(each) is _Named else (each,)
            parameters += values
            sql += (", ".join(["%s"] * len(values)) or "NULL", piece)
        return "".join(sql), parameters


@dataclass(frozen=True)
class _Shape:
    """How a row becomes an object, as Django's own iterable of models reads it."""

    model: Any
    names: list[str]
    start: int
    end: int
    related: list[Any]
    annotations: dict[str, int]

    @classmethod
    def of(cls, compiler: Any) -> _Shape:
        # The stubs know the signature of a later Django.
        populators: Any = get_related_populators
        columns = compiler.klass_info["select_fields"]
        start, end = columns[0], columns[-1] + 1
        return cls(
            model=compiler.klass_info["model"],
            names=[each[0].target.attname for each in compiler.select[start:end]],
            start=start,
            end=end,
            related=populators(compiler.klass_info, compiler.select, compiler.connection.alias),
            annotations=compiler.annotation_col_map or {},
        )

    def read(self, row: Any) -> Any:
        found = self.model.from_db(connection.alias, self.names, row[self.start : self.end])
        for each in self.related:
            each.populate(row, found)
        for name, column in self.annotations.items():
            setattr(found, name, row[column])
        return found


def several(given: Given) -> Collection[Any]:
    """Return what was given as the values of a list."""
    if given is None:
        return ()
    if isinstance(given, datetime):
        return (_moment(given),)
    return (given,) if isinstance(given, int | str) else given


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
