"""The parts of the look in a real browser: usable by everybody, quick by keyboard, safe by policy.

The gallery's pages are served from memory under the policy that the program sends.
"""

from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from tests.web import gallery
from tricorn.web.middleware import POLICY

SITE = "http://gallery.test"
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("gallery")
    with override_settings(ROOT_URLCONF="tests.web.gallery", STATIC_URL="/static/"):
        gallery.main(place)
    return place


@pytest.fixture
def look(browser, folder):
    """A page before the gallery, and what the browser complained of."""
    page = browser.new_page(reduced_motion="reduce")
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))

    def serve(route):
        path = urlsplit(route.request.url).path.removeprefix("/")
        kind = TYPES[path.rpartition(".")[2]]
        route.fulfill(
            body=(folder / path).read_bytes(),
            headers={"Content-Type": kind, "Content-Security-Policy": POLICY},
        )

    page.route(f"{SITE}/**", serve)
    yield page
    page.close()
    expected = ("status of 500", "status of 422", "Response Status Error Code 500")
    assert [one for one in complaints if not any(words in one for words in expected)] == []


@pytest.mark.parametrize("name", sorted(gallery.DOORS))
def test_every_part_can_be_used_by_everybody_on_both_screens_in_both_themes(look, picture, name):
    look.goto(f"{SITE}/{name}.html")

    picture(look, f"gallery-{name}")


@pytest.mark.parametrize("name", sorted(gallery.DOORS))
def test_no_page_is_wider_than_its_screen_between_the_two_sizes(look, name):
    look.goto(f"{SITE}/{name}.html")

    for width in (320, 600, 768, 1000):
        look.set_viewport_size({"width": width, "height": 800})
        wide = look.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def test_the_queue_is_walked_and_opened_by_keyboard(look):
    look.goto(f"{SITE}/desk.html")
    here = "[...document.querySelectorAll('[data-row]')].findIndex(r => 'here' in r.dataset)"
    start = look.evaluate(here)

    look.keyboard.press("j")
    look.keyboard.press("j")
    look.keyboard.press("k")
    assert look.evaluate(here) == start + 1

    look.keyboard.press("/")
    look.keyboard.type("jk")
    expect(look.locator("#q")).to_have_value("jk")

    look.keyboard.press("Escape")
    look.keyboard.press("o")
    look.wait_for_url("**/ticket.html")
    look.keyboard.press("r")
    assert look.evaluate("document.activeElement.id") == "reply"


def test_the_keys_are_listed_and_can_be_switched_off(look):
    look.goto(f"{SITE}/desk.html")

    look.keyboard.press("?")
    look.get_by_label("Keys are").select_option("off")
    look.get_by_role("button", name="Close").click()
    look.keyboard.press("/")

    assert look.evaluate("document.activeElement.id") != "q"


def test_a_theme_once_chosen_stays_in_this_browser(look):
    look.goto(f"{SITE}/report.html")
    look.get_by_label("Colours").select_option("dark")

    look.goto(f"{SITE}/my.html")

    assert look.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_refused_form_is_shown_where_it_stands_and_a_failure_keeps_what_was_typed(look):
    look.goto(f"{SITE}/report.html")
    look.evaluate(
        """() => {
            const form = document.querySelector("form.ask");
            form.setAttribute("hx-post", "/answer"); form.setAttribute("hx-target", "#main");
            form.setAttribute("hx-swap", "beforeend"); htmx.process(form);
        }"""
    )
    answers = [(500, "broken"), (422, "<p>Say a little more.</p>")]
    look.route(
        f"{SITE}/answer",
        lambda route: route.fulfill(
            status=answers[0][0], content_type="text/html", body=answers.pop(0)[1]
        ),
    )
    look.locator("textarea").fill("The lift is stuck.")

    look.get_by_role("button", name="Send to the desk").click()
    look.get_by_text("What you typed is still here").wait_for()
    expect(look.locator("textarea")).to_have_value("The lift is stuck.")

    look.get_by_role("button", name="Send to the desk").click()
    look.get_by_text("Say a little more.").wait_for()
    assert answers == []
