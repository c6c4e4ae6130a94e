"""Service hours from iCalendar: what a calendar's events say about opening and closing."""

from datetime import date

import pytest

from tricorn.engine.errors import BadCalendar
from tricorn.engine.hours import Hours


def calendar(*events, zone="Europe/Berlin"):
    """Events as lines; TZID is added to local times."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20240101T000000Z"]
        lines += [
            line.replace("START:2", f"START;TZID={zone}:2").replace("END:2", f"END;TZID={zone}:2")
            if "T" in line.partition(":")[2]
            else line
            for line in event.strip().splitlines()
        ]
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


BUSINESS = """
DTSTART:20240101T080000
DTEND:20240101T180000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
"""


def windows(hours, day):
    return [str(window) for window in hours.windows_on(date.fromisoformat(day))]


def test_a_weekly_event_without_an_end_is_the_week():
    hours = Hours.from_ical(calendar(BUSINESS))
    assert hours == Hours.from_data(
        {
            "zone": "Europe/Berlin",
            "weekly": {d: ["08:00-18:00"] for d in ("mon", "tue", "wed", "thu", "fri")},
        }
    )


def test_an_excluded_date_is_closed_and_a_moved_one_has_its_own_windows():
    text = calendar(
        BUSINESS + "EXDATE;TZID=Europe/Berlin:20240102T080000",
        "DTSTART:20240103T100000\nDTEND:20240103T120000\n"
        "RECURRENCE-ID;TZID=Europe/Berlin:20240103T080000",
    ).replace("UID:1", "UID:0")
    hours = Hours.from_ical(text)
    assert hours.closed == (date(2024, 1, 2),)
    assert windows(hours, "2024-01-03") == ["10:00-12:00"]


def test_whole_days_are_closures_whatever_their_transparency():
    event = "SUMMARY:Inventory\nDTSTART;VALUE=DATE:20240110\nDTEND;VALUE=DATE:20240112"
    hours = Hours.from_ical(calendar(BUSINESS, event + "\nTRANSP:TRANSPARENT"))
    assert hours.closed == (date(2024, 1, 10), date(2024, 1, 11))
    assert hours.name_of(date(2024, 1, 11)) == "Inventory"


def test_a_yearly_whole_day_closes_every_year_and_leap_day_only_leap_years():
    eve = "DTSTART;VALUE=DATE:20241224\nRRULE:FREQ=YEARLY"
    leap = "DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY"
    closed = Hours.from_ical(calendar(BUSINESS, eve, leap)).closed
    assert {date(2024, 12, 24), date(2077, 12, 24), date(2028, 2, 29)} <= set(closed)
    assert date(2025, 3, 1) not in closed


def test_a_timed_event_called_closed_is_taken_away():
    lunch = BUSINESS.replace("T08", "T12").replace("T18", "T13") + "SUMMARY:Closed for lunch"
    party = "SUMMARY:closed (party)\nDTSTART:20240105T150000\nDTEND:20240105T200000"
    hours = Hours.from_ical(calendar(BUSINESS, lunch, party))
    assert windows(hours, "2024-01-04") == ["08:00-12:00", "13:00-18:00"]
    assert windows(hours, "2024-01-05") == ["08:00-12:00", "13:00-15:00"]


def test_finite_rules_and_single_events_add_to_the_week():
    sales = (
        "DTSTART:20240106T100000\nDTEND:20240106T140000\n"
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2;BYDAY=SA"
    )
    late = "DTSTART:20240108T170000\nDTEND:20240108T200000"
    hours = Hours.from_ical(calendar(BUSINESS, sales, late))
    assert [day for day, _ in hours.opened] == [
        date(2024, 1, 6),
        date(2024, 1, 8),
        date(2024, 1, 20),
    ]
    assert windows(hours, "2024-01-08") == ["08:00-20:00"]


def test_until_is_the_last_day_and_cancelled_events_say_nothing():
    until = BUSINESS.replace("FREQ=WEEKLY", "FREQ=WEEKLY;UNTIL=20240103T235959Z")
    gone = "STATUS:CANCELLED\nDTSTART:20240106T100000\nDTEND:20240106T140000"
    hours = Hours.from_ical(calendar(until, gone))
    assert [day.day for day, _ in hours.opened] == [1, 2, 3]
    assert hours.weekly == ((),) * 7


def test_nights_and_whole_weekends_are_kept_whole():
    night = "DTSTART:20240101T220000\nDTEND:20240102T060000\nRRULE:FREQ=WEEKLY"
    weekend = "DTSTART:20240105T180000\nDTEND:20240108T070000\nRRULE:FREQ=WEEKLY"
    hours = Hours.from_ical(calendar(night, weekend))
    assert [[str(w) for w in day] for day in hours.weekly] == [
        ["00:00-07:00", "22:00-06:00"],
        [],
        [],
        [],
        ["18:00-24:00"],
        ["00:00-24:00"],
        ["00:00-24:00"],
    ]


AVAILABILITY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VAVAILABILITY
UID:all-year
DTSTAMP:20240101T000000Z
BEGIN:AVAILABLE
UID:week
DTSTART;TZID=America/Montreal:20240101T090000
DTEND;TZID=America/Montreal:20240101T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
END:AVAILABLE
END:VAVAILABILITY
BEGIN:VAVAILABILITY
UID:summer
PRIORITY:1
DTSTAMP:20240101T000000Z
DTSTART;TZID=America/Montreal:20240701T000000
DTEND;TZID=America/Montreal:20240708T000000
BEGIN:AVAILABLE
UID:short
DTSTART;TZID=America/Montreal:20240701T090000
DURATION:PT3H
RRULE:FREQ=WEEKLY;BYDAY=MO,WE
END:AVAILABLE
END:VAVAILABILITY
END:VCALENDAR
""".replace("\n", "\r\n")


