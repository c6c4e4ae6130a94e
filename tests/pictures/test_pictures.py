"""Every picture says what its figures say, in words, in its table and in the drawing."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from tests.pictures import given
from tests.pictures.reading import plain, root, row_of, sound, texts
from tricorn.engine.hours import Hours
from tricorn.engine.measures import share
from tricorn.engine.replay import Extra
from tricorn.pictures import (
    Estimate,
    Money,
    Outcome,
    Series,
    Times,
    before_after,
    frontier,
    heat_map,
    months,
    times,
    waits,
)
from tricorn.pictures.heat import open_spans, steps


def eur(amount):
    return Money(Decimal(amount), "EUR")


@pytest.fixture(scope="module")
def drawn():
    return given.gallery()


@pytest.mark.parametrize(
    "name", ["heat", "heat-hours", "months", "times", "frontier", "change", "waits"]
)
def test_every_picture_is_sound(drawn, name):
    sound(drawn[name])


def test_all_pictures_share_a_page_without_sharing_an_id(drawn):
    ids = [each.get("id") for p in drawn.values() for each in root(p).iter() if each.get("id")]

    assert len(ids) == len(set(ids))


# When tickets come


def test_the_week_has_a_cell_and_a_figure_for_each_of_its_hours(drawn):
    found = given.uncovered().week
    picture = drawn["heat"]

    table = [[int(cell) for cell in row[1:]] for row in picture.table.rows[:24]]
    tips = [each.text for each in root(picture).iter("title")][1:]

    assert np.array_equal(np.array(table).T, found.tickets)
    assert [int(cell) for cell in picture.table.rows[24][1:]] == found.tickets.sum(axis=1).tolist()
    assert len(tips) == 168
    assert tips[5 * 24 + 10] == f"Saturday 10–11: {found.tickets[5, 10]} tickets"


def test_the_week_says_how_many_came_while_closed_and_when_most_of_them(drawn):
    found = given.uncovered()
    day, hour = np.unravel_index(found.week.tickets_closed.argmax(), (7, 24))
    words = plain(drawn["heat"].sentence)

    assert f"{found.share.met} of 1,848 tickets ({100 * found.share.value:.1f} %) came" in words
    assert (day, f"{hour:02d}") == (0, "07")
    assert f"Monday 07 to 08, with {found.week.tickets_closed.max()}." in words
    gain = found.gains[0].tickets
    assert f"With sat 09:00-13:00 it would have been there for {gain.low} to {gain.high}" in words


def test_hours_are_outlined_and_further_windows_dashed(drawn):
    dashes = [each.get("stroke-dasharray") for each in root(drawn["heat"]).iter("path")]

    assert dashes.count("4 3") == 2
    assert "the desk is open" in texts(drawn["heat"])
    assert "sat 09:00-13:00" in texts(drawn["heat"])


def test_weekdays_may_have_other_names():
    days = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")

    picture = heat_map("week", given.uncovered(), given.DESK, days=days)

    assert picture.table.head[1:] == days
    assert "Montag 07 to 08" in picture.sentence
    assert "Mit" in texts(picture)


def test_a_window_past_midnight_goes_on_into_the_next_day_and_sundays_into_monday():
    hours = Hours.from_toml('zone = "UTC"\n[weekly]\nsun = ["22:00-06:00"]')

    spans = open_spans(hours)

    assert (spans[6], spans[0]) == ([(79_200, 86_400)], [(0, 21_600)])


@pytest.mark.parametrize("most", [1, 2, 4, 5, 40, 10**9])
def test_shades_reach_from_one_to_the_greatest_without_a_gap(most):
    bounds = steps(most)

    assert (bounds[0][0], bounds[-1][1]) == (1, most)
    assert all(high + 1 == low for (_, high), (low, _) in pairwise(bounds))
    assert len(bounds) <= 5


def test_where_no_hour_is_quiet_shades_tell_the_busy_from_the_busier():
    assert steps(109, 100) == [(100, 101), (102, 103), (104, 105), (106, 107), (108, 109)]


def test_demand_is_shown_by_tickets_or_hours_only():
    with pytest.raises(ValueError, match="tickets or hours"):
        heat_map("week", given.uncovered(), given.DESK, by="people")


# Month by month


def test_months_say_how_often_a_promise_was_missed_and_how_surely():
    found = {"2026-01": share(99, 100), "2026-02": share(93, 100), "2026-03": share(50, 100)}

    picture = months("m", [Series("Now", found)], 0.95)

    assert plain(picture.sentence) == (
        "Now: 80.7 % on time in all, below the agreed 95 % in 2 of 3 months, clearly so in 1."
    )
    assert row_of(picture, "Jan 2026")[1] == "99 % (99 of 100; 95–99 %)"
    assert row_of(picture, "All")[1] == "80.7 % (242 of 300; 76–85 %)"
    assert row_of(picture, "Agreed")[1] == "95 %"


def test_a_share_just_below_what_was_agreed_never_reads_as_if_it_was_met():
    picture = months("m", [Series("Now", {"2026-01": share(94_960, 100_000)})], 0.95)

    assert "94.96 % on time" in plain(picture.sentence)


def test_options_differ_by_shape_and_dash_and_thin_months_are_hollow(drawn):
    svg = root(drawn["months"])
    shapes = {each.tag for each in svg.iter() if each.tag in ("circle", "polygon")}
    dashes = {each.get("stroke-dasharray") for each in svg.iter("path")}
    hollow = [each for each in svg.iter("polygon") if each.get("fill", "").startswith("var(--surf")]

    assert shapes == {"circle", "polygon"}
    assert len(dashes) == 3
    assert len(hollow) == 1
    assert "too few" in texts(drawn["months"])
    assert row_of(drawn["months"], "Aug 2025")[2] == "too few to tell (1 of 2)"


# How long it took


def test_times_are_counted_on_a_scale_that_doubles_and_what_is_late_is_said():
    hours = np.array([0.1, 0.2, 0.25, 1.0, 3.9, 4.0, 4.1, 100.0])

    picture = times("t", [Times("Now", hours, 4.0)])

    assert plain(picture.sentence) == (
        "Now: half took at most 1 h, nine of ten at most 100 h; 25 % took longer than 4 h."
    )
    assert row_of(picture, "under 15 min")[1] == "2"
    assert row_of(picture, "15 min to 30 min")[1] == "1"
    assert row_of(picture, "4 h to 8 h")[1] == "2"
    counted = sum(int(row[1]) for row in picture.table.rows[5:])
    assert counted == len(hours)
    assert "target 4 h" in texts(picture)
    assert "25 % late" in texts(picture)


def test_late_tickets_are_hatched_and_those_within_the_target_are_not():
    picture = times("t", [Times("Now", np.array([4.0, 4.1]), 4.0)])

    bars = [
        each.get("fill") for each in root(picture).iter("rect") if each.find("title") is not None
    ]

    assert [fill for fill in bars if fill.startswith("url(")] == ["url(#t-hatch)"]
    assert len(bars) == 2


def test_a_target_in_days_has_no_line_and_nobody_is_called_late():
    picture = times("t", [Times("Now", np.array([4.0, 4.1]))])

    assert "late" not in picture.sentence
    assert row_of(picture, "Target")[1] == "–"


# What it costs


def test_the_plane_names_the_cheapest_the_least_waiting_and_the_beaten(drawn):
    picture = drawn["frontier"]
    words = plain(picture.sentence)

    assert "Now costs least: 8,240 EUR a month, 1,840–5,120 h waited" in words
    assert "Always open leaves least waiting: 14,900 EUR a month, 0 h" in words
    assert "Sunday call-out is beaten" in words
    assert "cannot be told: A supplier at night." in words
    assert "Sunday call-out (beaten)" in texts(picture)
    assert row_of(picture, "Evenings to 20")[1:3] == ("9,100 EUR", "890–3,650 h")


def test_names_on_the_plane_stand_apart(drawn):
    from tricorn.pictures.strokes import width_of

    names = {outcome.name for outcome in given.outcomes()}
    placed = [
        (float(t.get("x")), float(t.get("y")), width_of("".join(t.itertext())))
        for t in root(drawn["frontier"]).iter("text")
        if "".join(t.itertext()).removesuffix(" (beaten)") in names
    ]

    assert len(placed) == 5
    for n, (x, y, wide) in enumerate(placed):
        for other_x, other_y, other_wide in placed[n + 1 :]:
            apart = abs(y - other_y) >= 13 or x + wide <= other_x or other_x + other_wide <= x
            assert apart


def test_two_currencies_are_never_put_on_one_scale():
    priced = [
        Outcome("Now", eur(400), (10, 20)),
        Outcome("Abroad", Money(Decimal(1), "USD"), (0, 1)),
    ]

    plane = sound(frontier("f", priced))
    change = sound(before_after("c", *priced))

    assert "1 option in another currency cannot be compared" in plane.sentence
    assert "Abroad" not in texts(plane)
    assert "are in two currencies" in change.sentence
    assert "400 EUR → 1 USD" in texts(change)


def test_before_and_after_says_what_rises_falls_and_stays():
    now = Outcome("Now", eur(100), (5, 5), (("R1", share(90, 100)), ("R2", share(80, 100))))
    then = Outcome("Then", eur(100), (2, 4), (("R1", share(80, 100)), ("R2", share(80, 100))))

    picture = sound(before_after("c", now, then))

    assert plain(picture.sentence) == (
        "Then beside Now: R1: on time falls from 90 % to 80 %; R2: on time stays at 80 %; "
        "hours waited for the desk to open go from 5 h to 2–4 h; the price stays at 100 EUR a month."
    )
    assert row_of(picture, "On time: R1")[2] == "80 % (80 of 100; 71–87 %)"
    assert row_of(picture, "Waited for the desk to open")[1:] == ("5 h", "2–4 h")


def test_a_promise_that_only_one_of_both_has_is_not_compared():
    now = Outcome("Now", on_time=(("R1", share(90, 100)),))
    then = Outcome("Then", on_time=(("R2", share(80, 100)),))

    picture = sound(before_after("c", now, then))

    assert "nothing to compare yet" in picture.sentence
    assert row_of(picture, "On time: R2")[1] == "–"


def test_waits_that_overlap_are_not_told_apart():
    close = [Estimate("A", 1, 0.5, 1.5), Estimate("B", 1.4, 1, 2), Estimate("C", 9, 8, 10)]

    picture = sound(waits("w", close))

    assert plain(picture.sentence) == (
        "People would wait least with A: 1 h (30 min to 1 h 30 min). Its interval meets that of B: "
        "no telling apart. The longest is C, 9 h (8 h to 10 h)."
    )
    assert row_of(picture, "B") == ("B", "–", "1 h 24 min", "1 h to 2 h")


def test_what_cannot_be_told_is_said_and_never_drawn_as_zero():
    picture = sound(waits("w", [Estimate("A", None), Estimate("B", float("nan"))]))

    assert "Nothing was simulated that could tell" in picture.sentence
    assert texts(picture).count("cannot tell") == 2
    assert not list(root(picture).iter("circle"))


def test_a_window_with_a_name_keeps_it():
    extra = Extra("Saturday mornings", (5,), Extra.parse("sat 09:00-13:00").window)

    picture = heat_map("week", given.uncovered(extras=(extra,)), given.DESK, (extra,))

    assert "With Saturday mornings it would" in picture.sentence
    assert "Saturday mornings" in texts(picture)
