"""When a price pays, and who gains and who pays."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.rates_given import desk, quarter, rates, wider
from tricorn.engine.errors import BadInput
from tricorn.engine.rates import a_month, balance, break_even, outage_even, priced
from tricorn.engine.replay import Between, History, reclock

HOUR = 3600


def even(extra, low, high):
    return break_even(Decimal(extra), Between(low * HOUR, high * HOUR), "EUR")


def test_an_hour_has_to_be_worth_the_price_over_the_hours():
    found = even(400, 10, 40)

    assert (found.low, found.high) == (10, 40)
    assert found.sentence == (
        "400 EUR more a month for 10.0 to 40.0 hours less of waiting: it pays for certain once an "
        "hour is worth 40.00 EUR, and not below 10.00 EUR."
    )


@pytest.mark.parametrize(
    ("extra", "low", "high", "value", "said"),
    [
        (400, 0, 40, (10, None), "at the earliest, and perhaps never."),
        (400, 0, 0, (None, None), "saves no waiting in this history: it never pays"),
        (400, 20, 20, (20, 20), "for 20.0 hours less of waiting: it pays once an hour is worth"),
        (400, -20, -10, (None, None), "400 EUR more a month and people wait longer"),
        (0, -20, -10, (None, None), "as much a month and people wait longer"),
        (0, 0, 10, (0, 0), "It costs nothing more, so it pays whatever"),
        (-400, 0, 10, (0, 0), "It costs 400 EUR less a month, so it pays whatever"),
        (-400, -40, -10, (10, 40), "while an hour is worth less than 10.00 EUR, and not above"),
        (-400, -40, 0, (10, None), "less than 10.00 EUR, and perhaps always."),
        (-400, -40, -40, (10, 10), "it pays while an hour is worth less than 10.00 EUR."),
    ],
)
def test_every_way_a_price_and_hours_can_lie(extra, low, high, value, said):
    found = even(extra, low, high)

    assert (found.low, found.high) == value
    assert found.can_tell
    assert said in found.sentence


def test_what_is_not_known_is_not_told():
    assert not even(400, -10, 10).can_tell
    assert not break_even(None, Between(0, 1), "EUR").can_tell
    assert "how many hours a month" in break_even(Decimal(1), None, "EUR").sentence


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_more_hours_for_the_same_price_never_need_a_dearer_hour(extra, low, more):
    found, better = even(extra, low, low + more), even(extra, low + 1, low + more + 1)

    assert found.low <= found.high
    assert (better.low, better.high) <= (found.low, found.high)


def test_an_outage_pays_for_itself_above_price_over_loss():
    found = outage_even(Decimal(400), Decimal(20_000), "EUR")

    assert found.likelihood == Fraction(1, 50)
    assert "likelier than 2 % a month, one in 50 months." in found.sentence
    assert outage_even(Decimal(400), Decimal(300), "EUR").likelihood is None
    with pytest.raises(BadInput, match="The loss is 0 EUR"):
        outage_even(Decimal(400), Decimal(0), "EUR")


def test_hours_of_a_month_are_rounded_outwards_and_need_a_week():
    history = quarter()
    span = history.until - int(history.reported.min())

    found = a_month(Between(span, span), history)

    assert found == Between(2_629_800, 2_629_800), "a twelfth of 365.25 days"
    assert a_month(Between(0, 1), history.take(slice(0, 2))) is not None, "the log is as long"
    day = History.from_columns(["a"], history.reported[:1], resolved=history.resolved[:1])
    assert a_month(Between(0, 1), day) is None


def weighed(*windows):
    now, history = desk(), quarter()
    option = wider(now, *windows)
    return balance(
        reclock(history, now), reclock(history, option), priced(option, rates(), now=now)
    )


def test_wider_hours_help_people_and_cost_the_client_and_the_agents():
    client, people, agents = weighed("sat 00:00-24:00", "sun 00:00-24:00")

    assert [each.role for each in (client, people, agents)] == ["client", "people", "agents"]
    assert (client.gains, people.gains) == (False, True)
    assert client.figures["extra"] > 0 == client.figures["kept"] < client.figures["missed"]
    assert people.figures["sooner_people"] == 30
    assert people.figures["later_tickets"] == 0
    assert "of 30 people who reported would have met an open desk sooner" in people.sentences[0]
    assert agents.sentences == ("The agents work 208.71 hours more a month.",)


def test_without_rates_nobody_knows_what_is_asked_of_the_agents():
    now, history = desk(), quarter(12)

    _, _, agents = balance(reclock(history, now), reclock(history, now), priced(now, None, now=now))

    assert agents.sentences == ("What it asks of the agents needs the provider's rates.",)


def test_without_a_change_nobody_gains():
    client, people, agents = weighed()

    assert (client.gains, people.gains, agents.gains) == (None, None, None)
    assert client.sentences[0] == "The client pays as much a month as now."
    assert people.sentences == (
        "Nobody who reported would have met an open desk sooner or later than now.",
    )
    assert agents.sentences == ("The agents work as many hours a month as now.",)


def test_fewer_than_five_people_are_not_counted_out():
    now, history = desk(), quarter(12)
    few = History.from_columns(
        history.refs, history.reported, resolved=history.resolved, person=history.person % 3
    )
    option = wider(now, "mon-sun 00:00-24:00")

    _, people, _ = balance(
        reclock(few, now), reclock(few, option), priced(option, rates(), now=now)
    )

    assert "of fewer than five people who reported" in people.sentences[0]
