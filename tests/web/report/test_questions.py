"""What a service asks beside the one box: after it, never before, and nobody has to unless said."""

import pytest
from django.test import Client

from tests.cast import NOON, make_ticket
from tricorn.catalogue.questions import add_question
from tricorn.catalogue.verbs import add_service
from tricorn.engine.questions import Question
from tricorn.journal.actor import COMMAND
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.web import middleware


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def ask(service, label, **more):
    return f"ask-{add_question(service, Question('', label, **more), by=COMMAND, at=NOON).key}"


def words(response):
    return " ".join(response.content.decode().split())


def key(box):
    return box.removeprefix("ask-")


def test_a_visitor_is_asked_after_the_box_and_has_to_answer_nothing(client, mail):
    box = ask(mail, "Which floor?", kind="number", required="named")
    ask(mail, "Device number?", is_desk_only=True)

    page = words(client.get("/"))
    assert page.index('name="text"') < page.index("Which floor?") < page.rindex("Send to the desk")
    assert "Device number?" not in page
    client.post("/", {"text": "Broken", box: ""})
    client.post("/", {"text": "Broken here", box: "3"})

    assert [each.fields for each in Ticket.objects.order_by("id")] == [{}, {key(box): 3}]


def test_what_visitors_must_answer_and_what_is_no_answer_comes_back_with_what_was_typed(
    client, mail
):
    box = ask(mail, "Which floor?", kind="number", required="everybody")

    for typed, said in (("", "This is needed to help you."), ("up", "write a number")):
        page = client.post("/", {"text": "The lamp is broken", box: typed})
        assert page.status_code == 422
        assert said in words(page)
        assert "The lamp is broken" in words(page)
    assert not Ticket.objects.exists()


def test_among_several_services_only_the_chosen_one_asks(client, mail, house, hours):
    laptop = add_service(by=COMMAND, at=NOON, name="Laptop", provider=house.provider, hours=hours)
    box = ask(laptop, "Which model?")

    assert "Which model?" not in words(client.get("/"))
    assert "Which model?" in words(client.get(f"/questions/?service={laptop.pk}"))
    assert "Which model?" not in words(client.get("/questions/?service=x"))
    client.post("/", {"text": "Broken", "service": laptop.pk, box: "X1"})
    client.post("/", {"text": "Something", box: "X1"})
    assert [each.fields for each in Ticket.objects.order_by("id")] == [{key(box): "X1"}, {}]


def test_who_asks_under_their_own_name_answers_and_reads_it_again(mail, una):
    box = ask(mail, "Which floor?", required="named")
    ticket = make_ticket(una, mail)
    verbs.edit_fields(ticket, by=COMMAND, at=NOON, given={})
    browser = Client()
    browser.force_login(una)

    assert "Which floor?" in words(browser.get("/my/ask/"))
    form = {"text": "Broken", "service": mail.pk, "kind": "incident"}
    assert browser.post("/my/ask/", form).status_code == 422
    done = browser.post("/my/ask/", form | {box: "third"})

    page = words(browser.get(done["Location"]))
    assert "What we asked" in page
    assert "third" in page
