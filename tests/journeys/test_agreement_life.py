"""An agreement's whole life: offered in two options, changed, signed by both, run by, reviewed."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.agreements.offering import may
from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Offer, Review, SigningCode, Version
from tricorn.insight.reviews import prepare_reviews
from tricorn.journal.actor import WORKER
from tricorn.tickets.models import Outage, Ticket

TOMORROW = NOON + timedelta(days=1)
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def own_page(open_page, enter):
    """Open a page of somebody's own."""

    def open_for(person):
        page = open_page()
        enter(page, person)
        return page

    return open_for


def test_from_two_options_to_the_month_reviewed(
    house, finance, mail, mo, clive, cleo, desi, own_page, clock, picture
):
    may(clive, finance)
    manager, client = own_page(mo), own_page(clive)
    offer_two_options(manager, picture)
    clock(NOON + HOUR)
    ask_for_a_change(client, picture)
    clock(NOON + 2 * HOUR)
    take_it_over(manager, picture)
    clock(NOON + 3 * HOUR)
    accept_and_sign(client, clive, picture)
    clock(NOON + 4 * HOUR)
    sign_for_the_provider(manager, mo, picture)

    clock(TOMORROW)
    runs_by_the_new_clause(own_page(cleo), own_page(desi), picture)
    record_an_outage(own_page(desi), clock)

    for day in range(3, 30, 3):
        make_ticket(cleo, mail, at=MONDAY.replace(month=11, day=day))
    clock(DECEMBER)
    review_the_month(client, picture)


def offer_two_options(page, picture):
    """Mo answers four questions, adds an option with Saturdays, and offers both."""
    page.goto("/manage/offers/")
    page.get_by_role("link", name="New agreement").first.click()
    page.get_by_label("Service and level").select_option(label="Mail: Standard")
    page.get_by_role("button", name="Fill in its usual hours and times").click()
    page.get_by_label("What is urgent is resolved within").fill("8h")
    page.get_by_label("Everything else is resolved within").fill("2d")
    page.get_by_label("Promised for so many percent of them").fill("95")
    page.get_by_label("For which organisation").select_option(label="Finance")
    page.get_by_role("button", name="Who may approve there?").click()
    page.get_by_text("Clive").first.wait_for()
    unfold(page, "[name=review_per]")
    page.locator("[name=review_per]").select_option(label="each month")
    unfold(page, "[name=from_on]")
    page.locator("[name=from_on]").fill("2026-10-13")
    picture(page, "offer-four-questions")
    page.get_by_role("button", name="Keep it as a draft").click()
    page.get_by_role("link", name="Add an option").click()
    unfold(page, "[name=name]")
    page.locator("[name=name]").fill("With Saturdays")
    unfold(page, "[name=hours-0-sat]")
    page.locator("[name=hours-0-sat]").fill("09:00-13:00")
    page.get_by_role("button", name="Add the option").click()
    picture(page, "offer-draft")
    page.get_by_role("button", name="Make the offer").click()
    page.get_by_text("waiting for the client").first.wait_for()
    assert Offer.objects.get().state == "open"


def unfold(page, field):
    """Open what a field is folded away in."""
    page.locator(field).evaluate("field => { field.closest('details').open = true }")


def ask_for_a_change(page, picture):
    """Clive reads both side by side and wants one clause otherwise."""
    page.goto("/decide/")
    page.get_by_role("link", name="Read and answer").click()
    picture(page, "offer-side-by-side")
    promise = page.locator("#option-A").get_by_text("within 8 h of service hours").locator("..")
    promise.get_by_role("link", name="Ask for a change").first.click()
    picture(page, "offer-ask")
    page.get_by_label("How fast").fill("4h")
    page.get_by_label("What would you have otherwise, and why?").fill(
        "At the end of a month nobody can wait a day."
    )
    page.get_by_role("button", name="Ask for it").click()
    page.get_by_text("At the end of a month nobody can wait a day.").wait_for()


def take_it_over(page, picture):
    """Mo takes the wish over and offers the next round."""
    page.goto("/manage/")
    page.goto("/manage/offers/")
    page.locator("a.row-link", has_text="Mail").first.click()
    picture(page, "offer-change-asked")
    page.get_by_role("button", name="Take it over").click()
    page.get_by_role("button", name="Offer as round 2").click()
    page.get_by_text("Round 2").first.wait_for(state="attached")
    expect(page.get_by_text("was 8 h of service hours, is 4 h of service hours")).not_to_have_count(
        0
    )


def accept_and_sign(page, clive, picture):
    """Clive reads what changed, accepts option A and signs with the code that was mailed."""
    page.goto("/decide/")
    page.get_by_role("link", name="Read and answer").click()
    expect(page.get_by_text("was 8 h of service hours, is 4 h of service hours")).not_to_have_count(
        0
    )
    page.get_by_role("link", name="Accept option A").click()
    picture(page, "offer-accept")
    page.get_by_role("button", name="Accept option A").click()
    page.get_by_role("button", name="Send me the code").click()
    picture(page, "offer-sign")
    page.get_by_label("code").fill(the_code(clive))
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("Clive").first.wait_for()
    assert not Version.objects.exists()


def sign_for_the_provider(page, mo, picture):
    """With Mo's signature it is a version."""
    page.goto(f"/manage/offers/{Offer.objects.get().pk}/")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("code").fill(the_code(mo))
    page.get_by_role("button", name="Sign with this code").click()
    page.get_by_text("signed by both").first.wait_for()
    picture(page, "offer-signed")
    assert Version.objects.get().signatures.count() == 2


def the_code(person):
    """What the letter says."""
    return code_of(SigningCode.objects.filter(person=person).latest("sent_at"))


def runs_by_the_new_clause(customer, desk, picture):
    """What Cleo reports the next day is due by what was signed."""
    customer.goto("/my/")
    customer.get_by_role("link", name="Ask for something").first.click()
    customer.get_by_label("What’s wrong, or what do you need?").fill("Mail is slow since nine")
    customer.get_by_role("button", name="Send to the desk").click()
    customer.get_by_text("Mail is slow since nine").first.wait_for()
    ticket = Ticket.objects.get()
    assert ticket.version == Version.objects.get()
    desk.goto(f"/desk/t/{ticket.ref}/")
    expect(desk.get_by_text("A-1").first).to_be_visible()
    picture(desk, "ticket-by-the-new-clause")


def record_an_outage(desk, clock):
    desk.goto("/desk/outages/")
    desk.get_by_role("link", name="Begin an outage").click()
    desk.get_by_label("Mail").check()
    desk.get_by_role("button", name="Note the outage").click()
    desk.get_by_text("not working", exact=True).wait_for()
    clock(TOMORROW + HOUR)
    desk.get_by_role("button", name="It works again").click()
    desk.get_by_text("Nothing is noted as not working.").wait_for()
    assert Outage.objects.get().ended_at == TOMORROW + HOUR


def review_the_month(page, picture):
    """In December the reviews of October and November wait for Clive's verdict."""
    prepare_reviews(DECEMBER, by=WORKER)
    assert Review.objects.count() >= 1
    page.goto("/decide/")
    page.get_by_role("link", name="Say how it was").first.click()
    picture(page, "review-of-the-month")
    page.get_by_label("met", exact=True).check()
    page.get_by_label("Remarks").fill("Quick, and the outage was told at once.")
    page.get_by_role("button", name="Put it on record").click()
    page.get_by_text("Your verdict is on record.").wait_for()
