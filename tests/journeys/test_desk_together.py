"""Desi works with many at once: a view for the desk, one deed for several, two that are one."""

import pytest
from playwright.sync_api import expect

from tests.cast import HOUR, LONG_AGO, MONDAY, make_ticket, somebody
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty
from tricorn.tickets.models import Ticket


@pytest.fixture
def mia(house):
    person = somebody("Mia", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def work(mail, cleo, una):
    """Three matters, the first of which is due first."""
    slow = make_ticket(cleo, mail, at=MONDAY - 48 * HOUR, text="Mail is slow since Saturday")
    unsent = make_ticket(una, mail, at=MONDAY, text="Letters of mine are slow to leave")
    password = make_ticket(una, mail, at=MONDAY + HOUR, text="I forgot my password")
    return slow, unsent, password


def states():
    return sorted(Ticket.objects.values_list("state", flat=True))


def test_a_view_found_by_words_is_shared_with_its_count(
    page, open_page, desi, mia, work, enter, picture
):
    enter(page, desi)
    page.goto("/desk/")
    page.get_by_role("combobox", name="Search").fill("slow from:una")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=slow+from**")
    page.get_by_role("link", name="Letters of mine are slow to leave").wait_for()
    expect(page.locator("[data-row]")).to_have_count(1)

    page.get_by_text("Keep this view").click()
    page.get_by_label("Its name").fill("Slow for Una")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Slow for Una 1").wait_for()
    page.get_by_role("link", name="All views").click()
    page.get_by_text("Change Slow for Una").click()
    page.get_by_label("Who sees it").select_option("every desk")
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("shared with every desk").wait_for()
    picture(page, "desk-views")

    theirs = open_page()
    enter(theirs, mia)
    theirs.goto("/desk/")
    theirs.get_by_role("link", name="Slow for Una 1").click()
    theirs.wait_for_url("**q=slow+from**")
    theirs.get_by_role("link", name="Letters of mine are slow to leave").wait_for()
    expect(theirs.locator("[data-row]")).to_have_count(1)


def test_several_are_resolved_at_once_and_set_back(page, desi, work, enter, picture):
    slow, unsent, _ = work
    enter(page, desi)
    page.goto("/desk/")
    page.get_by_label(f"Tick {slow.ref}").check()
    page.get_by_label(f"Tick {unsent.ref}").check()
    page.get_by_label("With what is ticked").select_option("resolve")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="2 matters: resolve it, with words").wait_for()
    picture(page, "desk-bulk")
    page.get_by_label("What fixed them, for each person to read").fill("The index was rebuilt.")
    page.get_by_role("button", name="Do it with 2 matters").click()

    page.get_by_role("button", name="Undo it").wait_for()
    assert states() == ["new", "resolved", "resolved"]
    page.get_by_role("button", name="Undo it").click()
    page.get_by_text("It was new before, and is open now.").first.wait_for()
    assert states() == ["new", "open", "open"]
    page.get_by_role("link", name="Queue", exact=True).first.click()
    page.get_by_role("link", name="Mail is slow since Saturday").wait_for()
    expect(page.locator("[data-row]")).to_have_count(3)


def test_two_reports_of_one_matter_are_merged_and_taken_apart(page, desi, work, enter, picture):
    slow, unsent, _ = work
    enter(page, desi)
    page.goto(f"/desk/t/{unsent.ref}/")
    page.locator("#relations > summary").click()
    page.get_by_role("link", name="Merge").click()
    page.get_by_label("Which ticket?").fill("slow since")
    page.get_by_role("button", name="See who will read what").click()
    page.get_by_role("heading", name="What Una reads afterwards").wait_for()
    page.get_by_role("heading", name="What Cleo reads afterwards").wait_for()
    picture(page, "desk-merge")
    page.get_by_role("button", name=f"Merge {unsent.ref} into {slow.ref}").click()

    page.wait_for_url(f"**/desk/t/{slow.ref}/?merged={unsent.ref}")
    page.get_by_text(f"{unsent.ref} is handled here now.").wait_for()
    assert states() == ["merged", "new", "new"]
    page.get_by_role("link", name="Letters of mine are slow to leave").first.click()
    page.get_by_text(f"This is handled in {slow.ref}.").wait_for()
    page.get_by_role("button", name="Unmerge").click()
    page.get_by_text("as it stood before").wait_for()
    assert states() == ["new", "new", "new"]


def test_what_one_has_begun_to_type_is_there_again(page, desi, mail, enter):
    enter(page, desi)
    page.clock.install()
    page.goto("/desk/new/")
    box = page.get_by_label("What is wrong, or what do they need?")
    box.fill("The lift hums")
    page.clock.fast_forward(3_100)
    expect(page.locator("#draft-report")).to_contain_text("Kept draft from")

    page.reload()

    expect(box).to_have_value("The lift hums")
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_text("The draft is gone.")).to_be_visible()
    expect(box).to_have_value("")
