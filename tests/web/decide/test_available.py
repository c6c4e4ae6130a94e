"""Availability at Decide: the share of service hours, with the arithmetic, from recorded outages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import A7
from tests.web.decide.month import COMMAND, HOUR, LONG_AGO, READ_AT, SATURDAY
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement
from tricorn.tickets import verbs
from tricorn.tickets.verbs import Noted

MINUTE = timedelta(minutes=1)


def down(service, start, end, **more):
    noted = Noted(services=(service,), began_at=start, ended_at=end, **more)
    return verbs.begin_outage(noted, by=COMMAND, at=READ_AT)


def test_nothing_recorded_is_said_as_that(read, clive, a7):
    _, page = read(clive)

    assert "<strong>no outage recorded</strong> Mail" in page
    assert "in 264 h of service; recorded outages only" in page
    assert "No outage is on record." in page


def test_the_saturday_costs_its_monday_morning(read, clive, mail, a7):
    down(mail, SATURDAY, SATURDAY + 46 * HOUR + 55 * MINUTE)

    _, page = read(clive)

    assert "<strong>99.65 %</strong> available: Mail" in page
    assert "55 min down in 264 h of service; recorded outages only" in page
    assert "Down from Mon 12 Oct 2026 08:00 to Mon 12 Oct 2026 08:55: 55 minutes." in page
    assert "263 hours 5 minutes of 264 hours is 99.65 %." in page


def test_an_outage_of_a_night_is_on_record_and_takes_nothing_away(read, clive, mail, a7):
    down(mail, SATURDAY, SATURDAY + 10 * HOUR)

    _, page = read(clive)

    assert "<strong>100 %</strong> available: Mail" in page
    assert "nothing down in 264 h of service" in page


def test_planned_work_and_what_was_taken_back_are_not_down(read, clive, mail, a7):
    monday = SATURDAY + 48 * HOUR
    down(mail, monday, monday + 2 * HOUR, is_planned=True)
    verbs.take_back_outage(down(mail, monday, monday + HOUR), by=COMMAND, at=READ_AT)

    _, page = read(clive)

    assert "no outage recorded" in page
    assert "counted apart and not as down: 2 hours." in page


def test_one_that_lasts_is_down_to_the_end_of_the_month_and_begins_in_the_month_before(
    read, clive, mail, a7
):
    down(mail, SATURDAY - 30 * 24 * HOUR, None)

    assert "<strong>0 %</strong> available: Mail" in read(clive)[1]


def test_a_version_that_begins_within_the_month_counts_from_its_day(read, clive, mail, house):
    text = A7.replace("from = 2026-05-04", "from = 2026-10-12")
    activate(Agreement.from_toml(text, "A-7.toml"), by=COMMAND, at=LONG_AGO)
    down(mail, SATURDAY - 24 * HOUR, SATURDAY - 22 * HOUR)

    _, page = read(clive)

    assert "in 180 h of service" in page
    assert "no outage recorded" in page


def test_outages_cost_one_query_however_many(client, clive, mail, a7):
    client.force_login(clive)
    client.get("/decide/")

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/decide/")
        return len(found)

    few = queries()
    for n in range(12):
        down(mail, SATURDAY + n * HOUR, SATURDAY + n * HOUR + MINUTE)

    assert queries() == few


@pytest.mark.parametrize("who", ["cleo", "una"])
def test_it_is_for_those_who_decide(read, request, who, a7):
    assert read(request.getfixturevalue(who))[0] == 404
