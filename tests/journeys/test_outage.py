"""Mail fails: the desk notes it, a visitor reads it before reporting, the client its arithmetic."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.cast import HOUR, NOON, make_ticket
from tricorn.tickets.models import Outage, Ticket


def test_the_desk_begins_an_outage_a_visitor_reads_it_the_desk_ends_it(
    open_page,
    page,
    mail,
    reception,
    cleo,
    clive,
    desi,
    a7,
    enter,
    clock,
    picture,
    assert_accessible,
):
    ticket = make_ticket(cleo, mail, text="Mail is slow")
    enter(page, desi)
    page.goto(f"/desk/t/{ticket.ref}/")
    assert_accessible(page)
    page.locator("#outages > summary").click()
    page.get_by_role("link", name="Begin an outage from this ticket").click()
    page.get_by_label("In a few words").fill("The disk of the server is full")
    picture(page, "outage-begin")
    page.get_by_role("button", name="Note the outage").click()
    page.get_by_role("button", name="Unlink").wait_for()
    assert list(Outage.objects.get().tickets.all()) == [ticket]

    clock(NOON + HOUR)
    visitor = open_page()
    visitor.goto("/at/reception/")
    known = "Mail is not working since 08:00; we know. The disk of the server is full."
    expect(visitor.get_by_text(known)).to_be_visible()
    picture(visitor, "outage-known")
    visitor.get_by_role("link", name="Report anyway").click()
    visitor.get_by_label("What’s wrong, or what do you need?").fill("Mail is down for me too")
    visitor.get_by_role("button", name="Send to the desk").click()
    visitor.get_by_text("Your reference is").wait_for()
    assert Ticket.objects.count() == 2

    page.goto("/desk/outages/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Mail"
    picture(page, "outages")
    page.get_by_role("button", name="It works again").click()
    page.get_by_text("Nothing is noted as not working.").wait_for()
    assert Outage.objects.get().ended_at == NOON + HOUR
    page.get_by_role("link", name="Mail", exact=True).click()
    page.get_by_role("heading", name="Who told of it").wait_for()
    picture(page, "outage")

    visitor.goto("/at/reception/")
    expect(visitor.get_by_text("Mail works now")).to_be_visible()
    expect(visitor.get_by_text("Report anyway")).to_be_hidden()

    clock(NOON + timedelta(days=31))
    client = open_page()
    enter(client, clive)
    client.goto("/decide/")
    client.get_by_text("How availability was counted").click()
    expect(client.get_by_text("259 hours of 264 hours is 98.1 %.")).to_be_visible()
    picture(client, "decide-availability")


def test_it_works_without_javascript(open_page, mail, desi, enter, clock):
    page = open_page(javascript=False)
    enter(page, desi)

    page.goto("/desk/outages/")
    page.get_by_role("link", name="Begin an outage").click()
    page.get_by_label("Mail").check()
    page.get_by_role("button", name="Note the outage").click()
    page.get_by_text("not working", exact=True).wait_for()
    clock(NOON + HOUR)
    page.get_by_role("button", name="It works again").click()
    page.get_by_text("Nothing is noted as not working.").wait_for()
    assert Outage.objects.get().ended_at == NOON + HOUR
