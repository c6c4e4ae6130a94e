"""Options on the plane, and the search: what it answers is true, and nothing tried is better."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.histories_given import stories
from tests.engine.rates_given import desk, quarter, rates
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadInput
from tricorn.engine.frontier import (
    Budget,
    Goal,
    Less,
    Point,
    Waits,
    candidates,
    change,
    changed,
    frontier,
    search,
)
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.rates import priced
from tricorn.engine.replay import Between, Extra, History, coverage, reclock

HISTORY = quarter()
WINDOWS = ("sat 09:00-13:00", "mon-fri 18:00-20:00", "without mon-fri 17:00-18:00")
changes = st.lists(
    st.sampled_from(
        [
            *("sat 09:00-13:00", "fri-sun 22:00-03:00", "mon-sun 00:00-24:00", "wed 10:00-11:30"),
            *("without mon-fri 08:00-10:00", "without sun 00:00-24:00", "without fri 20:00-06:00"),
        ]
    ),
    max_size=4,
).map(lambda texts: [change(text) for text in texts])


def served(hours: Hours) -> set[int]:
    """The quarter hours of a week that are served, the slow way."""
    return {
        (day * 96 + quarter) % 672
        for day, windows in enumerate(hours.weekly)
        for window in windows
        for quarter in range(window.start // 900, -(-window.end // 900))
    }


# The plane.

prices = st.none() | st.integers(0, 4).map(Decimal)
bounds = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda two: Between(*sorted(two)))


def beats(a: Point, b: Point) -> bool:
    if a.price is None or b.price is None:
        return False
    mine = (a.price, a.hours.low, a.hours.high)
    other = (b.price, b.hours.low, b.hours.high)
    return mine != other and all(x <= y for x, y in zip(mine, other, strict=True))


@given(st.lists(st.tuples(prices, bounds), max_size=12))
def test_a_point_is_dominated_exactly_if_another_beats_it(found):
    points = [Point(f"{n}", *one) for n, one in enumerate(found)]
    by_name = {point.name: point for point in points}

    for placed in frontier(points):
        beaten = any(beats(other, placed.point) for other in points)
        assert (placed.dominated_by is not None) == beaten
        if placed.dominated_by is not None:
            winner = by_name[placed.dominated_by]
            assert beats(winner, placed.point)
            assert not any(beats(other, winner) for other in points)
            assert placed.dominated_by in placed.sentence


def test_prices_in_two_currencies_have_no_plane():
    points = [Point("A", Decimal(1), Between(0, 0), None, each) for each in ("EUR", "CHF")]

    with pytest.raises(BadInput, match="Prices in CHF and EUR cannot be compared"):
        frontier(points)


# The week.


@settings(max_examples=30, deadline=None)
@given(stories(), changes)
def test_a_change_adds_and_takes_what_it_says(story, chosen):
    hours = story[1].hours["desk"]
    hours = replace(hours, weekly=desk().hours["desk"].weekly)
    before = served(hours)
    taken = set().union(
        *(
            served(each.window.added_to(Hours("UTC", ((),) * 7)))
            for each in chosen
            if isinstance(each, Less)
        )
    )
    added = set().union(
        *(
            served(each.added_to(Hours("UTC", ((),) * 7)))
            for each in chosen
            if isinstance(each, Extra)
        )
    )

    assert served(changed(hours, chosen)) == (before - taken) | added


@settings(max_examples=30, deadline=None)
@given(stories(), changes, changes)
def test_waits_are_those_of_coverage_and_more_windows_never_raise_them(story, some, more):
    rows, agreement = story
    history, hours = History.from_rows(rows), agreement.hours["desk"]
    taken = [each for each in (*some, *more) if isinstance(each, Less)]
    narrow = changed(hours, taken)
    waits = Waits.of(history, narrow)
    wide = changed(narrow, [each for each in some if isinstance(each, Extra)])
    wider = changed(wide, [each for each in more if isinstance(each, Extra)])

    found, better = waits.on(wide), waits.on(wider)

    assert found == coverage(history, Schedule(wide)).seconds
    assert better.low <= found.low
    assert better.high <= found.high
    saved, lost = waits.saved(wide, wider), waits.saved(wider, wide)
    assert saved.low >= 0
    assert (lost.low, lost.high) == (-saved.high, -saved.low)
    if len(more) == 1 and isinstance(more[0], Extra):
        gain = coverage(history, Schedule(wide), windows=more).gains[0]
        assert saved == gain.seconds


def test_demand_suggests_windows_in_which_somebody_waited():
    found = [each.name for each in candidates(HISTORY, desk().hours["desk"])]

    assert "mon-sun 00:00-24:00" in found
    assert found[-2:] == ["without mon-fri 17:00-18:00", "without mon-fri 08:00-09:00"]
    assert len(found) == 8
    always = candidates(HISTORY, Hours.always("Europe/Berlin"))
    assert [each.name for each in always] == ["without sun 00:00-24:00", "without sat 00:00-24:00"]


# The search.


def every(agreement, windows, targets):
    """Every combination the slow way: by single replays, coverages and prices."""
    for which in product((False, True), repeat=len(windows)):
        chosen = [change(w) for w, is_in in zip(windows, which, strict=True) if is_in]
        hours = changed(agreement.hours["desk"], chosen)
        for target in targets:
            option = replace(
                agreement,
                hours={"desk": hours},
                clauses=(replace(agreement.clauses[0], target=Target.parse(target)),),
            )
            share = reclock(HISTORY, option).attainment()[0].share
            waited = coverage(HISTORY, Schedule(hours)).seconds
            price = priced(option, rates(), now=agreement, by_rates=True).total
            yield price, waited, share, option


@pytest.mark.parametrize("goal", ["40 %", "70 %", "90 %", "100 %"])
def test_the_cheapest_that_met_the_goal_is_the_cheapest_of_all(goal):
    targets = ("8h", "16h", "24h")
    found = search(
        HISTORY, desk(), rates=rates(), windows=WINDOWS, targets=targets, goal=Goal(goal)
    )
    wanted = Goal(goal).exact
    fitting = [
        (price, waited.low + waited.high)
        for price, waited, share, _ in every(desk(), WINDOWS, targets)
        if share.met >= wanted * share.n
    ]

    assert found.tried == 24
    if not fitting:
        assert found.options == ()
        assert found.closest is not None
        assert f"would have met {goal}" in found.words[1]
        return
    best = found.options[0]
    assert (best.priced.total, best.hours.low + best.hours.high) == min(fitting)
    for option in found.options:
        share = reclock(HISTORY, option.agreement).attainment()[0].share
        assert share == option.attained["R1"]
        assert share.met >= wanted * share.n


@pytest.mark.parametrize("extra", [-300, 0, 400, 5000])
def test_the_best_for_so_much_a_month_is_the_best_of_all(extra):
    found = search(HISTORY, desk(), rates=rates(), windows=WINDOWS, budget=Budget(extra=extra))
    fitting = [
        (waited.low + waited.high, price)
        for price, waited, _, _ in every(desk(), WINDOWS, ("8h",))
        if price - 1000 <= extra
    ]

    best = found.options[0]
    assert (best.hours.low + best.hours.high, best.priced.total) == min(fitting)
    assert all(option.priced.extra <= extra for option in found.options)


def test_a_dominated_option_is_never_chosen():
    found = search(HISTORY, desk(), rates=rates(), top=50)

    chosen = {option.name for option in found.options}
    placed = {one.point.name: one.dominated_by for one in frontier(found.points)}
    assert all(placed[name] is None for name in chosen)
    assert chosen == {name for name, by in placed.items() if by is None}
    assert len(found.points) > len(chosen) > 5


def test_an_option_is_an_agreement_that_says_what_is_changed():
    found = search(
        HISTORY, desk(), rates=rates(), windows=["sat 09:00-13:00"], budget=Budget(extra=900)
    )
    option = found.options[0]
    text = option.agreement

    assert Agreement.from_toml(text.to_toml()) == text
    assert Agreement.from_toml(text.to_toml()).hash == text.hash
    assert list(text.hours) == ["desk, sat 09:00-13:00"]
    assert text.title == "Mail: sat 09:00-13:00"
    assert [(price.amount, price.currency) for price in text.prices] == [
        (Decimal("1695.60"), "EUR")
    ]
    assert option.saved.low > 0
    assert option.break_even.low < option.break_even.high
    assert (
        option.why == "The fewest hours waited while closed of 2 combinations that fit the budget."
    )
    gain = coverage(
        HISTORY, Schedule(desk().hours["desk"]), windows=[Extra.parse("sat 09:00-13:00")]
    ).gains[0]
    assert option.saved == gain.seconds


def test_what_gives_up_hours_says_that_it_looks_better_than_it_is():
    found = search(HISTORY, desk(), rates=rates(), windows=[WINDOWS[2]], goal=Goal("30 %"), top=1)

    assert found.options[0].name == WINDOWS[2]
    assert "its share on time is at most this" in found.options[0].why
    suggested = search(HISTORY, desk(), rates=rates(), goal=Goal("30 %"), top=50)
    assert not any("without" in option.name for option in suggested.options)
    assert "what the report would have said" in " ".join(found.words)


def test_clauses_of_other_hours_keep_them_and_each_must_meet_the_goal():
    two = Agreement.from_toml(
        desk().to_toml()
        + '\n[hours.night]\nzone = "Europe/Berlin"\n[hours.night.weekly]\nsat = ["00:00-24:00"]\n'
        + '[[clause]]\nid = "R2"\nstop = "resolved"\nkinds = ["request"]\nhours = "night"\n'
        + 'target = "1h"\n'
    )
    kinds = ["request" if n % 3 else "incident" for n in range(len(HISTORY))]
    mixed = History.from_columns(
        HISTORY.refs, HISTORY.reported, resolved=HISTORY.resolved, kind=kinds
    )
    front = replace(two, clauses=two.clauses[::-1])

    found = search(
        mixed, front, rates=rates(), windows=["sat 09:00-13:00"], hours="desk", goal=Goal(0.2)
    )

    for option in found.options:
        shares = [each.share for each in reclock(mixed, option.agreement).attainment()]
        assert list(option.attained.values()) == shares
        assert all(Fraction(each.met, each.n) >= Fraction(1, 5) for each in shares)
    alone = search(
        mixed, front, rates=rates(), windows=["sat 09:00-13:00"], goal=Goal(0.2, ("R2",))
    )
    assert list(alone.options[0].attained) == ["R2"]


def test_targets_go_by_clause_by_scale_or_by_list():
    def tried(targets):
        return search(
            HISTORY, desk(), rates=rates(), windows=(), targets=targets, goal=Goal("10 %"), top=1
        )

    by_scale, by_clause = tried([0.5, 2]), tried({"R1": ["4h", Target(seconds=16 * 3600)]})

    assert by_scale.tried == by_clause.tried == 3
    assert by_scale.options[0].agreement == by_clause.options[0].agreement
    assert by_scale.options[0].name == "R1 within 4h", "the shortest that would have done"


def test_progress_is_told_to_its_end():
    told = []

    search(HISTORY, desk(), rates=rates(), progress=lambda done, of: told.append((done, of)))

    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1][0] == told[-1][1]


# What cannot be asked, and what cannot be told.


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rates": None}, "prices come from the provider's own rates"),
        ({"windows": []}, "There is nothing to try: no window and no target."),
        ({"goal": Goal("0 %")}, "A goal of 0 % is no goal"),
        ({"goal": Goal("101 %")}, "A goal of 101 % is no goal"),
        ({"goal": Goal(1e-9)}, "A goal of 1e-09 is no goal"),
        ({"goal": Goal(95)}, "A goal of 95 is no goal"),
        ({"goal": Goal("most")}, "The goal is a share like"),
        ({"goal": Goal("95 %", ("R9",))}, "There is no clause 'R9'. There is: R1."),
        ({"targets": {"R9": ["4h"]}}, "There is no clause 'R9'. There is: R1."),
        ({"targets": [0]}, "A target 0 times as long is none."),
        ({"targets": ["soon"]}, '"soon" is not a target'),
        ({"windows": ["someday"]}, "is not a window of the week"),
        ({"windows": [f"sat {n:02}:00-{n + 1:02}:00" for n in range(10)]}, "have 1,024 sets"),
        ({"hours": "night"}, "No clause runs in hours called 'night'. There is: desk."),
        ({"rates": rates('currency = "CHF"\nhour = 40')}, "in CHF, and Mail names a price in EUR"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_a_sentence(asked, said):
    with pytest.raises(BadInput) as refusal:
        search(HISTORY, desk(), **{"rates": rates(), **asked})

    assert said in str(refusal.value)


def test_a_budget_is_one_amount():
    with pytest.raises(BadInput, match="Name one of the two"):
        Budget()
    with pytest.raises(BadInput, match="A budget of NaN is no amount of money"):
        Budget(extra=Decimal("NaN"))


def test_a_budget_below_the_cheapest_names_what_came_closest():
    found = search(
        HISTORY, desk(), rates=rates(), windows=["sat 09:00-13:00"], budget=Budget(total=900)
    )

    assert found.options == ()
    assert found.closest is not None
    assert found.closest.name == "as now"
    assert found.words[1:4] == (
        "Nothing that was tried costs at most 900 EUR a month in all.",
        f"Closest came: as now, at 1,000.00 EUR a month (+0.00). "
        f"R1: {found.closest.attained['R1'].sentence}",
        "That is 100.00 EUR over the budget.",
    )


def test_hours_that_are_all_given_up_are_no_option_and_it_is_said():
    gone = ["without mon-fri 00:00-24:00"]

    found = search(HISTORY, desk(), rates=rates(), windows=gone, budget=Budget(extra=0))

    assert [option.name for option in found.options] == ["as now"]
    assert found.words[1] == "1 set of changes would leave no hour open: left out."


def test_a_desk_without_hours_is_what_windows_are_measured_against():
    shut = replace(desk(), hours={"desk": Hours("Europe/Berlin", ((),) * 7)})

    found = search(
        HISTORY, shut, rates=rates(), windows=["sat 09:00-13:00"], budget=Budget(extra=900)
    )

    assert found.tried == 2
    assert found.options[0].saved.high == found.points[0].hours.low - found.options[0].hours.low > 0


def test_a_price_that_needs_a_count_asks_for_it():
    each = desk('[[price]]\namount = 3\ncurrency = "EUR"\nbasis = "ticket"\n')

    with pytest.raises(BadInput, match="say how many tickets a month"):
        search(HISTORY, each, rates=rates())
    assert search(HISTORY, each, rates=rates(), counts={"ticket": 30}).options


def test_ten_tickets_cannot_tell():
    found = search(quarter(10), desk(), rates=rates(), goal=Goal("50 %"))

    assert "Cannot tell: there are too few tickets" in " ".join(found.words)
    assert not (found.options or (found.closest,))[0].can_tell


def test_an_agreement_without_a_price_is_priced_by_the_rates():
    found = search(HISTORY, desk(""), rates=rates(), budget=Budget(extra=700))

    present = priced(desk(""), rates()).total
    assert found.options[0].priced.before == present
    assert found.options[0].agreement.prices[0].amount == found.options[0].priced.total


def test_nobody_outside_hours_means_no_window_to_suggest():
    always = replace(desk(), hours={"desk": Hours.always("Europe/Berlin")})

    found = search(HISTORY, always, rates=rates(), goal=Goal("5 %"))

    assert found.tried == 1
    assert found.options[0].combination.is_present
    assert "no window suggests itself" in found.words[1]


def test_an_empty_history_has_no_answer_and_says_so():
    empty = HISTORY.take(np.zeros(len(HISTORY), dtype=bool))

    found = search(empty, desk(), rates=rates(), windows=["sat 09:00-13:00"], goal=Goal("50 %"))

    assert found.options == ()
    assert "Nothing to count yet" in " ".join(found.words)
    assert search(empty, desk(), rates=rates(), budget=Budget(extra=0)).options[0].hours.high == 0
