"""Random service hours near the days on which zones do what nobody expects."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tricorn.engine.hours import Hours, Window
from tricorn.engine.hours.spec import Holidays

# A zone and a day near which its clock changes, or a date is skipped, or nothing happens at all.
HARD = [
    ("Europe/Berlin", date(2024, 3, 31)),
    ("Europe/Berlin", date(2024, 10, 27)),
    ("Europe/Berlin", date(2060, 3, 28)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),  # half an hour
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # midnight does not exist
    ("America/Sao_Paulo", date(2018, 2, 18)),  # the last hour of Saturday comes twice
    ("Asia/Beirut", date(2024, 3, 31)),
    ("Asia/Beirut", date(2024, 10, 27)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("Africa/Cairo", date(2024, 11, 1)),
    ("Africa/Casablanca", date(2024, 3, 10)),  # winter time for Ramadan
    ("Africa/Casablanca", date(2024, 4, 14)),
    ("Pacific/Apia", date(2011, 12, 30)),  # this Friday never was
    ("Asia/Pyongyang", date(2015, 8, 15)),  # half an hour, once
    ("Asia/Pyongyang", date(2018, 5, 5)),
    ("America/New_York", date(2015, 11, 1)),
    ("America/St_Johns", date(2010, 11, 7)),  # falls back at one minute past midnight
    ("Asia/Kathmandu", date(2024, 5, 1)),
    ("Antarctica/Troll", date(2024, 3, 31)),  # two hours
    ("UTC", date(2024, 2, 29)),
]
MONROVIA = ("Africa/Monrovia", date(1972, 1, 7))  # leaves an offset of 44 minutes and 30 seconds
WEEK = 7 * 1440


@st.composite
def weeks(draw: st.DrawFn, grain: int = 5) -> tuple[tuple[Window, ...], ...]:
    """Windows cut out of one round week, so some pass midnight and some pass Sunday."""
    marks = st.integers(0, WEEK // grain - 1)
    cuts = sorted(draw(st.lists(marks, min_size=2, max_size=24, unique=True)))
    turn = draw(st.integers(0, WEEK - 1))
    days: list[list[Window]] = [[] for _ in range(7)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        minutes = min((end - start) * grain, 1440)
        day, minute = divmod((start * grain + turn) % WEEK, 1440)
        whole = minutes == 1440 and minute > 0  # a minute less: only a date is a whole day
        days[day].append(Window(minute * 60, (minute + minutes - whole) * 60))
    return tuple(tuple(sorted(day)) for day in days)


@st.composite
def hours_near(draw: st.DrawFn, zone: str, day: date) -> Hours:
    week = draw(st.one_of(weeks(), st.just(((Window(0, 86_400),),) * 7), st.just(NIGHTS)))
    around = st.integers(-4, 9).map(lambda n: day + timedelta(days=n))
    strange = draw(st.lists(around, max_size=4, unique=True))
    split = draw(st.integers(0, len(strange)))
    own = st.lists(st.sampled_from(DATED), min_size=1, max_size=2, unique=True).map(apart)
    return Hours(
        zone=zone,
        weekly=week,
        holidays=draw(st.sampled_from([None, Holidays("US", "MA"), Holidays("DE", "BY")])),
        closed=tuple(strange[:split]),
        opened=tuple((day, draw(own)) for day in strange[split:]),
    )


NIGHTS = ((Window(22 * 3600, 30 * 3600),),) * 7
DATED = [
    Window(0, 86_400),
    Window(9 * 3600, 12 * 3600),
    Window(2 * 3600 + 900, 2 * 3600 + 2700),
    Window(13 * 3600, 20 * 3600),
    Window(22 * 3600, 30 * 3600),
]


def apart(windows: list[Window]) -> tuple[Window, ...]:
    """Only the first of windows that overlap."""
    kept: list[Window] = []
    for window in windows:
        if all(window.start >= other.end or other.start >= window.end for other in kept):
            kept.append(window)
    return tuple(kept)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Service hours and a whole minute close to the hard day."""
    zone, day = draw(st.sampled_from(HARD))
    hours = draw(hours_near(zone, day))
    minutes = draw(st.integers(-3 * 1440, 2 * 1440))
    return hours, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
