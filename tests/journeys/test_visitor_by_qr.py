"""A visitor stands before a lift that is stuck, scans the code, and reads what happens."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import HOUR, MONDAY, SATURDAY
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.web import middleware


@pytest.fixture
def clock(monkeypatch):
    """Set what time the doors read."""

    def read(moment):
        monkeypatch.setattr(middleware, "now", lambda: moment)

    read(SATURDAY)
    return read


def test_a_visitor_reports_by_phone_and_reads_the_answer(phone, mail, desi, clock, picture):
    phone.goto("/at/reception/")
    expect(phone.get_by_text("Reception, Building B")).to_be_visible()
    expect(phone.get_by_text("The desk opens Monday 08:00, in 2 days.")).to_be_visible()
    picture(phone, "report")

    clock(SATURDAY + HOUR / 60)
    phone.get_by_label("What’s wrong, or what do you need?").fill("Lift B is stuck on floor 3 🛗")
    phone.get_by_role("button", name="Send to the desk").click()

    phone.wait_for_url(re.compile(r"/r/[\w-]{43}/$"))
    ticket = Ticket.objects.get()
    assert (ticket.held_for, ticket.place.slug) == ("", "reception")
    assert phone.get_by_role("heading", level=1).inner_text() == (
        f"Thank you. Your reference is {ticket.ref}."
    )
    expect(phone.get_by_text("Lift B is stuck on floor 3 🛗", exact=True)).to_be_visible()
    expect(phone.get_by_label("Your private page")).to_have_value(phone.url)
    assert phone.context.cookies() == []
    picture(phone, "report-thanks")

    verbs.answer(ticket, by=desi.actor, at=MONDAY, text="The contractor comes at ten.")
    verbs.resolve(ticket, by=desi.actor, at=MONDAY + HOUR, note="It runs again.")
    clock(MONDAY + 2 * HOUR)
    phone.reload()
    expect(phone.get_by_text("The contractor comes at ten.")).to_be_visible()
    picture(phone, "report-resolved")

    phone.get_by_label("very good").check()
    phone.get_by_role("button", name="Say how it was").click()
    phone.get_by_text("You gave it 5 of 5. Thank you.").wait_for()
    phone.get_by_role("button", name="Yes, close it for good").click()
    phone.get_by_text("Closed for good").first.wait_for()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.rating.score) == ("closed", 5)


def test_it_works_without_javascript_and_keeps_what_was_typed(open_page, mail, clock, watch):
    page = open_page(javascript=False)
    watch(page).expect("422")
    page.goto("/")

    page.get_by_label("What’s wrong, or what do you need?").fill("The reading room is cold")
    page.get_by_text("Add a photo, or your mail address").click()
    page.get_by_label("Your mail address").evaluate("box => box.type = 'text'")
    page.get_by_label("Your mail address").fill("nobody")
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("This is no mail address.")).to_be_visible()
    box = page.get_by_label("What’s wrong, or what do you need?")
    expect(box).to_have_value("The reading room is cold")

    page.get_by_label("Your mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send to the desk").click()
    expect(page.get_by_text("Your reference is")).to_be_visible()
    assert Ticket.objects.get().contact_email == "nobody@example.org"
