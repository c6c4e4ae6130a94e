"""No sum and no difference of what is shown is about fewer than five people."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.insight.crowd import Crowd, Kin, Shown
from tricorn.insight.figures import figures_of
from tricorn.insight.kins import Look, Tickets


def crowd_of(*people):
    """A crowd with one ticket per person in each kin; people may be in several kins."""
    return Crowd([Kin(len(each), frozenset(each)) for each in people])


def test_a_group_of_four_is_not_shown_and_one_of_five_is():
    crowd = crowd_of(range(4), range(10, 15))

    shown = Shown(crowd, 5)
    assert not shown.take(0b01)
    assert shown.take(0b10)


def test_ten_reports_of_one_person_are_about_one_person():
    crowd = Crowd([Kin(10, frozenset({1}))])

    assert crowd.count(1) == 10
    assert not Shown(crowd, 5).take(1)


def test_a_total_that_leaves_two_people_is_not_shown_beside_the_part():
    shown = Shown(crowd_of(range(20), range(50, 52)), 5)

    assert shown.take(0b01)
    assert not shown.take(0b11)
    assert shown.nearest(0b11) == 0b01


def test_two_parts_that_leave_two_people_of_the_total_are_not_both_shown():
    shown = Shown(crowd_of(range(20), range(30, 50), range(50, 52)), 5)

    assert shown.take(0b111)
    assert shown.take(0b001)
    assert not shown.take(0b010)


def test_a_refused_group_leaves_nothing_behind():
    shown = Shown(crowd_of(range(20), range(50, 52)), 5)
    shown.take(0b01)
    before = set(shown.known)

    shown.take(0b11)

    assert shown.known == before


PEOPLE = st.frozensets(st.integers(1, 14), min_size=1, max_size=9)


@given(
    st.lists(PEOPLE, min_size=1, max_size=6),
    st.lists(st.integers(1, 63), max_size=6),
    st.sampled_from([3, 5]),
)
def test_who_adds_and_subtracts_finds_no_small_group(people, asked, fewest):
    """Every combination of shown groups with -1, 0 or 1 that is itself a group is large enough."""
    crowd = crowd_of(*people)
    shown = Shown(crowd, fewest)
    taken = [group for each in asked if (group := each & crowd.everybody) and shown.take(group)]

    for signs in product((-1, 0, 1), repeat=len(taken)):
        found = combined(taken, signs, len(people))
        if found:
            assert crowd.people(found) >= fewest, (taken, signs)


def combined(groups, signs, size):
    """The group that a signed sum of groups is, or 0 if it is none."""
    counts = [
        sum(sign for group, sign in zip(groups, signs, strict=True) if group >> place & 1)
        for place in range(size)
    ]
    if any(count not in (0, 1) for count in counts):
        return 0
    return sum(count << place for place, count in enumerate(counts))


LOOK = st.builds(
    Look,
    kind=st.sampled_from(["incident", "request", "praise"]),
    promises=st.tuples(
        st.tuples(st.just(1), st.sampled_from("kluKL")),
        st.tuples(st.just(2), st.sampled_from("klu")),
    ),
    is_cancelled=st.booleans(),
    rating=st.sampled_from("-snS"),
    waited=st.sampled_from("-wW"),
)


@given(st.lists(st.tuples(LOOK, PEOPLE), min_size=1, max_size=8, unique_by=lambda pair: pair[0]))
def test_the_figures_of_a_month_never_count_fewer_than_five(pairs):
    tickets = Tickets(
        tuple(look for look, _ in pairs),
        Crowd([Kin(len(people), people) for _, people in pairs]),
    )

    for is_final in (False, True):
        figures = figures_of(tickets, [1, 2], 5, is_final=is_final)
        counts = [figures.reports, figures.undecided, figures.cancelled, figures.waited]
        counts += [count for _, count in figures.kinds]
        parts = [each.part for each in figures.promises] + [figures.satisfied]
        counts += [part.whole for part in parts]
        assert all(count.n == 0 or count.n >= 5 for count in counts)
        for part in parts:
            if part.n is not None:
                assert part.n == 0 or part.n >= 5
                assert part.whole.n - part.n == 0 or part.whole.n - part.n >= 5
        if figures.reports.how == figures.cancelled.how == "exact":
            assert 0 <= figures.reports.n - figures.cancelled.n != 1


@pytest.mark.parametrize("late", [1, 4])
def test_a_few_late_ones_are_a_bound_that_does_not_hang_on_how_few(late):
    kept = Look("incident", ((1, "k"),), False, "-", "-")
    missed = Look("incident", ((1, "l"),), False, "-", "-")
    crowd = crowd_of(range(100 - late), range(200, 200 + late))

    part = figures_of(Tickets((kept, missed), crowd), [1], 5, is_final=False).promises[0].part

    assert (part.whole.n, part.n, part.at_least) == (100, None, 0.96)


def test_five_late_ones_are_an_exact_share():
    kept = Look("incident", ((1, "k"),), False, "-", "-")
    missed = Look("incident", ((1, "l"),), False, "-", "-")
    crowd = crowd_of(range(95), range(200, 205))

    part = figures_of(Tickets((kept, missed), crowd), [1], 5, is_final=False).promises[0].part

    assert (part.whole.n, part.n) == (100, 95)


def test_what_was_decided_later_by_a_few_is_left_out_at_the_second_reading_too():
    early = Look("incident", ((1, "k"),), False, "-", "-")
    later = Look("incident", ((1, "K"),), False, "-", "-")
    tickets = Tickets((early, later), crowd_of(range(30), range(40, 42)))

    first = figures_of(tickets, [1], 5, is_final=False).promises[0].part
    final = figures_of(tickets, [1], 5, is_final=True).promises[0].part

    assert (first.whole.how, first.whole.n) == ("exact", 30)
    assert (final.whole.how, final.whole.n) == ("part", 30)


def test_what_was_decided_later_by_many_is_added_at_the_second_reading():
    early = Look("incident", ((1, "k"),), False, "-", "-")
    later = Look("incident", ((1, "L"),), False, "-", "-")
    tickets = Tickets((early, later), crowd_of(range(30), range(40, 47)))

    final = figures_of(tickets, [1], 5, is_final=True).promises[0].part

    assert (final.whole.how, final.whole.n, final.n) == ("exact", 37, 30)
