"""From a letter: one page with the score chosen, and one button; opening it changes nothing."""

import re

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.journal.models import Line
from tricorn.notices.asking import token_for
from tricorn.notices.models import Preference, Silence
from tricorn.notices.quiet import word_for
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Rating

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    at(NOON + HOUR)


@pytest.fixture
def ticket(una, mail, desi):
    made = make_ticket(una, mail)
    return tickets.resolve(made, by=desi.actor, at=NOON, note="We moved it")


@pytest.fixture
def hers(ticket, una):
    return f"/how/{token_for(ticket, una, '')}"


def test_opening_the_link_records_nothing_and_shows_nothing_of_the_matter(client, hers):
    page = client.get(f"{hers}/2/")

    assert page.status_code == 200
    text = page.content.decode()
    assert re.search(r'value="2"[^>]*checked', text)
    assert "What was not good?" in text
    assert "Mail is slow" not in text
    assert not Rating.objects.exists()


def test_a_good_score_asks_for_no_reason_up_front(client, hers):
    assert "<details>" in client.get(f"{hers}/5/").content.decode()
    assert "<details>" not in client.get(f"{hers}/3/").content.decode()


def test_one_button_says_it_under_the_persons_name_without_signing_in(client, hers, una):
    answer = client.post(
        f"{hers}/2/", {"score": "2", "reason": "support", "comment": "Nobody called"}
    )

    assert "Thank you" in answer.content.decode()
    rating = Rating.objects.get()
    assert (rating.score, rating.reason, rating.text) == (2, "support", "Nobody called")
    line = Line.objects.get(kind="ticket.rated")
    assert (line.by_kind, line.by_id) == ("person", una.pk)
    assert "Thank you" in client.post(f"{hers}/5/", {"score": "5"}).content.decode()
    assert Rating.objects.get().score == 2


def test_who_has_no_account_rates_as_the_holder_of_the_link(client, mail, desi):
    report = tickets.Report(service=mail, text="Dark", contact_email="visitor@example.org")
    ticket = tickets.report(report, by=desi.actor, at=MONDAY)
    tickets.resolve(ticket, by=desi.actor, at=NOON, note="Done")

    client.post(f"/how/{token_for(ticket, None, 'visitor@example.org')}/4/", {"score": "4"})

    assert Line.objects.get(kind="ticket.rated").by_kind == "link"


def test_no_score_is_said_and_nothing_written(client, hers):
    for score in ("9", "²", "9" * 4400):
        assert client.post(f"{hers}/4/", {"score": score, "comment": "Hm"}).status_code == 422
    assert not Rating.objects.exists()


def test_what_was_opened_again_is_rated_when_it_is_done(client, hers, ticket, una):
    tickets.reopen(ticket, by=una.actor, at=NOON)

    assert "worked on again" in client.get(f"{hers}/4/").content.decode()
    assert client.post(f"{hers}/4/", {"score": "4"}).status_code == 409
    assert not Rating.objects.exists()


@pytest.mark.parametrize("path", ["/how/1.p1.x/3/", "/how/x/3/", "/quiet/requester.answer.p1.x/"])
def test_a_word_that_was_made_up_opens_nothing(client, ticket, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"score": "3"}).status_code == 404


@pytest.mark.parametrize("score", [0, 6, 10**20])
def test_a_score_that_there_is_not_opens_nothing(client, hers, score):
    assert client.get(f"{hers}/{score}/").status_code == 404


def test_silence_takes_a_button(client, una):
    mine = word_for("requester", "rating", person=una)
    guests = word_for("requester", "rating", person=None, address="visitor@example.org")
    for word in (mine, guests):
        assert "Do not ask me again" in client.get(f"/quiet/{word}/").content.decode()
    assert not Silence.objects.exists()
    assert not Preference.objects.exists()

    for word in (mine, guests):
        assert "any more" in client.post(f"/quiet/{word}/").content.decode()

    assert Silence.objects.count() == 1
    assert Preference.objects.get().how == "off"


def test_mail_about_what_one_follows_ends_with_one_click(client, una):
    word = word_for("requester", "followed", person=una)

    client.post(f"/quiet/{word}/", {"List-Unsubscribe": "One-Click"})

    assert Preference.objects.get().how == "page"
