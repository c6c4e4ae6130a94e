"""Letters behind Manage: the words with a preview, who they come from, what went out and what not."""

import pytest
from django.urls import reverse

from tests.cast import MONDAY, NOON, make_ticket
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Line
from tricorn.mail.models import Identity, Letter
from tricorn.mail.words import current, shipped
from tricorn.tickets import verbs as tickets

SCRIPT = "<script>alert(1)</script>"
RECEIPT = "/manage/outgoing/words/receipt/"


def test_every_kind_is_listed_and_own_words_are_marked(manage, house):
    written = manage.post(RECEIPT, {"subject": "We have it", "text": "It is {{ ref }}."})
    assert written.status_code == 302

    page = manage.get("/manage/outgoing/").content.decode()

    assert page.count("your own words") == 1
    assert "Nobody has decided" in page


def test_words_are_looked_at_before_they_count(manage, house):
    typed = {"subject": "{{ ref }}", "text": f"It is {{{{ ref }}}}. {SCRIPT}", "show": "yes"}

    for page in (manage.post(RECEIPT, typed), manage.post(f"{RECEIPT}preview/", typed)):
        assert page.status_code == 200
        assert "It is T-2041." in page.content.decode()
        assert SCRIPT not in page.content.decode()
    assert current("receipt") == shipped("receipt")


def test_an_unknown_name_is_refused_with_those_there_are_and_what_was_typed_stays(manage, house):
    page = manage.post(RECEIPT, {"subject": "x", "text": "Dear {{ name }}, {{ ref }}"})

    assert page.status_code == 422
    assert "There is no {{ name }} in this letter" in page.content.decode()
    assert "Dear {{ name }}" in page.content.decode()
    assert not Line.objects.filter(subject="lettertext").exists()


def test_the_shipped_words_come_back_by_a_button(manage, house):
    manage.post(RECEIPT, {"subject": "We have it", "text": "It is {{ ref }}."})
    assert "We have it" in manage.get(RECEIPT).content.decode()

    assert manage.post(f"{RECEIPT}shipped/").status_code == 302

    assert current("receipt") == shipped("receipt")
    page = manage.get(RECEIPT).content.decode()
    assert "Version 2" in page
    assert "The shipped words again." in page


def test_a_letter_that_there_is_not_is_not_found(manage, house):
    assert manage.get("/manage/outgoing/words/birthday/").status_code == 404


def test_a_service_gets_a_sender_and_loses_it(manage, mail):
    url = reverse("manage:letters-from-service", args=[mail.pk])

    manage.post(url, {"name": "Mail desk", "address": "mail@house.example"})
    assert Identity.objects.get().service == mail
    assert "mail@house.example" in manage.get("/manage/outgoing/from/").content.decode()

    manage.post(url, {"remove": "yes"})
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    "typed", [{}, {"name": "x", "address": "x"}, {"name": "", "address": "a@b.c"}]
)
def test_a_sender_that_cannot_be_is_said_beside_the_field(manage, house, typed):
    assert manage.post("/manage/outgoing/from/", typed).status_code == 422
    assert not Identity.objects.exists()


@pytest.fixture
def unsent(una, mail, desi, settings):
    """An answer whose letter waits, for the mail server is away; then one that was refused."""
    settings.EMAIL_BACKEND = "tricorn.mail.outgoing.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=desi.actor, at=MONDAY, text="Please restart it.")
    run_once(lambda: NOON)
    return ticket


def test_what_waits_is_shown_with_its_reason_and_can_be_given_up(manage, unsent):
    page = manage.get("/manage/outgoing/out/?state=waiting").content.decode()
    assert page.count("Tried 1 time, next") == 2
    assert unsent.ref in page

    letter = Letter.objects.get(kind="answer")
    assert manage.post(f"/manage/outgoing/out/{letter.pk}/give-up/").status_code == 302
    assert manage.post(f"/manage/outgoing/out/{letter.pk}/again/").status_code == 302

    assert [line.kind for line in Line.objects.filter(kind__contains="letter_")] == [
        "ticket.letter_given_up",
        "ticket.letter_tried_again",
    ]
    letter.refresh_from_db()
    assert letter.state == "waiting"


@pytest.mark.parametrize(
    "query", ["state=odd", "before=x", "before=99999999999999999999", "state="]
)
def test_an_odd_address_is_the_list_itself(manage, house, query):
    assert manage.get(f"/manage/outgoing/out/?{query}").status_code == 200


def test_what_went_out_is_not_tried_again(manage, unsent):
    letter = Letter.objects.get(kind="answer")
    Letter.objects.filter(pk=letter.pk).update(state="sent", sent_at=NOON, body="", subject="")

    assert manage.post(f"/manage/outgoing/out/{letter.pk}/again/").status_code == 409


def test_the_desk_reads_under_the_answer_that_it_was_not_delivered(enter, desi, unsent):
    desk = enter(desi)
    url = reverse("desk:ticket", args=[unsent.ref])
    assert "Not delivered by mail" not in desk.get(url).content.decode()
    run_once(lambda: MONDAY.replace(day=20))

    assert desk.get(url).content.decode().count("Not delivered by mail") == 1


def test_who_manages_one_service_does_not_find_the_letters(of_mail):
    assert of_mail.get("/manage/outgoing/").status_code == 404
    assert of_mail.get("/manage/outgoing/out/").status_code == 404
