"""What a client reads of a run: no figure about few people, and none to be had by subtraction."""

import numpy as np
import pytest

from tricorn.engine.replay import History
from tricorn.insight.replays.small import cells, shown


def history(people) -> History:
    n = len(people)
    return History.from_columns(
        [f"T{k}" for k in range(n)],
        np.arange(n) * 60 + 1_700_000_000,
        person=np.array(people),
    )


def mask(n, rows):
    found = np.zeros(n, dtype=bool)
    found[list(rows)] = True
    return found


def test_a_group_is_shown_by_its_people_and_not_by_its_tickets():
    ten = history([0] * 10 + [1, 2, 3, 4, 5])

    assert shown(ten, [mask(15, range(10)), mask(15, range(15))], 5) == [False, True]
    assert shown(history([-1] * 6), [mask(6, range(6)), mask(6, range(4))], 5) == [True, False]
    assert shown(ten, [mask(15, [])], 5) == [True]
    assert shown(ten, [], 5) == []


def test_what_two_options_differ_by_is_not_told_when_few_differ():
    many = history(range(30))
    present, nearly, other = (mask(30, range(k)) for k in (20, 22, 26))

    assert shown(many, [mask(30, range(30)), present, nearly, other], 5) == [
        True,
        True,
        False,
        False,
    ]
    assert shown(many, [present, mask(30, range(25))], 5) == [True, True]


@pytest.mark.parametrize("seed", range(20))
def test_sums_and_differences_of_what_is_shown_are_about_nobody_or_enough(seed):
    dice = np.random.default_rng(seed)
    people = dice.integers(-1, 25, 60)
    groups = [dice.random(60) < dice.choice([0.2, 0.5, 0.9]) for _ in range(6)]
    known = [g for g, ok in zip(groups, shown(history(people), groups, 5), strict=True) if ok]

    alone = np.where(people < 0, 1000 + np.arange(60), people)
    for one in known:
        for other in known:
            parts = [one]
            if (one & other == other).all():
                parts.append(one & ~other)
            for part in parts:
                assert len(set(alone[part])) == 0 or len(set(alone[part])) >= 5


@pytest.mark.parametrize("seed", range(20))
def test_hidden_cells_of_a_table_are_together_about_enough_people(seed):
    dice = np.random.default_rng(seed)
    people, codes = dice.integers(0, 40, 80), dice.integers(-1, 12, 80)
    may = cells(history(people), codes, 12, 5)

    for cell in np.flatnonzero(may):
        assert len(set(people[codes == cell])) in (0, *range(5, 41))
    hidden = set(people[(codes >= 0) & ~may[codes]])
    assert len(hidden) == 0 or len(hidden) >= 5
    assert cells(history([0, 1]), np.array([0, 0]), 1, 5).tolist() == [False]
