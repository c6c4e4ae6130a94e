"""What a signature commits to and which credits are due, to the cent, with the arithmetic."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.cast import A7
from tests.engine.agreements_given import credits_for, prices
from tricorn.engine.agreement import Agreement, Availability, Credit, Price
from tricorn.engine.errors import BadInput
from tricorn.engine.money import amount_bound, credits_due, per_year, price_of, rounded, total

TEXT = Agreement.from_toml(A7)
STEPS = (
    Credit("R1", None, Decimal("2.5")),
    Credit("R1", Decimal("0.9"), Decimal(10)),
    Credit("R2", Decimal("0.8"), None, Decimal(100)),
)
CREDITED = replace(TEXT, prices=(Price(Decimal(8241), "EUR"),), credits=STEPS)


def flat(amount, per="month"):
    return Price(Decimal(amount), "EUR", per)


def test_the_price_of_a_year_adds_up_what_is_flat():
    some = [flat("10.25"), flat(100, "quarter"), flat(1000, "year")]
    by_hand = [Price(Decimal(5), "EUR", "month", basis) for basis in ("hour", "person", "ticket")]

    assert per_year([*some, *by_hand]) == Decimal("1523.00")
    assert price_of(some, "month") == Fraction(1523, 12)
    assert price_of(some, "quarter") == Fraction(1523, 4)
    assert per_year(by_hand) is None
    assert per_year([]) is None
    assert price_of(by_hand, "month") is None


@pytest.mark.parametrize(
    ("to_on", "amount"),
    [
        (None, "98880.00"),
        (date(2029, 5, 3), "98880.00"),
        (date(2027, 5, 3), "98880.00"),
        (date(2027, 5, 2), "98605.33"),  # a day of the April to May less: 29 of 30 days
        (date(2026, 8, 3), "24720.00"),
        (date(2026, 8, 18), "28707.10"),  # 15 of the 31 days from 4 August on
        (date(2026, 5, 4), "265.81"),  # one of 31
    ],
)
def test_a_signature_commits_to_twelve_months_or_a_shorter_term(to_on, amount):
    assert amount_bound(replace(TEXT, to_on=to_on)) == Decimal(amount)


def test_without_a_flat_price_nothing_is_known_to_be_bound():
    assert amount_bound(replace(TEXT, prices=())) is None
    by_person = (Price(Decimal(5), "EUR", "month", "person"),)
    assert amount_bound(replace(TEXT, prices=by_person)) is None


def test_a_credit_is_due_below_its_step_and_says_how_it_was_reckoned():
    first, second = credits_due(CREDITED, {"R1": Fraction(16, 17), "R2": Fraction(17, 20)}, "month")

    assert (first.clause, first.below, first.amount) == ("R1", Decimal("0.95"), Decimal("206.03"))
    assert first.words == (
        "R1: 94.11 % was kept, which is below 95 %.",
        "2.5 % of 8,241.00 EUR is 206.03 EUR.",
    )
    assert (second.below, second.amount) == (None, 0)
    assert second.words == ("R2: 85 % was kept, which is not below 80 %. No credit is due.",)
    assert total((first, second)) == Decimal("206.03")


def test_the_lowest_step_that_was_reached_counts_alone():
    first, second = credits_due(CREDITED, {"R1": Decimal("0.5"), "R2": Decimal(0)}, "month")

    assert (first.below, first.amount) == (Decimal("0.9"), Decimal("824.10"))
    assert (second.below, second.amount) == (Decimal("0.8"), Decimal("100.00"))
    assert second.words[1] == "That gives 100.00 EUR back."


def test_what_is_kept_exactly_gives_nothing_and_a_hair_less_does():
    kept = credits_due(CREDITED, {"R1": Fraction(19, 20)}, "month")[0]
    missed = credits_due(CREDITED, {"R1": Fraction(94_999, 100_000)}, "month")[0]

    assert kept.amount == 0
    assert missed.amount == Decimal("206.03")
    assert missed.words[0] == "R1: 94.99 % was kept, which is below 95 %."


def test_what_cannot_be_told_is_listed_and_gives_no_credit():
    first, second = credits_due(CREDITED, {"R1": None}, "month")

    assert (first.amount, second.amount) == (None, None)
    assert first.words == ("R1: what was kept cannot be told: no credit is due.",)
    assert total((first, second)) == 0


def test_all_credits_together_stay_within_the_limit_in_the_order_of_the_text():
    limited = replace(CREDITED, credits_at_most=Decimal("0.11"))

    first, second = credits_due(limited, {"R1": Decimal("0.5"), "R2": Decimal(0)}, "month")

    assert (first.amount, second.amount) == (Decimal("824.10"), Decimal("82.41"))
    assert second.words[-1] == (
        "All credits of the month together are at most 11 % of its price, "
        "so 82.41 EUR of it is due."
    )


def test_the_price_that_was_charged_stands_for_the_flat_one():
    by_ticket = replace(CREDITED, prices=(Price(Decimal(35), "EUR", "month", "ticket"),))
    found = {"R1": Decimal("0.5")}

    assert credits_due(by_ticket, found, "month")[0].amount is None
    assert "is not known" in credits_due(by_ticket, found, "month")[0].words[1]
    charged = credits_due(by_ticket, found, "month", price=Decimal(700))[0]
    assert charged.amount == Decimal("70.00")


def test_promises_with_another_period_are_left_for_theirs():
    yearly = replace(CREDITED.clauses[0], per="year")
    text = replace(CREDITED, clauses=(yearly, CREDITED.clauses[1]))
    found = {"R1": Decimal("0.5"), "R2": Decimal("0.5")}

    assert [each.clause for each in credits_due(text, found, "month")] == ["R2"]
    assert credits_due(text, found, "year")[0].amount == Decimal("9889.20")
    assert credits_due(text, found, "quarter") == ()


def test_what_makes_no_sense_is_refused():
    with pytest.raises(BadInput, match="'week' is no period"):
        credits_due(CREDITED, {}, "week")
    with pytest.raises(BadInput, match=r"kept of R1 is 1\.2\. It lies"):
        credits_due(CREDITED, {"R1": Decimal("1.2")}, "month")
    with pytest.raises(TypeError, match="share of R1 is a float"):
        credits_due(CREDITED, {"R1": 0.95}, "month")


@pytest.mark.parametrize(
    ("exact", "money"),
    [("206.025", "206.03"), ("206.0249", "206.02"), ("0.005", "0.01"), ("0.00499", "0.00")],
)
def test_money_is_rounded_half_up(exact, money):
    assert rounded(Fraction(exact)) == Decimal(money)


PROMISES = [
    replace(TEXT.clauses[0], share=Decimal("0.95")),
    replace(TEXT.clauses[1], share=Decimal("0.8")),
    Availability("V1", "desk", Decimal("0.995")),
]
shares = st.fractions(0, 1, max_denominator=1000)


@st.composite
def credited(draw):
    """The agreement of the cast with any prices, and any steps of credits for three promises."""
    return replace(
        TEXT,
        clauses=tuple(PROMISES[:2]),
        availability=(PROMISES[2],),
        prices=draw(prices().filter(bool)),
        credits=draw(credits_for(PROMISES)),
        credits_at_most=draw(st.none() | st.decimals("0.01", 1, places=3)),
    )


@given(credited(), st.sampled_from(["R1", "R2", "V1"]), st.data())
def test_less_kept_never_gives_less_back_and_the_limit_holds(agreement, worse, data):
    more = {each.id: data.draw(st.none() | shares) for each in PROMISES} | {
        worse: data.draw(shares)
    }
    less = more | {worse: more[worse] * data.draw(shares)}
    charged = data.draw(st.none() | st.decimals(0, 10**6, places=2))

    before = credits_due(agreement, more, "month", price=charged)
    after = credits_due(agreement, less, "month", price=charged)

    assert total(before) <= total(after)
    assert {each.clause for each in before} == {each.clause for each in agreement.credits}
    paid = price_of(agreement.prices, "month") if charged is None else Fraction(charged)
    if agreement.credits_at_most is not None and paid is not None:
        assert Fraction(total(after)) <= paid * Fraction(agreement.credits_at_most)
    for each in after:
        assert each.words
        assert each.amount is None or 0 <= each.amount == round(each.amount, 2)
        if less[each.clause] is None:
            assert each.amount is None
        elif less[each.clause] >= each.promised:
            assert each.amount == 0


@given(prices(), st.dates(), st.integers(0, 1000), st.integers(0, 1000))
def test_a_longer_term_never_commits_to_less(priced, first, days, more):
    assume(first.year < 9990)
    text = replace(TEXT, prices=priced, from_on=first)
    ends = [first + timedelta(days=n) for n in (days, days + more)]

    bounds = [amount_bound(replace(text, to_on=to_on)) for to_on in (*ends, None)]

    if all(price.basis != "flat" for price in priced):
        assert bounds == [None, None, None]
    else:
        assert 0 <= bounds[0] <= bounds[1] <= bounds[2] == rounded(Fraction(per_year(priced)))
