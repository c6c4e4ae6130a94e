"""A log with a hidden rule gives it up: hours, holidays, start, stop, pauses and target."""

import numpy as np
import pytest

from tests.engine.learn.logs_given import Hidden, columns, flagged, log_of, office
from tricorn.engine.agreement import Agreement
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours, Target
from tricorn.engine.hours.spec import Holidays
from tricorn.engine.learn import learn
from tricorn.engine.replay import reclock

BERLIN, SAO_PAULO, NEW_YORK = "Europe/Berlin", "America/Sao_Paulo", "America/New_York"
CUSTOMER, SUPPLIER = Holder.CUSTOMER, Holder.SUPPLIER
RULES = [
    Hidden(
        office(SAO_PAULO, "09:00", "17:00", Holidays("BR")),
        Target.parse("16h"),
        stopped_by=frozenset({CUSTOMER}),
    ),
    Hidden(office(BERLIN, "10:00", "22:00"), Target.parse("12h"), "began", "first_response"),
    Hidden(
        Hours.always(NEW_YORK),
        Target.parse("72h"),
        stop="closed",
        stopped_by=frozenset({CUSTOMER, SUPPLIER}),
    ),
    Hidden(office(BERLIN, "22:00", "06:00"), Target.parse("8h"), stop="first_response"),
]
TOLD = columns(seed=7, n=1500)
UNPAUSED = {**TOLD, "waits": None}


@pytest.mark.parametrize("hidden", RULES, ids=lambda hidden: f"{hidden.target} {hidden.stop}")
def test_a_hidden_rule_is_found_again(hidden):
    history = flagged(TOLD, hidden)

    learned = learn(history, zone=hidden.hours.zone)

    (rule,) = learned.rules
    assert rule.priority == "3 - Moderate"
    assert rule.service_hours == hidden.hours
    assert (rule.start, rule.stop) == (hidden.start, hidden.stop)
    assert set(rule.stopped_by) == {holder.value for holder in hidden.stopped_by}
    assert Target.parse(rule.target) == hidden.target
    assert rule.agreement_train.value == rule.agreement_test.value == rule.balanced_test == 1
    assert learned.disagreements == ()


def test_service_days_that_say_the_same_as_service_time_are_said_to_do_so():
    """On a desk with one window a day, one day and eight hours differ for nobody."""
    hidden = Hidden(office(BERLIN, "09:00", "17:00"), Target.parse("1d"))

    learned = learn(flagged(UNPAUSED, hidden), zone=BERLIN)

    (rule,) = learned.rules
    assert (rule.target, rule.hours) == ("8h", "Mon–Fri 09:00–17:00 Europe/Berlin")
    assert (
        "Target of 3 - Moderate: service time and service days explain it equally well."
        in learned.unidentified
    )


def test_priorities_may_run_on_different_clocks_and_the_text_gives_the_same_verdicts():
    office_hours = Hidden(office(BERLIN, "08:00", "18:00"), Target.parse("10h"))
    always = Hidden(Hours.always(BERLIN), Target.parse("48h"))
    plain, pressing = (flagged(UNPAUSED, each) for each in (office_hours, always))
    turns = np.arange(len(plain)) % 2
    names = [("3 - Moderate", "1 - Critical")[turn] for turn in turns]
    flag = np.where(turns, pressing.flag, plain.flag)
    history = log_of(UNPAUSED, flag=flag, priority=names)

    learned = learn(history, zone=BERLIN)

    found = {rule.priority: (rule.hours, rule.target) for rule in learned.rules}
    assert found == {
        "3 - Moderate": ("Mon–Fri 08:00–18:00 Europe/Berlin", "10h"),
        "1 - Critical": ("24x7", "48h"),
    }
    assert learned.agreement is not None
    read_back = Agreement.from_toml(learned.agreement.to_toml())
    assert read_back == learned.agreement
    verdicts = reclock(history, read_back).by_stop["resolved"]
    assert verdicts.is_judged.all()
    assert (verdicts.met == (history.flag == 1)).all()


def test_wrong_flags_are_listed_and_do_not_lead_astray():
    hidden = Hidden(office(BERLIN, "08:00", "18:00"), Target.parse("20h"))
    history = flagged(UNPAUSED, hidden)
    wrong = np.arange(10, len(history), 40)
    flag = history.flag.copy()
    flag[wrong] = 1 - flag[wrong]
    history = log_of(UNPAUSED, flag=flag, priority=["P3"] * len(history))

    learned = learn(history, zone=BERLIN)

    (rule,) = learned.rules
    assert (rule.hours, rule.target) == ("Mon–Fri 08:00–18:00 Europe/Berlin", "20h")
    assert learned.disagreements == tuple(f"T{k}" for k in wrong)
    assert reclock(history, learned.agreement).attainment()[0].share.n == len(history)


def test_what_the_flag_cannot_tell_is_said():
    """Nobody waits for the supplier in a way that any verdict shows."""
    hidden = Hidden(office(BERLIN, "08:00", "18:00"), Target.parse("10h"))
    history = flagged(UNPAUSED, hidden)
    rows = np.arange(5)
    at = history.reported[rows]
    told = {**TOLD, "waits": (rows, at, at + 60, ["supplier"] * 5)}
    history = log_of(told, flag=history.flag, priority=["P3"] * len(history))

    learned = learn(history, zone=BERLIN)

    assert learned.rules[0].stopped_by == ()
    assert (
        "Pauses of P3: no pauses; stopped by supplier explain the flag equally well."
        in learned.unidentified
    )


def test_it_learns_from_the_first_part_and_tests_on_the_rest():
    history = flagged(UNPAUSED, Hidden(Hours.always(BERLIN), Target.parse("48h")))
    heard: list[float] = []

    learned = learn(history, zone=BERLIN, progress=heard.append)

    last = np.sort(history.reported)[1049]
    assert learned.train_until.timestamp() == last
    train, test = learned.rules[0].agreement_train, learned.rules[0].agreement_test
    assert (train.n, test.n) == (1050, 450)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
