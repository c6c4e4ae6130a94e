"""Hours: the week as one types it, its picture, what is refused where, text in and out."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import BUSINESS, MONDAY, make_ticket
from tricorn.catalogue.models import ServiceHours
from tricorn.engine.hours import Hours

ADD = "/manage/hours/add/"
TYPED = {
    "name": "Front desk",
    "zone": "Europe/Berlin",
    "mon": "08:00-12:00, 13:00-17:00",
    "fri": "22:00-06:00",
    "country": "DE",
    "subdivision": "BE",
    "closed": "2026-12-24 Christmas Eve",
    "opened": "2026-12-31 08:00-10:00, 11:00-12:00 Short day",
}
SCRIPT = "<script>alert(1)</script>"
ICAL = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//hours//EN
BEGIN:VEVENT
UID:1
DTSTART:20260105T080000
DTEND:20260105T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU
SUMMARY:Desk
END:VEVENT
END:VCALENDAR
"""


def errors(response, field):
    return " ".join(response.context["form"].errors.get(field, []))


def test_hours_are_added_with_several_windows_holidays_and_other_dates(manage):
    response = manage.post(ADD, TYPED)

    hours = ServiceHours.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("manage:hours", args=[hours.pk])
    assert hours.spec["weekly"] == {
        "mon": ["08:00-12:00", "13:00-17:00"],
        "fri": ["22:00-06:00"],
    }
    assert hours.spec["holidays"] == {"country": "DE", "subdivision": "BE"}
    assert hours.spec["closed"] == [{"on": "2026-12-24", "name": "Christmas Eve"}]
    assert hours.spec["open"] == [
        {"on": "2026-12-31", "windows": ["08:00-10:00", "11:00-12:00"], "name": "Short day"}
    ]


def test_the_form_shows_hours_as_they_were_typed(manage):
    manage.post(ADD, TYPED)
    page = manage.get(reverse("manage:hours", args=[ServiceHours.objects.get().pk]))

    shown = page.context["form"].initial
    assert {name: shown[name] for name in TYPED} == TYPED


def test_the_picture_is_drawn_while_one_types_without_a_name_yet(manage):
    typed = {**TYPED, "name": ""}
    response = manage.post("/manage/hours/preview/", typed, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="_hours_preview"' in page
    assert "08:00–12:00" in page
    assert "today 13:00" in page
    assert "Christmas Eve" in page
    assert "2027: " in page
    assert "Sunday 8 March" in page
    assert ServiceHours.objects.count() == 0


def test_the_parts_of_a_country_follow_the_country_that_is_chosen(manage):
    typed = {**TYPED, "country": "US"}
    response = manage.post("/manage/hours/preview/", typed, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert 'hx-swap-oob="true"' in page
    assert "Massachusetts" in page
    assert "Bayern" not in page
    assert "Thanksgiving" in page


def test_without_a_script_the_button_shows_the_week_and_keeps_nothing(manage):
    response = manage.post(ADD, {**TYPED, "show": "yes"})

    assert response.status_code == 200
    assert "08:00–12:00" in response.content.decode()
    assert ServiceHours.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("zone", "Europe/Berln", "did you mean"),
        ("mon", "08:00-12:00, 11:00-14:00", "11:00-14:00 overlaps 08:00-12:00"),
        ("sat", "03:00-05:00", "goes past midnight"),
        ("tue", "8 to 5", "is not a window"),
        ("wed", "25:00-26:00", "00:00 to 23:59"),
        ("closed", "2026-12-24\n2027-02-29 Leap day", "Line 2: 2027-02-29 is not a date"),
        ("closed", "24.12.2026", "is not a date"),
        ("closed", "2026-12-31", "both closed and open"),
        ("opened", "2026-12-31", "names no windows"),
        ("opened", "2026-12-30 08:00-12:00, 11:00-13:00", "overlaps"),
        ("subdivision", "MA", "not one of the available choices"),
        ("country", "XX", "not one of the available choices"),
        ("name", "", "fill this in"),
        ("name", "x" * 121, "120"),
        ("mon", "\0", "Null characters"),
    ],
)
def test_what_cannot_be_is_said_where_it_was_typed_and_everything_stays(manage, field, typed, said):
    response = manage.post(ADD, {**TYPED, field: typed})

    assert response.status_code == 422
    where = "opened" if "both closed" in said else field
    assert said in errors(response, where)
    assert response.context["form"]["opened"].value() == {**TYPED, field: typed}["opened"]
    assert ServiceHours.objects.count() == 0


