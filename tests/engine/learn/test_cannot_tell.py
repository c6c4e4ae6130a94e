"""Logs that cannot give up a rule: each says clearly what it cannot tell."""

import numpy as np
import pytest

from tests.engine.learn.logs_given import FIRST, HOUR, Hidden, columns, flagged, log_of, office
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Hours, Target
from tricorn.engine.learn import learn
from tricorn.engine.replay import MISSING, History

ZONE = "Europe/Berlin"
TOLD = {**columns(seed=11, n=400), "waits": None}
ALWAYS = Hidden(Hours.always(ZONE), Target.parse("48h"))


def nothing_learned(history: History, **more: object) -> str:
    learned = learn(history, zone=ZONE, **more)

    assert (learned.rules, learned.agreement, learned.agreements) == ((), None, ())
    (why,) = learned.cannot.values()
    return why


def test_a_log_that_says_nothing_is_refused():
    with pytest.raises(BadInput, match="neither whether a promise was met nor when"):
        learn(log_of(TOLD), zone=ZONE)


def test_an_empty_log_is_refused():
    with pytest.raises(BadInput, match="no rule to learn"):
        learn(History.from_rows([]), zone=ZONE)


def test_a_zone_that_is_none_is_refused():
    with pytest.raises(BadInput, match='no time zone "Mars/Olympus"'):
        learn(flagged(TOLD, ALWAYS), zone="Mars/Olympus")


def test_ten_tickets_are_too_few():
    told = {**columns(seed=1, n=10), "waits": None}
    flag = np.array([1, 0, 1, 1, 1, 1, 0, 1, 1, 1], dtype=np.int8)

    why = nothing_learned(log_of(told, flag=flag))

    assert why == (
        "Only 2 of 7 tickets that are learned from were missed; at least 5 are needed to tell "
        "where the target lies."
    )


@pytest.mark.parametrize(("flag", "words"), [(1, ("met", "longer")), (0, ("missed", "shorter"))])
def test_flags_of_one_value_say_nothing_of_the_target(flag, words):
    why = nothing_learned(log_of(TOLD, flag=np.full(400, flag, dtype=np.int8)))

    assert why == (
        f"All 280 tickets that are learned from were {words[0]}: any {words[1]} target would "
        "explain that."
    )


def test_flags_that_contradict_each_other_are_no_rule():
    flag = np.random.default_rng(2).integers(0, 2, 400).astype(np.int8)

    assert nothing_learned(log_of(TOLD, flag=flag)).startswith(
        "No rule that was tried explains its flag"
    )


def test_tickets_of_one_hour_tell_little_about_the_week():
    told = dict(TOLD)
    shift = told["reported"] - FIRST - np.random.default_rng(4).integers(0, 59, 400) * 60
    moved = ("began", "reported", "first_response", "resolved", "closed")
    told |= {name: told[name] - shift + 9 * HOUR for name in moved}

    learned = learn(flagged(told, ALWAYS), zone=ZONE)

    assert any("all tickets were reported in 1 of the 168" in said for said in learned.unidentified)
    assert any(said.startswith("Hours of 3 - Moderate") for said in learned.unidentified)


def test_open_tickets_are_left_out_and_counted():
    history = flagged(TOLD, ALWAYS)
    ends = {name: TOLD[name].copy() for name in ("first_response", "resolved", "closed")}
    for column in ends.values():
        column[::8] = MISSING
    history = log_of({**TOLD, **ends}, flag=history.flag, priority=["P3"] * 400)

    learned = learn(history, zone=ZONE)

    assert learned.excluded == {"open": 50}
    assert learned.rules[0].n == 350
    assert learned.rules[0].target == "48h"


def test_a_priority_that_no_clause_can_name_is_said_to_be_so():
    history = flagged(TOLD, ALWAYS)
    names = ["purple" if k % 2 else "3 - Moderate" for k in range(400)]
    history = log_of(TOLD, flag=history.flag, priority=names)

    learned = learn(history, zone=ZONE)
    mapped = learn(history, zone=ZONE, mapping={"purple": "moderate"})

    assert [rule.priority for rule in learned.rules] == ["3 - Moderate"]
    assert learned.cannot["purple"].startswith("No clause can name this priority")
    assert {rule.priority: rule.target for rule in mapped.rules} == {
        "purple": "48h",
        "3 - Moderate": "48h",
    }
    assert len(mapped.agreement.clauses) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"groups": np.zeros(3, dtype=int)}, "Give a whole number for each ticket"),
        ({"groups": np.ones(400, dtype=int), "group_names": ["a"]}, "Group 1 has no name"),
        ({"groups": np.full(400, -1)}, "No ticket belongs to a group"),
        ({"priority_at": "noon"}, "final or opened"),
    ],
)
def test_groups_and_priorities_that_cannot_be_are_refused(more, words):
    with pytest.raises(BadInput, match=words):
        learn(flagged(TOLD, ALWAYS), zone=ZONE, **more)


def test_hours_of_the_country_are_not_taken_from_the_months_themselves():
    """A desk that was closed on two odd days gets no dates of its own, and no country's."""
    hidden = Hidden(office(ZONE, "08:00", "18:00"), Target.parse("20h"))
    history = flagged(TOLD, hidden)

    (rule,) = learn(history, zone=ZONE).rules

    assert rule.service_hours.closed == ()
    assert rule.service_hours.holidays is None


def test_a_log_in_which_nothing_has_ended_says_so():
    open_ = dict.fromkeys(("first_response", "resolved", "closed"), np.full(400, MISSING))
    history = log_of({**TOLD, **open_}, flag=np.arange(400) % 2)

    learned = learn(history, zone=ZONE)

    assert learned.cannot == {
        "": "No ticket that is learned from has ended and says whether it was met."
    }
    assert learned.excluded == {"open": 400}


def test_tickets_of_one_moment_are_no_rule():
    moments = ("began", "reported", "first_response", "resolved", "closed")
    told = {**TOLD, **{name: np.full(400, FIRST) for name in moments}}

    assert "the log contradicts itself" in nothing_learned(log_of(told, flag=np.arange(400) % 2))


def test_a_few_due_times_are_too_few():
    due = np.where(np.arange(400) < 3, TOLD["reported"] + 8 * HOUR, MISSING)

    assert nothing_learned(log_of(TOLD, due=due)) == (
        "Too few tickets to learn from say when they were due: 3, and 5 are needed."
    )


@pytest.mark.parametrize("due", [TOLD["reported"] - 500, np.full(400, TOLD["reported"].max())])
def test_due_times_that_no_promise_gives_are_no_rule(due):
    assert nothing_learned(log_of(TOLD, due=due)).startswith("No single rule was found")
