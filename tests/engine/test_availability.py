"""Availability: service hours of a month, hours down inside them, the share."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.engine.availability import Outage, Stretch, availability, down_seconds, percent
from tricorn.engine.errors import BadTimeline
from tricorn.engine.hours import Hours, Schedule

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BUSINESS = Schedule(
    Hours.from_data(
        {"zone": "Europe/Berlin", "weekly": {day: ["08:00-20:00"] for day in WEEK[:5]}},
        where="test",
    )
)
ALWAYS = Schedule(
    Hours.from_data(
        {"zone": "Europe/Berlin", "weekly": {day: ["00:00-24:00"] for day in WEEK}}, where="test"
    )
)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OCTOBER = (datetime(2026, 10, 1, tzinfo=BERLIN), datetime(2026, 11, 1, tzinfo=BERLIN))
MARCH = (datetime(2026, 3, 1, tzinfo=BERLIN), datetime(2026, 4, 1, tzinfo=BERLIN))


def here(day, hour, minute=0, month=10):
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def month(schedule, outages, bounds=OCTOBER):
    return availability([Stretch(schedule, *bounds)], outages)


def test_the_saturday_costs_55_minutes_of_service_and_46_hours_cost_nothing():
    found = month(BUSINESS, [Outage(here(10, 10), here(12, 8, 55))])

    assert (found.service, found.down) == (22 * 12 * HOUR, 55 * MINUTE)
    assert found.share == pytest.approx(1 - 55 / (264 * 60))
    assert found.explain("Europe/Berlin") == (
        "264 hours of service in the period.",
        "Down from Mon 12 Oct 2026 08:00 to Mon 12 Oct 2026 08:55: 55 minutes.",
        "Down inside service hours: 55 minutes.",
        "263 hours 5 minutes of 264 hours is 99.65 %.",
        "Only outages that were recorded are counted.",
    )


def test_no_outage_is_said_as_none_on_record():
    found = month(BUSINESS, [])

    assert (found.share, found.recorded) == (1.0, 0)
    assert "No outage is on record." in found.explain("UTC")


def test_an_outage_outside_service_hours_is_on_record_and_takes_nothing_away():
    found = month(BUSINESS, [Outage(here(10, 10), here(11, 10))])

    assert (found.share, found.recorded) == (1.0, 1)
    assert "Nothing of them down: an outage is on record, outside service hours." in found.explain(
        "UTC"
    )


@pytest.mark.parametrize(("bounds", "hours"), [(OCTOBER, 745), (MARCH, 743)])
def test_round_the_clock_a_month_has_the_hours_that_pass(bounds, hours):
    found = month(ALWAYS, [Outage(bounds[0], None)], bounds)

    assert found.service == found.down == hours * HOUR
    assert found.share == 0.0


def test_an_outage_over_the_change_of_the_clock_lasts_as_long_as_it_lasted():
    found = month(ALWAYS, [Outage(here(25, 1), here(25, 4))])

    assert found.down == 4 * HOUR


def test_half_open_at_both_ends_of_the_month():
    before = Outage(datetime(2026, 9, 30, 12, tzinfo=UTC), OCTOBER[0])
    after = Outage(OCTOBER[1], None)

    found = month(ALWAYS, [before, after])

    assert (found.down, found.recorded) == (timedelta(), 0)


def test_planned_work_is_counted_apart_and_what_fails_meanwhile_is_down():
    work = Outage(here(12, 8), here(12, 12), is_planned=True)
    failed = Outage(here(12, 11), here(12, 13))

    found = month(BUSINESS, [work, failed])

    assert (found.down, found.planned) == (2 * HOUR, 3 * HOUR)
    assert found.service == 264 * HOUR
    assert "Planned work inside them, counted apart and not as down: 3 hours." in found.explain(
        "Europe/Berlin"
    )


def test_hours_that_change_within_the_month_are_counted_each_in_its_stretch():
    middle = here(16, 0)
    stretches = [Stretch(ALWAYS, middle, OCTOBER[1]), Stretch(BUSINESS, OCTOBER[0], middle)]

    found = availability(stretches, [Outage(here(15, 22), here(16, 2))])

    assert found.down == 2 * HOUR
    assert found.service == BUSINESS.elapsed(OCTOBER[0], middle) + ALWAYS.elapsed(
        middle, OCTOBER[1]
    )


def test_without_service_hours_there_is_no_share():
    closed = (here(10, 0), here(12, 0))

    found = month(BUSINESS, [Outage(here(10, 1), None)], closed)

    assert (found.share, found.service) == (None, timedelta())


def test_only_what_was_never_down_reads_a_hundred_percent():
    assert percent(745 * HOUR, 745 * HOUR) == "100 %"
    assert percent(745 * HOUR - timedelta(seconds=1), 745 * HOUR) == "99.99 %"
    assert percent(timedelta(), HOUR) == "0 %"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (here(2, 10), here(2, 10), "not after it begins"),
        (here(2, 10), here(2, 9), "Give a later end"),
        (datetime(2026, 10, 2), None, "has no time zone"),
    ],
)
def test_an_outage_that_cannot_be_is_refused(start, end, words):
    with pytest.raises(BadTimeline, match=words):
        Outage(start, end)


def test_stretches_that_overlap_are_refused():
    with pytest.raises(BadTimeline, match="overlap"):
        availability([Stretch(ALWAYS, *OCTOBER), Stretch(ALWAYS, *OCTOBER)], [])


START = int(datetime(2026, 9, 25, tzinfo=UTC).timestamp())
MOMENTS = st.integers(START, START + 45 * 86_400)


@st.composite
def outages(draw):
    """Outages around October, in any order, overlapping as they like."""
    found = []
    for start in draw(st.lists(MOMENTS, max_size=12)):
        long = draw(st.integers(1, 5 * 86_400))
        begin = datetime.fromtimestamp(start, tz=UTC)
        planned = draw(st.booleans())
        found.append(Outage(begin, begin + timedelta(seconds=long), is_planned=planned))
    return found


SCHEDULES = st.sampled_from([BUSINESS, ALWAYS])


@given(SCHEDULES, outages(), outages())
def test_more_outage_never_raises_availability(schedule, some, more):
    less, fuller = month(schedule, some), month(schedule, some + more)

    assert fuller.share <= less.share
    assert fuller.service == less.service


@given(SCHEDULES, outages())
def test_nothing_counts_twice(schedule, some):
    once, twice = month(schedule, some), month(schedule, some + some)

    assert (once.down, once.planned) == (twice.down, twice.planned)
    assert once.down + once.planned <= once.service
    assert sum((span.length for span in once.spans), timedelta()) == once.down
    assert all(left.end <= right.start for left, right in pairwise(once.spans))


@given(SCHEDULES, outages())
def test_down_is_what_a_slow_twin_counts_hour_by_hour(schedule, some):
    """The twin walks through each second's quarter of an hour: outages cut to quarters first."""
    quarter = 900
    cut = [
        Outage(
            datetime.fromtimestamp(int(o.start.timestamp()) // quarter * quarter, tz=UTC),
            datetime.fromtimestamp(-(-int(o.end.timestamp()) // quarter) * quarter, tz=UTC),
            o.is_planned,
        )
        for o in some
    ]
    down = planned = 0
    at = OCTOBER[0].astimezone(UTC)
    while at < OCTOBER[1]:
        if schedule.is_open(at):
            on = {o.is_planned for o in cut if o.start <= at < o.end}
            down += False in on
            planned += on == {True}
        at += 15 * MINUTE

    found = month(schedule, cut)

    assert (found.down, found.planned) == (down * 15 * MINUTE, planned * 15 * MINUTE)


@given(SCHEDULES, outages())
def test_a_year_at_once_gives_what_month_by_month_gives(schedule, some):
    days = [(2026, 9, 1), (2026, 10, 1), (2026, 11, 1), (2026, 11, 1), (2026, 12, 1)]
    bounds = [datetime(*day, tzinfo=BERLIN) for day in days]
    real = [each for each in some if not each.is_planned]

    service, down = down_seconds(
        schedule,
        np.array([int(each.timestamp()) for each in bounds]),
        np.array([int(each.start.timestamp()) for each in real], dtype=np.int64),
        np.array([int(each.end.timestamp()) for each in real], dtype=np.int64),
    )

    for n, pair in enumerate(pairwise(bounds)):
        found = month(schedule, real, pair)
        assert (timedelta(seconds=int(service[n])), timedelta(seconds=int(down[n]))) == (
            found.service,
            found.down,
        )


def test_many_periods_refuse_what_is_out_of_order():
    with pytest.raises(BadTimeline, match="out of order"):
        down_seconds(ALWAYS, np.array([2, 1]), np.array([1]), np.array([2]))
    with pytest.raises(BadTimeline, match="later end"):
        down_seconds(ALWAYS, np.array([1, 2]), np.array([2]), np.array([2]))
