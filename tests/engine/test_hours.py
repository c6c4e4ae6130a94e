"""Service hours: what they mean, one sentence at a time. Times are Berlin unless said."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tricorn.engine.errors import BadTarget, BadTimeline
from tricorn.engine.hours import NEVER, Hours, Schedule, Span, Target, week_of

BERLIN = ZoneInfo("Europe/Berlin")


def hours(zone="Europe/Berlin", more="", **weekly):
    days = "\n".join(f"{day} = {windows}" for day, windows in weekly.items())
    return Hours.from_toml(f'zone = "{zone}"\n[weekly]\n{days}\n{more}')


def business(start="08:00", end="20:00", **more):
    return hours(**{key: [f"{start}-{end}"] for key in ("mon", "tue", "wed", "thu", "fri")}, **more)


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_only_open_time_counts_and_the_closing_second_does_not():
    ask = Schedule(business())
    assert ask.elapsed(at("2024-03-01 19:00"), at("2024-03-04 09:00")) == timedelta(hours=2)
    assert ask.is_open(at("2024-03-01 08:00"))
    assert not ask.is_open(at("2024-03-01 20:00"))


def test_time_is_exact_to_the_microsecond():
    ask = Schedule(business())
    start = at("2024-03-01 19:59:59.999998")
    assert ask.elapsed(start, at("2024-03-04 08:00:00.000001")) == timedelta(microseconds=3)
    assert ask.due(start, Target.parse("1s")) == at("2024-03-04 08:00:00.999998")


def test_a_target_that_ends_with_the_window_is_due_at_closing_and_kept_until_the_next_opening():
    ask, target = Schedule(business()), Target.parse("12h")
    start = at("2024-03-04 08:00")
    assert ask.due(start, target) == at("2024-03-04 20:00")
    assert ask.kept_until(start, target) == at("2024-03-05 08:00")
    assert ask.elapsed(start, at("2024-03-04 22:00")) <= timedelta(hours=12)


def test_three_service_days_are_the_same_local_time_three_service_days_later():
    ask = Schedule(business())
    assert ask.due(at("2024-03-28 10:15:30.5"), Target.parse("3d")) == at("2024-04-02 10:15:30.5")


def test_what_opens_outside_hours_counts_from_the_next_opening():
    ask = Schedule(business())
    assert ask.due(at("2024-03-02 11:00"), Target.parse("3d")) == at("2024-03-07 08:00")
    assert ask.due(at("2024-03-01 20:00"), Target.parse("1d")) == at("2024-03-05 08:00")


def test_a_local_time_outside_that_days_windows_moves_to_the_next_opening():
    ask = Schedule(hours(thu=["08:00-18:00"], fri=["08:00-12:00"], mon=["09:00-12:00"]))
    assert ask.due(at("2024-03-07 15:00"), Target.parse("1d")) == at("2024-03-11 09:00")


def test_a_local_time_that_does_not_exist_moves_to_the_next_opening():
    always = Schedule(Hours.always("Europe/Berlin"))
    assert always.due(at("2024-03-30 02:30"), Target.parse("1d")) == at("2024-03-31 03:00")
    late = Schedule(hours(sat=["02:00-04:00"], sun=["02:15-02:45", "05:00-06:00"]))
    assert late.due(at("2024-03-30 02:30"), Target.parse("1d")) == at("2024-03-31 05:00")


def test_a_local_time_that_comes_twice_is_due_the_first_time():
    always = Schedule(Hours.always("Europe/Berlin"))
    due = always.due(at("2024-10-26 02:30"), Target.parse("1d"))
    assert due == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


def test_a_window_inside_the_gap_counts_nothing_and_inside_the_fold_twice():
    ask = Schedule(hours(sun=["02:15-02:45"]))
    spring, autumn = at("2024-03-31 00:00"), at("2024-10-27 00:00")
    assert ask.elapsed(spring, spring + timedelta(hours=12)) == timedelta()
    assert ask.elapsed(autumn, autumn + timedelta(hours=12)) == timedelta(hours=1)


def test_a_date_that_never_was_is_no_service_day():
    apia = ZoneInfo("Pacific/Apia")
    ask = Schedule(Hours.always("Pacific/Apia"))
    due = ask.due(at("2011-12-29 10:00", apia), Target.parse("1d"))
    assert due == at("2011-12-31 10:00", apia)


def test_a_window_past_midnight_is_cut_there_and_a_closed_date_is_closed_from_midnight():
    nights = {key: ["22:00-06:00"] for key in ("mon", "tue", "wed")}
    ask = Schedule(hours(more="[[closed]]\non = 2024-03-05", **nights))
    monday, wednesday = at("2024-03-04 12:00"), at("2024-03-06 12:00")
    assert ask.spans(monday, wednesday) == [
        Span(at("2024-03-04 22:00"), at("2024-03-05 00:00")),
        Span(at("2024-03-06 00:00"), at("2024-03-06 06:00")),
    ]


def test_a_date_with_only_the_end_of_a_night_is_no_service_day():
    ask = Schedule(hours(thu=["22:00-06:00"], fri=["22:00-06:00"], mon=["22:00-06:00"]))
    assert ask.due(at("2024-03-07 23:00"), Target.parse("2d")) == at("2024-03-11 23:00")


def test_an_open_date_replaces_week_and_holiday():
    more = (
        '[holidays]\ncountry = "DE"\n[[open]]\non = 2024-12-25\nwindows = ["10:00-12:00"]\n'
        '[[closed]]\non = 2024-12-24\nname = "Christmas Eve"'
    )
    spec = business(more=more)
    ask = Schedule(spec)
    week = at("2024-12-23 00:00"), at("2024-12-28 00:00")
    assert ask.elapsed(*week) == timedelta(hours=12 + 0 + 2 + 0 + 12)
    assert spec.holiday_name(date(2024, 12, 26)) == "Second Day of Christmas"
    assert spec.name_of(date(2024, 12, 24)) == "Christmas Eve"
    assert [len(windows) for _, windows in week_of(spec, date(2024, 12, 23))] == [
        1,
        0,
        1,
        0,
        1,
        0,
        0,
    ]


def test_paused_service_time_comes_after_the_due_time():
    ask, start = Schedule(business()), at("2024-03-01 10:00")
    held = timedelta(hours=11)
    assert ask.due(start, Target.parse("1d"), held) == at("2024-03-05 09:00")
    assert ask.due(start, Target.parse("4h"), held) == at("2024-03-04 13:00")
    assert ask.kept_until(start, Target.parse("1h"), timedelta(hours=9)) == at("2024-03-04 08:00")


def test_counted_lists_the_spans_up_to_the_due_time():
    ask = Schedule(business())
    assert ask.counted(at("2024-03-01 19:00"), Target.parse("2h")) == [
        Span(at("2024-03-01 19:00"), at("2024-03-01 20:00")),
        Span(at("2024-03-04 08:00"), at("2024-03-04 09:00")),
    ]


def test_openings_and_closings():
    ask = Schedule(business())
    assert ask.next_open(at("2024-03-01 09:00:00.5")) == at("2024-03-01 09:00:00.5")
    assert ask.next_open(at("2024-03-01 20:00")) == at("2024-03-04 08:00")
    assert ask.next_close(at("2024-03-01 09:00")) == at("2024-03-01 20:00")
    assert ask.next_close(at("2024-03-02 09:00")) == at("2024-03-04 20:00")
    assert Schedule(Hours.always()).next_close(at("2024-03-02 09:00")) is None


def test_the_horizon_grows_as_far_as_asked():
    ask = Schedule(business(start="08:01"))
    far = ask.due(at("2024-03-01 10:00"), Target.parse("9000d"))
    assert far is not None
    assert far.year == 2058
    assert ask.elapsed(at("1970-01-05 00:00"), at("1970-01-06 00:00")) == timedelta(minutes=719)
    assert ask.due(at("2024-03-01 10:00"), Target.parse("30000d")) is None


def test_hours_that_never_open_are_never_due():
    closed = hours()
    ask, start = Schedule(closed), at("2024-03-01 10:00")
    assert ask.due(start, Target.parse("1h")) is None
    assert ask.kept_until(start, Target.parse("1d")) is None
    assert ask.next_open(start) is None
    assert ask.counted(start, Target.parse("1h")) == []
    assert ask.due_seconds(np.array([0, 10**9]), Target.parse("3d")).tolist() == [NEVER, NEVER]


def test_hours_of_one_single_day_end_with_it():
    once = hours(more='[[open]]\non = 2030-02-01\nwindows = ["10:00-12:00"]')
    ask, start = Schedule(once), at("2024-03-01 10:00")
    assert ask.due(start, Target.parse("2h")) == at("2030-02-01 12:00")
    assert ask.kept_until(start, Target.parse("2h")) is None
    assert ask.due(start, Target.parse("3h")) is None


def test_the_holiday_data_says_how_far_it_knows():
    assert Schedule(business()).holidays_known_until is None
    known = Schedule(business(more='[holidays]\ncountry = "US"')).holidays_known_until
    assert known is not None
    assert known.year >= 2050


def test_moments_without_a_zone_or_out_of_order_are_refused():
    ask = Schedule(business())
    naive = datetime(2024, 3, 1, 10, 0)
    with pytest.raises(BadTimeline, match="has no time zone"):
        ask.elapsed(naive, at("2024-03-02 10:00"))
    with pytest.raises(BadTimeline, match="before the start"):
        ask.elapsed(at("2024-03-02 10:00"), at("2024-03-01 10:00"))
    with pytest.raises(BadTimeline, match="Row 1"):
        ask.elapsed_seconds(np.array([0, 5, 9]), np.array([1, 4, 8]))
    with pytest.raises(BadTimeline, match="int64 UTC seconds"):
        ask.elapsed_seconds(np.array([0.5]), np.array([1.5]))


def test_empty_arrays_and_arrays_of_any_shape_are_fine():
    ask = Schedule(business())
    nothing = np.empty(0, dtype=np.int64)
    assert ask.elapsed_seconds(nothing, nothing).shape == (0,)
    assert ask.due_seconds(nothing, Target.parse("3d")).shape == (0,)
    square = np.array([[1709280000, 1709290000], [1709300000, 1709310000]])
    assert ask.due_seconds(square, Target.parse("3d")).shape == (2, 2)
    assert ask.elapsed_seconds(square, square + 9).tolist() == [[9, 9], [9, 9]]


@pytest.mark.parametrize(
    ("text", "seconds", "days", "again"),
    [
        ("8h", 28_800, None, "8h"),
        ("90m", 5_400, None, "1h30m"),
        ("45s", 45, None, "45s"),
        ("1h30m", 5_400, None, "1h30m"),
        (" 3D ", None, 3, "3d"),
    ],
)
def test_targets_are_read_and_written(text, seconds, days, again):
    target = Target.parse(text)
    assert (target.seconds, target.days, str(target)) == (seconds, days, again)
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    "text", ["", "h", "3", "3w", "0d", "0h", "-3d", "1.5h", "3d4h", "8h\x00", "٣d", "9" * 30 + "d"]
)
def test_what_is_no_target_is_refused(text):
    with pytest.raises(BadTarget):
        Target.parse(text)
