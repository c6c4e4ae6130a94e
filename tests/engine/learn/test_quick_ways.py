"""The quick ways of the search agree with the slow, obvious ones."""

from datetime import date

import numpy as np
import pytest

from tests.engine.learn.logs_given import DAY, HOUR, columns, log_of, office
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.hours.spec import Holidays
from tricorn.engine.learn.cells import Cells
from tricorn.engine.learn.named import country_of, named_calendars
from tricorn.engine.learn.targets import best_target, least_mistakes
from tricorn.engine.learn.ways import Clocks, Run, Way
from tricorn.engine.learn.weeks import (
    ALWAYS,
    WORKDAYS,
    effort,
    hours_of,
    is_possible,
    neighbours,
    usual_weeks,
    week_of,
    words,
)

HISTORY = log_of(columns(seed=5, n=120, days=40))  # no clock changes in these weeks
ROWS = np.arange(len(HISTORY))
RUN = Run("reported", "resolved", frozenset({Holder.CUSTOMER}))
NIGHT = week_of(WORKDAYS, 22 * HOUR, 30 * HOUR)


def cells(zone: str) -> Cells:
    clocks = Clocks.of(HISTORY, ROWS, RUN)
    ask = Schedule(Hours.always(zone))
    pauses = clocks.pauses
    held = (pauses.ticket, *(x + ask.offsets(x) for x in (pauses.start, pauses.end)))
    starts, ends = (x + ask.offsets(x) for x in (clocks.starts, clocks.ends))
    return Cells(starts, ends, held, 900)


@pytest.mark.parametrize("week", [ALWAYS, NIGHT, *usual_weeks()[1:4]])
def test_sums_over_the_week_are_the_exact_clocks(week):
    way = Way(RUN, hours_of(week, "America/Sao_Paulo", None))

    quick = cells("America/Sao_Paulo").elapsed(week)

    assert (quick == Clocks.of(HISTORY, ROWS, RUN).measure(way)).all()


@pytest.mark.parametrize("week", [week_of(WORKDAYS, 8 * HOUR, 18 * HOUR), NIGHT])
def test_taking_holidays_away_is_the_exact_clock_too(week):
    whose = Holidays("BR")
    (found,) = [
        named
        for named in named_calendars("America/Sao_Paulo", date(2025, 1, 1), date(2025, 4, 30))
        if whose in named.names
    ]
    way = Way(RUN, hours_of(week, "America/Sao_Paulo", whose))
    table = cells("America/Sao_Paulo")

    exact = Clocks.of(HISTORY, ROWS, RUN).measure(way)

    assert (table.without(found.days).elapsed(week) == exact).all()
    lost = sum(table.within(day, week[(day + 3) % 7]) for day in found.days)
    assert (table.elapsed(week) - lost == exact).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_best_target_is_no_worse_than_any(seed):
    draw = np.random.default_rng(seed)
    measure = draw.integers(0, 40, 60) * 1800
    met = (measure <= 30_000) ^ (draw.random(60) < 0.1)
    wrong = [int(((measure <= each) != met).sum()) for each in range(1, 40 * 1800, 900)]

    fitted = best_target(measure, met, per_mistake=9.0, day=8 * HOUR)

    assert least_mistakes(measure, (~met).astype(np.int64)) == fitted.mistakes == min(wrong)
    assert int(((measure <= fitted.target) != met).sum()) == fitted.mistakes
    for each in (fitted.low, fitted.high):
        assert int(((measure <= each) != met).sum()) == fitted.mistakes


def test_among_targets_that_explain_as_well_the_roundest_is_taken():
    measure = np.array([5 * HOUR, 7 * HOUR + 777, 9 * HOUR + 123, 20 * HOUR])
    met = np.array([True, True, False, False])

    assert best_target(measure, met, per_mistake=9.0, day=8 * HOUR).target == 8 * HOUR


@pytest.mark.parametrize("days", [1, 2, 5])
def test_service_days_needed_are_those_of_the_engine(days):
    hours = office("Europe/Berlin", "08:00", "18:00", Holidays("DE"))
    clocks = Clocks.of(HISTORY, ROWS, Run("reported", "resolved"))
    way = Way(Run("reported", "resolved"), hours, in_days=True)
    due = Schedule(hours).due_seconds(clocks.starts, Target(days=days))

    assert ((clocks.measure(way) <= days) == (clocks.ends <= due)).all()


def test_a_calendar_is_named_once_for_the_dates_it_shares():
    found = named_calendars("America/Sao_Paulo", date(2016, 3, 1), date(2016, 5, 31))

    assert found[0].names[0] is None
    assert [len(named.days) for named in found if named.names[0] == Holidays("BR")] == [3]
    assert len({named.days for named in found}) == len(found)
    assert country_of("America/Sao_Paulo") == "BR"
    assert country_of("UTC") == ""


def test_simpler_weeks_cost_less():
    office_hours = week_of(WORKDAYS, 8 * HOUR, 18 * HOUR)
    odd = week_of(WORKDAYS, 8 * HOUR + 900, 18 * HOUR)
    saturday = (*office_hours[:5], ((9 * HOUR, 13 * HOUR),), ())

    assert effort(ALWAYS) < effort(office_hours) < effort(odd)
    assert effort(office_hours) < effort(saturday)
    assert saturday in set(neighbours(office_hours))
    assert all(sum(len(day) for day in week) for week in neighbours(NIGHT) if is_possible(week))


def test_hours_are_said_in_a_few_words():
    desk = office("America/Sao_Paulo", "08:00", "18:00", Holidays("BR"))
    week = (*week_of(WORKDAYS, 0, DAY)[:5], ((9 * HOUR, 13 * HOUR),), ())

    assert words(desk) == "Mon–Fri 08:00–18:00 America/Sao_Paulo, holidays BR"
    assert words(Hours.always("UTC")) == "24x7"
    assert words(hours_of(week, "UTC", None)) == "Mon–Fri 00:00–24:00; Sat 09:00–13:00 UTC"
    assert words(hours_of(NIGHT, "UTC", None)) == "Mon–Fri 22:00–06:00 UTC"
