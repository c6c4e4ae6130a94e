"""Is it working now: what a visitor and a person of their own name read of outages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, SATURDAY
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.parties.verbs import add_place
from tricorn.tickets import verbs
from tricorn.tickets.verbs import Noted

DAY = timedelta(days=1)


@pytest.fixture
def lifts(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Lifts", provider=house.provider, hours=hours)


def begin(service, at=SATURDAY, **more):
    noted = replace(Noted(services=(service,), began_at=at), **more)
    return verbs.begin_outage(
        noted, by=COMMAND, at=max(at, SATURDAY) if not noted.is_planned else SATURDAY
    )


def read(client, path="/"):
    return " ".join(client.get(path).content.decode().split())


def test_what_works_is_said_calmly(client, mail, at):
    page = read(client)

    assert "Mail works now" in page
    assert "Report anyway" not in page


def test_who_is_about_to_report_a_known_outage_reads_it_first(client, mail, at):
    begin(mail, MONDAY - HOUR, summary="The disk is full")
    at(NOON)

    page = read(client, "/at/reception/")

    said = "Mail is not working since 07:00; we know. The disk is full."
    assert page.index("Call 5555") < page.index(said) < page.index("<textarea")
    assert '<a href="#id_text">Report anyway</a>' in page
    assert "since 07:00, being repaired. The disk is full." in page


def test_while_the_desk_is_closed_nobody_claims_that_it_is_being_repaired(client, mail, at):
    begin(mail)
    at(SATURDAY + HOUR)

    page = read(client)

    assert "Mail is not working since 10:00; we know. The desk opens Monday 08:00" in page
    assert "being repaired" not in page


def test_it_is_reported_anyway(client, mail, at):
    begin(mail)

    page = client.post("/", {"text": "Mail is down", "word": ""}, follow=True)

    assert "Your reference is" in page.content.decode()


def test_what_ended_or_was_taken_back_is_not_told(client, mail, lifts, at):
    verbs.end_outage(begin(mail), by=COMMAND, at=MONDAY - HOUR)
    verbs.take_back_outage(begin(lifts), by=COMMAND, at=MONDAY - HOUR)

    page = read(client)

    assert "Mail works now" in page
    assert "Lifts works now" in page
    assert "not working" not in page


def test_planned_work_is_announced_a_week_before_and_told_while_it_lasts(client, mail, at):
    begin(mail, MONDAY + 5 * DAY, ended_at=MONDAY + 5 * DAY + 2 * HOUR, is_planned=True)

    at(MONDAY - 3 * DAY)
    assert "planned work" not in read(client)
    at(MONDAY)
    assert "planned work Saturday 08:00, in 5 days." in read(client)
    at(MONDAY + 5 * DAY + HOUR)
    page = read(client)
    assert "Mail: planned work" in page
    assert "until 10:00." in page
    assert "we know" not in page
    at(MONDAY + 5 * DAY + 2 * HOUR)
    assert "Mail works now" in read(client)


def test_an_outage_at_some_places_is_told_there_and_in_what_lies_in_them(
    client, mail, lifts, reception, at
):
    hall = add_place(by=COMMAND, at=LONG_AGO, name="Harbour House", slug="harbour")
    lift = add_place(by=COMMAND, at=LONG_AGO, name="Lift B", slug="lift-b", within=hall)
    begin(mail, places=(hall,))

    assert "Mail is not working" not in read(client, "/at/reception/")
    assert "Mail is not working" in read(client, "/at/harbour/")
    assert "Mail is not working since" in read(client, f"/at/{lift.slug}/")
    assert "Mail is not working at Harbour House since" in read(client)


def test_only_services_that_take_reports_and_are_met_there_are_told(
    client, mail, lifts, reception, at
):
    assert "Lifts works now" not in read(client, "/at/reception/")
    lifts.is_open_to_reports = False
    lifts.save()

    assert "Lifts" not in read(client)


def test_many_that_work_are_folded_away_and_what_does_not_stands_first(client, house, hours, at):
    services = [
        add_service(
            by=COMMAND, at=LONG_AGO, name=f"Room {n:02}", provider=house.provider, hours=hours
        )
        for n in range(10)
    ]
    begin(services[7])

    page = read(client)

    assert "9 more work now" in page
    assert page.index("Room 07 is not working</span>") < page.index("Room 00 works now")


def test_two_outages_of_one_service_are_one_line(client, mail, reception, at):
    begin(mail, SATURDAY + HOUR, places=(reception,))
    begin(mail, SATURDAY)

    assert read(client).count("Mail is not working</span>") == 1


def test_the_clock_that_changes_is_told_in_local_time(client, mail, at):
    sunday = MONDAY.replace(day=25, hour=0, minute=30)  # 02:30 in Berlin, before the change
    begin(mail, sunday)
    at(sunday + HOUR)  # 02:30 again

    assert "since 02:30" in read(client)


def test_a_page_costs_one_query_more_for_no_outage_and_for_many(
    client, mail, lifts, reception, at, django_assert_num_queries
):
    with django_assert_num_queries(6):
        client.get("/")
    begin(mail)
    begin(mail, SATURDAY, places=(reception,))
    begin(lifts)
    with django_assert_num_queries(6):
        client.get("/")
    with django_assert_num_queries(8):
        client.get("/at/reception/")


def test_my_services_say_how_each_stands(client, cleo, a7, mail, at):
    begin(mail, MONDAY - HOUR)
    client.force_login(cleo)

    page = read(client, "/my/")
    asking = read(client, "/my/ask/")

    assert "Mail is not working" in page
    assert "since 07:00, being repaired." in page
    assert "Mail is not working since 07:00; we know." in asking


def test_what_somebody_typed_is_shown_escaped(client, mail, at):
    begin(mail, summary="<b>bold</b>")

    assert "<b>bold" not in read(client)