def test_availability_is_the_week_and_a_bounded_one_replaces_it_while_it_lasts():
    hours = Hours.from_ical(AVAILABILITY)
    assert hours.zone == "America/Montreal"
    assert windows(hours, "2024-06-28") == ["09:00-17:00"]
    assert windows(hours, "2024-07-01") == ["09:00-12:00"]
    assert windows(hours, "2024-07-02") == []
    assert windows(hours, "2024-07-08") == ["09:00-17:00"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "iCalendar: no event says when anything is open."),
        ("not a calendar", "iCalendar: this cannot be read"),
        (b"\xff\xfe\x00", "iCalendar: "),
        (calendar("DTSTART;VALUE=DATE:20240101"), "iCalendar: no time says its zone"),
        (calendar(BUSINESS, zone="Mars/Olympus"), 'zone: "Mars/Olympus" is not a known time zone'),
        (
            calendar(BUSINESS.replace("WEEKLY", "MONTHLY") + "SUMMARY:Odd"),
            'iCalendar, "Odd": service hours cannot repeat monthly like this',
        ),
        (calendar(BUSINESS.replace("WEEKLY", "WEEKLY;INTERVAL=2")), "give it an UNTIL"),
        (calendar(BUSINESS.replace("BYDAY=MO", "BYDAY=1MO")), "BYDAY=1MO is no day of the week"),
        (calendar(BUSINESS.replace("WEEKLY", "WEEKLY;BYHOUR=9")), "cannot say BYHOUR"),
        (calendar(BUSINESS.replace("END:20240101", "END:20231231")), "it ends before it starts"),
        (calendar(BUSINESS.replace("START:20240101T", "START:20249901T")), "iCalendar: "),
    ],
)
def test_what_a_week_and_dates_cannot_say_is_refused(text, sentence):
    with pytest.raises(BadCalendar) as refusal:
        Hours.from_ical(text)
    assert sentence in str(refusal.value)
