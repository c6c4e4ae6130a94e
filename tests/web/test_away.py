"""I am away, and somebody decides for me: said by oneself, in Decide and My services."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import LONG_AGO, NOON, somebody
from tricorn.journal.actor import COMMAND
from tricorn.standing.models import Absence
from tricorn.standing.verbs import grant


@pytest.fixture
def enter(monkeypatch):
    monkeypatch.setattr("tricorn.web.middleware.now", lambda: NOON)

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def browser(enter, clive, finance, a7):
    """Clive's, who may sign for Finance."""
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    return enter(clive)


@pytest.mark.parametrize("door", ["decide", "my"])
def test_one_says_who_decides_and_that_one_is_back(browser, enter, clive, cleo, door):
    address = f"/{door}/away/"
    assert address in browser.get(f"/{door}/").content.decode()
    said = {"since": "2026-10-12", "until": "2026-10-14", "deputy": "cleo@example.org"}

    answer = browser.post(address, said)

    assert (answer.status_code, answer["Location"]) == (302, address)
    absence = Absence.objects.get()
    assert (absence.person, absence.deputy) == (clive, cleo)
    assert absence.until.isoformat() == "2026-10-14T22:00:00+00:00"
    assert "Cleo decides" in browser.get(address).content.decode()
    assert enter(cleo).get("/decide/").status_code == 200

    browser.post(address, {"row": absence.pk})

    absence.refresh_from_db()
    assert absence.until == NOON
    assert "Cleo decides" not in browser.get(address).content.decode()
    assert enter(cleo).get("/decide/").status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "2026-10-20", "until": "2026-10-19"}, "This is before it begins."),
        ({"until": "2026-10-01"}, "would be over before it begins"),
        ({"deputy": "clive@example.org"}, "cannot stand in for themselves"),
        ({"deputy": "Nobody"}, "Nobody is known as"),
        ({"since": "soon"}, "This is no date"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(browser, given, said):
    answer = browser.post("/decide/away/", given)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Absence.objects.exists()


def test_nobody_ends_anothers_absence(browser, cleo):
    other = Absence.objects.create(
        person=somebody("Otto"), since=LONG_AGO, until=NOON + timedelta(days=1)
    )

    assert browser.post("/decide/away/", {"row": other.pk}).status_code == 404
    assert browser.post("/decide/away/", {"row": "x"}).status_code == 404


def test_who_decides_nothing_finds_no_such_page(enter, cleo, a7):
    assert enter(cleo).get("/my/away/").status_code == 404
    assert enter(cleo).post("/my/away/", {}).status_code == 404
    assert "/my/away/" not in enter(cleo).get("/my/").content.decode()
