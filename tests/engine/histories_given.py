"""Random histories, waits, agreements; and the slow way: each ticket's clock by itself."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tests.engine.hours_given import HARD, hours_near
from tricorn.engine.agreement import PRIORITIES, Agreement, Clause
from tricorn.engine.clock import Clock, Holder, Terms, Wait
from tricorn.engine.hours import Hours, Target
from tricorn.engine.replay import Row

STEP = 900
SOURCE = {"1 - Critical": "critical", "P2": "high", "Normal": "moderate", "lowest": "low"}
UNKNOWN = "purple"
targets = st.one_of(
    st.builds(Target, seconds=st.integers(1, 400).map(lambda n: n * STEP)),
    st.builds(Target, days=st.integers(1, 4)),
)
holders = st.sampled_from([*(holder.value for holder in Holder), ""])


@dataclass(frozen=True)
class Told:
    """What is known of one ticket, as datetimes: the slow way reads this, not the columns."""

    row: Row

    def clock(self, terms: Terms, start: str, stop: str) -> Clock:
        """The clock as the product runs it: waits before the start begin with it."""
        row = self.row
        begin = row.began if start == "began" and row.began is not None else row.reported
        waits = tuple(
            Wait(Holder(holder) if holder else None, max(a, begin), b)
            for holder, a, b in row.waits
            if b is None or b > begin
        )
        return Clock(terms, begin, waits, getattr(row, stop))


@st.composite
def rows(draw: st.DrawFn, first: datetime, ref: str) -> Row:
    """A ticket near a moment; waits may overlap, begin before it or end after it."""

    def later(than: datetime, most: int = 500) -> datetime:
        odd = draw(st.sampled_from([0, 0, 0, 1, 59]))
        return than + timedelta(seconds=draw(st.integers(0, most)) * STEP + odd)

    began = later(first)
    reported = later(began, 30)
    response = draw(st.sampled_from([None, later(reported)]))
    resolved = draw(st.sampled_from([None, later(reported)]))
    closed = None if resolved is None else draw(st.sampled_from([None, later(resolved, 100)]))
    waits = []
    for _ in range(draw(st.integers(0, 4))):
        start = later(began - timedelta(hours=12), 300)
        end = draw(st.sampled_from([later(start, 200), later(start, 200), None]))
        waits.append((draw(holders), start, end))
    return Row(
        ref=ref,
        reported=reported,
        priority=draw(st.sampled_from([*SOURCE, UNKNOWN])),
        priority_opened=draw(st.sampled_from([None, *SOURCE])),
        kind=draw(st.sampled_from(["incident", "request", "alarm"])),
        began=draw(st.sampled_from([None, began])),
        first_response=response,
        resolved=resolved,
        closed=closed,
        waits=tuple(waits),
    )


@st.composite
def agreements(draw: st.DrawFn, hours: Hours) -> Agreement:
    def clause(n: int) -> Clause:
        return Clause(
            id=f"R{n}",
            kinds=tuple(draw(st.sampled_from([(), ("incident",), ("incident", "request")]))),
            priorities=tuple(draw(st.sampled_from([(), ("critical", "high"), PRIORITIES]))),
            start=draw(st.sampled_from(["began", "reported"])),
            stop=draw(st.sampled_from(["first_response", "resolved", "closed"])),
            hours="desk",
            target=draw(targets),
            stopped_by=draw(st.frozensets(st.sampled_from(list(Holder)), max_size=3)),
        )

    clauses = tuple(clause(n) for n in range(1, draw(st.integers(1, 4)) + 1))
    return agreement_of(hours, *clauses)


def agreement_of(hours: Hours, *clauses: Clause) -> Agreement:
    return Agreement(
        ref="A-1",
        title="A-1",
        services=("mail",),
        from_on=date(2024, 1, 1),
        to_on=None,
        client="Finance",
        provider="House IT",
        hours={"desk": hours},
        clauses=clauses,
    )


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Row], Agreement]:
    """Some tickets around a hard day, and an agreement in the same zone."""
    zone, day = draw(st.sampled_from(HARD))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    found = [draw(rows(first, f"T{n}")) for n in range(draw(st.integers(1, 6)))]
    return found, draw(agreements(draw(hours_near(zone, day))))
