"""Named people on shifts: as by hand, as SimPy's, as the formulas of queues say."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings

from tests.engine.staffing_given import (
    Case,
    cases,
    duty_of,
    named_by_simpy,
    pooled_by_simpy,
    second_by_second,
)
from tricorn.engine.errors import BadInput
from tricorn.engine.staffing import RULES, Duty, erlang_c, simulate

HOUR, DAY = 3600, 86_400


def made_up(n, per_hour, seed=7):
    """Tickets in whole 1024ths of a second, so that every sum is exact."""
    random = np.random.default_rng(seed)
    arrivals = np.cumsum(np.rint(random.exponential(HOUR / per_hour, n) * 1024) + 1) / 1024
    touch = np.rint(random.exponential(HOUR, n) * 1024) / 1024
    return arrivals, random.choice(3, n, p=[0.2, 0.3, 0.5]), touch


OVER_THE_BREAK = Case([(0, 0, 8), (15, 0, 1)], [[(0, 5), (7, 12), (14, 20)]], "finish")


@settings(max_examples=125, deadline=None)
@given(cases())
@example(OVER_THE_BREAK)
def test_it_is_what_one_would_do_by_hand_second_by_second(case):
    found = simulate(*case.columns, case.duty, rule=case.rule)
    start, finish, who, pieces = second_by_second(case)

    assert [int(s) if b else None for s, b in zip(found.start, found.begun, strict=True)] == start
    assert [int(f) if d else None for f, d in zip(found.finish, found.done, strict=True)] == finish
    assert found.who.tolist() == who
    work = found.work
    assert sorted(zip(work.ticket, work.agent, work.start, work.end, strict=True)) == pieces


@settings(max_examples=50, deadline=None)
@given(cases())
def test_work_is_conserved_nobody_does_two_things_and_nobody_begins_off_duty(case):
    arrivals, _, touch = case.columns
    found = simulate(*case.columns, case.duty, rule=case.rule)
    work = found.work

    worked = np.bincount(work.ticket, work.end - work.start, minlength=len(touch))
    assert worked[found.done].tolist() == touch[found.done].tolist()
    assert bool((found.start >= arrivals)[found.begun].all())
    assert all(case.is_on_duty(a, s) for a, s in zip(work.agent, work.start, strict=True))
    for agent in range(len(case.stretches)):
        mine = sorted(
            (s, e) for a, s, e in zip(work.agent, work.start, work.end, strict=True) if a == agent
        )
        assert all(e <= s for (_, e), (s, _) in pairwise(mine))
    if case.rule == "hand-over":
        assert case.duty.within(work).tolist() == (work.end - work.start).tolist()
    else:
        assert len(set(work.ticket.tolist())) == len(work.ticket) == found.begun.sum()


def test_with_the_same_people_all_the_time_every_start_is_simpys():
    arrivals, priority, touch = made_up(4000, 8.5)

    found = simulate(arrivals, priority, touch, Duty.always(10))

    assert found.start.tolist() == pooled_by_simpy(
        arrivals.tolist(), priority.tolist(), touch.tolist(), 10
    )


def test_with_named_people_on_three_shifts_every_start_is_simpys_and_so_is_who():
    arrivals, priority, touch = made_up(4000, 8.5)
    days = int(arrivals[-1] // DAY) + 3
    # Nobody's edge falls on another's: at one moment SimPy has an order of its own.
    stretches = [
        [
            (d * DAY + k // 10 * 8 * HOUR + k, d * DAY + (k // 10 + 1) * 8 * HOUR + k / 64)
            for d in range(days)
        ]
        for k in range(30)
    ]

    found = simulate(arrivals, priority, touch, duty_of(stretches))

    start, who = named_by_simpy(arrivals.tolist(), priority.tolist(), touch.tolist(), stretches)
    assert found.start.tolist() == start
    assert found.who.tolist() == who
    assert len(set(who)) == 30


@pytest.mark.parametrize(("per_hour", "seconds", "people"), [(200, 180, 14), (1000, 120, 40)])
def test_waiting_agrees_with_erlang_c(per_hour, seconds, people):
    waits = []
    for seed in range(10):
        random = np.random.default_rng(seed)
        arrivals = np.cumsum(random.exponential(HOUR / per_hour, 12_000))
        touch = random.exponential(seconds, 12_000)
        found = simulate(arrivals, np.zeros(12_000, dtype=int), touch, Duty.always(people))
        waits.append((found.start - arrivals)[1000:])
    wait = np.array(waits)
    told = erlang_c(per_hour, seconds, people, within=20)

    assert_inside((wait > 0).mean(axis=1), told.wait)
    assert_inside((wait <= 20).mean(axis=1), told.within)
    assert_inside(wait.mean(axis=1), told.mean_wait)


def test_waiting_by_priority_agrees_with_the_formula_for_work_that_is_not_broken_off():
    """Ten people at a load of 8.5. Source: Kella and Yechiali, 1985."""
    waits = []
    for seed in range(10):
        arrivals, priority, touch = made_up(20_000, 8.5, seed)
        wait = (simulate(arrivals, priority, touch, Duty.always(10)).start - arrivals) / HOUR
        waits.append([wait[2000:][priority[2000:] == p].mean() for p in range(3)])

    before = np.cumsum([0, 0.2, 0.3, 0.5]) * 0.85
    expected = erlang_c(8.5, HOUR, 10).wait / 10 / ((1 - before[:-1]) * (1 - before[1:]))
    assert expected.tolist() == pytest.approx([0.06384, 0.11102, 0.61433], abs=1e-5)
    for p in range(3):
        assert_inside(np.array(waits)[:, p], expected[p])


def assert_inside(samples, expected):
    """Student's interval at 99 % over ten runs."""
    error = samples.std(ddof=1) / len(samples) ** 0.5
    assert abs(samples.mean() - expected) < 3.25 * error


