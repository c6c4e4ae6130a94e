"""One history under today's agreement and under others."""

import json
from concurrent.futures import ProcessPoolExecutor
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.given import DAY, HOUR, MONDAY, WEEK, agreement, tickets
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Schedule
from tricorn.engine.replay import Extra, History, coverage, reclock
from tricorn.studies import Case, Choice, Plan, Study, check_flag, study, within

SATURDAY = {**WEEK, "sat": ["09:00-13:00"]}


def tried(history, now, *options, **more):
    choices = tuple(Choice(f"option {k}", each) for k, each in enumerate(options))
    return study(Case(history, Plan(Choice("now", now), choices, **more)))


def test_the_same_agreement_again_changes_nothing():
    found = tried(tickets(), agreement(), agreement())
    now, same = found.options

    assert same.change.better == same.change.worse == 0
    assert same.change.hours_saved == (0, 0)
    assert same.change.tickets_gained == same.change.tickets_lost == (0, 0)
    assert same.clauses == now.clauses
    assert same.demand == now.demand


def test_what_a_saturday_would_have_covered_is_what_coverage_counts_for_it():
    history, extra = tickets(), Extra.parse("sat 09:00-13:00")
    found = tried(history, agreement(), agreement(SATURDAY), windows=(extra,))
    gain = coverage(history, Schedule(agreement().hours["desk"]), windows=[extra]).gains[0]
    change = found.options[1].change

    assert change.tickets_gained == (gain.tickets.low, gain.tickets.high)
    assert change.hours_saved == pytest.approx(gain.seconds.hours, abs=0.01)
    assert found.options[0].windows[0].tickets == change.tickets_gained
    assert 0 < change.people_helped <= change.tickets_gained[0]


def test_fewer_hours_lose_what_more_hours_would_gain():
    wider = tried(tickets(), agreement(), agreement(SATURDAY)).options[1].change
    narrower = tried(tickets(), agreement(SATURDAY), agreement()).options[1].change

    assert narrower.tickets_lost == wider.tickets_gained
    assert narrower.tickets_gained == (0, 0)
    assert narrower.hours_saved == tuple(-hours for hours in reversed(wider.hours_saved))


@settings(max_examples=25)
@given(
    day=st.sampled_from(["mon", "wed", "sat", "sun"]),
    begin=st.integers(0, 22),
    length=st.integers(1, 20),
    hours=st.integers(1, 60),
    more=st.integers(0, 60),
)
def test_more_coverage_and_longer_targets_never_look_worse(day, begin, length, hours, more):
    history = tickets(60)
    window = f"{begin:02}:00-{(begin + min(length, 24 - begin)):02}:00"
    wider = Extra.parse(f"{day} {window}").added_to(agreement().hours["desk"])
    found = tried(
        history,
        agreement(target=f"{hours}h"),
        agreement(wider.to_data()["weekly"], target=f"{hours}h"),
        agreement(target=f"{hours + more}h"),
    )
    now, covered, longer = found.options

    assert covered.uncovered_share[0] <= now.uncovered_share[0]
    assert all(a <= b for a, b in zip(covered.uncovered_hours, now.uncovered_hours, strict=True))
    assert covered.change.hours_saved[0] >= 0
    assert longer.promises[0].met >= now.promises[0].met
    assert longer.change.worse == 0


def test_clauses_with_hours_of_their_own_are_added_up():
    one = agreement()
    two = agreement(
        hours={name: {"zone": "America/Sao_Paulo", "weekly": WEEK} for name in ("desk", "second")},
        clause=[
            {"id": name, "stop": "resolved", "hours": hours, "target": "8h", "priorities": [of]}
            for name, hours, of in (("R1", "desk", "high"), ("R2", "second", "moderate"))
        ],
    )
    a, b = tried(tickets(), one, two).options

    assert (a.uncovered_hours, a.uncovered_tickets) == (b.uncovered_hours, b.uncovered_tickets)
    assert a.demand == b.demand
    assert b.change.hours_saved == (0, 0)
    assert [each.n for each in b.promises] == [each.n for each in a.clauses]


