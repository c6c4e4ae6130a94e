"""Due times give up their rule: service time, service days, days of the calendar, holidays."""

import numpy as np
import pytest

from tests.engine.learn.logs_given import DAY, columns, due_by_rule, log_of, office
from tricorn.engine.agreement import Agreement
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours, Schedule, Target
from tricorn.engine.hours.spec import Holidays
from tricorn.engine.learn import learn
from tricorn.engine.learn.ways import Clocks, Run
from tricorn.engine.replay import reclock
from tricorn.engine.replay.due import due_over_pauses

ZONE = "America/New_York"
DESK = office(ZONE, "08:30", "17:00", Holidays("US", "MA"))
ALWAYS = Hours.always(ZONE)
TYPES = (("Graffiti", DESK, "5d"), ("Noise", DESK, "6h"), ("Trees", ALWAYS, "30d"))
TOLD = {**columns(seed=3, n=900, days=220), "waits": None}
KIND = np.arange(900) % len(TYPES)


def log_with_due_times(**more):
    by_type = [due_by_rule(TOLD, hours, Target.parse(target)) for _, hours, target in TYPES]
    due = np.choose(KIND, by_type)
    met = (TOLD["closed"] <= due).astype(np.int8)
    return log_of({**TOLD, "resolved": TOLD["resolved"]}, due=due, flag=met, **more)


@pytest.fixture(scope="module")
def learned():
    return learn(
        log_with_due_times(), zone=ZONE, groups=KIND, group_names=[name for name, _, _ in TYPES]
    )


def test_every_type_gives_up_its_rule(learned):
    found = {rule.priority: (rule.service_hours, rule.target) for rule in learned.rules}

    assert found == {name: (hours, target) for name, hours, target in TYPES}
    assert {rule.told for rule in learned.rules} == {"due"}
    assert all(rule.agreement_test.value == 1 for rule in learned.rules)
    assert learned.disagreements == ()


def test_the_flag_says_which_stop_a_due_time_is_for(learned):
    assert {rule.stop for rule in learned.rules} == {"closed"}


def test_groups_that_no_clause_can_name_have_an_agreement_each(learned):
    assert learned.agreement is None
    assert {text.groups for text in learned.agreements} == {(name,) for name, _, _ in TYPES}
    history = log_with_due_times()
    for text in learned.agreements:
        read_back = Agreement.from_toml(text.agreement.to_toml())
        assert read_back == text.agreement
        rows = [name for name, _, _ in TYPES].index(text.groups[0]) == KIND
        verdicts = reclock(history.take(rows), read_back).by_stop["closed"]
        assert (verdicts.due == history.due[rows]).all()
        assert text.tickets == rows.sum()


def test_the_same_rule_for_two_groups_is_one_text():
    due = due_by_rule(TOLD, DESK, Target.parse("5d"))
    history = log_of(TOLD, due=due)

    learned = learn(history, zone=ZONE, groups=KIND % 2, group_names=["A", "B"])

    assert [text.groups for text in learned.agreements] == [("A", "B")]
    assert learned.agreements[0].tickets == len(history)


def test_without_a_flag_it_says_that_the_stop_is_not_known():
    history = log_of(TOLD, due=due_by_rule(TOLD, DESK, Target.parse("5d")))

    learned = learn(history, zone=ZONE)

    assert [rule.target for rule in learned.rules] == ["5d"]
    assert learned.agreement is not None
    assert any(sentence.startswith("Stop: ") for sentence in learned.unidentified)


def test_the_present_rule_is_the_last_one():
    old, new = (due_by_rule(TOLD, DESK, Target.parse(target)) for target in ("10d", "2d"))
    change = TOLD["reported"][300]
    due = np.where(TOLD["reported"] < change, old, new)

    learned = learn(log_of(TOLD, due=due), zone=ZONE)

    (rule,) = learned.rules
    assert rule.target == "2d"
    assert rule.since is not None
    assert rule.since.timestamp() == change
    assert rule.agreement_train.value == rule.agreement_test.value == 1


def test_due_times_by_no_rule_are_said_to_be_so():
    draw = np.random.default_rng(5)
    due = TOLD["reported"] + draw.integers(1, 40 * DAY, 900)

    learned = learn(log_of(TOLD, due=due), zone=ZONE)

    assert learned.agreement is None
    (why,) = learned.cannot.values()
    assert why.startswith("No single rule was found")


def test_due_times_that_waits_have_moved_are_found_with_their_pauses():
    told = columns(seed=3, n=900, days=220)
    run = Run("reported", "resolved", frozenset({Holder.CUSTOMER}))
    clocks = Clocks.of(log_of(told), np.arange(900), run)
    running = np.zeros(900, dtype=bool)
    due, _ = due_over_pauses(
        Schedule(DESK), Target.parse("12h"), clocks.starts, clocks.pauses, running
    )

    learned = learn(log_of(told, due=due), zone=ZONE)

    (rule,) = learned.rules
    assert (rule.service_hours, rule.target, rule.stopped_by) == (DESK, "12h", ("customer",))
    assert rule.agreement_test.value == 1
