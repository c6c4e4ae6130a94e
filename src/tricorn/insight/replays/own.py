"""The program's own tickets as a history: three queries of numbers, straight into arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import BigIntegerField, Case, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce

from tricorn.engine.replay import HOLDERS, MISSING, History
from tricorn.engine.replay.checks import count_out, impossible
from tricorn.engine.replay.reasons import IMPOSSIBLE, REVERSED
from tricorn.engine.replay.rows import RESOLVED
from tricorn.histories.tally import CANCELLED
from tricorn.insight.replays.columns import Refs
from tricorn.tickets.models import KINDS, PRIORITIES, REVIEWER, Clock, Ticket, Wait

HELD = "held"
# A moment that is not known, on its way: the engine's own number is none that a database can write.
UNKNOWN = -(2**62)
MOMENTS = ("began", "reported", "first_response", "resolved", "closed")
CHUNK = 10_000

Table = npt.NDArray[np.int64]


class Second(Func):
    """A moment as whole UTC seconds, fractions cut off, made in the database."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "COALESCE(CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER), "
        return self.as_sql(compiler, connection, template=f"{template}{UNKNOWN})", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "COALESCE(FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint, "
        return self.as_sql(compiler, connection, template=f"{template}{UNKNOWN})", **extra)


@dataclass(frozen=True)
class Wanted:
    """Which tickets: of these services (None: of all), reported from `first` to before `last`.

    versions  only those that run by one of these versions: what a client's agreements cover. None:
              everybody's.
    """

    first: datetime
    last: datetime
    services: tuple[int, ...] | None = None
    versions: tuple[int, ...] | None = None

    def where(self, ticket: str = "") -> Q:
        """Return the condition; `ticket` is the way to the ticket, like "ticket__".

        What was merged counts with the ticket in which it is handled; of held reports is counted
        how many were left out.
        """
        found = Q(
            **{
                f"{ticket}reported_at__gte": self.first,
                f"{ticket}reported_at__lt": self.last,
                f"{ticket}merged_into__isnull": True,
            }
        )
        found &= ~Q(**{f"{ticket}held_for": REVIEWER})
        if self.services is not None:
            found &= Q(**{f"{ticket}service__in": self.services})
        if self.versions is not None:
            found &= Q(**{f"{ticket}version__in": self.versions})
        return found


def wanted(
    services: Collection[int] | None,
    first: datetime,
    last: datetime,
    *,
    versions: Collection[int] | None = None,
) -> Wanted:
    """Return which tickets are meant, in an order of its own, so that it can be compared."""
    return Wanted(
        first,
        last,
        tuple(sorted(set(services))) if services is not None else None,
        tuple(sorted(set(versions))) if versions is not None else None,
    )


@dataclass(frozen=True)
class Tables:
    """What the database says of tickets, as whole numbers: TICKET, WAIT and CLOCK by column."""

    tickets: Table
    waits: Table
    clocks: Table

    def renewed(self, changed: Table, fresh: Tables) -> Tables:
        """Return these tables with what is said afresh of the tickets that have changed."""
        return Tables(
            _renewed(self.tickets, changed, fresh.tickets),
            _renewed(self.waits, changed, fresh.waits),
            _renewed(self.clocks, changed, fresh.clocks),
        )


def fetch(asked: Wanted, only: Collection[int] | None = None) -> Tables:
    """Read these tickets, or only some of them, with what is known by now. Three queries."""
    own = Q() if only is None else Q(pk__in=only)
    others = Q() if only is None else Q(ticket__in=only)
    return Tables(
        _table(_tickets(Ticket.objects.filter(asked.where() & own)), TICKET),
        _table(_waits(Wait.objects.filter(asked.where("ticket__") & others)), WAIT),
        _table(_clocks(Clock.objects.filter(asked.where("ticket__") & others)), CLOCK),
    )


def build(tables: Tables) -> History:
    """Return the history that the tables tell.

    `due` and `flag` are those of each ticket's own clock for the resolution. Cancelled tickets and
    reports held for review are counted as excluded.
    Source  docs/engine/replay.md, rules R1 and R2.
    """
    found = _by_name(tables.tickets, TICKET)
    moments: dict[str, Any] = {name: _known(found[name]) for name in MOMENTS}
    keep, excluded = count_out(len(found["id"]), _reasons(found, moments), {})
    found = {name: column[keep] for name, column in found.items()}
    numbers = found["id"]
    priorities, priority, opened = _named(PRIORITIES, found["priority"], found["opened"])
    kinds, kind = _named(KINDS, found["kind"])
    columns: dict[str, Any] = {name: column[keep] for name, column in moments.items()}
    columns |= _said(tables.clocks, numbers) | _waited(tables.waits, numbers)
    return History(
        refs=Refs(numbers),
        priorities=priorities,
        priority=priority,
        priority_opened=opened,
        kinds=kinds,
        kind=kind,
        person=_people(found["person"]),
        excluded=excluded,
        **columns,
    )


def cut(history: History, at: datetime) -> History:
    """Return a history as its log would have read at a moment: what came after is not in it.

    Between its end and its reopening a ticket was done, whatever became of it later. Priorities
    are those of today.
    Source  docs/engine/replay.md, rule R3: the log ends when it was taken.
    """
    end = int(at.timestamp() // 1)
    there = history.reported <= end
    history = history if there.all() else history.take(there)
    moments: dict[str, Any] = {
        name: np.where(getattr(history, name) > end, MISSING, getattr(history, name))
        for name in ("first_response", "resolved", "closed")
    }
    start, last = history.wait_start, history.wait_end
    resting = (
        (history.wait_holder == HOLDERS.index(RESOLVED))
        & (start <= end)
        & ((last > end) | (last == MISSING))
    )
    moments["resolved"][history.wait_ticket[resting]] = start[resting]
    keep = (start <= end) & ~resting
    return replace(
        history,
        **moments,
        wait_ticket=history.wait_ticket[keep],
        wait_start=start[keep],
        wait_end=np.where(last > end, MISSING, last)[keep],
        wait_holder=history.wait_holder[keep],
        ended=end,
    )


# Tables of the three queries, in their order.
TICKET = ("id", "kind", "priority", "opened", "out", "person", *MOMENTS)
WAIT = ("ticket", "start", "end", "holder")
CLOCK = ("ticket", "met", "due")
OUT = ("", CANCELLED, HELD)


def _tickets(rows: Any) -> Any:
    opened = Case(
        # How pressing an imported ticket was at first is not known.
        When(source="", then=_code("computed_priority", PRIORITIES)),
        default=_code("priority", PRIORITIES),
    )
    out = Case(When(state="cancelled", then=1), When(~Q(held_for=""), then=2), default=0)
    return rows.values_list(
        "pk",
        _code("kind", KINDS),
        _code("priority", PRIORITIES),
        opened,
        out,
        Coalesce(F("affected"), F("requester"), Value(-1)),
        *(Second(f"{name}_at") for name in MOMENTS),
    )


def _waits(rows: Any) -> Any:
    moments = Second("started_at"), Second("ended_at")
    return rows.values_list("ticket", *moments, _code("holder", HOLDERS))


def _clocks(rows: Any) -> Any:
    met = Case(When(is_met=True, then=1), When(is_met=False, then=0), default=-1)
    return rows.filter(measure="resolution").values_list("ticket", met, Second("due_at"))


def _code(field: str, names: Sequence[str]) -> Case:
    return Case(
        *(When(**{field: name}, then=code) for code, name in enumerate(names)),
        default=-1,
        output_field=IntegerField(),
    )


def _table(rows: Any, names: Sequence[str]) -> Table:
    """Return rows of whole numbers by column, in the order of tickets; the rows are not kept."""
    numbers = chain.from_iterable(rows.order_by().iterator(chunk_size=CHUNK))
    flat = np.fromiter(numbers, dtype=np.int64)
    table = np.ascontiguousarray(flat.reshape(-1, len(names)).T)
    return table[:, np.argsort(table[0], kind="stable")]


def _renewed(table: Table, changed: Table, fresh: Table) -> Table:
    both = np.concatenate([table[:, ~np.isin(table[0], changed)], fresh], axis=1)
    return both[:, np.argsort(both[0], kind="stable")]


def _by_name(table: Table, names: Sequence[str]) -> dict[str, Table]:
    return dict(zip(names, table, strict=True))


def _known(moments: Table) -> Table:
    return np.where(moments == UNKNOWN, MISSING, moments)


def _said(clocks: Table, numbers: Table) -> dict[str, Any]:
    """Return what each ticket's own clock for the resolution says: met or not, and when due."""
    found = _by_name(clocks, CLOCK)
    flag, due = np.full(len(numbers), -1, dtype=np.int8), np.full(len(numbers), MISSING)
    row, is_in = _rows(numbers, found["ticket"])
    flag[row] = found["met"][is_in]
    due[row] = _known(found["due"])[is_in]
    return {"flag": flag, "due": due}


def _waited(waits: Table, numbers: Table) -> dict[str, Any]:
    found = _by_name(waits, WAIT)
    row, is_in = _rows(numbers, found["ticket"])
    start = found["start"][is_in]
    order = np.lexsort((start, row))
    return {
        "wait_ticket": row[order],
        "wait_start": start[order],
        "wait_end": _known(found["end"])[is_in][order],
        "wait_holder": found["holder"][is_in][order].astype(np.int8),
    }


def _reasons(
    codes: Mapping[str, Table], moments: Mapping[str, Table]
) -> dict[str, npt.NDArray[np.bool_]]:
    reported = moments["reported"]
    ends = np.stack([moments["resolved"], moments["closed"]])
    backwards = ((ends != MISSING) & (ends < reported)).any(axis=0)
    return {
        **{reason: codes["out"] == k for k, reason in enumerate(OUT) if reason},
        IMPOSSIBLE: impossible(*moments.values()),
        REVERSED: backwards | (moments["began"] > reported),
    }


def _rows(numbers: Table, tickets: Table) -> tuple[Table, npt.NDArray[np.bool_]]:
    """Return the rows of tickets that are in the history, and which ones are; `numbers` rise."""
    if not len(numbers):
        return np.zeros(0, dtype=np.int64), np.zeros(len(tickets), dtype=bool)
    place = np.minimum(np.searchsorted(numbers, tickets), len(numbers) - 1)
    known = numbers[place] == tickets
    return place[known], known


def _named(names: Sequence[str], *columns: Table) -> tuple[Any, ...]:
    """Return the names that come up, and the columns as codes into them."""
    met = sorted(set(np.unique(np.concatenate(columns)).tolist()))
    place = np.zeros(len(names), dtype=np.int16)
    place[met] = np.arange(len(met))
    return (tuple(names[k] for k in met), *(place[column] for column in columns))


def _people(numbers: Table) -> npt.NDArray[np.int32]:
    """Return a code for each person who asked, -1 for whoever said no name."""
    _, codes = np.unique(numbers, return_inverse=True)
    anonymous = bool((numbers == -1).any())
    return (codes - 1 if anonymous else codes).astype(np.int32)
