"""What a desk leaves uncovered: the sums agree with walking each ticket, and grow the right way."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.histories_given import stories
from tests.engine.oracle import is_open
from tricorn.engine.agreement import Agreement
from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadCalendar
from tricorn.engine.hours import Hours, Schedule
from tricorn.engine.replay import Extra, History, Row, Uncovered, coverage

MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
extras = st.builds(
    lambda a, b, start, length: Extra.parse(
        f"{DAYS[a]}-{DAYS[b]} {start // 4:02}:{start % 4 * 15:02}-"
        f"{(start + length) // 4 % 24:02}:{(start + length) % 4 * 15:02}"
    ),
    st.integers(0, 6),
    st.integers(0, 6),
    st.integers(0, 95),
    st.integers(1, 90),
)


def whole(row: Row) -> Row:
    """The same ticket in whole minutes, so that it can be walked."""

    def cut(moment: datetime | None) -> datetime | None:
        return moment and moment.replace(second=0)

    waits = tuple((holder, cut(a), cut(b)) for holder, a, b in row.waits)
    moments = {name: cut(getattr(row, name)) for name in ("reported", "resolved", "closed")}
    return Row(row.ref, priority=row.priority, waits=waits, **moments)


class Walked:
    """The same figures by walking every minute of every ticket on the wall clock."""

    def __init__(self, hours: Hours, wider: Hours, rows: list[Row], until: datetime) -> None:
        self.closed = self.waited = self.until_open = self.while_closed = 0
        self.inside = self.sooner = self.in_window = self.reached = 0
        self.week = np.zeros((4, 7, 24), dtype=int)
        for row in rows:
            self.one(hours, wider, row, until)

    def one(self, hours: Hours, wider: Hours, row: Row, until: datetime) -> None:
        zone = ZoneInfo(hours.zone)
        shut = not is_open(hours, row.reported)
        local = row.reported.astimezone(zone)
        self.closed += shut
        self.week[0, local.weekday(), local.hour] += 1
        self.week[1, local.weekday(), local.hour] += shut
        end = row.resolved
        if end is None and row.closed is None:
            end = until
        in_window = shut and is_open(wider, row.reported)
        self.in_window += in_window
        reached, had_opened, would_have = in_window, False, False
        at = row.reported
        while end is not None and at < end:
            open_now, open_then = is_open(hours, at), is_open(wider, at)
            had_opened |= open_now
            would_have |= open_then
            if not any(h == "" and a <= at and (b is None or b > at) for h, a, b in row.waits):
                local = at.astimezone(zone)
                self.waited += 60
                self.week[2, local.weekday(), local.hour] += 60
                if not open_now:
                    self.while_closed += 60
                    self.week[3, local.weekday(), local.hour] += 60
                if not had_opened:
                    self.until_open += 60
                    self.inside += 60 * open_then
                    self.sooner += 60 * would_have
                    reached |= open_then
            at += MINUTE
        self.reached += reached


@pytest.mark.slow_oracle
@settings(max_examples=6, deadline=None)
@given(stories(), extras)
def test_the_figures_are_those_of_walking_every_minute(
    story: tuple[list[Row], Agreement], extra: Extra
) -> None:
    rows, agreement = story
    rows = [whole(row) for row in rows[:2]]
    hours = agreement.hours["desk"]
    history = History.from_rows(rows)
    until = datetime.fromtimestamp(history.until, UTC)

    found = coverage(history, Schedule(hours), windows=[extra])

    slow = Walked(hours, extra.added_to(hours), rows, until)
    assert (found.share.met, found.share.n) == (slow.closed, len(rows))
    assert found.waited == slow.waited
    assert (found.seconds.low, found.seconds.high) == (slow.until_open, slow.while_closed)
    gain = found.gains[0]
    assert (gain.tickets.low, gain.tickets.high) == (slow.in_window, slow.reached)
    assert (gain.seconds.low, gain.seconds.high) == (slow.inside, slow.sooner)
    week = found.week
    tables = (week.tickets, week.tickets_closed, week.seconds, week.seconds_closed)
    assert np.array_equal(np.stack(tables), slow.week)


def uncovered(found: Uncovered) -> tuple[float, ...]:
    share = found.share
    return (share.met, share.low, share.high, found.seconds.low, found.seconds.high)


@settings(max_examples=40, deadline=None)
@given(stories(), extras, st.frozensets(st.sampled_from(list(Holder)), max_size=3))
def test_more_coverage_never_lowers_the_covered_share(
    story: tuple[list[Row], Agreement], extra: Extra, stopped_by: frozenset[Holder]
) -> None:
    rows, agreement = story
    history, hours = History.from_rows(rows), agreement.hours["desk"]

    now = coverage(history, Schedule(hours), windows=[extra], stopped_by=stopped_by)
    then = coverage(history, Schedule(extra.added_to(hours)), stopped_by=stopped_by)

    assert all(b <= a for a, b in zip(uncovered(now), uncovered(then), strict=True))
    assert then.waited == now.waited
    gain = now.gains[0]
    assert now.share.met - then.share.met == gain.tickets.low <= gain.tickets.high
    assert now.seconds.low - then.seconds.low == gain.seconds.high >= gain.seconds.low


@settings(max_examples=40, deadline=None)
@given(stories(), extras)
def test_the_tables_add_up_to_the_figures(story: tuple[list[Row], Agreement], extra: Extra) -> None:
    rows, agreement = story
    found = coverage(History.from_rows(rows), Schedule(agreement.hours["desk"]))

    assert found.week.tickets.sum() == found.share.n
    assert found.week.tickets_closed.sum() == found.share.met
    assert found.week.seconds.sum() == found.waited
    assert found.week.seconds_closed.sum() == found.seconds.high
    assert found.seconds.low <= found.seconds.high <= found.waited
    assert found.timed + sum(found.excluded.values()) == found.share.n


@settings(max_examples=100, deadline=None)
@given(stories(), extras, st.integers(0, 10_000))
def test_a_window_more_opens_in_it_and_closes_nothing(
    story: tuple[list[Row], Agreement], extra: Extra, minutes: int
) -> None:
    rows, agreement = story
    hours = agreement.hours["desk"]
    wider = extra.added_to(hours)
    at = rows[0].reported.replace(second=0) + minutes * MINUTE
    local = at.astimezone(ZoneInfo(hours.zone))
    second = local.hour * 3600 + local.minute * 60
    plain = local.date() not in (*hours.closed, *hours.open)
    in_it = local.weekday() in extra.days and extra.window.start <= second < extra.window.end

    assert is_open(wider, at) >= is_open(hours, at)
    if in_it and plain and not hours.holiday_name(local.date()):
        assert is_open(wider, at)


BERLIN = Schedule(
    Hours.from_data({"zone": "Europe/Berlin", "weekly": dict.fromkeys(DAYS[:5], ("08:00-20:00",))})
)
SATURDAY = Extra.parse("sat 09:00-13:00")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of October 2026 in Berlin; the 3rd is a Saturday."""
    return datetime(2026, 10, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_saturday_is_46_hours_until_monday() -> None:
    history = History.from_rows([Row("A", reported=at(3, 10), resolved=at(5, 9))])

    found = coverage(history, BERLIN, windows=[SATURDAY])

    assert found.seconds.hours == (46.0, 46.0)
    assert found.gains[0].tickets.low == found.gains[0].tickets.high == 1
    assert found.gains[0].seconds.hours == (3.0, 46.0)


def test_nights_after_the_first_opening_are_only_in_the_upper_bound() -> None:
    history = History.from_rows([Row("A", reported=at(5, 19), resolved=at(7, 9))])

    found = coverage(history, BERLIN, windows=[SATURDAY])

    assert found.share.met == 0
    assert found.seconds.hours == (0.0, 24.0)
    assert found.gains[0].tickets.high == 0


def test_the_night_of_the_change_has_an_hour_more_in_the_table() -> None:
    history = History.from_rows([Row("A", reported=at(25, 0), resolved=at(25, 6))])

    found = coverage(history, Schedule(Hours.always("Europe/Berlin")))

    assert found.week.seconds[6, :6].tolist() == [3600, 3600, 7200, 3600, 3600, 3600]


def test_a_closed_desk_hides_demand_and_says_so() -> None:
    mornings = [Row(f"M{n}", reported=at(5, 8, n), resolved=at(5, 12)) for n in range(30)]
    later = [Row(f"L{n}", reported=at(5, 9, n), resolved=at(5, 12)) for n in range(10)]

    found = coverage(History.from_rows([*mornings, *later]), BERLIN)

    assert found.deferred == 20
    codes = {caveat.code: caveat.sentence for caveat in found.caveats}
    assert "20 reports more" in codes["closed-desk-hides-demand"]
    assert "short-log" in codes


def test_open_tickets_wait_to_the_end_of_the_log_and_are_named() -> None:
    rows = [Row("A", reported=at(3, 10)), Row("B", reported=at(3, 9), closed=at(3, 12))]

    found = coverage(History.from_rows(rows, ended=at(3, 14)), BERLIN)

    assert found.waited == 4 * 3600
    assert found.excluded == {"stop-missing": 1}
    assert {"still-open", "end-unknown"} <= {caveat.code for caveat in found.caveats}


def test_no_tickets_and_no_window_are_no_mistake() -> None:
    closed = Schedule(Hours.from_data({"zone": "UTC", "weekly": {}}))

    nothing = coverage(History.from_rows([]), BERLIN, windows=[SATURDAY])
    never = coverage(History.from_rows([Row("A", at(3, 10), resolved=at(3, 11))]), closed)

    assert nothing.share.value is None
    assert nothing.share_of_hours is None
    assert never.share_of_hours == (1.0, 1.0)


@pytest.mark.parametrize("text", ["", "sat", "sat 9-13", "someday 09:00-10:00", "mon- 09:00-10:00"])
def test_what_is_no_window_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadCalendar, match=r"09:00-13:00|08:30-17:00"):
        Extra.parse(text)
