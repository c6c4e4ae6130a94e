"""The tickets of agreements in some months, as kins: the one query behind the clients' figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, Value, When
from django.db.models.functions import Coalesce

from tricorn.insight.crowd import Crowd, Kin
from tricorn.insight.month import Month
from tricorn.tickets.models import Ticket

MEASURES = ("first_response", "resolution", "closing")
# How a promise stood: kept, late, undecided; capital letters: decided after the first reading.
KEPT, LATE, UNDECIDED, NO_PROMISE = "k", "l", "u", "-"


@dataclass(frozen=True)
class Period:
    """One month in a zone, and the two moments at which its figures are read.

    `first_at` is its end. `final_at` is the end of the month after, or `first_at` while that month
    lasts. Figures never change between and after, so nobody learns of one person by reading often.
    """

    month: Month
    zone: str
    start: datetime
    first_at: datetime
    final_at: datetime

    @classmethod
    def of(cls, month: Month, zone: str, at: datetime) -> Period | None:
        """Return the period as it is read at an instant; None while the month lasts."""
        end, after = month.end(zone), month.plus(1).end(zone)
        if at < end:
            return None
        return cls(month, zone, month.start(zone), end, after if at >= after else end)


@dataclass(frozen=True)
class Look:
    """What the tickets of one kin have in common.

    `promises` are (clause id, how it stood) pairs; `rating` is s (satisfied), n (not) or - (no
    answer), `waited` w or - : whether it waited while closed; `covered` says for each declined
    option how much of that it would have covered: a (all), p (part) or - . Capital letters as above.
    """

    kind: str
    promises: tuple[tuple[int, str], ...]
    is_cancelled: bool
    rating: str
    waited: str
    covered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tickets:
    """One agreement's month: its kins, and what each has in common, in the same order.

    `covered` holds for each kin the seconds that each declined option would have covered.
    """

    looks: tuple[Look, ...]
    crowd: Crowd
    covered: tuple[tuple[int, ...], ...] = ()

    def group(self, chosen: Sequence[bool]) -> int:
        return sum(1 << place for place, is_in in enumerate(chosen) if is_in)

    def covered_seconds(self, group: int, option: int) -> int:
        """Return what an option would have covered of a group, by its place among the options."""
        return sum(each[option] for k, each in enumerate(self.covered) if group >> k & 1)


NOTHING = Tickets((), Crowd(()))


def tickets_of(versions: Collection[int], period: Period) -> dict[int, list[tuple[Any, ...]]]:
    """Return rows per version, one for each ticket reported in the period. One query.

    Held reports are not counted before somebody has looked at them, nor what was merged.
    """
    rows = (
        Ticket.objects.counted()
        .filter(
            version__in=versions,
            reported_at__gte=period.start,
            reported_at__lt=period.first_at,
        )
        .alias(
            **{
                name: FilteredRelation("clocks", condition=Q(clocks__measure=name))
                for name in MEASURES
            },
            ended_at=Coalesce(F("resolution__stopped_at"), F("first_response__stopped_at")),
        )
    )
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    columns = rows.order_by().values_list(
        "version_id",
        "pk",
        "kind",
        *[column for name in MEASURES for column in (F(f"{name}__clause"), _stood(name, period))],
        Case(When(state="cancelled", then=Value(1)), default=Value(0)),
        _rating(period),
        _is_later(period),
        _closed_seconds(period),
        Coalesce(F("affected"), F("requester"), -F("id")),
    )
    for row in columns.iterator(chunk_size=5000):
        found[row[0]].append(row[1:])
    return found


def _stood(measure: str, period: Period) -> Case:
    """How a promise stood: decided when stopped, or when its last instant passed while open."""
    stopped, kept, last = f"{measure}__stopped_at", f"{measure}__is_met", f"{measure}__breach_at"
    first, final = period.first_at, period.final_at
    cases = [
        When(Q(**{f"{measure}__clause__isnull": True}), then=Value(NO_PROMISE)),
        When(Q(**{f"{stopped}__lte": first, kept: True}), then=Value(KEPT)),
        When(Q(**{f"{stopped}__lte": first, kept: False}), then=Value(LATE)),
        When(Q(**{f"{last}__lt": first}), then=Value(LATE)),
    ]
    if final > first:
        cases += [
            When(Q(**{f"{stopped}__lte": final, kept: True}), then=Value(KEPT.upper())),
            When(Q(**{f"{stopped}__lte": final, kept: False}), then=Value(LATE.upper())),
            When(Q(**{f"{last}__lt": final}), then=Value(LATE.upper())),
        ]
    return Case(*cases, default=Value(UNDECIDED))


def _rating(period: Period) -> Case:
    """Satisfied (4 or 5), not, or silent; capital letters: said after the first reading."""
    cases = [
        When(rating__at__lte=period.first_at, rating__score__gte=4, then=Value("s")),
        When(rating__at__lte=period.first_at, then=Value("n")),
        When(rating__at__lte=period.final_at, rating__score__gte=4, then=Value("S")),
        When(rating__at__lte=period.final_at, then=Value("N")),
    ]
    return Case(*cases, default=Value("-"))


def _closed_seconds(period: Period) -> Case:
    """Seconds waited while closed, of matters that ended before the last reading."""
    return Case(
        When(resolution__stopped_at__lte=period.final_at, then=F("resolution__closed_seconds")),
        When(
            resolution__isnull=True,
            first_response__stopped_at__lte=period.final_at,
            then=F("first_response__closed_seconds"),
        ),
        default=Value(0),
    )


def _is_later(period: Period) -> Case:
    """Whether the matter ended after the first reading."""
    return Case(When(ended_at__gt=period.first_at, then=Value(1)), default=Value(0))


def gather(
    rows: Collection[tuple[Any, ...]], covered: Mapping[int, tuple[int, ...]] | None = None
) -> Tickets:
    """Return rows of `tickets_of` as kins, in an order that does not hang on the database.

    `covered` holds, by ticket, the seconds that each declined option would have covered; a ticket
    that is not in it none.
    """
    covered = covered or {}
    nothing = (0,) * len(next(iter(covered.values()), ()))
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    people: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    closed: dict[tuple[Any, ...], int] = defaultdict(int)
    inside: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for ticket, *look, is_later, seconds, person in rows:
        options = covered.get(ticket, nothing)
        waited = ("W" if is_later else "w") if seconds > 0 else "-"
        key = (*look, waited, tuple(_covered(each, seconds, is_later) for each in options))
        counts[key] += 1
        people[key].add(person)
        closed[key] += seconds
        inside[key] = tuple(map(sum, zip(inside.get(key, nothing), options, strict=True)))
    keys = sorted(counts, key=repr)
    kins = [Kin(counts[key], frozenset(people[key]), closed[key]) for key in keys]
    return Tickets(
        tuple(_look(key) for key in keys), Crowd(kins), tuple(inside[key] for key in keys)
    )


def _covered(inside: int, seconds: int, is_later: int) -> str:
    """How much of the time waited an option would have covered; seconds are cut off, so one less is all."""
    if not inside or not seconds:
        return "-"
    code = "a" if inside >= seconds - 1 else "p"
    return code.upper() if is_later else code


def _look(key: tuple[Any, ...]) -> Look:
    kind, first, first_stood, resolution, stood, closing, closing_stood = key[:7]
    is_cancelled, rating, waited, covered = key[7:]
    pairs = ((first, first_stood), (resolution, stood), (closing, closing_stood))
    promises = tuple((clause, how) for clause, how in pairs if clause is not None)
    return Look(kind, promises, bool(is_cancelled), rating, waited, covered)
