"""The page of reports: pictures, a table, CSV; what is typed wrong is said and the rest is shown."""

import pytest

from tests.cast import HOUR, MONDAY, make_ticket
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket


@pytest.fixture
def seen(a7, mail, cleo, una):
    make_ticket(cleo, mail)
    make_ticket(una, mail, text="Una asks")


def test_what_came_in_is_shown_as_picture_and_table(manage, seen):
    page = manage.get("/manage/reports/?by=service&first=2026-09&last=2026-10").content.decode()

    assert "<svg" in page
    assert "Mail" in page
    assert "Una" not in page


@pytest.mark.parametrize("name", ["age", "on-time", "by-holder", "backlog"])
def test_every_report_is_a_page(manage, seen, name):
    assert manage.get(f"/manage/reports/{name}/?by=team").status_code == 200


def test_the_same_figures_come_as_csv(manage, seen):
    response = manage.get("/manage/reports/reported.csv?first=2026-10&last=2026-10&by=agreement")

    assert response["Content-Type"].startswith("text/csv")
    assert response.content.decode().splitlines() == [
        "group,column,n,of,seconds",
        "A-7,2026-10,1,,",
        "none of them,2026-10,1,,",
        "all,2026-10,2,,",
    ]


@pytest.mark.parametrize(
    "query", ["first=x", "first=2026-13", "first=2026-10&last=2026-09", "by=agent", "service=999"]
)
def test_what_is_typed_wrong_is_said(manage, seen, query):
    assert manage.get(f"/manage/reports/?{query}").status_code == 422
    assert manage.get(f"/manage/reports/reported.csv?{query}").status_code == 404


def test_time_by_holder_is_shown_on_the_clock_and_on_the_wall(manage, seen, desi):
    ticket = Ticket.objects.latest("pk")
    verbs.resolve(ticket, by=desi.actor, at=MONDAY + 2 * HOUR, note="Done")

    page = manage.get("/manage/reports/by-holder/?first=2026-10&last=2026-10").content.decode()

    assert "the supplier, on the clock" in page.lower()
    assert "the supplier, on the wall" in page.lower()


def test_an_unknown_report_does_not_exist(manage, seen):
    assert manage.get("/manage/reports/by-agent/").status_code == 404


def test_nothing_to_count_is_said(manage, mail):
    assert "Nothing to count yet" in manage.get("/manage/reports/").content.decode()
