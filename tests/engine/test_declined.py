"""What a declined option would have covered, and what was kept: against a slow twin and by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tricorn.engine.agreement import Price
from tricorn.engine.declined import beyond, earlier_start, kept, whole_months
from tricorn.engine.hours import Hours, Schedule

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 10, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def schedule(zone="Europe/Berlin", **weekly):
    return Schedule(Hours.from_data({"zone": zone, "weekly": weekly}))


BUSINESS = schedule(**{day: ["08:00-20:00"] for day in WEEK[:5]})
SATURDAYS = schedule(**{day: ["08:00-20:00"] for day in WEEK[:5]}, sat=["09:00-17:00"])
ALWAYS = Schedule(Hours.always())


def array(*moments):
    return np.array([int(each.timestamp()) for each in moments], dtype=np.int64)


def test_a_saturday_of_eight_hours_covers_seven_of_them_from_ten_to_monday():
    monday = datetime(2026, 10, 12, 6, 55, tzinfo=UTC)

    hours = beyond(SATURDAYS, BUSINESS, SATURDAY, monday)

    assert hours.seconds(array(SATURDAY), array(monday)).tolist() == [7 * 3600]


def test_hours_that_are_in_force_already_are_beyond_nothing():
    later = MONDAY + timedelta(days=400)

    assert not beyond(BUSINESS, SATURDAYS, MONDAY, later)
    assert not beyond(ALWAYS, ALWAYS, MONDAY, later)
    assert beyond(SATURDAYS, BUSINESS, MONDAY, later)


windows = st.builds(
    lambda first, length: (
        f"{first // 60:02d}:{first % 60:02d}-"
        f"{(first + length) // 60:02d}:{(first + length) % 60:02d}"
    ),
    st.integers(0, 20 * 60),
    st.integers(10, 4 * 60 - 1),
)
weeks = st.dictionaries(st.sampled_from(WEEK), windows.map(lambda each: [each]))
stretches = st.tuples(st.integers(0, 2000), st.integers(1, 900))


@settings(max_examples=30, deadline=None)
@given(weeks, weeks, st.lists(stretches, min_size=1, max_size=4))
def test_it_agrees_with_counting_minute_by_minute(wanted, given_hours, pieces):
    one, other = schedule(**wanted), schedule("Asia/Tokyo", **given_hours)
    spans = [(MONDAY + a * MINUTE, MONDAY + (a + b) * MINUTE) for a, b in pieces]
    slow = [
        sum(
            60
            for n in range(int((end - start) / MINUTE))
            if one.is_open(start + n * MINUTE) and not other.is_open(start + n * MINUTE)
        )
        for start, end in spans
    ]

    hours = beyond(one, other, min(a for a, _ in spans), max(b for _, b in spans))

    found = hours.seconds(array(*(a for a, _ in spans)), array(*(b for _, b in spans)))
    assert found.tolist() == slow


def test_help_starts_earlier_only_where_the_option_opens_first():
    friday = datetime(2026, 10, 9, 10, tzinfo=UTC)

    assert earlier_start(SATURDAYS, BUSINESS, SATURDAY) == SATURDAY
    assert earlier_start(SATURDAYS, BUSINESS, friday) is None
    assert earlier_start(BUSINESS, SATURDAYS, SATURDAY) is None


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 5, 4), date(2026, 11, 3), 5),
        (date(2026, 5, 4), date(2026, 11, 4), 6),
        (date(2026, 5, 4), date(2026, 11, 21), 6),
        (date(2026, 5, 4), date(2026, 5, 4), 0),
        (date(2026, 5, 4), date(2026, 1, 1), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 3, 30), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
    ],
)
def test_months_are_whole(since, until, months):
    assert whole_months(since, until) == months


def price(amount, per="month", currency="EUR", basis="flat"):
    return Price(Decimal(amount), currency, per, basis)


MAY, NOVEMBER = date(2026, 5, 4), date(2026, 11, 21)


def test_four_hundred_a_month_more_is_two_thousand_four_hundred_after_six_months():
    found = kept([price("8640")], [price("8240")], MAY, NOVEMBER)

    assert (found.per_month, found.months, found.total) == (Decimal(400), 6, Decimal(2400))
    assert found.is_more


def test_without_anything_instead_the_price_itself_was_kept():
    found = kept([price("400")], None, MAY, NOVEMBER)

    assert (found.per_month, found.total, found.is_more) == (Decimal(400), Decimal(2400), False)


def test_a_yearly_price_is_parted_exactly_and_rounded_once():
    found = kept([price("100", "year")], None, MAY, NOVEMBER)

    assert found.per_month == Decimal("8.33")
    assert found.total == Decimal("50.00")


@pytest.mark.parametrize(
    "instead", [[price("8240", currency="USD")], [price("10", basis="person")]]
)
def test_prices_that_cannot_be_compared_cannot_tell(instead):
    found = kept([price("8640")], instead, MAY, NOVEMBER)

    assert (found.per_month, found.total) == (None, None)


def test_an_option_without_a_price_says_nothing_of_money():
    assert kept([], [price("8240")], MAY, NOVEMBER) is None
