"""Erlang C and Erlang A: published figures, and the birth-death process summed by hand."""

import numpy as np
import pytest

from tricorn.engine.errors import BadInput
from tricorn.engine.staffing import erlang_a, erlang_c, people_needed


def test_erlang_c_gives_the_published_figures():
    """100 calls in half an hour of 3 minutes, 14 people; and 1,000 an hour of 2 minutes, 40."""
    small = erlang_c(200, 180, 14, within=20)
    large = erlang_c(1000, 120, 40, within=20)

    assert round(float(small.wait), 10) == 0.1741319336
    assert round(float(small.within), 10) == 0.8883500192
    assert round(float(small.occupancy), 7) == 0.7142857
    assert round(float(large.wait), 4) == 0.1907
    assert round(float(large.within), 4) == 0.9372
    assert round(float(large.mean_wait), 2) == 3.43


def test_arrays_go_in_and_come_out_and_are_the_single_figures():
    calls, people = np.array([100.0, 200.0]), np.array([[8], [14], [40]])

    found, left = erlang_c(calls, 180, people), erlang_a(calls, 180, people, 60)

    assert found.within.shape == left.within.shape == (3, 2)
    for k, c in enumerate([8, 14, 40]):
        for n, rate in enumerate([100, 200]):
            assert found.within[k, n] == erlang_c(rate, 180, c).within
            assert left.within[k, n] == pytest.approx(erlang_a(rate, 180, c, 60).within, rel=1e-12)


def test_with_as_much_work_as_people_the_queue_has_no_end():
    found = erlang_c(280, 180, 14)

    assert (found.wait, found.within, found.mean_wait) == (1, 0, np.inf)
    assert found.occupancy == 1


@pytest.mark.parametrize(
    ("per_hour", "touch", "people", "patience"),
    [(200, 180, 8, 60), (200, 180, 14, 60), (40, 180, 1, 300), (900, 60, 12, 20), (3, 600, 4, 5)],
)
def test_erlang_a_is_the_birth_death_process_summed_by_hand(per_hour, touch, people, patience):
    rate, ends, leaves = per_hour / 3600, 1 / touch, 1 / patience
    weights = [1.0]
    for n in range(1, 500):
        weights.append(weights[-1] * rate / (min(n, people) * ends + max(n - people, 0) * leaves))
    chance = np.array(weights) / sum(weights)
    queue = np.maximum(np.arange(500) - people, 0)

    found = erlang_a(per_hour, touch, people, patience, within=20)

    assert found.wait == pytest.approx(chance[people:].sum(), rel=1e-10)
    assert found.mean_wait == pytest.approx((queue * chance).sum() / rate, rel=1e-10)
    assert found.abandoned == pytest.approx((queue * chance).sum() * leaves / rate, rel=1e-10)
    assert found.within == pytest.approx(
        within_by_hand(chance, people, (people * ends, leaves), 20), rel=1e-6
    )


def within_by_hand(chance, people, rates, seconds):
    """Who finds j calls waiting needs j + 1 to go: Beta-distributed, as a product of steps."""
    ends, leaves = rates
    grid = np.linspace(0, seconds, 40_001)
    gone = np.exp(-leaves * grid)
    answered = chance[:people].sum()
    density = ends * np.exp(-ends * grid)
    for j in range(150):
        # Trapezes over the time at which the last of j + 1 is gone; patient until then.
        answered += chance[people + j] * np.trapezoid(density * gone, grid)
        r = ends / leaves
        density = density * (1 - gone) * (r + j + 1) / (j + 1)
    return answered


def test_endless_patience_is_erlang_c_and_enough_time_answers_all_who_stay():
    patient, plain = erlang_a(200, 180, 14, 1e7), erlang_c(200, 180, 14)
    flooded = erlang_a([200, 5000], 180, 8, 60, within=1e9)

    assert patient.within == pytest.approx(plain.within, abs=1e-5)
    assert patient.mean_wait == pytest.approx(plain.mean_wait, abs=1e-2)
    assert flooded.within == pytest.approx(1 - flooded.abandoned, rel=1e-9)
    assert flooded.abandoned[1] == pytest.approx(1 - 8 / 250, abs=1e-6)


def test_people_needed_is_the_smallest_number_that_reaches_the_share():
    for rate in (20, 200, 2000):
        for patience in (None, 90):
            c = people_needed(rate, 180, share=0.8, within=20, patience=patience)

            def within(people, rate=rate, patience=patience):
                if patience is None:
                    return erlang_c(rate, 180, people, within=20).within
                return erlang_a(rate, 180, people, patience, within=20).within

            assert within(c) >= 0.8
            assert c == 1 or within(c - 1) < 0.8
    assert people_needed(200, 180, share=0.8) == 14
    assert people_needed(200, 180, share=0.8, patience=60) < 14


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: erlang_c(-1, 180, 14), "calls in an hour"),
        (lambda: erlang_c(200, 0, 14), "seconds of one call"),
        (lambda: erlang_c(200, 180, 0), "The people are"),
        (lambda: erlang_c(200, 180, 1.5), "People come whole"),
        (lambda: erlang_c([1, 2], 180, [1, 2, 3]), "do not fit each other"),
        (lambda: erlang_c("many", 180, 3), "do not fit each other"),
        (lambda: erlang_a(200, 180, 14, 0), "Patience is a number of seconds"),
        (lambda: people_needed(200, 180, share=80), "A share of 80 is not between"),
        (lambda: people_needed(1e9, 180, share=0.8), "Even 100,000 people would not"),
    ],
)
def test_figures_that_nobody_can_have_are_refused(call, sentence):
    with pytest.raises(BadInput, match=sentence):
        call()


def test_no_calls_at_all_are_answered_at_once():
    for found in (erlang_c(0, 180, 2), erlang_a(0, 180, 2, 60)):
        assert (found.load, found.wait, found.within, found.mean_wait) == (0, 0, 1, 0)
