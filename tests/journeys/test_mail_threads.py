"""A letter is answered, and its reply finds the way back; what runs late goes up the chain."""

import re

import pytest
from playwright.sync_api import expect

from tests.automation.making import turn
from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket
from tests.mail.incoming.arriving import HELP, arrive, letter
from tricorn.automation.verbs import set_chain
from tricorn.engine.escalation import Step
from tricorn.journal.actor import COMMAND
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs import add_mailbox

pytestmark = pytest.mark.django_db(transaction=True)
QUOTED = "\n\nOn Mon, 12 Oct 2026 at 12:00, House IT wrote:\n> Which device is it?\n> Desi\n"


@pytest.fixture
def box(mail):
    return add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail, kind="question")


def test_a_letter_is_answered_and_the_reply_joins_the_conversation(
    page, desi, una, box, enter, mailoutbox, assert_accessible
):
    arrive(letter(mail_id="<first@example.org>"), box)
    ticket = Ticket.objects.get()

    enter(page, desi)
    page.goto("/desk/")
    page.get_by_role("link", name="Mail is slow").click()
    page.get_by_text("Since Monday it takes minutes.").first.wait_for()
    page.get_by_label("Reply to Una").fill("Which device is it?")
    page.get_by_role("button", name="Send to Una").click()
    page.get_by_text("Your answer is sent.").wait_for()

    turn(NOON)
    [ours] = [each for each in mailoutbox if "Which device is it?" in each.body]
    assert ours.to == ["una@example.org"]
    assert ours.extra_headers["In-Reply-To"] == "<first@example.org>"
    [back] = ours.reply_to
    reply = letter(to=back, subject="Another subject", text=f"It is my old phone.{QUOTED}")
    assert arrive(reply, box, at=NOON + HOUR).ticket == ticket

    page.reload()
    bubble = page.locator("#conversation .bubble", has_text="It is my old phone.")
    bubble.wait_for()
    quoted = bubble.get_by_text("> Which device is it?")
    quoted.wait_for(state="hidden")
    bubble.get_by_text("What was quoted").click()
    quoted.wait_for()
    assert_accessible(page)


def test_what_runs_late_is_marked_and_told_behind_the_bell(
    page, open_page, desi, mo, cleo, a7, mail, enter, clock, assert_accessible
):
    steps = [Step("late", whom="manager"), Step("after", 600)]
    set_chain(mail, steps, by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)
    enter(page, desi)
    clock(MONDAY + HOUR / 2)
    page.goto("/desk/")
    row = page.locator("tr", has_text=ticket.ref)
    row.wait_for()
    expect(row.get_by_text("escalated")).to_have_count(0)

    turn(MONDAY + 2 * HOUR)
    clock(MONDAY + 2 * HOUR)

    page.reload()
    row.get_by_text("escalated").wait_for()
    row.get_by_role("link", name="Mail is slow").click()
    page.locator("#escalated").get_by_text(
        "to Mo, step 1 of 2 (first answer), by the service"
    ).wait_for()
    assert_accessible(page)

    theirs = open_page()
    enter(theirs, mo)
    theirs.goto("/")
    theirs.get_by_role("link", name=re.compile("What you were told.*1.*unread")).click()
    told = theirs.locator("#notices li", has_text=f"{ticket.ref} Mail is slow")
    told.get_by_text("A promise is late").first.wait_for()
    told.get_by_role("button", name="Read").click()
    told.get_by_text("new", exact=True).wait_for(state="detached")
