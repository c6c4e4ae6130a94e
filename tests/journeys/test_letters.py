"""Mo rewrites a letter while looking at it; the desk reads under an answer that it did not arrive."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import MONDAY, NOON, make_ticket
from tricorn.journal.deliver import run_once
from tricorn.tickets import verbs as tickets

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_rewrites_a_letter_and_the_desk_sees_which_one_failed(
    page: Page,
    open_page,
    una,
    mail,
    mo,
    desi,
    enter,
    picture: Callable[[Page, str], None],
    settings,
):
    settings.EMAIL_BACKEND = "tricorn.mail.outgoing.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=desi.actor, at=MONDAY, text="Please restart it.")
    run_once(lambda: NOON)
    run_once(lambda: MONDAY.replace(day=20))

    enter(page, mo)
    page.goto("/manage/outgoing/")
    picture(page, "manage-letters")
    page.get_by_role("link", name="Receipt").click()
    looks = page.get_by_label("How it looks")
    expect(looks).to_contain_text("Thank you. We have your report about Mail.")
    page.get_by_role("textbox", name="Text").fill("Hello, it is {{ ref }}, {{ name }}.")
    expect(looks).to_contain_text("There is no {{ name }} in this letter. There are:")
    page.get_by_role("textbox", name="Text").fill("Hello, it is {{ ref }}.")
    expect(looks).to_contain_text("Hello, it is T-2041.")
    picture(page, "manage-letter")
    page.get_by_role("button", name="Write it so from now on").click()
    expect(page.get_by_text("From now on this letter is written so.")).to_be_visible()

    page.goto("/manage/outgoing/from/")
    picture(page, "manage-letters-from")
    page.goto("/manage/outgoing/out/?state=failed")
    picture(page, "manage-letters-out")
    page.get_by_role("button", name="Give up").last.click()
    expect(page.get_by_text("It will not go out.")).to_be_visible()

    desk = open_page()
    enter(desk, desi)
    desk.goto(f"/desk/t/{ticket.ref}/")
    expect(desk.get_by_text("Not delivered by mail").first).to_be_visible()
