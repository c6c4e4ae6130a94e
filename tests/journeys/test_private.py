"""A private queue stays private: the desk hands a matter over into it, and never meets it again."""

from playwright.sync_api import expect

from tests.cast import LONG_AGO, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty, share


def test_a_private_queue_stays_private(
    open_page, page, house, hours, mail, una, desi, enter, watch, picture, assert_accessible
):
    staff = add_service(
        by=COMMAND, at=LONG_AGO, name="Staff matters", provider=house.provider, hours=hours
    )
    hera = somebody("Hera", house.provider)
    for duty in ("manage", "desk"):
        give_duty(hera, duty, by=COMMAND, at=LONG_AGO, service=staff)
    share(staff, by=COMMAND, at=LONG_AGO, is_private=True)
    ticket = make_ticket(una, mail, text="Somebody reads my mail")

    enter(page, desi)
    page.goto(f"/desk/t/{ticket.ref}/hand-over/")
    page.get_by_label("Service").select_option(
        label="Staff matters (private: you will not see it any more)"
    )
    page.get_by_label("What must they know?").fill("This is one for you")
    assert_accessible(page)
    picture(page, "private-hand-over")
    page.get_by_role("button", name="Hand it over").click()
    page.get_by_text("is handed over").wait_for()
    expect(page.get_by_text("Somebody reads my mail")).to_have_count(0)
    page.goto("/desk/?q=reads")
    expect(page.get_by_text("Somebody reads my mail")).to_have_count(0)
    watch(page).expect("404")
    assert page.goto(f"/desk/t/{ticket.ref}/").status == 404

    theirs = open_page()
    enter(theirs, hera)
    theirs.goto("/desk/")
    theirs.get_by_role("link", name="Somebody reads my mail").click()
    expect(theirs.get_by_text("This is one for you")).to_be_visible()
