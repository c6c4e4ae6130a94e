"""When help starts is said by the agreement that applies to who is there, not by the desk's hours."""

from datetime import timedelta

import pytest

from tests.cast import A7, LONG_AGO, SATURDAY
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND

WITH_SATURDAYS = A7.replace('fri = ["08:00-20:00"]', 'fri = ["08:00-20:00"]\nsat = ["09:00-17:00"]')


def activated(text):
    return activate(Agreement.from_toml(text, "A-7.toml"), by=COMMAND, at=LONG_AGO).version


@pytest.fixture
def on_saturday(at):
    at(SATURDAY)


def page_of(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_whom_saturdays_are_promised_reads_that_somebody_is_there(
    client, on_saturday, mail, clive, una
):
    activated(WITH_SATURDAYS)

    assert "The desk opens Monday 08:00, in 2 days." in page_of(client, "/")
    client.force_login(clive)
    assert "The desk is there now, until today 17:00." in page_of(client, "/")
    client.force_login(una)
    assert "The desk opens Monday 08:00, in 2 days." in page_of(client, "/")


def test_a_place_says_when_help_is_there_for_who_stands_at_it(
    client, on_saturday, mail, clive, reception
):
    activated(WITH_SATURDAYS.replace('organisation = "Finance"', 'place = "reception"'))

    assert "The desk is there now, until today 17:00." in page_of(client, "/at/reception/")
    assert "The desk opens Monday 08:00, in 2 days." in page_of(client, "/")


def test_what_is_reported_says_when_help_starts_by_its_own_clause(
    client, on_saturday, mail, clive, at
):
    activated(WITH_SATURDAYS)
    client.force_login(clive)
    at(SATURDAY - timedelta(hours=2))
    client.post("/my/ask/", {"text": "Mail is down", "service": mail.pk, "kind": "incident"})

    page = page_of(client, f"/my/{clive.requested.get().ref}/")

    assert "The desk opens today 09:00." in page
