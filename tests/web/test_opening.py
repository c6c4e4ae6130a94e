"""When help starts, and when there is help at all, in the fewest words."""

from datetime import UTC, datetime

import pytest

from tests.cast import BUSINESS, MONDAY, NOON, SATURDAY
from tricorn.engine.hours import Hours, Schedule
from tricorn.web.opening import said_hours, said_opening

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours(zone="Europe/Berlin", **weekly):
    return Hours.from_data({"zone": zone, "weekly": weekly})


@pytest.mark.parametrize(
    ("weekly", "said"),
    [
        ({day: ["08:00-20:00"] for day in WEEK[:5]}, "08–20 on business days"),
        ({day: ["08:30-12:00", "13:00-17:15"] for day in WEEK}, "08:30–12, 13–17:15 on all days"),
        ({day: ["00:00-24:00"] for day in WEEK}, "day and night"),
        ({day: ["22:00-06:00"] for day in WEEK}, "22–06 on all days"),
        ({"sat": ["09:00-13:00"]}, "09–13 on Sat"),
        (
            {**{day: ["08:00-17:00"] for day in WEEK[:4]}, "fri": ["08:00-14:00"]},
            "08–17 on Mon–Thu, 08–14 on Fri",
        ),
        ({"tue": ["10:00-18:00"], "thu": ["10:00-18:00"]}, "10–18 on Tue, 10–18 on Thu"),
    ],
)
def test_hours_in_words(weekly, said):
    assert said_hours(hours(**weekly)) == said


def test_the_zone_is_said_when_it_is_another_than_the_readers():
    berlin = Hours.from_data(BUSINESS)

    assert said_hours(berlin, "Europe/Berlin") == "08–20 on business days"
    assert said_hours(berlin, "Asia/Tokyo") == "08–20 on business days (Berlin time)"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (SATURDAY, "The desk opens Monday 08:00, in 2 days."),
        (MONDAY, "The desk is there now, until today 20:00."),
        (NOON, "The desk is there now, until today 20:00."),
        (datetime(2026, 10, 12, 18, tzinfo=UTC), "The desk opens tomorrow 08:00."),
    ],
)
def test_when_help_starts(at, said):
    schedule = Schedule(Hours.from_data(BUSINESS))

    assert said_opening(schedule, at=at, zone="Europe/Berlin") == said


def test_day_and_night_needs_no_hour():
    schedule = Schedule(Hours.always())

    assert said_opening(schedule, at=NOON, zone="UTC") == "The desk is there day and night."
