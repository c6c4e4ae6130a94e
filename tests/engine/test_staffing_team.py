"""A team as text: who works when, and sentences for what cannot be."""

from datetime import UTC, date, datetime

import pytest

from tricorn.engine.errors import BadCalendar, BadTeam
from tricorn.engine.hours import Hours
from tricorn.engine.staffing import Agent, Team, Touch

TEAM = """
[hours.early]
zone = "Europe/Berlin"
weekly = {mon = ["06:00-14:00"], tue = ["06:00-14:00"]}

[hours.night]
zone = "Europe/Berlin"
weekly = {mon = ["22:00-06:00"]}

[[shift]]
name = "early"
agents = 2

[[shift]]
name = "nights"
hours = "night"
agents = 1
from = 2026-02-01

[[agent]]
name = "Desi"
shifts = ["early", "nights"]
until = 2026-01-05

[[agent]]
name = "Dana"
hours = ["desk", "night"]

[touch]
mean = "25m"
by_priority = {"1 - Critical" = "1h30m"}
shape = "exponential"
"""
DESK = Hours.from_data({"zone": "Europe/Berlin", "weekly": {"wed": ["09:00-12:00"]}})


def second(day, hour=0):
    """In Berlin in winter."""
    return int(datetime(2026, 1, day, hour, tzinfo=UTC).timestamp()) - 3600


def stretches(team, name, first, last):
    duty = team.duty(first, last)
    code = [agent.name for agent in team.agents].index(name)
    rows = zip(duty.agent, duty.start, duty.end, strict=True)
    return [(int(a), int(b)) for agent, a, b in rows if agent == code]


def test_a_team_is_its_shifts_and_its_people_by_name():
    team = Team.from_toml(TEAM, hours={"desk": DESK})

    names = [agent.name for agent in team.agents]
    assert names == ["early 1", "early 2", "nights 1", "Desi", "Dana"]
    assert team.shifts == {"early": 2, "nights": 1}
    assert team.agents[2].from_on == date(2026, 2, 1)


def test_everybody_is_on_duty_in_their_own_hours_from_day_to_day():
    team = Team.from_toml(TEAM, hours={"desk": DESK})
    week = second(5), second(12)  # Monday the 5th to Monday the 12th

    early = [(second(5, 6), second(5, 14)), (second(6, 6), second(6, 14))]
    assert stretches(team, "early 1", *week) == stretches(team, "early 2", *week) == early
    assert stretches(team, "nights 1", *week) == []
    # The fifth is the last day: the night that begins on it is cut at midnight.
    assert stretches(team, "Desi", *week) == [early[0], (second(5, 22), second(6))]
    assert stretches(team, "Dana", *week) == [
        (second(5, 22), second(6, 6)),
        (second(7, 9), second(7, 12)),
    ]
    assert stretches(team, "early 1", second(5, 8), second(5, 9)) == [(second(5, 8), second(5, 9))]


def test_shifts_can_be_resized_and_the_people_by_name_stay():
    team = Team.from_toml(TEAM, hours={"desk": DESK}).resized({"early": 1, "nights": 2})

    names = [agent.name for agent in team.agents]
    assert names == ["Desi", "Dana", "early 1", "nights 1", "nights 2"]
    assert team.agents[3].from_on == date(2026, 2, 1)
    with pytest.raises(BadTeam, match=r"no shift late. Its shifts: early, nights"):
        team.resized({"late": 1})
    assert Team.of({"desk": (DESK, 3)}).shifts == {"desk": 3}


