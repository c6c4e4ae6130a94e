"""Manage: reviews with the tickets behind them, delivered work, free trials."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import LONG_AGO, NOON, make_ticket
from tests.web.reviewing import OVERDUE, reviewed
from tricorn.agreements.models import ReviewAction, TrialOffer, Work
from tricorn.agreements.verbs import answer_trial, ask_for_offer, begin_trial, open_trial
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import grant
from tricorn.web import middleware


@pytest.fixture
def review(mail, clive, finance, desi):
    return reviewed(mail, clive, finance, desi)


def page(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_the_manager_reads_which_tickets_were_late(manage, review):
    text = page(manage, f"/manage/reviews/{review.pk}/")

    assert "Behind the figures, for us alone" in text
    assert "Late by R2" in text
    assert all(ref in text for ref in review.evidence["late"]["R2"])
    assert "60 %" in text


def test_an_overdue_verdict_is_a_visible_fact(manage, review, monkeypatch):
    monkeypatch.setattr(middleware, "now", lambda: OVERDUE)

    assert "Finance has not said how Mail for Finance was in October 2026." in page(
        manage, "/manage/"
    )
    assert "verdict overdue" in page(manage, "/manage/reviews/")


def test_the_provider_writes_down_what_it_does(manage, review, mo):
    given = {"words": "Two more at the desk", "side": "provider", "owner": mo.pk, "due_on": ""}
    address = f"/manage/reviews/{review.pk}/"

    assert manage.post(f"{address}actions/add/", {"words": ""}).status_code == 422
    assert manage.post(f"{address}actions/add/", given).status_code == 302
    end = f"{address}actions/{ReviewAction.objects.get().pk}/end/"
    assert manage.post(end, {"state": "done"}).status_code == 302
    assert ReviewAction.objects.get().state == "done"


def test_lists_say_what_will_be_there(manage):
    assert "No review yet" in page(manage, "/manage/reviews/")
    assert "No work presented yet" in page(manage, "/manage/work/")
    assert "Open a trial" in page(manage, "/manage/trials/")


def test_work_is_presented_with_tickets_and_a_paper(manage, finance, mail, una):
    ticket = make_ticket(una, mail)
    given = {
        "client": finance.pk,
        "service": mail.pk,
        "title": "New mail server",
        "tickets": ticket.ref,
        "amount": "4800",
        "currency": "EUR",
        "file": SimpleUploadedFile("report.pdf", b"%PDF-1.7 test"),
    }

    answer = manage.post("/manage/work/add/", given)

    work = Work.objects.get()
    assert answer.status_code == 302
    assert (work.title, work.tickets) == ("New mail server", [ticket.ref])
    text = page(manage, f"/manage/work/{work.pk}/")
    assert "report.pdf" in text
    assert "Nobody may accept this for Finance yet." in text
    assert "waits for the client" in page(manage, "/manage/work/")
    manage.post(f"/manage/work/{work.pk}/take-back/")
    assert "taken back" in page(manage, "/manage/work/")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tickets": "T-999"}, "There is no ticket T-999."),
        ({"amount": "10"}, "Say the currency in three letters"),
        ({"file": SimpleUploadedFile("x.exe", b"MZ")}, "not a photo we can read"),
    ],
)
def test_work_that_makes_no_sense_is_not_presented(manage, finance, mail, changes, sentence):
    given = {"client": finance.pk, "service": mail.pk, "title": "Server", **changes}

    answer = manage.post("/manage/work/add/", given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Work.objects.exists()


def test_a_trial_is_opened_read_and_closed(manage, mail, sam, clive, finance):
    answer = manage.post("/manage/trials/", {"service": mail.pk, "days": 30, "words": "All of it"})
    offer = TrialOffer.objects.get()
    trial = begin_trial(offer, sam, by=sam.actor, at=NOON - timedelta(days=31))
    answer_trial(trial, "yes", by=sam.actor, at=NOON, comment="Very quick.")
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    clives = begin_trial(offer, clive, by=clive.actor, at=NOON)
    ask_for_offer(clives, finance, by=clive.actor, at=NOON)

    text = page(manage, "/manage/trials/")

    assert answer.status_code == 302
    assert "Mail, free for 30 days" in text
    assert "Running: 1. Over: 1. Would they keep it? yes 1, not sure 0, no 0." in text
    assert "Very quick." in text
    assert "Sam" not in text
    assert "Finance would like an offer, asked by Clive." in text
    assert "Finance would like an offer for Mail." in page(manage, "/manage/")
    assert manage.post(f"/manage/trials/{offer.pk}/close/").status_code == 302
    assert "closed" in page(manage, "/manage/trials/")


def test_two_trials_of_one_service_are_refused_beside_the_form(manage, mail, mo):
    open_trial(mail, 30, by=mo.actor, at=NOON)

    answer = manage.post("/manage/trials/", {"service": mail.pk, "days": 14})

    assert answer.status_code == 422
    assert "Mail can be tried for 30 days already" in answer.content.decode()


def test_who_manages_one_service_finds_none_of_it(of_mail, review):
    for address in ("reviews/", f"reviews/{review.pk}/", "work/", "work/add/", "trials/"):
        assert of_mail.get(f"/manage/{address}").status_code == 404