def test_the_29th_of_february_of_a_leap_year_is_a_date(manage):
    assert manage.post(ADD, {**TYPED, "closed": "2028-02-29 Leap day"}).status_code == 302


def test_day_and_night_is_one_tick(manage):
    manage.post(ADD, {"name": "Guards", "zone": "UTC", "always": "on"})

    hours = ServiceHours.objects.get()
    assert set(hours.spec["weekly"]) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
    page = manage.get(reverse("manage:hours", args=[hours.pk])).content.decode()
    assert "open now, day and night" in page


def test_two_hours_of_one_name_are_refused(manage, hours):
    response = manage.post(ADD, {**TYPED, "name": hours.name.upper()})

    assert response.status_code == 422
    assert "already" in errors(response, "name")


def test_running_clocks_keep_their_hours_when_hours_change(manage, mail, hours, una):
    ticket = make_ticket(una, mail, at=MONDAY)
    due = ticket.clocks.get(measure="resolution").due_at

    response = manage.post(
        reverse("manage:hours", args=[hours.pk]),
        {"name": hours.name, "zone": "Europe/Berlin", "tue": "10:00-11:00"},
        follow=True,
    )

    assert "running clocks keep theirs" in response.content.decode()
    assert ticket.clocks.get(measure="resolution").due_at == due
    assert mail.levels.get().targets.filter(until=None).first().spec["weekly"] == {
        "tue": ["10:00-11:00"]
    }


def test_hours_leave_as_text_and_come_back_the_same(manage, hours):
    text = manage.get(reverse("manage:hours-toml", args=[hours.pk]))
    assert Hours.from_toml(text.content.decode()) == Hours.from_data(BUSINESS)

    page = manage.post("/manage/hours/read/", {"text": text.content.decode()})

    assert page.status_code == 200
    assert page.context["form"].initial["mon"] == "08:00-20:00"
    assert "nothing is kept yet" in page.content.decode()
    assert ServiceHours.objects.count() == 1


def test_a_calendar_file_is_read_into_the_form(manage):
    file = SimpleUploadedFile("reading room.ics", ICAL.encode())
    page = manage.post("/manage/hours/read/", {"file": file, "zone": "Europe/Berlin"})

    assert page.status_code == 200
    shown = page.context["form"].initial
    assert (shown["name"], shown["zone"]) == ("reading room", "Europe/Berlin")
    assert (shown["mon"], shown["tue"], shown["wed"]) == ("08:00-17:00", "08:00-17:00", "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "zone = "}, "not TOML"),
        ({"text": ICAL}, "zone"),
        ({"text": "BEGIN:VCALENDAR\nrubbish"}, "iCalendar"),
        ({"text": ""}, "Paste a text"),
        ({"file": SimpleUploadedFile("h.toml", b"\xff\xfe\x00z")}, "UTF-8"),
    ],
)
def test_a_text_that_is_no_calendar_is_refused_and_stays(manage, given, said):
    response = manage.post("/manage/hours/read/", given)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_script_in_every_field_is_shown_as_text(manage):
    typed = dict.fromkeys(TYPED, SCRIPT)
    for url in (ADD, "/manage/hours/preview/"):
        page = manage.post(url, typed).content.decode()
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page

    manage.post(ADD, {**TYPED, "name": SCRIPT, "closed": f"2026-12-24 {SCRIPT}"})
    hours = ServiceHours.objects.get()
    for url in ("/manage/hours/", reverse("manage:hours", args=[hours.pk])):
        page = manage.get(url).content.decode()
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


def test_the_list_says_what_is_open_and_who_uses_it(manage, mail):
    page = manage.get("/manage/hours/").content.decode()

    assert "open now" in page
    assert "Mail" in page


def test_a_list_without_hours_says_how_to_begin(manage):
    assert "No hours yet" in manage.get("/manage/hours/").content.decode()


def test_far_dates_are_no_mistake_of_ours(manage):
    typed = {**TYPED, "closed": "0001-01-01\n9999-12-31"}

    assert manage.post(ADD, urlencode(typed), "application/x-www-form-urlencoded").status_code in (
        302,
        422,
    )