def test_touch_times_are_read_from_the_same_text():
    touch = Touch.from_toml(TEAM)

    assert touch == Touch(1500.0, {"1 - Critical": 5400.0}, "exponential")
    assert touch.means(["1 - Critical", "2 - High"]).tolist() == [5400, 1500]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"team.toml, \[\[shift\]\]: nobody works in this team"),
        ('[[shift]]\nname = "early"', r"shift 1, hours: no hours are called early.*known: desk"),
        ('[[shift]]\nname = "desk"', "nobody works in this team, so no ticket would ever be begun"),
        ('[[shift]]\nname = "desk"\nagents = -1', "shift 1, agents: how many people, like 3"),
        ('[[shift]]\nname = "desk"\nagents = true', "shift 1, agents: how many people, like 3"),
        ('[[shift]]\nname = "desk"\nagents = 1\n' * 2, "there is a shift desk already"),
        ("[[shift]]\nagents = 1", "shift 1, name: is missing"),
        ('[shift]\nname = "desk"', "is written with double brackets"),
        ('[[agent]]\nname = "Desi"', "agent 1: Desi has no hours"),
        ('[[agent]]\nname = "Desi"\nshifts = ["late"]', "no shift is called late. Known: none"),
        ('[[agent]]\nname = "Desi"\nhours = 8', "hours is a name or a list of names"),
        ('[[agent]]\nname = "Desi"\nhours = "desk"\nskill = 1', "agent 1, skill: is not known"),
        ('[[agent]]\nname = "Desi"\nhours = "desk"\n' * 2, "2 people are called Desi"),
        ('[[agent]]\nname = "D"\nhours = "desk"\nfrom = 3', "from: is a date like 2026-05-04"),
        ('[[agent]]\nname = "D"\nhours = "desk"\nfrom = 0001-01-01', "lies between 1900 and 2199"),
        (
            '[[agent]]\nname = "D"\nhours = "desk"\nfrom = 2026-03-01\nuntil = "2026-02-01"',
            "until: 2026-02-01 lies before 2026-03-01",
        ),
        ("people = 3", "people: is not known here. Known: hours, shift, agent, touch"),
        ("hours = 3", r"\[hours\]: is a table"),
        ("[[shift]", "team.toml is not TOML"),
    ],
)
def test_a_text_that_is_no_team_is_refused_with_its_place(text, sentence):
    with pytest.raises(BadTeam, match=sentence):
        Team.from_toml(text, hours={"desk": DESK})


def test_hours_of_a_team_that_contradict_themselves_are_refused_by_their_own_sentence():
    with pytest.raises(BadCalendar, match=r"team.toml, hours.early.weekly"):
        Team.from_toml('[hours.early]\nzone = "Europe/Berlin"\nweekly = {mon = ["9-8"]}')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"\[touch\]: missing. Say how long the work on a ticket takes"),
        ("[touch]\n", "touch.mean: missing; write hours and minutes"),
        ("[touch]\nmean = 25", "touch.mean: 25 is no working time"),
        ('[touch]\nmean = "3d"', "touch.mean: '3d' is no working time"),
        ('[touch]\nmean = "5m"\nspread = 2', "touch.spread: is not known here"),
        ('[touch]\nmean = "5m"\nshape = "flat"', "Touch times are lognormal, exponential, fixed"),
        ('[touch]\nmean = "5m"\nvariation = "much"', "touch.variation: is a number like 1.2"),
        ('[touch]\nmean = "5m"\nvariation = nan', "A variation of nan is not above 0"),
        ('[touch]\nmean = "5m"\nby_priority = 3', "touch.by_priority: is a table"),
        ('[touch]\nmean = "9000h"', "more than nothing, at most a year"),
    ],
)
def test_touch_times_that_cannot_be_are_refused_with_their_place(text, sentence):
    with pytest.raises(BadTeam, match=sentence):
        Touch.from_toml(text)


def test_people_that_cannot_be_are_refused():
    with pytest.raises(BadTeam, match="Desi has no hours"):
        Agent("Desi", ())
    with pytest.raises(BadTeam, match="-1 people cannot work in the shift desk"):
        Team.of({"desk": (DESK, -1)})
    with pytest.raises(BadTeam, match="more than 10,000"):
        Team.of({"desk": (DESK, 10_001)})
