"""The replay's report in a real browser: alone, usable by everybody, fit for paper."""

import pytest

from tests.pictures import given
from tricorn.web.replay_report import report_page

PLACE = "http://report.test/report.html"


@pytest.fixture
def alone(browser):
    """The report as a file of its own: nothing else can be fetched, and nothing is asked for."""
    page = browser.new_page(reduced_motion="reduce")
    body, faults = report_page(given.page()), []

    def serve(route):
        if route.request.url == PLACE:
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            faults.append(route.request.url)
            route.abort()

    page.route("**/*", serve)
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.goto(PLACE)
    yield page
    page.close()
    assert faults == []


def test_the_report_stands_alone_on_both_screens_in_both_themes_and_on_paper(
    alone, picture, assert_accessible
):
    alone.set_viewport_size({"width": 1280, "height": 800})
    picture(alone, "replay-report")
    for figures in alone.locator("details").all():
        figures.evaluate("each => each.open = true")
    alone.set_viewport_size({"width": 320, "height": 800})
    assert alone.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(alone)

    alone.set_viewport_size({"width": 718, "height": 1000})
    alone.emulate_media(media="print")
    assert alone.evaluate("document.documentElement.scrollWidth") <= 718
