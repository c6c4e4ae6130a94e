"""Everybody's way by keyboard alone: nothing is clicked, and one always sees where one is.

What the desk's own keys do is told by test_agent_by_keyboard.py. Here are Tab, Enter, Space and
arrows, as they are for who has no mouse; after a part of a page was swapped the focus is still in it.
"""

import re

import pytest
from playwright.sync_api import TimeoutError as Waited
from playwright.sync_api import expect

from tests.agreements.offering import may, offered
from tests.cast import HOUR, NOON, make_ticket
from tricorn.automation.models import Rule
from tricorn.tickets import verbs
from tricorn.tickets.models import Bulk, Mailbox, SavedFilter, Ticket

MOST_TABS = 120
# What one sees of the focus: its name, and whether anything is drawn round it.
WHERE = """() => {
    const here = document.activeElement, look = getComputedStyle(here);
    const label = here.labels?.[0]?.textContent ?? here.getAttribute('aria-label');
    return {
        name: (label ?? here.textContent).replace(/\\s+/g, ' ').trim(), tag: here.localName,
        seen: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    };
}"""


class Keys:
    """A keyboard before a page."""

    def __init__(self, page):
        self.page, self.press = page, page.keyboard.press

    def to(self, name: str, tag: str = "") -> None:
        """Go on by Tab until something of this name has the focus, which is always seen."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            here = self.page.evaluate(WHERE)
            if here["tag"] == "body":
                continue  # from the last thing on the page the way leads round by its beginning
            assert here["seen"], f"Nothing shows that the focus is on {here}"
            if here["name"].startswith(name) and tag in ("", here["tag"]):
                return
        raise AssertionError(f"By Tab one never comes to {name!r} on {self.page.url}")

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.type(text)

    def enter(self, name: str, tag: str = "") -> None:
        self.to(name, tag)
        self.press("Enter")

    def go(self, name: str = "", tag: str = "") -> None:
        """Press Enter on this, or where one is, and come to another page."""
        if name:
            self.to(name, tag)
        with self.page.expect_navigation():
            self.press("Enter")

    def is_in(self, part: str) -> bool:
        """Whether the focus is inside of this part of the page, or on it, once it has settled."""
        held = "part => document.activeElement.closest(part) !== null"
        try:
            self.page.wait_for_function(held, arg=part, timeout=2_000)
        except Waited:
            return False
        return True


@pytest.fixture
def keys(page, clock):
    return Keys(page)


def test_a_visitor_reports_at_a_place_and_follows_it(keys, page, mail, desi, clock):
    page.goto("/at/reception/")
    keys.write("What’s wrong", "Lift B is stuck")
    clock(NOON + HOUR / 60)
    keys.go("Send to the desk", "button")
    page.wait_for_url(re.compile(r"/r/[\w-]{43}/$"))

    verbs.answer(ticket := Ticket.objects.get(), by=desi.actor, at=NOON + HOUR, text="Which floor?")
    verbs.wait(ticket, by=desi.actor, at=NOON + HOUR, holder="user")
    clock(NOON + 2 * HOUR)
    page.reload()
    keys.write("Your answer", "The third")
    keys.press("Tab")
    keys.press("Enter")
    page.get_by_text("The third").wait_for()
    verbs.resolve(ticket, by=desi.actor, at=NOON + 3 * HOUR, note="It runs.")
    clock(NOON + 4 * HOUR)
    page.reload()
    keys.to("very")
    for _ in range(3):
        keys.press("ArrowRight")
    keys.go("Say how it was")
    page.get_by_text("You gave it").wait_for()


def test_a_customer_asks_answers_and_says_that_it_works(keys, page, cleo, a7, desi, enter, clock):
    enter(page, cleo)
    page.goto("/my/")
    keys.go("Ask for something")
    page.wait_for_url("**/my/ask/")
    keys.write("What’s wrong", "Mail is slow since Monday")
    keys.go("Send to the desk", "button")
    page.wait_for_url(re.compile(r"/my/T-\d+/$"))

    ticket = Ticket.objects.get()
    verbs.answer(ticket, by=desi.actor, at=NOON + HOUR, text="Since when?")
    verbs.wait(ticket, by=desi.actor, at=NOON + HOUR, holder="customer")
    clock(NOON + 2 * HOUR)
    page.goto("/my/")
    keys.go(f"Answer {ticket.ref}")
    keys.write("Your answer", "Since eight")
    keys.go("Send it to the desk")
    page.get_by_text("Since eight").wait_for()
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_an_agent_works_on_one_matter_and_stays_where_the_work_is(
    keys, page, cleo, desi, mail, a7, enter
):
    ticket, other = (make_ticket(cleo, mail, text=text) for text in ("Slow mail", "Slow again"))
    enter(page, desi)
    page.goto(f"/desk/t/{ticket.ref}/")
    keys.write("A tag", "night")
    keys.press("Enter")
    page.get_by_role("button", name="night").wait_for()
    assert keys.is_in("#tags")
    keys.write("One thing to do", "Look at the log")
    keys.press("Enter")
    page.get_by_role("button", name="Look at the log").first.wait_for()
    assert keys.is_in("#checks")
    keys.to("Look at the log")
    keys.press("Space")
    page.locator("[aria-pressed=true]").wait_for()
    assert keys.is_in("#checks")
    keys.enter("Follow it")
    page.get_by_role("button", name="Follow it no longer").wait_for()
    assert keys.is_in("#follow")

    keys.go("Put on hold")
    page.get_by_role("button", name="Go on").wait_for()
    keys.enter("Relates to", "summary")
    keys.go("Merge into another")
    keys.write("Which ticket?", other.ref)
    keys.go()
    keys.go(f"Merge {ticket.ref} into {other.ref}")
    page.wait_for_url(f"**/desk/t/{other.ref}/?merged={ticket.ref}")
    ticket.refresh_from_db()
    assert ticket.state == "merged"


def test_an_agent_searches_keeps_the_view_and_resolves_several_then_undoes_it(
    keys, page, cleo, desi, mail, a7, enter
):
    tickets = [make_ticket(cleo, mail, text=f"Slow mail {number}") for number in (1, 2)]
    enter(page, desi)
    page.goto("/desk/")
    keys.write("Search", "slow")
    keys.press("Enter")
    page.wait_for_url("**q=slow**")
    page.get_by_text("Keep this view").wait_for()
    keys.enter("Keep this view")
    keys.write("Its name", "Slow ones")
    keys.go()
    page.get_by_role("link", name="Slow ones").first.wait_for()
    assert SavedFilter.objects.get().query == "q=slow"

    for ticket in tickets:
        keys.to(f"Tick {ticket.ref}")
        keys.press("Space")
    keys.to("With what is ticked")
    page.keyboard.type("resolve")
    keys.go("Go on")
    keys.write("What fixed them", "The index was rebuilt.")
    keys.go("Do it with 2 matters")
    page.get_by_role("button", name="Undo it").wait_for()
    assert set(Ticket.objects.values_list("state", flat=True)) == {"resolved"}
    keys.go("Undo it")
    page.get_by_text("and is open now").first.wait_for()
    assert Bulk.objects.get().undone_at
    assert set(Ticket.objects.values_list("state", flat=True)) == {"open"}


def test_a_client_reads_the_month_and_accepts_an_option(
    keys, page, house, finance, clive, mo, a7, enter
):
    may(clive, finance)
    offer = offered(house, finance, mo)
    enter(page, clive)
    page.goto("/decide/")
    keys.go("August 2026")
    expect(page.get_by_role("heading", name="August 2026")).to_be_visible()
    page.goto(f"/decide/offers/{offer.pk}/")
    keys.go("Accept")
    keys.go("Accept option A", "button")
    page.get_by_text("accepted").first.wait_for()
    offer.refresh_from_db()
    assert offer.options.filter(state="accepted").exists()


def test_a_manager_adds_a_rule_and_a_mailbox(keys, page, mail, mo, enter):
    enter(page, mo)
    page.goto("/manage/rules/")
    keys.go("Add a rule")
    keys.write("What is the rule called?", "Lifts first")
    keys.write("The text says one of", "lift")
    keys.to("Set the priority")
    page.keyboard.type("high")
    keys.to("At most this many times an hour")
    keys.go()
    page.wait_for_url(re.compile(r"/manage/rules/\d+/"))
    rule = Rule.objects.get()
    assert (rule.written["actions"], rule.is_on) == ([{"do": "prioritise", "what": "high"}], False)

    page.goto("/manage/mailboxes/")
    keys.go("Add a mailbox")
    keys.write("Address", "help@house.example")
    keys.write("Server", "imap.house.example")
    keys.write("Name to sign in with", "help")
    keys.write("Password", "a secret")
    keys.go()
    page.get_by_text("help@house.example").first.wait_for()
    assert Mailbox.objects.get().host == "imap.house.example"
