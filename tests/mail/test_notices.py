"""Letters about agreements: each once, to who should know, nothing that names who reported."""

from datetime import timedelta

import pytest

from tests.automation.making import turn
from tests.cast import A7, HOUR, LONG_AGO, MONDAY, make_ticket
from tests.web.reviewing import OVERDUE, reviewed
from tricorn.agreements.jobs import say_what_is_due
from tricorn.agreements.verbs import (
    Presented,
    activate,
    answer_trial,
    begin_trial,
    open_trial,
    present_work,
)
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.deliver import run_once
from tricorn.mail.models import Letter
from tricorn.standing.verbs import grant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings):
    settings.PUBLIC_URL = "https://help.example"


def say(at):
    """Let the worker say what is due, and send; return whom it wrote to."""
    say_what_is_due(at, by=WORKER)
    while run_once(lambda: at):
        pass


def about_agreements(office):
    return [letter for letter in office.letters if "[T-" not in letter["Subject"]]


def test_an_overdue_review_is_told_to_both_sides_once(mail, clive, finance, desi, mo, post_office):
    review = reviewed(mail, clive, finance, desi)

    say(OVERDUE)
    say(OVERDUE + timedelta(days=1))

    letters = about_agreements(post_office)
    assert sorted(letter["To"] for letter in letters) == ["clive@example.org", "mo@example.org"]
    assert {letter["Subject"] for letter in letters} == {
        "The review of Mail for Finance is overdue"
    }
    text = letters[0].text
    assert "It was due on 14 November 2026." in " ".join(text.split())
    assert f"https://help.example/decide/reviews/{review.pk}/" in text
    assert set(Letter.objects.filter(kind="notice").values_list("state", flat=True)) == {"sent"}


def test_the_last_day_for_notice_is_announced(mail, clive, finance, mo, post_office):
    text = A7.replace(
        "from = 2026-05-04", 'from = 2026-05-04\nto = 2027-05-03\nnotice = "6 months"'
    )
    activate(Agreement.from_toml(text), by=COMMAND, at=LONG_AGO)
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)

    say(MONDAY)  # notice by 3 November

    letters = about_agreements(post_office)
    assert sorted(letter["To"] for letter in letters) == ["clive@example.org", "mo@example.org"]
    assert letters[0]["Subject"] == "Mail for Finance ends on 3 May 2027"
    assert "The last day for notice is 3 November 2026." in " ".join(letters[0].text.split())


def test_work_to_accept_is_told_to_who_may_accept(mail, clive, finance, mo, post_office):
    grant(clive, finance, ["accept"], by=COMMAND, at=LONG_AGO)
    present_work(Presented(finance, mail, "New server"), by=mo.actor, at=MONDAY)

    say(MONDAY)

    (letter,) = about_agreements(post_office)
    assert (letter["To"], letter["Subject"]) == ("clive@example.org", "Work to accept: New server")


def test_a_trial_that_is_over_asks_once(mail, sam, mo, post_office):
    trial = begin_trial(open_trial(mail, 30, by=mo.actor, at=MONDAY), sam, by=sam.actor, at=MONDAY)

    say(MONDAY)
    assert about_agreements(post_office) == []
    say(trial.ends_at)
    say(trial.ends_at + timedelta(days=1))

    (letter,) = about_agreements(post_office)
    assert (letter["To"], letter["Subject"]) == ("sam@example.org", "Would you keep Mail?")
    assert "https://help.example/try/mail/" in letter.text


def test_who_has_answered_is_not_asked(mail, sam, mo, post_office):
    trial = begin_trial(open_trial(mail, 30, by=mo.actor, at=MONDAY), sam, by=sam.actor, at=MONDAY)
    answer_trial(trial, "yes", by=sam.actor, at=trial.ends_at)

    say(trial.ends_at)

    assert about_agreements(post_office) == []


def test_a_step_of_the_agreed_chain_tells_the_client_without_a_word_of_the_matter(
    post_office, mail, clive, cleo, desi, finance
):
    step = '[[escalation]]\nid = "E2"\nat = "late"\nclient = true\n'
    activate(Agreement.from_toml(A7 + step), by=COMMAND, at=LONG_AGO)
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)

    turn(MONDAY + 2 * HOUR)

    (letter,) = about_client(post_office)
    assert letter["To"] == "clive@example.org"
    assert letter["Subject"] == f"Late: {ticket.ref}, Mail"
    assert "because A-7, clause E2, says so" in letter.text
    assert "https://help.example/decide/" in letter.text
    assert "slow" not in letter.text


def about_client(office):
    return [letter for letter in office.letters if letter["Subject"].startswith("Late: ")]
