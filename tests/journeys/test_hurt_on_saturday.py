"""Clive signed 8-to-8 on business days, and his own mail fails on Saturday at 10:00."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.cast import MONDAY, SATURDAY
from tricorn.parties.verbs import change_own
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.web import middleware

SECRET = "a long enough secret"
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """Set what time the doors read."""

    def read(moment):
        monkeypatch.setattr(middleware, "now", lambda: moment)

    read(SATURDAY)
    return read


def test_who_signed_8_to_8_is_hurt_on_saturday(page, clive, desi, mail, a7, clock, picture):
    change_own(clive, by=clive.actor, at=SATURDAY, name="Clive", zone="", password=SECRET)
    page.goto("/accounts/login/password/")
    page.get_by_label("Your mail address").fill("clive@example.org")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/(decide|my)/"))

    page.goto("/my/ask/")
    page.get_by_label("What’s wrong, or what do you need?").fill("Mail is down")
    page.get_by_role("button", name="Send to the desk").click()
    page.wait_for_url(re.compile(r"/my/T-\d+/$"))
    expect(page.get_by_text("Monday 08:00, in 2 days").first).to_be_visible()
    picture(page, "saturday-asked")

    ticket = Ticket.objects.get()
    verbs.answer(ticket, by=desi.actor, at=MONDAY + 10 * MINUTE, text="We are on it.")
    verbs.resolve(ticket, by=desi.actor, at=MONDAY + 60 * MINUTE, note="Mail runs again.")
    clock(NOVEMBER)
    page.get_by_role("link", name="Decide").click()
    page.wait_for_url("**/decide/")

    own = page.get_by_text("Your own:").locator("..")
    said = " ".join(own.inner_text().split())
    assert said == (
        "Your own: Mail is down, Saturday 10 October, 10:00: its promise was kept, "
        "and 46 h passed while the desk was closed."
    )
    expect(page.get_by_text("fewer than five people").first).to_be_visible()
    picture(page, "decide-saturday")
    own.get_by_role("link", name="Mail is down").click()
    page.wait_for_url(f"**/my/{ticket.ref}/")
