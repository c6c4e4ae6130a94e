"""Desi works the queue without a mouse; Mia looks at the same matter; both review what was held."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import SavedFilter, Ticket


@pytest.fixture
def mia(house):
    person = somebody("Mia", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def work(mail, cleo, una, a7, desi):
    """Three matters: Una's is due last, Cleo's slow mail first, a visitor's in between."""
    slow = make_ticket(cleo, mail, at=MONDAY - 48 * HOUR, text="Mail is slow since Saturday")
    screen = make_ticket(None, mail, at=MONDAY - 24 * HOUR, text="The screen shows nothing")
    password = make_ticket(una, mail, at=MONDAY, text="I forgot my password")
    verbs.answer(password, by=desi.actor, at=MONDAY + HOUR, text="Do you have your phone with you?")
    verbs.wait(password, by=desi.actor, at=MONDAY + HOUR, holder="user")
    return slow, screen, password


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_an_agent_works_the_queue_by_keyboard(page, desi, work, enter, clock, picture):
    slow, _, _ = work
    enter(page, desi)
    page.goto("/desk/")
    picture(page, "desk-queue")

    press(page, "j", "j", "k")
    assert focused(page) == "Mail is slow since Saturday"
    press(page, "o")
    page.wait_for_url(f"**/desk/t/{slow.ref}/")

    press(page, "a")
    page.get_by_text("With Desi").wait_for()
    press(page, "n")
    page.keyboard.type("The index of mx2 is broken.")
    press(page, "Tab", "Enter")
    page.get_by_text("The note is kept.").wait_for()
    press(page, "r")
    page.keyboard.type("We found the cause. Is it slow in the browser, too?")
    press(page, "Tab", "Enter")
    page.get_by_text("Your answer is sent.").wait_for()
    page.get_by_text("Why then?").last.click()
    picture(page, "desk-ticket")

    clock(NOON + HOUR)
    press(page, "r")
    page.keyboard.type("The index was rebuilt; mail is as quick as before.")
    press(page, "Tab", "Tab")
    assert focused(page) == "Resolve"
    press(page, "Enter")
    page.get_by_text(f"{slow.ref} is resolved.").wait_for()
    slow.refresh_from_db()
    assert (slow.state, slow.assignee) == ("resolved", desi)
    assert [m.is_public for m in slow.messages.all()] == [True, False, True, True]

    page.goto("/desk/")
    press(page, "/")
    page.keyboard.type("pass")
    press(page, "Enter")
    page.wait_for_url("**q=pass**")
    press(page, "j")
    assert focused(page) == "I forgot my password"
    press(page, "?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_a_view_is_narrowed_and_kept(page, desi, work, enter, assert_accessible):
    enter(page, desi)
    page.goto("/desk/")
    page.get_by_label("Kind").select_option("request")
    page.wait_for_url("**kind=request**")
    page.get_by_role("heading", name="Nothing here fits").wait_for()
    page.get_by_label("Kind").select_option("incident")
    page.wait_for_url("**kind=incident**")
    expect(page.locator("[data-row]")).to_have_count(3)

    page.get_by_text("Keep this view").click()
    page.get_by_label("Its name").fill("Incidents")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Incidents").wait_for()
    assert SavedFilter.objects.get().query == "kind=incident"
    assert_accessible(page)


def test_two_agents_on_one_matter_see_each_other(
    open_page, watch, desi, mia, work, enter, clock, assert_accessible
):
    slow, _, _ = work
    one, two = open_page(), open_page()
    enter(one, desi)
    enter(two, mia)
    one.goto(f"/desk/t/{slow.ref}/")
    two.goto(f"/desk/t/{slow.ref}/")
    two.get_by_text("Desi has this open too.").wait_for()

    one.get_by_label("Reply to Cleo").fill("Rebuilt the index")
    one.get_by_role("button", name="Resolve").click()
    one.get_by_text(f"{slow.ref} is resolved.").wait_for()
    clock(NOON + HOUR / 30)
    watch(two).expect("409")
    two.get_by_label("Reply to Cleo").fill("Restarted the server")
    two.get_by_role("button", name="Resolve").click()
    two.get_by_text("Cannot resolve a ticket that is resolved.").wait_for()
    expect(two.locator("#reply_text")).to_have_value("Restarted the server")
    assert_accessible(two)
    slow.refresh_from_db()
    assert slow.messages.filter(text="Restarted the server").count() == 0


def test_held_reports_are_reviewed(page, desi, mail, enter, picture):
    for text in ("Buy now: http://a http://b http://c http://d", "The lamp is broken"):
        given = verbs.Report(service=mail, text=text, held_for="many links")
        verbs.report(given, by=VISITOR, at=MONDAY)
    enter(page, desi)
    page.goto("/desk/held/")
    picture(page, "desk-held")

    page.get_by_role("button", name="Spam").first.click()
    page.get_by_text("1 was discarded.").wait_for()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Those ticked are real reports").click()
    page.get_by_text("Nothing is held").wait_for()
    assert [t.summary for t in Ticket.objects.queued()] == ["The lamp is broken"]


def test_a_paper_slip_is_typed_in_for_somebody(page, desi, cleo, a7, enter, picture):
    enter(page, desi)
    page.goto("/desk/")
    page.get_by_role("link", name="Take a report down").click()
    page.get_by_label("What is wrong, or what do they need?").fill("The lift stands still")
    page.get_by_label("Who asks?").press_sequentially("cle")
    page.locator("#people option").wait_for(state="attached")
    assert page.locator("#people option").get_attribute("value") == "Cleo <cleo@example.org>"
    page.get_by_label("When did it begin?").fill("2026-10-12T09:30")
    picture(page, "desk-new")
    page.get_by_role("button", name="Take it down").click()

    page.wait_for_url(re.compile(r"/desk/t/T-\d+/$"))
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.reported_by) == (cleo, desi)
    assert ticket.began_at == MONDAY + HOUR * 1.5


def test_without_javascript_the_desk_works_all_the_same(open_page, desi, work, enter):
    slow, _, _ = work
    page = open_page(javascript=False)
    enter(page, desi)
    page.goto("/desk/")
    page.get_by_label("Kind").select_option("incident")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Mail is slow since Saturday").click()
    page.get_by_label("Reply to Cleo").fill("Rebuilt the index")
    page.get_by_role("button", name="Resolve").click()

    expect(page.get_by_text(f"{slow.ref} is resolved.")).to_be_visible()
    slow.refresh_from_db()
    assert slow.state == "resolved"