@settings(max_examples=30, deadline=None)
@given(cases())
def test_one_person_more_delays_nobody_where_all_come_in_turn_and_nobody_leaves(case):
    """Not so with priorities or shifts, where one start sooner can keep another one waiting."""
    arrivals, priority, touch = case.columns
    people = len(case.stretches)

    few = simulate(arrivals, priority * 0, touch, Duty.always(people))
    many = simulate(arrivals, priority * 0, touch, Duty.always(people + 1))

    assert bool((many.start <= few.start).all())


def test_who_is_at_work_at_the_end_of_a_shift_finishes_or_hands_over():
    ours = Case([(0, 0, 10), (1, 0, 5)], [[(0, 6)], [(6, 20)]], "")

    stayed = simulate(*ours.columns, ours.duty, rule="finish")
    handed = simulate(*ours.columns, ours.duty, rule="hand-over")

    assert (stayed.start.tolist(), stayed.finish.tolist()) == ([0, 6], [10, 11])
    assert (handed.start.tolist(), handed.finish.tolist()) == ([0, 10], [10, 15])
    assert handed.who.tolist() == [0, 1]
    assert sorted(zip(*vars(handed.work).values(), strict=True)) == [
        (0, 0, 0, 6),
        (0, 1, 6, 10),
        (1, 1, 10, 15),
    ]
    assert ours.duty.within(stayed.work).tolist() == [6, 5]


def test_of_one_moment_the_most_pressing_is_begun_first_whatever_its_row():
    found = simulate(np.zeros(3), np.array([2, 0, 1]), np.ones(3), Duty.always(1))

    assert found.start.tolist() == [2, 0, 1]


def test_what_nobody_takes_up_is_said_not_to_be_begun():
    found = simulate(np.array([0, 9]), np.array([0, 0]), np.array([3, 3]), duty_of([[(0, 5)]]))

    assert found.begun.tolist() == found.done.tolist() == [True, False]
    assert (found.start.tolist(), found.who.tolist()) == ([0, 0], [0, -1])


def test_whole_seconds_stay_whole_and_the_order_of_the_tickets_does_not_matter():
    arrivals, priority, touch = (np.rint(each).astype(np.int64) for each in made_up(500, 8.5))
    order = np.random.default_rng(1).permutation(500)

    plain = simulate(arrivals, priority, touch, Duty.always(10))
    mixed = simulate(arrivals[order], priority[order], touch[order], Duty.always(10))

    assert plain.start.dtype == np.int64
    assert mixed.start.tolist() == plain.start[order].tolist()
    assert mixed.who.tolist() == plain.who[order].tolist()


def test_stretches_that_touch_or_overlap_are_one():
    duty = duty_of([[(5, 9), (0, 5), (2, 3)], [(9, 12), (0, 4)]]).united

    assert list(zip(duty.agent, duty.start, duty.end, strict=True)) == [
        (0, 0, 9),
        (1, 0, 4),
        (1, 9, 12),
    ]
    assert duty.seconds(3, 10).tolist() == [6, 2]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": "vanish"}, "no shift-change rule 'vanish'. There are: finish, hand-over"),
        ({"touch": [1.0]}, "1 touch times do not pair with 2 tickets"),
        ({"touch": [1.0, -1.0]}, "below zero"),
        ({"touch": [1.0, np.nan]}, "touch time is missing"),
        ({"arrivals": [1.0, np.inf]}, "A moment is missing"),
        ({"priority": [0]}, "2 arrivals and 1 priorities do not pair"),
        ({"priority": [0, -1]}, "Priorities are codes"),
    ],
)
def test_columns_that_do_not_fit_are_refused_in_a_sentence(change, sentence):
    given = {"arrivals": [0.0, 1.0], "priority": [0, 0], "touch": [1.0, 1.0], **change}
    rule = given.pop("rule", "finish")

    with pytest.raises(BadInput, match=sentence):
        simulate(*(np.array(each) for each in given.values()), Duty.always(1), rule=rule)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (([0], [5], [5]), "Duty 0 does not end after its start"),
        (([2], [0], [5]), "outside 0 to 1"),
        (([0, 1], [0], [5]), "Give all three"),
    ],
)
def test_duty_that_cannot_be_is_refused(rows, sentence):
    with pytest.raises(BadInput, match=sentence):
        Duty(2, *(np.array(column) for column in rows))


@pytest.mark.parametrize("rule", RULES)
def test_no_tickets_and_nobody_on_duty_are_no_trouble(rule):
    nothing = np.empty(0, dtype=np.int64)
    nobody = Duty(2, nothing, nothing, nothing)

    assert len(simulate(nothing, nothing, nothing, Duty.always(2), rule=rule).start) == 0
    assert not simulate(np.array([1]), np.array([0]), np.array([1]), nobody, rule=rule).begun.any()
