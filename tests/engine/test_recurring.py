"""What comes again, by the wall of one zone: days, weeks, months, spring and autumn."""

from datetime import UTC, date, datetime, time

import pytest

from tricorn.engine.errors import BadInput
from tricorn.engine.recurring import Rhythm, following

BERLIN = "Europe/Berlin"


def local(rhythm, after, most=4):
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(rhythm.zone)
    found = following(rhythm, after, most)
    return [f"{each.astimezone(zone):%a %d %b %H:%M}" for each in found]


def at(year, month, day, hour=0):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "after", "comes"),
    [
        (
            Rhythm(date(2026, 10, 5), time(9), BERLIN, "week", 2, (0, 3)),
            at(2026, 10, 6),
            ["Thu 08 Oct 09:00", "Mon 19 Oct 09:00", "Thu 22 Oct 09:00", "Mon 02 Nov 09:00"],
        ),
        (
            Rhythm(date(2026, 10, 7), time(9), BERLIN, "week", 1, (0, 2)),
            at(2026, 1, 1),
            ["Wed 07 Oct 09:00", "Mon 12 Oct 09:00", "Wed 14 Oct 09:00", "Mon 19 Oct 09:00"],
        ),
        (
            Rhythm(date(2026, 10, 7), time(9), BERLIN),
            at(2026, 10, 7, 7),
            ["Wed 14 Oct 09:00", "Wed 21 Oct 09:00", "Wed 28 Oct 09:00", "Wed 04 Nov 09:00"],
        ),
        (
            Rhythm(date(2026, 1, 1), time(23, 30), BERLIN, "day", 10),
            at(2026, 10, 1),
            ["Thu 08 Oct 23:30", "Sun 18 Oct 23:30", "Wed 28 Oct 23:30", "Sat 07 Nov 23:30"],
        ),
        (
            Rhythm(date(2026, 1, 31), time(8), BERLIN, "month"),
            at(2027, 1, 31, 12),
            ["Sun 28 Feb 08:00", "Wed 31 Mar 08:00", "Fri 30 Apr 08:00", "Mon 31 May 08:00"],
        ),
        (
            Rhythm(date(2026, 2, 20), time(8), BERLIN, "month", 3, day=1),
            at(2026, 2, 1),
            ["Fri 01 May 08:00", "Sat 01 Aug 08:00", "Sun 01 Nov 08:00", "Mon 01 Feb 08:00"],
        ),
        # 02:30 is skipped on 29 March: it comes at 03:30, once.
        (
            Rhythm(date(2026, 3, 28), time(2, 30), BERLIN, "day"),
            at(2026, 3, 27, 12),
            ["Sat 28 Mar 02:30", "Sun 29 Mar 03:30", "Mon 30 Mar 02:30", "Tue 31 Mar 02:30"],
        ),
        # 02:30 is shown twice on 25 October: it comes the first time, once.
        (
            Rhythm(date(2026, 10, 24), time(2, 30), BERLIN, "day"),
            at(2026, 10, 25),
            ["Sun 25 Oct 02:30", "Mon 26 Oct 02:30", "Tue 27 Oct 02:30", "Wed 28 Oct 02:30"],
        ),
        (Rhythm(date(2199, 12, 31), time(9), "UTC", "day"), at(2199, 12, 31), ["Tue 31 Dec 09:00"]),
    ],
)
def test_it_comes_by_the_wall(rhythm, after, comes):
    assert local(rhythm, after) == comes


def test_nine_in_the_morning_stays_nine_when_the_clocks_change():
    rhythm = Rhythm(date(2026, 10, 19), time(9), BERLIN)

    assert following(rhythm, at(2026, 10, 19), 2) == [at(2026, 10, 19, 7), at(2026, 10, 26, 8)]


@pytest.mark.parametrize(
    "given",
    [{"unit": "year"}, {"every": 0}, {"every": 367}, {"day": 32}, {"weekdays": (7,)}],
)
def test_a_rhythm_that_makes_no_sense_is_refused(given):
    with pytest.raises(BadInput):
        Rhythm(date(2026, 1, 1), time(9), BERLIN, **given)


def test_a_rhythm_that_is_too_far_away_is_refused():
    with pytest.raises(BadInput):
        Rhythm(date(2200, 1, 1), time(9), BERLIN)
