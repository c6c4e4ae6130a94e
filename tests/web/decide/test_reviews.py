"""Decide: the review of a month, the client's verdict, what both sides do next."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LONG_AGO, somebody
from tests.web.decide.month import COMMAND
from tests.web.reviewing import OVERDUE, PREPARED, reviewed
from tricorn.agreements.models import Review, ReviewAction
from tricorn.journal.models import Line
from tricorn.standing.verbs import grant, record_fact


@pytest.fixture
def review(mail, clive, finance, desi):
    return reviewed(mail, clive, finance, desi)


@pytest.fixture(autouse=True)
def it_is_early_november(at, it_is_november):
    at(PREPARED)


def test_the_review_waits_on_the_first_page_and_opens(read, clive, review):
    _, front = read(clive)
    status, page = read(clive, f"/decide/reviews/{review.pk}/")

    assert "Review of Mail for Finance, October 2026" in front
    assert "By 14 November 2026." in front
    assert status == 200
    assert "<strong>60 %</strong> on time: Resolved, incident: 8 h of service hours" in page
    assert "promised 95 %, n 15, 35–81 %, 6 late" in page
    assert "less than promised" in page
    assert "<strong>no outage recorded</strong> available: Mail" in page
    assert "<strong>15</strong> of at most 5 a month" in page
    assert "more than agreed" in page
    assert "Clause R2, October 2026: 824.00 EUR" in page


def test_no_ticket_and_nobody_who_reported_is_named(read, clive, review):
    _, page = read(clive, f"/decide/reviews/{review.pk}/")

    assert not re.search(r"\bT-\d+", page)
    assert "Person1" not in page
    assert "Desi" not in page


def test_who_may_decide_says_how_it_was(client, read, clive, review):
    client.force_login(clive)
    answer = client.post(
        f"/decide/reviews/{review.pk}/verdict/", {"verdict": "partly", "remarks": "Slow."}
    )
    _, page = read(clive, f"/decide/reviews/{review.pk}/")
    _, front = read(clive)

    assert answer.status_code == 302
    assert "partly met" in page
    assert "Slow." in page
    assert "Put it on record" not in page
    assert "Nothing waits for you." in front


def test_no_verdict_is_no_answer_and_what_was_typed_stays(client, clive, review):
    client.force_login(clive)

    answer = client.post(f"/decide/reviews/{review.pk}/verdict/", {"remarks": "Slow."})

    assert answer.status_code == 422
    assert "Choose one: met, partly met, or not met." in answer.content.decode()
    assert "Slow." in answer.content.decode()
    assert Review.objects.get(pk=review.pk).verdict == ""


def test_a_second_verdict_is_refused_in_one_sentence(client, clive, review):
    client.force_login(clive)
    client.post(f"/decide/reviews/{review.pk}/verdict/", {"verdict": "met"})

    answer = client.post(f"/decide/reviews/{review.pk}/verdict/", {"verdict": "not_met"})

    assert answer.status_code == 409
    assert "and a verdict stands" in answer.content.decode()


def test_who_only_reads_sees_whose_verdict_it_is_and_is_refused(client, read, finance, review):
    bea = somebody("Bea", finance)
    record_fact(bea, "budget", by=COMMAND, at=LONG_AGO, words="Holds the budget of Finance")
    before = Line.objects.count()

    status, page = read(bea, f"/decide/reviews/{review.pk}/")
    answer = client.post(f"/decide/reviews/{review.pk}/verdict/", {"verdict": "met"})
    action = client.post(f"/decide/reviews/{review.pk}/actions/add/", {"words": "Call"})

    assert status == 200
    assert "This is for Clive to say." in page
    assert (answer.status_code, action.status_code) == (403, 403)
    assert Line.objects.count() == before


def test_another_clients_review_is_not_there(read, house, review):
    olga = somebody("Olga")
    grant(olga, house.provider, ["decide"], by=COMMAND, at=LONG_AGO)

    assert read(olga, f"/decide/reviews/{review.pk}/")[0] == 404


def test_actions_are_written_down_become_overdue_and_end(client, read, at, clive, mo, review):
    client.force_login(clive)
    given = {
        "words": "Call on Mondays",
        "side": "provider",
        "owner": mo.pk,
        "due_on": "2026-11-10",
    }
    assert client.post(f"/decide/reviews/{review.pk}/actions/add/", given).status_code == 302
    at(OVERDUE)
    _, page = read(clive, f"/decide/reviews/{review.pk}/")
    _, front = read(clive)
    action = ReviewAction.objects.get()

    assert "House IT, Mo, by 10 November 2026" in page
    assert "overdue" in page
    assert "1 action overdue" in front
    assert "It was due on 14 November 2026." in front
    end = f"/decide/reviews/{review.pk}/actions/{action.pk}/end/"
    assert client.post(end, {"state": "dropped"}).status_code == 422
    assert client.post(end, {"state": "dropped", "note": "Not needed."}).status_code == 302
    assert "Not needed." in read(clive, f"/decide/reviews/{review.pk}/")[1]


def test_a_month_without_tickets_has_nothing_to_judge_and_takes_a_verdict(
    client, read, mail, clive, finance, desi
):
    review = reviewed(mail, clive, finance, desi, late=0, on_time=0)

    _, page = read(clive, f"/decide/reviews/{review.pk}/")
    answer = client.post(f"/decide/reviews/{review.pk}/verdict/", {"verdict": "met"})

    assert "No tickets in this period: nothing to judge." in page
    assert answer.status_code == 302


def test_the_page_costs_the_same_for_any_number_of_tickets_and_actions(client, clive, mo, review):
    client.force_login(clive)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/decide/reviews/{review.pk}/").status_code == 200
        return len(queries)

    def add(n):
        given = {"words": f"Do {n}", "side": "client", "owner": mo.pk}
        client.post(f"/decide/reviews/{review.pk}/actions/add/", given)
        cost()  # says that it is written down

    add(0)
    few = cost()
    for n in range(1, 6):
        add(n)
    assert cost() == few
    assert few < 30
