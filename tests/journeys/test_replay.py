"""Past months under another agreement: from an export to an offer, and from a wish to one."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tricorn
from tests.cast import NOON, make_ticket, somebody
from tricorn.insight.replays import jobs

SAMPLE = Path(tricorn.__file__).parent / "demo" / "data" / "incidents_sample.csv.gz"
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 3, 7, tzinfo=UTC)
TRIED = re.compile(r"/replays/[\w-]+/")


def work():
    """What the worker does meanwhile."""
    assert jobs.work_on_next(lambda: NOON)


def test_from_an_export_to_an_offer(page, enter, picture, mo, mail, finance):
    enter(page, mo)
    page.goto("/manage/")
    page.get_by_role("link", name="Past months").click()
    picture(page, "tried-nothing-yet")
    page.get_by_role("link", name="Use my own export").first.click()
    page.get_by_label("File", exact=True).set_input_files(SAMPLE)
    picture(page, "tried-upload")
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(TRIED)
    assert page.get_by_text("The file is being read").is_visible()
    picture(page, "tried-reading")
    work()
    page.get_by_role("heading", name="How Today was kept").wait_for()
    assert page.get_by_role("heading", name="The rule that your log follows").is_visible()

    picture(page, "tried-learned")
    print(page.locator("#options ~ form").inner_text())
    page.get_by_role("button", name="Saturday 09:00–13:00").click()
    page.get_by_role("heading", name="Saturday").first.wait_for()
    assert page.get_by_text("Simulated").count() == 0
    picture(page, "tried-saturdays")

    page.get_by_role("link", name="Change Saturday").click()
    page.get_by_label("Saturday", exact=True).fill("09:00-12:00, and on")
    page.get_by_label("Price each month").fill("400")
    page.get_by_label("Currency").first.fill("EUR")
    picture(page, "tried-change")


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
    assert page.get_by_text("You asked for an offer").is_visible()
