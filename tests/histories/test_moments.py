"""Moments as sources write them, in the zone that somebody named."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.engine.errors import BadInput
from tricorn.histories.moments import KEPT, Moments

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2016, 2, 29, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2016-02-29 12:00",
        "2016-02-29T12:00:00",
        "2016-02-29T12:00:00.999",
        "2016-02-29T11:00:00Z",
        "2016-02-29 11:00:00 UTC",
        "2016-02-29 12:00:00 +0100",
        "2016-02-29T06:00:00-05:00",
        "29/2/2016 12:00",
        "29.02.2016 12:00:00",
        "29-02-2016 12:00",
        "29/Feb/16 12:00 PM",
        "29/Feb/2016 12:00",
        "29 February 2016, 12:00",
    ],
)
def test_the_same_moment_in_many_hands(text):
    assert Moments(BERLIN).read(text) == NOON


def test_midnight_and_noon_of_a_twelve_hour_clock():
    moments = Moments(BERLIN)

    assert moments.read("29/Feb/16 12:00 AM").hour == 23
    with pytest.raises(BadInput, match="no 13 o'clock PM"):
        moments.read("29/Feb/16 13:00 PM")


@pytest.mark.parametrize("text", ["soon", "2016-02-30 12:00", "2016-02-29", "29/Foo/16 1:00 PM"])
def test_what_is_no_moment_says_so(text):
    with pytest.raises(BadInput, match="is no moment"):
        Moments(BERLIN).read(text)


def test_a_skipped_local_time_is_later_by_the_gap_and_a_double_one_the_first():
    moments = Moments(BERLIN)

    assert moments.read("2016-03-27 02:30") == datetime(2016, 3, 27, 1, 30, tzinfo=UTC)
    assert moments.read("2016-10-30 02:30") == datetime(2016, 10, 30, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.sampled_from(["Z", ""]))
def test_seconds_are_what_the_standard_library_says(moment, ending):
    moment = moment.replace(microsecond=0)
    zone = UTC if ending else BERLIN

    found = Moments(BERLIN).seconds(moment.isoformat() + ending)

    assert found == moment.replace(tzinfo=zone).timestamp()


def test_what_is_kept_for_reading_again_stays_small():
    moments = Moments(UTC)
    for second in range(KEPT + 10):
        moments.seconds(
            f"2016-02-29 {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        )

    assert len(moments._known) <= KEPT
