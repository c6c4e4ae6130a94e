"""At the desk it is Monday noon in Berlin, and Desi is signed in."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.cast import NOON
from tricorn.parties.models import Person


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the moment at which requests arrive; it is noon until a test says otherwise."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("tricorn.web.middleware.now", lambda: moment)

    set_to(NOON)
    return set_to


@pytest.fixture
def sign_in(clock: Callable[[datetime], None]) -> Callable[[Person], Client]:
    """Return a browser of its own in which this person is signed in."""

    def enter(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return enter


@pytest.fixture
def desk(sign_in: Callable[[Person], Client], desi: Person) -> Client:
    """The browser of Desi, who serves every service."""
    return sign_in(desi)
