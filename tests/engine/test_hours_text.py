"""Service hours as text: what is read back exactly, and what is refused with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.hours_given import HARD, hours_near
from tricorn.engine.errors import BadCalendar
from tricorn.engine.hours import Hours, Window

HEAD = 'zone = "Europe/Berlin"\n'
WEEK = HEAD + '[weekly]\nmon = ["08:00-12:00"]\n'


@settings(max_examples=30, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_hours_are_read_back_exactly(data):
    hours = data.draw(hours_near(*data.draw(st.sampled_from(HARD))))
    assert Hours.from_toml(hours.to_toml()) == hours
    assert Hours.from_data(hours.to_data()) == hours
    assert hash(Hours.from_data(hours.to_data())) == hash(hours)


def test_names_of_dates_survive_any_words():
    hours = Hours.from_toml(WEEK + '[[closed]]\non = 2024-12-24\nname = "\\"Heiligabend\\" 🎄\\n"')
    assert dict(hours.names) == {hours.closed[0]: '"Heiligabend" 🎄\n'}
    assert Hours.from_toml(hours.to_toml()) == hours


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("08:30-17:00", 30_600, 61_200),
        ("8:30 - 17:00", 30_600, 61_200),
        ("00:00-24:00", 0, 86_400),
        ("22:00-06:00", 79_200, 108_000),
        ("22:00-00:00", 79_200, 86_400),
        ("09:00:30-09:01", 32_430, 32_460),
    ],
)
def test_windows_are_read(text, start, end):
    window = Window.parse(text)
    assert window == Window(start, end)
    assert Window.parse(str(window)) == window


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            HEAD + '[weekly]\nmon = ["08:00-13:00", "12:00-17:00"]',
            "H.toml, weekly.mon[1]: 12:00-17:00 overlaps 08:00-13:00; "
            "join them or shorten one of them.",
        ),
        (
            HEAD + '[weekly]\nmon = ["22:00-06:00"]\ntue = ["05:00-09:00"]',
            "H.toml, weekly.tue[0]: 05:00-09:00 overlaps 22:00-06:00 of mon, "
            "which goes past midnight; shorten one of them.",
        ),
        (
            HEAD + '[weekly]\nsun = ["22:00-06:00"]\nmon = ["05:00-09:00"]',
            "H.toml, weekly.mon[0]: 05:00-09:00 overlaps 22:00-06:00 of sun",
        ),
        (HEAD + '[weekly]\nmon = ["8-17"]', 'weekly.mon[0]: "8-17" is not a window; write it like'),
        (HEAD + '[weekly]\nmon = ["08:00-25:00"]', "weekly.mon[0]:"),
        (HEAD + '[weekly]\nmon = ["24:00-02:00"]', "24:00 only as an end"),
        (HEAD + '[weekly]\nmon = ["08:00-08:00"]', "ends when it starts"),
        (HEAD + '[weekly]\nmon = "08:00-17:00"', "H.toml, weekly.mon: must be a list, not text."),
        (HEAD + "[weekly]\nmon = [8]", "weekly.mon[0]: must be text in quotes, not a number."),
        (HEAD + '[weekly]\nmonday = ["08:00-17:00"]', "weekly.monday: unknown key; known are: mon"),
        (HEAD + "weekly = 3", "weekly: must be a table, not a number."),
        (HEAD, "H.toml, weekly: missing; say when the desk is open"),
        ("[weekly]", "H.toml, zone: missing"),
        (
            'zone = "Europe/Berln"\n[weekly]',
            'H.toml, zone: "Europe/Berln" is not a known time zone; did you mean "Europe/Berlin"?',
        ),
        ('zone = "../etc/passwd"\n[weekly]', "is not a known time zone"),
        ('zone = ""\n[weekly]', "is not a known time zone"),
        ('zone = "Europe"\n[weekly]', "is not a known time zone"),
        ("zone = 1\n[weekly]", "zone: must be text in quotes"),
        (WEEK + "[[closed]]\non = 2023-02-29", "(at line 5, column"),
        (
            WEEK + '[[closed]]\non = "2023-02-29"',
            "H.toml, closed[0].on: 2023-02-29 is not a date of the calendar.",
        ),
        (WEEK + "[[closed]]\non = 2023-02-28T10:00:00", "closed[0].on:"),
        (WEEK + "[[closed]]\nwhen = 2023-02-28", "closed[0].when: unknown key"),
        (WEEK + "[[closed]]", "closed[0].on: missing"),
        (WEEK + "[closed]\non = 2023-02-28", "closed: must be a list, not a table."),
        (
            WEEK + "[[closed]]\non = 2024-02-29\n[[open]]\non = 2024-02-29\n"
            'windows = ["10:00-12:00"]',
            "H.toml, open[0].on: 2024-02-29 is both closed and open (see closed[0].on)",
        ),
        (WEEK + "[[closed]]\non = 2024-02-29\n[[closed]]\non = 2024-02-29", "named twice"),
        (WEEK + "[[open]]\non = 2024-02-29", "open[0].windows: missing"),
        (WEEK + "[[open]]\non = 2024-02-29\nwindows = []", "open[0].windows: empty"),
        (
            WEEK + '[[open]]\non = 2024-02-29\nwindows = ["10:00-12:00", "11:00-13:00"]',
            "open[0].windows[1]: 11:00-13:00 overlaps 10:00-12:00",
        ),
        (WEEK + '[holidays]\ncountry = "USA1"', 'holidays.country: "USA1" is not a known country'),
        (
            WEEK + '[holidays]\ncountry = "US"\nsubdivision = "XX"',
            'holidays.subdivision: "XX" is not a known subdivision of US; known are: AK',
        ),
        (WEEK + "[holidays]", "holidays.country: missing"),
        (WEEK + '[holidays]\ncountry = "US"\nstate = "MA"', "holidays.state: unknown key"),
        (WEEK + "tue = [", "H.toml is not TOML: "),
        (WEEK + "lunch = true", "weekly.lunch: unknown key"),
        ("\x00", "is not TOML"),
    ],
)
def test_hours_that_contradict_themselves_are_refused_with_the_place(text, sentence):
    with pytest.raises(BadCalendar) as refusal:
        Hours.from_toml(text)
    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("H.toml")


def test_a_table_of_an_agreement_names_its_own_place():
    with pytest.raises(BadCalendar) as refusal:
        Hours.from_data({"zone": "UTC", "weekly": {"mon": ["x"]}}, where="hours.desk")
    assert str(refusal.value).startswith('hours.desk.weekly.mon[0]: "x" is not a window')


def test_windows_that_touch_are_fine():
    Hours.from_toml(HEAD + '[weekly]\nmon = ["08:00-12:00", "12:00-24:00"]\ntue = ["00:00-03:00"]')


def test_leap_day_of_a_leap_year_is_a_date():
    assert Hours.from_toml(WEEK + "[[closed]]\non = 2024-02-29").closed[0].day == 29
