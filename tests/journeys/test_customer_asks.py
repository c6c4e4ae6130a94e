"""Cleo of Finance signs in by a mailed code, asks, is asked back, answers, and says how it went."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import HOUR, MONDAY
from tricorn.config import signin
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.web import middleware


@pytest.fixture
def clock(monkeypatch):
    """Set what time the doors read."""

    def read(moment):
        monkeypatch.setattr(middleware, "now", lambda: moment)

    read(MONDAY + HOUR)
    return read


@pytest.fixture
def letterbox(monkeypatch):
    """The links that were mailed."""
    links = []
    monkeypatch.setattr(signin, "send_code", lambda email, code, *, link, at: links.append(link))
    return links


def test_a_customer_asks_and_is_answered(page, cleo, desi, a7, clock, letterbox, picture):
    page.goto("/my/")
    picture(page, "sign-in")
    page.get_by_label("Your mail address").fill("cleo@example.org")
    page.get_by_role("button", name="Mail me a code").click()
    page.wait_for_url("**/login/code/confirm/**")
    page.goto(letterbox[0])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/my/")

    expect(
        page.get_by_text(
            "You may use Mail, help 08–20 on business days, because Finance pays (A-7)."
        )
    ).to_be_visible()
    page.get_by_role("link", name="Ask for something").first.click()
    page.get_by_label("What’s wrong, or what do you need?").fill("Mail is slow since Monday")
    picture(page, "my-ask")
    page.get_by_role("button", name="Send to the desk").click()

    page.wait_for_url(re.compile(r"/my/T-\d+/$"))
    ticket = Ticket.objects.get()
    expect(page.get_by_text(f"Your reference is {ticket.ref}.")).to_be_visible()
    expect(page.get_by_text("A-7 v1 covers Finance; Finance pays.")).to_be_visible()
    assert (ticket.requester, ticket.version, ticket.held_for) == (cleo, a7, "")

    verbs.answer(ticket, by=desi.actor, at=MONDAY + HOUR, text="Since when, and in the browser?")
    verbs.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="customer")
    clock(MONDAY + 2 * HOUR)
    page.goto("/my/")
    expect(page.get_by_role("heading", name="Waiting for you 1")).to_be_visible()
    picture(page, "my")

    page.get_by_role("link", name=f"Answer {ticket.ref}").click()
    page.get_by_label("Your answer").fill("Since eight, in both")
    page.get_by_role("button", name="Send it to the desk").click()
    page.get_by_text("Since eight, in both").wait_for()
    ticket.refresh_from_db()
    assert ticket.state == "open"

    verbs.resolve(ticket, by=desi.actor, at=MONDAY + 3 * HOUR, note="The index was rebuilt.")
    clock(MONDAY + 4 * HOUR)
    page.reload()
    picture(page, "my-ticket")
    page.get_by_role("button", name="No, reopen it").click()
    page.get_by_text("open", exact=True).first.wait_for()
    ticket.refresh_from_db()
    assert ticket.state == "open"
