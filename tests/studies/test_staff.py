"""What each agreement takes in people: the team of a text, simulated under every one."""

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest

from tests.studies.given import WEEK, agreement, tickets
from tricorn.engine.errors import BadTeam
from tricorn.studies import Case, Choice, Plan, Study, study
from tricorn.studies.staff import staffing_of, with_staff

TOUCH = '[touch]\nmean = "40m"\n'
LONG = {day: ["06:00-22:00"] for day in WEEK}


def case():
    options = (Choice("long", agreement(LONG)), Choice("two", _two_hours()))
    return Case(tickets(400, days=14), Plan(Choice("now", agreement()), options))


def _two_hours():
    """Two clauses, one served at night too."""
    hours = {
        "desk": {"zone": "America/Sao_Paulo", "weekly": WEEK},
        "night": {"zone": "America/Sao_Paulo", "weekly": {"mon": ["20:00-06:00"]}},
    }
    clauses = [
        {"id": name, "stop": "resolved", "hours": where, "target": "8h", "priorities": [of]}
        for name, where, of in (("R1", "desk", "high"), ("R2", "night", "moderate"))
    ]
    return agreement(hours=hours, clause=clauses)


@pytest.fixture(scope="module")
def staffed():
    told = []
    found = with_staff(case(), study(case()), TOUCH, replications=20, heard=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    return found


def test_without_a_shift_it_looks_for_how_many_each_agreement_takes(staffed):
    now, long, two = staffed.staffing

    assert sum(now.needed.values()) == now.people >= 1
    assert sum(long.needed.values()) <= sum(now.needed.values())
    assert set(two.needed) == {"desk", "night"}
    assert now.within.low > 0.9
    assert long.wait.value < now.wait.value
    assert long.less.high < 0
    assert (now.target, now.replications) == ("4h", 20)


def test_several_processes_say_the_same(staffed):
    with ProcessPoolExecutor(2) as executor:
        spread = with_staff(case(), study(case()), TOUCH, replications=20, executor=executor)

    assert spread == staffed


def test_it_goes_through_json_and_onto_the_page(staffed):
    assert Study.from_data(json.loads(json.dumps(staffed.as_data()))) == staffed

    shown = staffing_of(staffed)
    assert [row[0] for row in shown.table.rows] == ["now", "long", "two"]
    assert "To begin 90 % of the tickets within 4h" in shown.sentence
    assert "finishes it" in shown.shift_rule
    assert staffing_of(replace(staffed, staffing=None)) is None


def test_a_team_with_too_much_work_is_said_and_the_others_are_simulated():
    team = TOUCH.replace("40m", "5h") + '[[shift]]\nname = "desk"\nagents = 4\n'
    now, long, _ = with_staff(case(), study(case()), team, replications=5).staffing

    assert now.people is None
    assert "grows without end" in now.problem
    assert sum(now.needed.values()) > 4
    assert long.needed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"team.toml, \[touch\]: missing"),
        (TOUCH + '[[shift]]\nname = "late"\nagents = 2\n', "no hours are called late"),
        ("[touch", "team.toml"),
    ],
)
def test_a_team_that_cannot_be_read_is_refused_with_its_place(text, said):
    with pytest.raises(BadTeam, match=said):
        with_staff(case(), study(case()), text, replications=5)
