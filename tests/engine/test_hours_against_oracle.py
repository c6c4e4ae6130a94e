"""Service hours agree with the slow twin, on random calendars around the hard days."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import oracle
from tests.engine.hours_given import HARD, MONROVIA, cases, hours_near, weeks
from tricorn.engine.hours import NEVER, Hours, Schedule, Target

pytestmark = pytest.mark.slow_oracle
slowly = settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
quickly = settings(slowly, max_examples=50)
FAR = timedelta(days=12)


@slowly
@given(case=cases(), minutes=st.integers(0, 5 * 1440))
def test_elapsed_agrees_minute_by_minute(case, minutes):
    hours, start = case
    end = start + timedelta(minutes=minutes)
    assert Schedule(hours).elapsed(start, end) == oracle.elapsed(hours, start, end)


@slowly
@given(data=st.data(), minutes=st.integers(1, 600))
def test_elapsed_agrees_where_the_offset_has_seconds(data, minutes):
    zone, day = MONROVIA
    hours = data.draw(hours_near(zone, day))
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=5)
    end = start + timedelta(minutes=minutes)
    half = timedelta(seconds=30)
    assert Schedule(hours).elapsed(start, end) == oracle.elapsed(hours, start, end, step=half)


@slowly
@given(case=cases(), seconds=st.integers(0, 4000), late=st.integers(0, 59))
def test_elapsed_agrees_to_the_second(case, seconds, late):
    hours, start = case
    start += timedelta(seconds=late)
    end = start + timedelta(seconds=seconds)
    second = timedelta(seconds=1)
    assert Schedule(hours).elapsed(start, end) == oracle.elapsed(hours, start, end, step=second)


@slowly
@given(case=cases(), minutes=st.integers(1, 20 * 60))
def test_due_in_service_time_agrees_minute_by_minute(case, minutes):
    hours, start = case
    due = Schedule(hours).due(start, Target(seconds=minutes * 60))
    if due is not None and due - start < FAR:
        assert due == oracle.due_after(hours, start, timedelta(minutes=minutes))


@slowly
@given(case=cases(), days=st.integers(1, 5))
def test_due_in_service_days_agrees_day_by_day(case, days):
    hours, start = case
    due = Schedule(hours).due(start, Target(days=days))
    if due is not None and due - start < FAR:
        assert due == oracle.due_after_days(hours, start, days)


@quickly
@given(case=cases(), spans=st.lists(st.integers(0, 10**9), min_size=2, max_size=2))
def test_elapsed_adds_up_and_never_runs_back(case, spans):
    hours, start = case
    middle, end = (start + timedelta(milliseconds=total) for total in np.cumsum(spans).tolist())
    ask = Schedule(hours)
    first, second, whole = (
        ask.elapsed(start, middle),
        ask.elapsed(middle, end),
        ask.elapsed(start, end),
    )
    assert first + second == whole
    assert timedelta() <= first <= whole <= end - start


@quickly
@given(case=cases(), seconds=st.integers(1, 200_000), micro=st.integers(0, 999_999))
def test_due_is_the_first_moment_and_kept_until_the_last(case, seconds, micro):
    hours, start = case
    start += timedelta(microseconds=micro)
    ask, target, tick = Schedule(hours), Target(seconds=seconds), timedelta(microseconds=1)
    due, kept = ask.due(start, target), ask.kept_until(start, target)
    if due is not None:
        assert ask.elapsed(start, due) == timedelta(seconds=seconds)
        assert ask.elapsed(start, due - tick) < timedelta(seconds=seconds)
    if kept is not None:
        assert ask.elapsed(start, kept) == timedelta(seconds=seconds)
        assert ask.elapsed(start, kept + tick) > timedelta(seconds=seconds)


@quickly
@given(case=cases())
def test_openings_closings_and_spans_tell_the_same_story(case):
    hours, start = case
    ask, end = Schedule(hours), start + timedelta(days=6)
    spans = ask.spans(start, end)
    assert sum((span.length for span in spans), timedelta()) == ask.elapsed(start, end)
    for span in spans:
        assert ask.is_open(span.start)
        assert ask.next_open(span.start) == span.start
        assert span.end == end or (ask.next_close(span.start), ask.is_open(span.end)) == (
            span.end,
            False,
        )


@pytest.mark.parametrize("zone", sorted({zone for zone, _ in [*HARD, MONROVIA]}))
def test_day_and_night_is_plain_elapsed_time_in_every_zone(zone):
    ask = Schedule(Hours.always(zone))
    start = datetime(1970, 1, 1, tzinfo=UTC)
    end = datetime(2030, 6, 30, 12, 34, 56, 789, tzinfo=UTC)
    assert ask.elapsed(start, end) == end - start


@quickly
@given(case=cases(), week=weeks(grain=1), seed=st.integers(0, 2**31), days=st.integers(1, 40))
def test_arrays_agree_with_single_moments(case, week, seed, days):
    hours, start = case
    hours = Hours(hours.zone, week, hours.holidays, hours.closed, hours.opened)
    ask, numbers = Schedule(hours), np.random.default_rng(seed)
    starts = int(start.timestamp()) + numbers.integers(-(10**7), 10**7, 40)
    ends = starts + numbers.integers(0, 10**6, 40)
    moments = [datetime.fromtimestamp(s, UTC) for s in starts.tolist()]
    later = [datetime.fromtimestamp(s, UTC) for s in ends.tolist()]

    assert ask.elapsed_seconds(starts, ends).tolist() == [
        int(ask.elapsed(a, b).total_seconds()) for a, b in zip(moments, later, strict=True)
    ]
    for target in (Target(days=days), Target(seconds=days * 1777)):
        held = timedelta(seconds=days * 60)
        for one, many in ((ask.due, ask.due_seconds), (ask.kept_until, ask.kept_until_seconds)):
            expected = [one(moment, target, held) for moment in moments]
            assert many(starts, target, days * 60).tolist() == [
                NEVER if due is None else int(due.timestamp()) for due in expected
            ]


@slowly
@given(case=cases(), seed=st.integers(0, 2**31), days=st.integers(1, 12))
def test_long_arrays_of_due_days_agree_with_short_ones(case, seed, days):
    hours, start = case
    ask, target = Schedule(hours), Target(days=days)
    spread = np.random.default_rng(seed).integers(-(10**7), 10**7, 3_000)
    starts = int(start.timestamp()) + np.concatenate((spread, np.arange(-40_000, 200_000, 97)))
    several = [ask.due_seconds(part, target) for part in np.array_split(starts, 60)]
    assert ask.due_seconds(starts, target).tolist() == np.concatenate(several).tolist()
