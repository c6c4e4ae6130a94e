"""A report typed in by the desk: on behalf of somebody or nobody, when it began, how it came."""

from datetime import UTC, datetime

import pytest

from tests.cast import NOON, somebody
from tricorn.standing.models import Fact
from tricorn.tickets.models import Ticket


@pytest.fixture
def slip(mail):
    return {
        "text": "The reading lamp is broken",
        "service": mail.pk,
        "kind": "incident",
        "channel": "paper",
        "impact": "2",
        "urgency": "2",
        "affected_count": "1",
        "once": "form-1",
    }


def test_a_paper_slip_becomes_a_ticket_on_behalf_of_the_person(desk, desi, cleo, a7, slip):
    response = desk.post("/desk/new/", {**slip, "requester": "Cleo <cleo@example.org>"})

    ticket = Ticket.objects.get()
    assert response.url == f"/desk/t/{ticket.ref}/"
    assert (ticket.requester, ticket.affected, ticket.reported_by) == (cleo, cleo, desi)
    assert (ticket.channel, ticket.version) == ("paper", a7)
    page = " ".join(desk.get(response.url).content.decode().split())
    assert "<strong>Cleo</strong> <span>on paper written down by Desi</span>" in page


def test_without_a_name_it_is_anonymous_and_makes_nobody_aware(desk, slip):
    desk.post("/desk/new/", slip)

    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.affected) == (None, None)
    assert not Fact.objects.filter(kind="aware").exists()


def test_one_asks_for_another(desk, cleo, una, slip):
    desk.post("/desk/new/", {**slip, "requester": "una", "affected": "cleo@example.org"})

    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.affected) == (una, cleo)


def test_when_it_began_is_the_time_on_the_wall_of_the_house(desk, slip):
    desk.post("/desk/new/", {**slip, "began": "2026-10-10T10:00"})

    ticket = Ticket.objects.get()
    assert ticket.began_at == datetime(2026, 10, 10, 8, tzinfo=UTC)
    assert ticket.reported_at == NOON


def test_a_time_that_the_clock_jumped_over_is_asked_for_again(desk, slip):
    response = desk.post("/desk/new/", {**slip, "began": "2026-03-29T02:30"})

    assert response.status_code == 422
    assert "This time did not exist in Europe/Berlin" in response.content.decode()
    assert "The reading lamp is broken</textarea>" in response.content.decode()
    assert not Ticket.objects.exists()


def test_a_time_that_came_twice_is_the_first_of_the_two(desk, slip):
    desk.post("/desk/new/", {**slip, "began": "2025-10-26T02:30"})

    assert Ticket.objects.get().began_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "began",
    ["2026-10-13T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "2026-02-29T10:00", "soon"],
)
def test_a_time_that_cannot_be_is_refused_or_read_and_never_breaks(desk, slip, began):
    response = desk.post("/desk/new/", {**slip, "began": began})

    assert response.status_code in (302, 422)
    assert Ticket.objects.count() == (response.status_code == 302)


def test_it_cannot_have_begun_in_the_future(desk, slip):
    response = desk.post("/desk/new/", {**slip, "began": "2026-10-13T10:00"})

    assert "began" in response.context["form"].errors
    assert not Ticket.objects.exists()


def test_the_same_form_twice_is_one_ticket(desk, slip):
    first = desk.post("/desk/new/", slip)
    second = desk.post("/desk/new/", slip)

    assert first.url == second.url
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", " "),
        ("text", "x" * 200_000),
        ("service", "999"),
        ("kind", "disaster"),
        ("impact", "0"),
        ("affected_count", "0"),
        ("contact_email", "not a mail"),
        ("place", "1e3"),
        ("channel", "pigeon"),
        ("requester", "Nobody Known"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_box_and_nothing_is_lost(desk, slip, field, value):
    response = desk.post("/desk/new/", {**slip, field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Ticket.objects.exists()
    if field != "text":
        assert "The reading lamp is broken</textarea>" in response.content.decode()


def test_of_two_people_with_one_name_one_is_asked_for(desk, slip, finance, house):
    one = somebody("Kim", finance)
    other = somebody("Kim2", house.provider)
    other.name = "Kim"
    other.save()

    asked = desk.post("/desk/new/", {**slip, "requester": "Kim"})
    assert "Which one?" in asked.content.decode()

    desk.post("/desk/new/", {**slip, "requester": "Kim", "requester_is": one.pk})
    assert Ticket.objects.get().requester == one
