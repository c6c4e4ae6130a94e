"""Clive signed for Finance and reads what October was like, naming nobody."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.cast import HOUR, MONDAY, SATURDAY, somebody
from tricorn.parties.verbs import change_own
from tricorn.tickets import verbs
from tricorn.web import middleware

SECRET = "a long enough secret"
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def report(service, person, desi, at, *, takes=HOUR, kind="incident", score=0):
    """A report that was answered and resolved, and perhaps rated."""
    given = verbs.Report(service=service, text="Mail is slow", kind=kind, requester=person)
    ticket = verbs.report(given, by=person.actor, at=at)
    verbs.answer(ticket, by=desi.actor, at=at + takes / 2, text="We are on it.")
    verbs.resolve(ticket, by=desi.actor, at=at + takes, note="It works again.")
    if score:
        verbs.rate(ticket, by=person.actor, at=at + takes + HOUR, score=score)


@pytest.fixture
def october(finance, mail, desi, a7):
    """Two months of reports by thirty people of Finance: some late, some on Saturday, some rated."""
    people = [somebody(f"Person{n} Example", finance) for n in range(30)]
    for n, person in enumerate(people):
        late = n % 5 == 0
        report(mail, person, desi, MONDAY, takes=2 * DAY if late else HOUR, score=n % 3 + 3)
        report(mail, person, desi, MONDAY - 30 * DAY)
        if n < 9:
            report(mail, person, desi, SATURDAY, takes=2 * DAY - HOUR)
        if n > 20:
            report(mail, person, desi, MONDAY + DAY, kind="request")
    return people


@pytest.fixture
def signed_in(page, clive, monkeypatch):
    """Clive's browser at Decide, in November."""
    monkeypatch.setattr(middleware, "now", lambda: NOVEMBER)
    change_own(clive, by=clive.actor, at=MONDAY, name="Clive", zone="", password=SECRET)
    page.goto("/accounts/login/password/")
    page.get_by_label("Your mail address").fill("clive@example.org")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/(decide|my)/"))
    page.goto("/decide/")
    return page


def test_the_client_reads_the_month(october, signed_in, picture):
    page = signed_in

    expect(page.get_by_role("heading", name="October 2026")).to_be_visible()
    said = " ".join(page.get_by_role("main").inner_text().split())
    assert "84.6 % on time: Resolved, incident: 8 h of service hours" in said
    assert "less than promised promised 95 %, n 39, 70–93 %" in said
    assert "558 h waited while closed 15 reports" in said
    assert not any(person.name in said for person in october)
    picture(page, "decide")

    page.get_by_text("Show as pictures").click()
    expect(page.get_by_role("img", name=re.compile("On time: Resolved"))).to_be_visible()
    picture(page, "decide-pictures")

    page.get_by_role("link", name="September 2026").click()
    page.wait_for_url("**?month=2026-09")
    expect(page.get_by_role("heading", name="September 2026")).to_be_visible()

    page.get_by_role("link", name="Mail for Finance").first.click()
    page.wait_for_url("**/decide/a/A-7/")
    expect(page.get_by_text("Signed by Clive, Head of Finance, on 4 May 2026.")).to_be_visible()
    picture(page, "decide-agreement")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as TOML").click()
    assert download.value.suggested_filename == "A-7-v1.toml"
