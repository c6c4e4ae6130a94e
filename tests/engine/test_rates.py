"""What service costs by the provider's rates: read, refused, and reckoned so that one can check."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.rates_given import FULL, PLAIN, desk, rates, wider, with_hours
from tricorn.engine.errors import BadCalendar, BadInput, BadRates
from tricorn.engine.hours import Holidays, Hours, Window
from tricorn.engine.rates import Priced, Rates, When, priced
from tricorn.engine.rates.shifts import paid_shifts
from tricorn.engine.replay import Extra

YEAR = 2026
BERLIN = Holidays("DE", "BE")
WEEKS = Fraction(1461, 4) / 7 / 12  # 365.25 / 7 / 12


def test_rates_say_everything_that_their_text_says():
    found = rates(FULL)

    assert (found.currency, found.hour, found.people) == ("EUR", 42, 1)
    assert (found.shortest_shift, found.monthly) == (4 * 3600, 120)
    assert (found.share, found.margin) == (Decimal("0.5"), 10)
    assert [each.percent for each in found.surcharges] == [25, 50, 100]
    assert [each.people for each in found.teams] == [2]
    assert [each.hour for each in found.on_call] == [Decimal("6.5")]
    assert found.holidays == BERLIN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hour = 40", 'RATES.toml, currency: is missing. Say in which money it is, like "EUR".'),
        ('currency = "euro"\nhour = 1', "currency: is three letters like EUR, not 'euro'."),
        ('currency = "EUR"', "hour: is missing. Say what one hour costs; nothing is guessed."),
        (PLAIN + "wage = 3", "wage: is not known here. Known: currency, holidays, hour,"),
        ('currency = "EUR"\nhour = "5 %"', "hour: is an amount of money, not '5 %'."),
        (PLAIN + "monthly = -1", "monthly: is not below zero"),
        (PLAIN + "share = 0", "share: is above 0 and at most 1, not 0."),
        (PLAIN + "margin = -5", "margin: is 0 to 1000 percent, not -5."),
        (PLAIN + "people = 0", "people: is a whole number above zero, not 0."),
        (PLAIN + "people = 1001", "people: is at most 1,000."),
        (PLAIN + 'shortest_shift = "3d"', 'shortest_shift: is at most 24 hours, like "4h".'),
        (PLAIN + 'shortest_shift = "long"', 'shortest_shift: "long" is not a target;'),
        (PLAIN + '[[surcharge]]\nwhen = "weekend"\npercent = 5', "surcharge 1, when: "),
        (PLAIN + '[[surcharge]]\nwhen = "sat"\npercent = -5', "surcharge 1, percent: is 0 to 1000"),
        (PLAIN + '[[surcharge]]\nwhen = "sat"\npay = 5', "surcharge 1, pay: is not known here."),
        (PLAIN + '[[team]]\nwhen = "sat"', "team 1, people: is a whole number above zero"),
        (PLAIN + '[[on_call]]\nwhen = "sat"', "on_call 1, hour: is missing."),
        (PLAIN + '[[surcharge]]\nwhen = "holidays"\npercent = 5', "[holidays]: is missing."),
        (PLAIN + '[holidays]\ncountry = "XX"', '[holidays]: holidays.country: "XX" is not a known'),
        (PLAIN + "hour = 41", "RATES.toml is not TOML:"),
    ],
)
def test_rates_that_do_not_hold_are_refused_with_the_key(text, said):
    with pytest.raises(BadRates) as refusal:
        Rates.from_toml(text)

    assert said in str(refusal.value)


def test_a_time_of_the_week_goes_past_midnight_and_past_sunday():
    night = When.parse("fri-sun 22:00-06:00")

    assert night.holds(4 * 86400 + 23 * 3600, is_holiday=False)
    assert night.holds(5 * 3600, is_holiday=False), "Monday morning, from Sunday"
    assert not night.holds(7 * 3600, is_holiday=False)
    assert When.parse("20:00-21:00").holds(6 * 86400 + 20 * 3600, is_holiday=False)
    with pytest.raises(BadCalendar, match="is no time of the week"):
        When.parse("someday 8-9")


def test_saturday_mornings_cost_their_hours():
    found = priced(wider(desk(), "sat 09:00-13:00"), rates(), now=desk())

    hours = round(4 * WEEKS, 2)
    assert [(line.window, line.hours, line.people) for line in found.lines] == [
        ("sat 09:00-13:00", Decimal("17.39"), 1)
    ]
    assert hours == Fraction("17.39")
    assert (found.before, found.extra, found.total) == (1000, Decimal("695.60"), Decimal("1695.60"))
    assert found.words == (
        "A month has 4.348 weeks (365.25 / 7 / 12), public holidays as in the mean of 28 years.",
        "sat 09:00-13:00: 17.39 hours a month x 1 person x 40.00 EUR = 695.60 EUR.",
        "The present price is 1,000 EUR a month: 1,000.00 EUR a month.",
        "1,000.00 EUR and 695.60 EUR more is 1,695.60 EUR a month.",
    )


def test_fewer_hours_are_a_saving_and_never_below_nothing():
    here, there = desk(), wider(desk(), "sat 09:00-13:00")

    back = priced(
        with_hours(here, here.hours["desk"]), rates(), now=replace(there, prices=here.prices)
    )
    poor = priced(here, rates(), now=replace(there, prices=()), by_rates=True)
    cheap = replace(there, prices=(replace(here.prices[0], amount=Decimal(100)),))
    floor = priced(here, rates(), now=cheap, by_rates=True)

    assert (back.extra, back.total) == (Decimal("-695.60"), Decimal("304.40"))
    assert poor.extra == Decimal("-695.60"), "without a price, the hours by the rates are it"
    assert (floor.extra, floor.total) == (-100, 0)
    assert "a price is not below nothing" in " ".join(floor.words)


def test_surcharge_team_share_margin_and_short_shift_each_stand_in_a_line():
    plain = FULL.replace('when = "holidays"', 'when = "sun"')
    found = priced(wider(desk(), "sat 09:00-11:00"), rates(plain), now=desk())

    assert found.words[1:4] == (
        "sat 09:00-11:00: 17.39 hours a month (of a short shift, each hour paid 2 times) x 2 people "
        "x 52.50 EUR (25 % more) = 1,825.95 EUR.",
        "This agreement bears 50 % of 1,825.95 EUR: 912.98 EUR.",
        "10 % of 912.98 EUR is added: 91.30 EUR.",
    )
    assert found.work == sum(line.amount for line in found.lines)


def test_the_fixed_sum_is_paid_once_and_is_no_difference():
    alone = priced(desk(""), rates(PLAIN + "monthly = 120"))
    same = priced(
        with_hours(desk(), desk().hours["desk"]), rates(PLAIN + "monthly = 120"), now=desk()
    )

    assert alone.total == alone.work + 120
    assert (same.extra, same.total, same.lines) == (0, 1000, ())


def test_on_call_takes_the_place_of_presence():
    found = priced(wider(desk(), "mon-fri 18:00-24:00"), rates(FULL), now=desk())

    called = [line for line in found.lines if line.on_call]
    assert {line.rate for line in called} == {Decimal("6.5")}
    assert {line.window[-11:] for line in called if "holiday" not in line.window} == {"22:00-24:00"}


def test_more_people_at_once_cost_more_in_hours_that_are_served_already():
    now = desk()
    found = priced(
        with_hours(now, now.hours["desk"]),
        rates(),
        now=now,
        team={"mon 08:00-12:00": 3},
        team_now={"mon 08:00-12:00": 2},
    )

    per_month = Fraction("17.39") * 40
    assert found.extra == per_month == sum(line.amount for line in found.lines)


def test_a_price_of_the_text_is_kept_and_brought_to_a_month():
    yearly = desk('[[price]]\namount = 1200\ncurrency = "EUR"\nper = "year"\n')
    each = desk('[[price]]\namount = 3\ncurrency = "EUR"\nbasis = "ticket"\n')

    assert priced(yearly, rates(), now=desk()).extra == -900
    assert priced(each, None, counts={"ticket": 250}).total == 750
    reckoned = priced(
        replace(wider(desk(), "sat 09:00-13:00"), prices=each.prices),
        rates(),
        now=desk(),
        counts={"ticket": 250},
    )
    assert (reckoned.by, reckoned.total, reckoned.work) == ("text", 750, Decimal("695.60"))
    unknown = priced(each, None)
    assert unknown.total is None
    assert "say how many tickets a month" in unknown.words[0]


def test_what_is_paid_for_each_ticket_stays_in_the_text_of_an_option():
    mixed = desk(
        '[[price]]\namount = 500\ncurrency = "EUR"\n'
        '[[price]]\namount = 2\ncurrency = "EUR"\nbasis = "ticket"\n'
    )
    found = priced(wider(mixed, "sat 09:00-13:00"), rates(), now=mixed, counts={"ticket": 100})

    assert (found.before, found.total) == (700, Decimal("1395.60"))
    assert [(p.amount, p.basis) for p in found.prices] == [
        (Decimal("1195.60"), "flat"),
        (2, "ticket"),
    ]


def test_without_rates_and_price_nothing_is_told():
    found = priced(desk(""), None)

    assert (found.total, found.by) == (None, "")
    assert "no rates were given" in found.words[0]


def test_two_currencies_are_refused_and_both_are_named():
    with pytest.raises(BadInput, match="The rates are in CHF, and Mail names a price in EUR"):
        priced(desk(""), rates('currency = "CHF"\nhour = 1'), now=desk())


def test_a_named_year_has_its_own_days():
    found = priced(desk(""), rates(), year=2027)

    assert found.lines[0].hours == Decimal("217.50"), "261 workdays of ten hours"
    assert found.words[0].startswith("By the days of 2027: 4.345 weeks a month")
    with pytest.raises(BadInput, match="The year 12 lies outside 1900 to 2999"):
        priced(desk(""), rates(), year=12)


def test_the_yen_has_no_smaller_unit():
    found = priced(desk(""), rates('currency = "JPY"\nhour = 3333.3'))

    assert found.total == found.total.to_integral_value()


def test_public_holidays_close_the_desk_and_cost_more_where_it_is_open():
    closing = replace(desk().hours["desk"], holidays=BERLIN)
    open_then = priced(with_hours(desk(), desk().hours["desk"]), rates(FULL), year=YEAR)
    closed_then = priced(with_hours(desk(), closing), rates(FULL), year=YEAR)

    on_holidays = [line for line in open_then.lines if "public holidays" in line.window]
    # Berlin 2026 on workdays: New Year, Good Friday, Easter and Whit Monday, 1 May, Ascension, Christmas.
    assert sum(line.hours for line in on_holidays) == round(Decimal(7 * 10) / 12, 2)
    assert {line.rate for line in on_holidays} == {84}
    assert not [line for line in closed_then.lines if "public holidays" in line.window]


# The slow way: every half hour of every date of a year.

windows = st.builds(
    lambda start, length: Window(start * 1800, (start + length) * 1800),
    st.integers(0, 47),
    st.integers(1, 30),
)
weeks = st.lists(st.none() | windows, min_size=7, max_size=7).filter(
    lambda week: all(
        late is None or early is None or late.end - 86400 <= early.start
        for late, early in zip(week, [*week[1:], week[0]], strict=True)
    )
)


def hours_of(week: list[Window | None], holidays: Holidays | None) -> Hours:
    return Hours("Europe/Berlin", tuple(() if w is None else (w,) for w in week), holidays)


def slow(hours: Hours, given: Rates) -> Fraction:
    """The cost of a year by walking it; shifts are as long as they are."""
    total = Fraction(0)
    day = date(YEAR, 1, 1)
    while day.year == YEAR:
        yesterday = day - timedelta(days=1)
        is_holiday = bool(Hours("UTC", ((),) * 7, BERLIN).holiday_name(day))
        for half in range(48):
            at = half * 1800
            if not any(w.start <= at < w.end for w in hours.windows_on(day)) and not any(
                w.start <= at + 86400 < w.end for w in hours.windows_on(yesterday)
            ):
                continue
            place = day.weekday() * 86400 + at
            people = max(
                [given.people, *(t.people for t in given.teams if t.when.holds(place, is_holiday))]
            )
            called = [c.hour for c in given.on_call if c.when.holds(place, is_holiday)]
            more = [s.percent for s in given.surcharges if s.when.holds(place, is_holiday)]
            rate = called[0] if called else given.hour * (100 + max(more, default=Decimal(0))) / 100
            total += Fraction(rate) * people / 2
        day += timedelta(days=1)
    return total


@settings(max_examples=8, deadline=None)
@given(weeks, weeks, st.sampled_from([None, BERLIN]), st.sampled_from([None, BERLIN]))
def test_the_difference_is_that_of_walking_a_year(before, after, one, other):
    text = FULL.replace('shortest_shift = "4h"', "").replace('share = "50 %"', "")
    given_rates = replace(rates(text), margin=Decimal(0), monthly=Decimal(0))
    old, new = hours_of(before, one), hours_of(after, other)

    found = priced(with_hours(desk(), new), given_rates, now=with_hours(desk(), old), year=YEAR)

    exact = (slow(new, given_rates) - slow(old, given_rates)) / 12
    # The hours of a line are rounded to hundredths, its amount to cents.
    allowed = sum(Fraction(each.people) * Fraction(each.rate) + 1 for each in found.lines) / 200
    assert abs(Fraction(found.work) - exact) <= allowed


@settings(max_examples=30, deadline=None)
@given(weeks, st.integers(0, 335), st.integers(1, 30))
def test_more_hours_never_cost_less_whatever_the_shortest_shift(week, start, length):
    given_rates = rates(PLAIN + 'shortest_shift = "5h"')
    begin = start % 48 * 1800
    more = Extra("more", (start // 48,), Window(begin, begin + length * 1800))
    less = hours_of(week, None)

    found = priced(
        with_hours(desk(), more.added_to(less)), given_rates, now=with_hours(desk(), less)
    )

    assert found.extra >= Decimal("-0.50"), "hours of several lines are rounded apart"


def test_people_stay_through_a_break_that_is_shorter_than_two_short_shifts():
    def paid(*times: str) -> list[tuple[int, int, Fraction]]:
        runs = [stretch for time in times for stretch in When.parse(time).stretches]
        return sorted((a // 3600, b // 3600, n) for a, b, n in paid_shifts(runs, 4 * 3600))

    assert paid("mon 09:00-11:00", "mon 13:00-15:00") == [(9, 11, 1.5), (13, 15, 1.5)]
    assert paid("mon 09:00-11:00", "tue 13:00-15:00") == [(9, 11, 2), (37, 39, 2)]
    assert paid("mon 01:00-02:00", "sun 23:00-24:00") == [(1, 2, 2), (167, 168, 2)]
    assert paid("mon 09:00-17:00") == [(9, 17, 1)]


@settings(max_examples=30, deadline=None)
@given(weeks, weeks)
def test_the_way_back_costs_what_the_way_there_saved(before, after):
    old, new = (with_hours(desk(), hours_of(week, None)) for week in (before, after))

    def way(one, other) -> Priced:
        return priced(one, rates(FULL), now=replace(other, prices=(desk().prices[0],)))

    there, back = way(new, old), way(old, new)

    assert there.work == -back.work
