"""Past months under another agreement: from an export to an offer, and from a wish to one."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

import tricorn
from tests.cast import NOON, make_ticket, somebody
from tricorn.insight.models import Replay
from tricorn.insight.replays import jobs

SAMPLE = Path(tricorn.__file__).parent / "demo" / "data" / "incidents_sample.csv.gz"
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 3, 7, tzinfo=UTC)
TRIED = re.compile(r"/replays/[\w-]{16}/")


def work():
    """What the worker does meanwhile."""
    assert jobs.work_on_next(lambda: NOON)


def test_from_an_export_to_an_offer(page, enter, picture, watch, mo, mail, finance):
    enter(page, mo)
    page.goto("/manage/")
    page.get_by_role("link", name="Past months", exact=True).click()
    page.get_by_role("link", name="Use my own export").first.click()
    page.get_by_label("File", exact=True).set_input_files(SAMPLE)
    picture(page, "tried-upload")
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(TRIED)
    page.get_by_text("The file is being read").wait_for()
    work()
    page.get_by_role("heading", name="Today and what you would have instead").wait_for()
    expect(page.get_by_role("heading", name="The rule that your log follows")).to_be_visible()

    page.get_by_role("button", name="Saturday 09:00–13:00").click()
    page.get_by_text("Saturday 09:00–13:00 would have been there for").wait_for()

    watch(page).expect("422")
    page.get_by_role("link", name="Change Saturday").click()
    page.get_by_label("Price each month").fill("400")
    page.get_by_role("button", name="Show what it would have meant").click()
    page.get_by_text("Say the currency").wait_for()
    picture(page, "tried-change")
    page.get_by_label("Currency").first.fill("EUR")
    page.get_by_role("button", name="Show what it would have meant").click()
    page.get_by_text("400 EUR a month").first.wait_for()

    page.get_by_role("link", name="Make the offer").click()
    page.get_by_label("To whom").select_option("Finance")
    page.get_by_role("button", name="Make the offer").click()
    page.wait_for_url(re.compile(r"/manage/offers/\d+/"))
    expect(page.get_by_text("400 EUR a month").first).to_be_visible()
    expect(page.get_by_text("09:00–13:00").first).to_be_visible()


def test_without_javascript_everything_is_there(open_page, enter, mo, mail, a7, cleo):
    for n in range(12):
        make_ticket(cleo, mail, at=SATURDAY + timedelta(hours=11 * n))
    page = open_page(javascript=False)
    enter(page, mo)
    page.goto("/manage/replays/begin/")
    page.get_by_role("button", name="Take these months").click()
    page.get_by_role("button", name="Day and night").click()
    page.get_by_role("link", name="Change Day and night").click()
    page.get_by_label("Within").first.fill("2h")
    page.get_by_role("button", name="Show what it would have meant").click()
    expect(page.get_by_text("Option A is changed.")).to_be_visible()
    page.get_by_text("How many people it takes").last.click()
    page.get_by_label("Days and hours").first.fill("mon-fri 08:00-20:00")
    page.get_by_label("How many people, or their names").first.fill("2")
    page.get_by_label("Minutes of work on one ticket").fill("20")
    page.get_by_role("button", name="Work it out").click()
    work()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="How many people it takes")).to_be_visible()


def test_a_client_tries_saturdays_and_asks_for_the_offer(
    page, enter, clock, picture, clive, cleo, finance, mail, a7
):
    people = [cleo, *(somebody(f"P{n}", finance) for n in range(7))]
    for n in range(40):
        make_ticket(people[n % 8], mail, at=SATURDAY + timedelta(hours=11 * n))
    clock(NOVEMBER)
    enter(page, clive)
    page.goto("/decide/replays/")
    page.get_by_role("link", name="Try it on past months").click()
    picture(page, "tried-months")
    page.get_by_role("button", name="Take these months").click()
    page.wait_for_url(TRIED)
    page.get_by_role("button", name="Saturday 09:00–13:00").click()
    page.get_by_role("heading", name="Saturday").first.wait_for()
    picture(page, "tried-by-a-client")
    page.get_by_role("button", name="Ask for this offer").click()
    page.get_by_text("You asked for an offer").wait_for()
    assert Replay.objects.get().offer_asked_at == NOVEMBER
