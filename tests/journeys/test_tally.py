"""Desi at reception counts people who report nothing, and puts up the sign with the code."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import MONDAY
from tricorn.parties.verbs import change_house, change_own
from tricorn.standing.models import Use
from tricorn.web import middleware

SECRET = "a long enough secret"


@pytest.fixture
def desk(page, desi, mail, monkeypatch):
    """The desk's browser, signed in by password."""
    monkeypatch.setattr(middleware, "now", lambda: MONDAY)
    change_own(desi, by=desi.actor, at=MONDAY, name="Desi", zone="", password=SECRET)
    page.goto("/accounts/login/password/")
    page.get_by_label("Your mail address").fill("desi@example.org")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/**")
    return page


def test_one_tap_counts_one_and_the_last_can_be_taken_back(desk, desi, reception, picture):
    desk.goto("/at/reception/tally/")
    count = desk.get_by_role("button", name="Count one")

    count.click()
    desk.get_by_text("1 today").wait_for()
    desk.get_by_label("Whom they came to see").fill("Desi")
    count.click()
    desk.get_by_text("2 today").wait_for()
    picture(desk, "tally")
    desk.reload()

    assert [use.host for use in Use.objects.order_by("pk")] == [None, desi]
    desk.get_by_role("button", name="Take the last one back").click()
    desk.get_by_text("1 today").wait_for()
    assert Use.objects.get().place == reception


def test_the_sign_is_there_once_the_public_address_is_set(desk, mo, picture):
    desk.goto("/at/reception/sign/")
    expect(desk.get_by_text("nobody has said so yet")).to_be_visible()

    change_house(by=mo.actor, at=MONDAY, changes={"public_url": "https://help.example.org"})
    desk.reload()
    code = desk.get_by_role("img", name="Code that leads to help.example.org/at/reception/")
    assert code.evaluate("image => image.complete && image.naturalWidth > 100")
    picture(desk, "sign")


def test_the_sign_is_printed_on_one_sheet_of_a6(desk, mo):
    change_house(by=mo.actor, at=MONDAY, changes={"public_url": "https://help.example.org"})
    desk.goto("/at/reception/sign/")

    printed = desk.pdf(prefer_css_page_size=True)

    points = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    millimetres = [tuple(round(float(side) * 25.4 / 72) for side in page) for page in points]
    assert millimetres == [(105, 148)]
