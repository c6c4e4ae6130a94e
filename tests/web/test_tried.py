"""A free trial from the first button to the one question, for whoever has an account."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LONG_AGO, MONDAY
from tricorn.agreements.models import Trial
from tricorn.agreements.verbs import open_trial
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import grant

OVER = MONDAY + timedelta(days=30)


@pytest.fixture
def cloud(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Cloud", provider=house.provider, hours=hours)


@pytest.fixture
def offer(cloud, mo, at):
    return open_trial(cloud, 30, by=mo.actor, at=MONDAY, words="As much space as you like.")


def page(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_a_visitor_is_led_to_sign_in(client, offer):
    assert "Try Cloud free for 30 days" in page(client, "/")
    assert client.get("/try/cloud/")["Location"].endswith("/login/?next=/try/cloud/")
    assert client.post("/try/cloud/begin/").status_code == 302
    assert not Trial.objects.exists()


def test_a_stranger_with_an_account_begins_with_one_press(client, offer, sam):
    client.force_login(sam)
    text = page(client, "/try/cloud/")
    answer = client.post("/try/cloud/begin/", follow=True)

    assert "As much space as you like." in text
    assert "Nobody pays for it but us." in text
    shown = " ".join(answer.content.decode().split())
    assert "You may use Cloud, help 08–20 on business days" in shown
    assert "because a free trial runs until 11 November 2026, at the provider’s cost." in shown
    assert "You are trying Cloud" in page(client, "/try/cloud/")


def test_my_services_offers_it_until_it_was_tried(client, offer, cleo, a7):
    client.force_login(cleo)

    assert "Try it free for 30 days" in page(client, "/my/")
    client.post("/try/cloud/begin/")
    assert "Try it free for 30 days" not in page(client, "/my/")


def test_at_its_end_one_question_is_asked_and_answered_once(client, offer, cleo, a7, at):
    client.force_login(cleo)
    client.post("/try/cloud/begin/")
    assert client.post("/try/cloud/answer/", {"answer": "yes"}).status_code == 422
    at(OVER)

    assert "Would you keep Cloud?" in page(client, "/my/")
    assert client.post("/try/cloud/answer/", {}).status_code == 422
    answer = client.post("/try/cloud/answer/", {"answer": "not_sure", "comment": "Quick."})
    assert answer.status_code == 302
    assert "You said: not sure." in page(client, "/try/cloud/")
    assert "Would you keep" not in page(client, "/my/")
    assert client.post("/try/cloud/answer/", {"answer": "yes"}).status_code == 409


def test_nobody_is_nagged_for_ever(client, offer, cleo, a7, at):
    client.force_login(cleo)
    client.post("/try/cloud/begin/")
    at(OVER + timedelta(days=30))

    assert "Would you keep" not in page(client, "/my/")


def test_who_may_sign_asks_for_an_offer_and_nobody_else_can(
    client, offer, clive, cleo, finance, a7
):
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    client.force_login(cleo)
    client.post("/try/cloud/begin/")
    assert "Ask for an offer" not in page(client, "/try/cloud/")
    assert client.post("/try/cloud/offer/", {"organisation": finance.pk}).status_code == 404
    client.force_login(clive)
    client.post("/try/cloud/begin/")

    assert "Ask for an offer for Finance" in page(client, "/try/cloud/")
    assert client.post("/try/cloud/offer/", {"organisation": finance.pk}).status_code == 302
    assert "You asked for an offer for Finance." in page(client, "/try/cloud/")


def test_what_cannot_be_tried_is_not_there(client, mail, sam, at):
    client.force_login(sam)

    assert client.get("/try/mail/").status_code == 404
    assert client.post("/try/mail/begin/").status_code == 404
    assert client.get("/try/nothing/").status_code == 404


def test_my_services_costs_the_same_for_any_number_of_trials(
    client, house, hours, mo, cleo, a7, at
):
    client.force_login(cleo)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/my/").status_code == 200
        return len(queries)

    names = iter(("One", "Two", "Three", "Four"))

    def offered():
        service = add_service(
            by=COMMAND, at=LONG_AGO, name=next(names), provider=house.provider, hours=hours
        )
        open_trial(service, 30, by=mo.actor, at=MONDAY)

    offered()
    few = cost()
    for _ in range(3):
        offered()
    assert cost() == few
