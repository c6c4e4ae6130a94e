"""Signing in by a mailed code or a password; nobody learns who is known here."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tricorn.config import signin
from tricorn.parties.models import Person
from tricorn.parties.verbs import change_own, change_person

LOGIN = "/accounts/login/"
CONFIRM = "/accounts/login/code/confirm/"
PASSWORD = "/accounts/login/password/"
SECRET = "a long enough secret"


@pytest.fixture(autouse=True)
def nobody_tried():
    """No test's tries count for another."""
    cache.clear()


@pytest.fixture
def mailed(monkeypatch):
    """What was handed to outgoing mail: address, code and link."""
    sent = []
    monkeypatch.setattr(
        signin, "send_code", lambda email, code, *, link, at: sent.append((email, code, link))
    )
    return sent


@pytest.fixture
def unas_password(una, at):
    return change_own(una, by=una.actor, at=una.made_at, name="Una", zone="", password=SECRET)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_code_is_mailed_and_opens_the_house(client, cleo, a7, mailed, at):
    page = client.post(LOGIN, {"email": "Cleo@Example.org"}, follow=True)
    (email, code, link) = mailed[0]

    assert "a code is on its way" in page.content.decode()
    assert email.lower() == "cleo@example.org"
    assert link == f"http://testserver{CONFIRM}?code={code}"
    answer = client.post(CONFIRM, {"code": code})
    assert answer.url == "/welcome/"
    assert client.get("/welcome/").url == "/my/"


def test_the_link_fills_the_code_in_and_uses_nothing_up(client, una, mailed, at):
    client.post(LOGIN, {"email": una.email})
    link = mailed[0][2].removeprefix("http://testserver")

    for _ in range(3):
        assert f'value="{mailed[0][1]}"' in client.get(link).content.decode()
        assert not signed_in(client)
    client.post(CONFIRM, {"code": mailed[0][1]})
    assert signed_in(client)


def test_the_link_says_the_public_address_where_there_is_one(client, una, mailed, at, settings):
    settings.PUBLIC_URL = "https://help.example.org"

    client.post(LOGIN, {"email": una.email})

    assert mailed[0][2].startswith("https://help.example.org/accounts/login/code/confirm/?code=")


def test_an_unknown_address_reads_the_same_and_gets_no_mail(client, una, mailed, at):
    known = client.post(LOGIN, {"email": una.email}, follow=True).content.decode()
    other = Client().post(LOGIN, {"email": "who@example.org"}, follow=True).content.decode()

    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", known.replace(una.email, "x")) == token.sub(
        "", other.replace("who@example.org", "x")
    )
    assert len(mailed) == 1


def test_a_wrong_code_is_said_and_three_are_enough(client, una, mailed, at):
    client.post(LOGIN, {"email": una.email})

    for _ in range(2):
        page = client.post(CONFIRM, {"code": "WRONG"})
        assert "not the code that we mailed" in page.content.decode()
    assert client.post(CONFIRM, {"code": "WRONG"}).status_code == 302
    client.post(CONFIRM, {"code": mailed[0][1]})
    assert not signed_in(client)


@pytest.mark.parametrize("code", ["", "\0", "<b>", "x" * 9999, "😀"])
def test_nonsense_is_no_code_and_no_fault(client, una, mailed, at, code):
    client.post(LOGIN, {"email": una.email})

    assert client.post(CONFIRM, {"code": code}).status_code == 200
    assert client.get(CONFIRM, {"code": code}).status_code == 200
    assert not signed_in(client)


@pytest.mark.parametrize("email", ["", "una", "\0", "<b>@x", "x" * 400 + "@example.org", "ü@ü.de"])
def test_nonsense_is_no_address_and_no_fault(client, house, mailed, at, email):
    assert client.post(LOGIN, {"email": email}).status_code in (200, 302)
    assert not mailed


def test_many_tries_for_one_address_are_slowed_down(client, una, mailed, at):
    for _ in range(12):
        page = Client().post(LOGIN, {"email": una.email}, follow=True)

    assert "many tries in a short time" in page.content.decode()
    assert len(mailed) < 12


def test_a_password_is_the_second_way(client, unas_password, at):
    answer = client.post(PASSWORD, {"login": "una@example.org", "password": SECRET})

    assert answer.url == "/welcome/"
    assert client.get("/welcome/").url == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, unas_password, at):
    wrong = client.post(PASSWORD, {"login": "una@example.org", "password": "x"})
    other = client.post(PASSWORD, {"login": "who@example.org", "password": "x"})

    for page in (wrong, other):
        assert "do not belong together" in page.content.decode()
    assert not signed_in(client)


def test_where_i_wanted_to_go_is_where_i_arrive(client, cleo, a7, mailed, at):
    page = client.get("/my/all/", follow=True)
    assert 'name="next" value="/my/all/"' in page.content.decode()

    step = client.post(LOGIN, {"email": cleo.email, "next": "/my/all/"})
    answer = client.post(step.url, {"code": mailed[0][1], "next": "/my/all/"})

    assert answer.url == "/my/all/"


def test_nobody_is_sent_to_another_site(client, cleo, a7, mailed, at):
    client.post(LOGIN, {"email": cleo.email, "next": "https://evil.example/"})
    answer = client.post(CONFIRM, {"code": mailed[0][1], "next": "https://evil.example/"})

    assert answer.url == "/welcome/"


def test_who_may_not_sign_in_any_more_does_not(client, unas_password, mailed, mo, at):
    change_person(unas_password, by=mo.actor, at=unas_password.made_at, is_active=False)

    client.post(LOGIN, {"email": "una@example.org"})
    client.post(PASSWORD, {"login": "una@example.org", "password": SECRET})

    assert not mailed
    assert not signed_in(client)
    assert client.get("/accounts/inactive/").status_code == 403


def test_signing_out_asks_by_link_and_is_done_by_button(client, una, at):
    client.force_login(una)

    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert signed_in(client)
    client.post("/accounts/logout/")
    assert not signed_in(client)


@pytest.mark.parametrize("path", ["signup", "email", "password/reset", "password/change"])
def test_what_is_not_needed_has_no_address(client, house, at, path):
    assert client.get(f"/accounts/{path}/").status_code == 404


def test_i_change_my_name_zone_and_password_myself(client, unas_password, at):
    client.force_login(unas_password)
    new = "another long secret"

    client.post(
        "/accounts/me/", {"name": "Una Maria", "zone": "Asia/Tokyo", "old": SECRET, "new": new}
    )

    una = Person.objects.get(pk=unas_password.pk)
    assert (una.name, una.zone, una.check_password(new)) == ("Una Maria", "Asia/Tokyo", True)
    assert client.get("/accounts/me/").status_code == 200


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"zone": "Mars/Olympus"}, "There is no time zone"),
        ({"new": "short", "old": SECRET}, "too short"),
        ({"new": "a new long secret", "old": "wrong"}, "not your password now"),
        ({"name": ""}, "required"),
        ({"name": "x" * 300}, "200"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(client, unas_password, at, given, why):
    client.force_login(unas_password)

    page = client.post("/accounts/me/", {"name": "Una", "zone": "", **given})

    assert page.status_code == 422
    assert why in page.content.decode()
    una = Person.objects.get(pk=unas_password.pk)
    assert (una.name, una.zone, una.check_password(SECRET)) == ("Una", "", True)


def test_nobody_has_no_page_about_themselves(client, house, at):
    assert client.get("/accounts/me/").url.startswith("/accounts/login/")
