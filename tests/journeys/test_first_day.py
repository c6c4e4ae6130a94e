"""Mo starts an empty house, opens the printed link, and a minute later somebody reports."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.cast import MONDAY
from tricorn.parties.models import House
from tricorn.tickets.models import Ticket
from tricorn.web import middleware
from tricorn.web.setup import KEY_FILE


@pytest.fixture
def empty(transactional_db, monkeypatch):
    """A house that nobody has set up; the file keeps the hash of its key."""
    monkeypatch.setattr(middleware, "now", lambda: MONDAY)
    path = Path(settings.HOME) / KEY_FILE
    path.write_text(hashlib.sha256(b"printed-once").hexdigest())
    yield
    path.unlink(missing_ok=True)


def test_five_answers_open_the_house(empty, page, phone, picture, watch):
    watch(page).expect("403")
    page.goto("/")
    expect(page.get_by_text("the link with the key stands in the terminal")).to_be_visible()

    page.goto("/setup/?key=printed-once")
    expect(page.get_by_label("In which time zone?")).to_have_value("UTC")
    picture(page, "setup")
    page.get_by_label("A building").check()
    page.get_by_label("What is your organisation or team called?").fill("Riverside House")
    page.get_by_label("In which time zone?").fill("Europe/Berlin")
    page.get_by_label("Which number to call in danger?").fill("5555")
    page.get_by_label("Your name").fill("Mo Berg")
    page.get_by_label("Your mail address").fill("mo@example.org")
    page.get_by_label("A password").fill("a long enough secret")
    page.get_by_role("button", name="Open the house").click()
    page.wait_for_url("**/manage/**")
    assert House.objects.get().provider.name == "Riverside House"

    page.get_by_role("link", name="Mo Berg").click()
    picture(page, "about-me")

    phone.goto("/")
    phone.get_by_label("What’s wrong, or what do you need?").fill("المصعد معطل " + "W" * 300)
    phone.get_by_role("button", name="Send to the desk").click()
    phone.get_by_text("Your reference is").wait_for()
    assert Ticket.objects.get().held_for == "too quick"
    picture(phone, "report-held")
