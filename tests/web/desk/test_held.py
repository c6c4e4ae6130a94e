"""Held reports: read, released or discarded, one or many; nothing is done twice."""

import pytest

from tests.cast import LONG_AGO, MONDAY, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket


def hold(service, text="Buy now"):
    given = verbs.Report(service=service, text=text, held_for="many links")
    return verbs.report(given, by=VISITOR, at=MONDAY)


@pytest.fixture
def three(mail):
    return [hold(mail, f"Buy now {n}") for n in range(3)]


def test_they_are_shown_with_what_they_say_and_why_they_were_held(desk, three):
    page = desk.get("/desk/held/").content.decode()

    assert page.index("Buy now 0") < page.index("Buy now 2")
    assert "many links" in page


def test_one_is_released_with_its_own_button_whatever_is_ticked(desk, three):
    desk.post("/desk/held/release/", {"only": three[1].ref, "ref": [three[0].ref]})

    assert [t.ref for t in Ticket.objects.queued()] == [three[1].ref]
    assert Line.objects.filter(kind="ticket.reported").count() == 1


def test_those_ticked_are_discarded_and_leave_the_page(desk, desi, three):
    desk.post("/desk/held/discard/", {"ref": [three[0].ref, three[2].ref]})

    assert {t.ref for t in Ticket.objects.filter(state="cancelled")} == {three[0].ref, three[2].ref}
    assert [r.ref for r in desk.get("/desk/held/").context["reports"]] == [three[1].ref]
    assert Line.objects.filter(kind="ticket.discarded", by_id=desi.pk).count() == 2


def test_nothing_ticked_is_a_sentence(desk, three):
    response = desk.post("/desk/held/discard/", follow=True)

    assert "Tick at least one report first." in response.content.decode()
    assert Ticket.objects.held().unfinished().count() == 3


def test_what_one_discarded_another_cannot_release(desk, three):
    page = f"/desk/t/{three[0].ref}/"
    desk.post(f"{page}discard/")

    response = desk.post(f"{page}release/")

    assert response.status_code == 409
    assert "somebody has looked at it already" in response.content.decode()
    assert not Ticket.objects.queued().exists()


def test_what_one_released_another_cannot_discard(desk, three):
    page = f"/desk/t/{three[0].ref}/"
    desk.post(f"{page}release/")

    assert desk.post(f"{page}discard/").status_code == 409
    assert Ticket.objects.queued().count() == 1


def test_discarded_by_mistake_it_is_reopened_and_held_again(desk, three):
    page = f"/desk/t/{three[0].ref}/"
    desk.post(f"{page}discard/")

    desk.post(f"{page}reopen/")

    assert Ticket.objects.held().unfinished().filter(pk=three[0].pk).exists()
    desk.post(f"{page}release/")
    assert "released it: a real report" in desk.get(page).content.decode()


def test_an_agent_reviews_the_reports_of_their_own_service_alone(sign_in, three, hours, house):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    lea = somebody("Lea", house.provider)
    give_duty(lea, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    own = hold(laptop)
    browser = sign_in(lea)

    assert [r.ref for r in browser.get("/desk/held/").context["reports"]] == [own.ref]
    browser.post("/desk/held/release/", {"ref": [three[0].ref, own.ref, "x", "T-99"]})
    assert [t.ref for t in Ticket.objects.queued()] == [own.ref]


def test_a_real_report_is_no_held_one(desk, mail, una):
    ticket = make_ticket(una, mail)

    assert desk.post(f"/desk/t/{ticket.ref}/discard/").status_code == 409
    ticket.refresh_from_db()
    assert ticket.state == "new"


def test_nothing_held_says_what_would_be_here(desk, mail):
    assert "Nothing is held" in desk.get("/desk/held/").content.decode()
