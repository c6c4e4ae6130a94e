"""What a report asks and what it answers: groups down, months (or steps) across."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from tricorn.agreements.models import Agreement
from tricorn.catalogue.models import Service
from tricorn.engine import measures
from tricorn.engine.errors import BadInput
from tricorn.insight.month import Month
from tricorn.parties.models import Membership, Organisation
from tricorn.tickets.models import Ticket, TicketQuerySet

# What tickets may be grouped by, and the column of a ticket that says it.
GROUPS = {"": None, "agreement": "version__agreement", "service": "service", "team": "team"}
MOST_MONTHS = 37


@dataclass(frozen=True)
class Question:
    """From one month to another (both included), for some services (None: all), grouped by what.

    `fewest` is how many people a team must have to be shown by itself.
    Errors  BadInput for months in the wrong order, too many of them, or an unknown group.
    """

    first: Month
    last: Month
    zone: str
    services: frozenset[int] | None = None
    by: str = ""
    fewest: int = 5

    def __post_init__(self) -> None:
        if self.by not in GROUPS:
            raise BadInput("Group by service, agreement or team, or not at all.", field="by")
        if self.last < self.first:
            raise BadInput("The last month is before the first one. Swap them.", field="last")
        if len(self.months) > MOST_MONTHS:
            raise BadInput("At most three years fit on one report. Choose fewer.", field="first")

    @property
    def months(self) -> tuple[Month, ...]:
        found = [self.first]
        while found[-1] < self.last and len(found) <= MOST_MONTHS:
            found.append(found[-1].plus(1))
        return tuple(found)

    @property
    def start(self) -> datetime:
        return self.first.start(self.zone)

    @property
    def end(self) -> datetime:
        return self.last.end(self.zone)

    @property
    def column(self) -> str | None:
        return GROUPS[self.by]

    def tickets(self) -> TicketQuerySet:
        """All tickets that count: neither held for review nor merged, of the services asked about."""
        found = Ticket.objects.counted()
        return found if self.services is None else found.filter(service__in=self.services)

    def month_of(self, moment: str) -> Case:
        """Say in which month a moment lies, as its place in `months`; -1 before the first."""
        bounds = [self.start, *(month.end(self.zone) for month in self.months)]
        return Case(
            *(When(**{f"{moment}__lt": end}, then=place - 1) for place, end in enumerate(bounds)),
            default=Value(len(self.months)),
            output_field=IntegerField(),
        )


@dataclass(frozen=True)
class Cell:
    """One figure: a count `n`; of a share also how many it is `of`; of time, `seconds`.

    None stands for what cannot be told: there was nothing.
    """

    n: int = 0
    of: int | None = None
    seconds: int | None = None

    @property
    def share(self) -> measures.Share | None:
        return measures.share(self.n, self.of) if self.of else None

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.n + other.n,
            None if self.of is None and other.of is None else (self.of or 0) + (other.of or 0),
            None
            if self.seconds is None and other.seconds is None
            else (self.seconds or 0) + (other.seconds or 0),
        )


@dataclass(frozen=True)
class Line:
    """One group across. `name` is "" for what belongs to none; `is_small` for teams put together."""

    name: str
    cells: tuple[Cell, ...]
    total: Cell | None
    is_small: bool = False


@dataclass(frozen=True)
class Sheet:
    """A report. `across` names the columns: months, or codes of steps and of holders.

    kind    "count", "share" or "time", which says how a cell reads.
    whole   all groups together; `lines` is empty where nothing was grouped.
    """

    name: str
    kind: str
    across: tuple[Month, ...] | tuple[str, ...]
    lines: tuple[Line, ...]
    whole: Line

    @property
    def is_empty(self) -> bool:
        return not any(cell.n or cell.of or cell.seconds for cell in self.whole.cells)


Found = Mapping[tuple[Any, Any], Cell]


def sheet_of(
    name: str,
    kind: str,
    question: Question,
    found: Found,
    *,
    across: tuple[str, ...] | None = None,
    adds_up: bool = True,
) -> Sheet:
    """Return a sheet of cells by (group, place across). Two queries for the names of the groups.

    `adds_up`: whether the cells of a line make a total; what stands at an instant does not.
    """
    columns: tuple[Month, ...] | tuple[str, ...] = across or question.months
    keys: Collection[Any] = across or range(len(question.months))
    empty = Cell(of=0) if kind == "share" else Cell(seconds=0) if kind == "time" else Cell()
    by_group: dict[Any, dict[Any, Cell]] = defaultdict(dict)
    for (group, place), cell in found.items():
        by_group[group][place] = by_group[group].get(place, empty) + cell
    line = _liner(keys, empty, adds_up=adds_up)
    whole = line("", by_group.values(), is_small=False)
    lines: list[Line] = []
    if question.column:
        names, is_together = _names(question, by_group)
        small = [cells for group, cells in by_group.items() if group and group not in names]
        rest = [by_group[None]] if None in by_group else []
        lines = [
            line(name, [by_group[group]], is_small=False)
            for group, name in sorted(names.items(), key=lambda each: each[1].casefold())
        ]
        if small and is_together:
            lines.append(line("", small, is_small=True))
        elif small:
            rest += small
        if rest:
            lines.append(line("", rest, is_small=False))
    return Sheet(name, kind, columns, tuple(lines), whole)


def _liner(keys: Collection[Any], empty: Cell, *, adds_up: bool) -> Callable[..., Line]:
    def line(name: str, parts: Iterable[Mapping[Any, Cell]], *, is_small: bool) -> Line:
        held = list(parts)
        cells = tuple(sum((part.get(key, empty) for part in held), start=empty) for key in keys)
        return Line(name, cells, sum(cells, start=empty) if adds_up else None, is_small)

    return line


def _names(question: Question, groups: Collection[Any]) -> tuple[dict[int, str], bool]:
    """Name the groups by their number, save teams of too few people to be shown by themselves.

    Those are put together, and shown as one if they have enough people between them (the second
    value); otherwise they join what belongs to no team. So nobody's work is read off a report.
    """
    ids = [group for group in groups if group is not None]
    if question.by == "service":
        return dict(Service.objects.filter(pk__in=ids).values_list("pk", "name")), False
    if question.by == "agreement":
        return dict(Agreement.objects.filter(pk__in=ids).values_list("pk", "ref")), False
    people: dict[int, set[int]] = {number: set() for number in ids}
    members = Membership.objects.filter(organisation__in=ids, since__lt=question.end)
    still = members.filter(Q(until__isnull=True) | Q(until__gt=question.start))
    for number, person in still.values_list("organisation", "person"):
        people[number].add(person)
    small = {number for number in ids if len(people[number]) < question.fewest}
    known = Organisation.objects.filter(pk__in=set(ids) - small).values_list("pk", "name")
    between = set[int]().union(*(people[number] for number in small))
    return dict(known), len(between) >= question.fewest