def test_it_goes_through_json_and_comes_back_whole():
    found = tried(tickets(40), agreement(), agreement(SATURDAY))

    data = json.loads(json.dumps(found.as_data()))

    assert Study.from_data(data) == found
    assert "flag_check" not in data


def test_several_processes_say_the_same():
    plan = Plan(Choice("now", agreement()), (Choice("sat", agreement(SATURDAY)),))
    with ProcessPoolExecutor(2) as executor:
        assert study(Case(tickets(), plan), executor=executor) == study(Case(tickets(), plan))


def test_ten_tickets_cannot_tell():
    found = tried(tickets(10), agreement())

    assert not found.options[0].promises[0].can_tell
    assert found.options[0].promises[0].is_kept is None
    assert "10 tickets are too few to tell anything from." in [
        caveat.sentence for caveat in found.caveats
    ]


def test_all_in_one_hour_is_said():
    one_hour = MONDAY + 9 * HOUR + np.arange(50)
    history = History.from_columns([str(k) for k in range(50)], one_hour, resolved=one_hour + HOUR)

    assert "one-hour" in [caveat.code for caveat in tried(history, agreement()).caveats]


def test_why_a_wider_desk_looks_worse_is_said_where_it_does():
    nights = agreement({day: ["00:00-24:00"] for day in WEEK})
    wider = [caveat.code for caveat in tried(tickets(), agreement(), nights).caveats]
    same = [caveat.code for caveat in tried(tickets(), agreement(), agreement(target="4h")).caveats]

    assert "wider-looks-later" in wider
    assert "wider-looks-later" not in same


def test_every_ticket_is_in_the_spread_or_was_not_judged():
    found = tried(tickets(), agreement(), agreement(target="3d"))
    for option in found.options:
        assert sum(option.spreads[0].counts) == option.promises[0].n
        assert option.promises[0].n + sum(option.excluded.values()) == found.tickets
    assert found.options[1].spreads[0].target is None


def test_the_log_of_its_own_verdicts_agrees_with_itself():
    history = tickets()
    met = reclock(history, agreement()).by_stop["resolved"].met
    flagged = History.from_columns(
        history.refs,
        history.reported,
        priority=[history.priorities[k] for k in history.priority],
        resolved=history.resolved,
        closed=history.closed,
        flag=met.astype(np.int8),
    )

    checks = check_flag(reclock(flagged, agreement()))

    assert [(each.n > 50, each.flag_agreement) for each in checks] == [(True, 1.0)] * 2
    worse = check_flag(reclock(flagged, agreement(target="1h")))
    assert all(each.flag_agreement < 1 for each in worse)
    with pytest.raises(BadInput, match="does not say which promises were met"):
        check_flag(reclock(history, agreement()))


def test_days_are_those_of_the_zone_and_the_others_are_counted():
    history = tickets()
    chosen = within(history, date(2016, 3, 7), date(2016, 3, 13), "America/Sao_Paulo")

    first = MONDAY + 7 * DAY + 3 * HOUR  # three hours behind UTC
    assert first <= chosen.reported.min()
    assert chosen.reported.max() < first + 7 * DAY
    assert chosen.excluded["outside-period"] == len(history) - len(chosen)
    with pytest.raises(BadInput, match="the history goes from 2016-02-29 to 2016-03-2"):
        within(history, date(2017, 1, 1), None, "UTC")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((Choice("now", agreement()),), "Two of the agreements are called 'now'"),
        (
            (
                Choice("A", agreement(price=(400, "EUR"))),
                Choice("B", agreement(price=(450, "CHF"))),
            ),
            "Prices in two currencies cannot be compared: A in EUR and B in CHF",
        ),
        (tuple(Choice(str(k), agreement()) for k in range(41)), "41 options at once"),
        ((Choice("A", agreement({})),), "A: the hours “desk” are never open"),
    ],
)
def test_what_cannot_be_compared_is_refused(options, said):
    with pytest.raises(BadInput, match=said):
        Plan(Choice("now", agreement()), options)


def test_no_ticket_at_all_is_said_with_what_was_left_out():
    empty = History.from_columns([], np.array([], dtype=np.int64), excluded={"cancelled": 3})

    with pytest.raises(BadInput, match=r"no ticket to try it on. Left out: .* \(3\)"):
        tried(empty, agreement())
