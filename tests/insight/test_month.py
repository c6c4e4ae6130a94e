"""Months in a zone: whole, local, half-open, also where clocks are turned."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tricorn.engine.errors import BadInput
from tricorn.insight.kins import Period
from tricorn.insight.month import Month, last_full

BERLIN = "Europe/Berlin"


def test_the_month_in_which_clocks_go_back_is_an_hour_longer():
    october = Month(2026, 10)

    assert october.start(BERLIN) == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert october.end(BERLIN) == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert october.end(BERLIN) - october.start(BERLIN) == timedelta(days=31, hours=1)


def test_the_month_in_which_clocks_go_forward_is_an_hour_shorter():
    march = Month(2026, 3)

    assert march.end(BERLIN) - march.start(BERLIN) == timedelta(days=31, hours=-1)


def test_months_follow_each_other_without_gap():
    months = [Month(2025, 11).plus(n) for n in range(26)]

    assert all(a.end(BERLIN) == b.start(BERLIN) for a, b in pairwise(months))
    assert [str(month) for month in months[:3]] == ["2025-11", "2025-12", "2026-01"]


def test_the_last_full_month_is_that_of_the_zone():
    turn = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # in Berlin it is November already

    assert last_full(turn, BERLIN) == Month(2026, 10)
    assert last_full(turn, "UTC") == Month(2026, 9)


def test_a_month_is_read_when_it_has_ended_and_once_more_a_month_later():
    october, end = Month(2026, 10), Month(2026, 10).end(BERLIN)
    november = october.plus(1).end(BERLIN)

    assert Period.of(october, BERLIN, end - timedelta(seconds=1)) is None
    first = Period.of(october, BERLIN, november - timedelta(seconds=1))
    final = Period.of(october, BERLIN, november)
    assert (first.first_at, first.final_at) == (end, end)
    assert (final.first_at, final.final_at) == (end, november)
    assert Period.of(october, BERLIN, november + timedelta(days=900)) == final


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "10-2026", "٢٠٢٦-10", "0000-01", "x" * 900]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(BadInput, match="2026-10"):
        Month.parse(text)
