"""Access for programs: made on one's own page, shown once, taken back by oneself or a manager."""

import pytest
from django.test import Client

from tests.cast import NOON
from tricorn.parties.models import Token
from tricorn.parties.verbs import make_token, token_of
from tricorn.web import middleware

URL = "/accounts/me/programs/"
GIVEN = {"name": "Night script", "scopes": ["tickets:read", "tickets:write"], "days": "90"}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def entered(person):
    client = Client()
    client.force_login(person)
    return client


def token_for(person):
    given = {"name": "Script", "scopes": ["tickets:read"], "days": 30}
    return make_token(person, by=person.actor, at=NOON, **given)


def test_a_token_is_shown_once_and_opens_the_api(una):
    browser = entered(una)

    made = browser.post(URL, GIVEN)

    secret = next(word for word in made.content.decode().split("<code>") if "tricorn_" in word)
    secret = secret.split("</code>")[0]
    assert token_of(secret, at=NOON) == Token.objects.get(person=una)
    assert "Set-Cookie" not in made or secret not in made["Set-Cookie"]
    page = browser.get(URL).content.decode()
    assert secret not in page
    assert "Night script" in page


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"days": "5000"}])
def test_what_does_not_fit_comes_back_with_what_was_typed(una, wrong):
    answer = entered(una).post(URL, {**GIVEN, **wrong})

    assert answer.status_code == 422
    assert wrong.get("name") == "" or "Night script" in answer.content.decode()
    assert not Token.objects.exists()


def test_one_takes_ones_own_token_back_and_nobody_elses(una, cleo):
    token = token_for(una).token
    url = f"{URL}{token.pk}/revoke/"

    assert entered(cleo).post(url).status_code == 404
    assert Token.objects.valid(NOON).exists()
    assert entered(una).post(url).status_code == 302
    assert not Token.objects.valid(NOON).exists()


def test_who_is_not_signed_in_is_asked_to(house):
    assert "/login/" in Client().get(URL)["Location"]


def test_a_manager_sees_whose_programs_there_are_and_takes_one_back(una, mo):
    made = token_for(una)
    manager = entered(mo)

    page = manager.get("/manage/settings/programs/").content.decode()
    assert "Una" in page
    assert made.secret not in page
    answer = manager.post(f"/manage/settings/programs/{made.token.pk}/revoke/", follow=True)
    assert "has no access any more" in answer.content.decode()
    assert not Token.objects.valid(NOON).exists()
