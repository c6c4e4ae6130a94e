"""The private page of a report: for whoever holds the link, and nobody else."""

import pytest
from django.test import Client

from tests.cast import HOUR, MONDAY, NOON, SATURDAY, make_ticket
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Rating


@pytest.fixture
def report(mail):
    return make_ticket(None, mail, text="The lift is stuck")


@pytest.fixture
def path(report):
    return f"/r/{token_of(report)}/"


def test_it_shows_what_was_told_and_its_own_address(client, report, path, at):
    page = client.get(path).content.decode()

    assert f"Your reference is {report.ref}." in page
    assert "The lift is stuck" in page
    assert f'value="http://testserver{path}"' in page
    assert not client.cookies


def test_it_says_when_help_starts(client, mail, at):
    at(SATURDAY)
    report = make_ticket(None, mail, at=SATURDAY)

    page = client.get(f"/r/{token_of(report)}/").content.decode()

    assert "The desk opens Monday 08:00, in 2 days." in page


@pytest.mark.parametrize("token", ["x", "A" * 43, "T-1", "..%2f", "ü" * 20, "0" * 500])
def test_a_guessed_link_is_404(client, report, token, at):
    assert client.get(f"/r/{token}/").status_code == 404
    assert client.post(f"/r/{token}/answer/", {"text": "x"}).status_code == 404


def test_the_reference_opens_nothing(client, report, at):
    assert client.get(f"/r/{report.ref}/").status_code == 404


def test_notes_of_the_desk_stay_at_the_desk(client, report, path, desi, at):
    verbs.add_note(report, by=desi.actor, at=MONDAY, text="Odd person")
    verbs.answer(report, by=desi.actor, at=MONDAY, text="We are on our way")

    page = client.get(path).content.decode()

    assert "We are on our way" in page
    assert "Odd person" not in page
    assert "Desi" not in page


def test_an_answer_is_taken_without_any_cookie(report, path, at):
    client = Client(enforce_csrf_checks=True)

    page = client.post(f"{path}answer/", {"text": "It moves again"}, follow=True)

    assert "It moves again" in page.content.decode()
    said = report.messages.last()
    assert (said.by_kind, said.author, said.is_from_desk) == ("link", None, False)


def test_an_empty_answer_is_said_and_a_long_one_is_kept(client, report, path, at):
    empty = client.post(f"{path}answer/", {"text": " "})
    long = client.post(f"{path}answer/", {"text": "long " * 30_000})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert long.content.decode().count("long ") >= 30_000
    assert report.messages.count() == 1


def test_the_same_answer_twice_is_one(client, report, path, at):
    for _ in range(2):
        client.post(f"{path}answer/", {"text": "Still stuck"})

    assert report.messages.count() == 2


def test_what_is_resolved_can_be_closed_reopened_and_rated_once(client, report, path, desi, at):
    verbs.resolve(report, by=desi.actor, at=MONDAY + HOUR, note="Freed")
    at(NOON)

    assert "Is it good now?" in client.get(path).content.decode()
    client.post(f"{path}reopen/")
    report.refresh_from_db()
    assert report.state == "open"

    verbs.resolve(report, by=desi.actor, at=NOON, note="Freed again")
    client.post(f"{path}rate/", {"score": "4"})
    client.post(f"{path}close/")
    page = client.get(path).content.decode()
    assert "You gave it 4 of 5." in page
    assert client.post(f"{path}rate/", {"score": "1"}).status_code == 409
    report.refresh_from_db()
    assert (report.state, Rating.objects.get().score) == ("closed", 4)


@pytest.mark.parametrize("score", ["", "0", "6", "good", "\0"])
def test_a_rating_that_is_none_is_said(client, report, path, desi, at, score):
    verbs.resolve(report, by=desi.actor, at=MONDAY + HOUR, note="Freed")

    assert client.post(f"{path}rate/", {"score": score}).status_code == 422
    assert not Rating.objects.exists()


def test_it_can_be_cancelled_and_answered_no_more(client, report, path, at):
    client.post(f"{path}cancel/")

    report.refresh_from_db()
    assert report.state == "cancelled"
    assert client.post(f"{path}answer/", {"text": "x"}).status_code == 409
    assert client.post(f"{path}cancel/").status_code == 409


def test_reading_it_never_changes_it(client, report, path, at):
    for deed in ("answer", "rate", "reopen", "close", "cancel"):
        assert client.get(f"{path}{deed}/").status_code == 405


def test_one_message_and_fifty_cost_the_same(
    client, report, path, desi, at, django_assert_num_queries
):
    with django_assert_num_queries(6):
        client.get(path)
    for number in range(50):
        verbs.answer(report, by=desi.actor, at=MONDAY, text=f"Step {number}")
    with django_assert_num_queries(6):
        client.get(path)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/at/hall/?x=1", 'href="/at/hall/?x=1"'),
        ("http://testserver//evil.example/", 'href="/evil.example/"'),
        ("http://evil.example/", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_the_way_back_from_a_refusal_stays_in_this_house(client, path, at, referer, back):
    page = client.post(f"{path}reopen/", headers={"Referer": referer})

    assert page.status_code == 409
    assert "evil.example" not in page.content.decode().replace(back or "-", "")
    assert (back or "") in page.content.decode()
    assert ("Go back" in page.content.decode()) == bool(back)
