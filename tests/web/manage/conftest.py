"""At Manage it is Monday noon in Berlin; Mo manages everything, Mia manages Mail alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import LONG_AGO, NOON, somebody
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty


@pytest.fixture
def enter(monkeypatch) -> Callable[..., Client]:
    """Return a browser of its own in which this person is signed in."""
    monkeypatch.setattr("tricorn.web.middleware.now", lambda: NOON)

    def sign_in(person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def manage(enter, mo) -> Client:
    """The browser of Mo, who manages everything."""
    return enter(mo)


@pytest.fixture
def mia(house, mail):
    """Manages Mail and nothing else."""
    person = somebody("Mia", house.provider)
    give_duty(person, "manage", by=COMMAND, at=LONG_AGO, service=mail)
    return person


@pytest.fixture
def of_mail(enter, mia) -> Client:
    """The browser of Mia."""
    return enter(mia)
