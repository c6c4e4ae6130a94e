"""What tests of Decide may ask for: it is 12 November 2026, and somebody reads a page."""

import pytest

from tests.web.decide.month import READ_AT


@pytest.fixture(autouse=True)
def it_is_november(at):
    at(READ_AT)


@pytest.fixture
def read(client):
    """What somebody reads at an address of Decide: the status, and the page with single spaces."""

    def get(person, address="/decide/"):
        client.force_login(person)
        response = client.get(address)
        return response.status_code, " ".join(response.content.decode(errors="replace").split())

    return get
