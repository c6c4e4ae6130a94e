"""The month is reviewed: Clive says how it was, Mo reads it; work is accepted; a trial is begun."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.cast import LONG_AGO
from tests.web.reviewing import OVERDUE, reviewed
from tricorn.agreements.verbs import Presented, add_action, open_trial, present_work
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import grant


@pytest.fixture
def go_in(page, enter, clock):
    """Let the browser be somebody's: `go_in(clive)`; it is 20 November 2026."""
    clock(OVERDUE)

    def as_somebody(person):
        enter(page, person)
        return page

    return as_somebody


def test_the_month_is_reviewed(mail, clive, finance, desi, mo, go_in, picture):
    review = reviewed(mail, clive, finance, desi)
    add_action(
        review,
        "Two people at the desk on Mondays",
        "provider",
        by=mo.actor,
        at=review.prepared_at,
        owner=mo,
        due_on=review.due_on,
    )
    page = go_in(clive)
    page.goto("/decide/")
    picture(page, "decide-review-waits")
    page.get_by_role("link", name="Say how it was").click()
    picture(page, "decide-review")
    page.get_by_label("partly met").check()
    page.get_by_label("Remarks").fill("Mondays were slow, the rest was fine.")
    page.get_by_role("button", name="Put it on record").click()

    expect(page.get_by_text("Your verdict is on record.")).to_be_visible()
    expect(page.get_by_text("Mondays were slow, the rest was fine.")).to_be_visible()
    picture(page, "decide-review-said")

    page = go_in(mo)
    page.goto("/manage/reviews/")
    page.get_by_role("link", name="Mail for Finance, October 2026").click()
    expect(page.get_by_text("Behind the figures, for us alone")).to_be_visible()
    picture(page, "manage-review")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("It is written down.")).to_be_visible()


def test_delivered_work_is_accepted(mail, clive, finance, mo, go_in, picture):
    grant(clive, finance, ["accept"], by=COMMAND, at=LONG_AGO)
    given = Presented(
        finance,
        mail,
        "New mail server",
        description="Forty boxes moved, the old server switched off.",
        tickets=("T-12", "T-15"),
        amount=Decimal(4800),
        currency="EUR",
        files=[("protocol.pdf", b"%PDF-1.7 made for a test")],
    )
    page = go_in(mo)
    page.goto("/manage/work/")
    picture(page, "manage-works")
    page.get_by_role("link", name="Present work").click()
    picture(page, "manage-work-add")
    present_work(given, by=mo.actor, at=OVERDUE)
    page = go_in(clive)
    page.goto("/decide/")
    page.get_by_role("link", name="Look at it").click()
    picture(page, "decide-work")
    page.get_by_label("Yes, I accept it").check()
    page.get_by_role("button", name="Put it on record").click()

    expect(page.get_by_text("You accepted it. That is on record.")).to_be_visible()


def test_a_service_is_tried(house, hours, a7, cleo, mo, go_in, picture, clock):
    cloud = add_service(by=COMMAND, at=LONG_AGO, name="Cloud", provider=house.provider, hours=hours)
    page = go_in(mo)
    open_trial(cloud, 30, by=mo.actor, at=OVERDUE, words="As much space as you like.")
    page = go_in(cleo)
    page.goto("/my/")
    picture(page, "my-trial")
    page.get_by_role("button", name="Try it free for 30 days").click()
    expect(page.get_by_text("You can use Cloud now.")).to_be_visible()
    clock(OVERDUE + timedelta(days=30))
    page.goto("/my/")
    picture(page, "my-trial-over")
    page.get_by_role("link", name="Answer").click()
    picture(page, "try-over")
    page.get_by_label("Not sure").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("You said: not sure.")).to_be_visible()
    page = go_in(mo)
    page.goto("/manage/trials/")
    picture(page, "manage-trials")
