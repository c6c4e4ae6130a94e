"""Every page of every door can be used by everybody: axe finds nothing, no page is too wide.

The pages are found by reading them, beginning at each person's first (`tests/town.py`), so a new one
is looked at without a change here. The program answers in this process; Chromium gets the answer
and the style sheets from memory, with everything unfolded that a click could unfold.
"""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client

from tests.cast import NOON
from tests.journeys.conftest import DESKTOP, WCAG
from tests.town import SHARES
from tests.walking import kind_of, walk
from tricorn.parties.models import House
from tricorn.web import middleware
from tricorn.web.setup import KEY_FILE

SITE = "http://testserver"
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# What is worn to another screen, and in other colours; all other rules read the page alone.
ON_A_PHONE_AT_NIGHT = ["color-contrast", "link-in-text-block", "target-size"]
NARROW = (320, 390)
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
ASK = """only => axe.run({runOnly: only, resultTypes: ['violations']}).then(found =>
    found.violations.flatMap(each => each.nodes.map(node =>
        `${each.id}: ${each.help}: ${node.html.slice(0, 200)}`)))"""


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    cache.clear()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


@pytest.fixture
def look(browser):
    """Give a page to the browser, and get the faults that it has for somebody."""
    page, shown = browser.new_page(reduced_motion="reduce"), {}

    def serve(route):
        path = urlsplit(route.request.url).path
        file = path.startswith("/static/") and finders.find(path.removeprefix("/static/"))
        if route.request.is_navigation_request():
            route.fulfill(body=shown["html"], content_type="text/html; charset=utf-8")
        elif file:
            route.fulfill(path=file, content_type=TYPES[path.rpartition(".")[2]])
        else:
            route.fulfill(status=204)

    def faults(path: str, html: str) -> list[str]:
        shown["html"] = html
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.emulate_media(color_scheme="light")
        page.goto(SITE + path)
        page.evaluate(UNFOLD)
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(ASK, WCAG)
        page.emulate_media(color_scheme="dark")
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 844})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{wide} wide on a screen of {width}"] if wide > width else []
        rules = {"type": "rule", "values": ON_A_PHONE_AT_NIGHT}
        found += [f"dark: {fault}" for fault in page.evaluate(ASK, rules)]
        return [f"{path}: {fault}" for fault in found]

    page.route("**/*", serve)
    yield faults
    page.close()


@pytest.mark.parametrize("share", SHARES)
def test_everybody_can_use_every_page_on_every_screen_in_light_and_dark(town, look, share):
    seen, faults = set(), []
    for who in SHARES[share]:
        person, starts = town.walks[who]
        client = Client()
        if person:
            client.force_login(person)
        for page in walk(client, starts):
            kind = kind_of(page.path)
            if page.path in starts or kind not in seen:
                seen.add(kind)
                faults += [f"{who}: {fault}" for fault in look(page.path, page.html)]

    assert not faults, "\n".join([f"Of {len(seen)} pages:", *faults])


def test_what_goes_wrong_is_said_so_that_everybody_can_read_it(client, desi, look):
    client.force_login(desi)
    request = client.get("/desk/").wsgi_request
    said = {"sentence": "Cannot resolve a ticket that is resolved.", "reason": "It was late."}

    faults = [
        fault
        for name in ("400", "403", "403_csrf", "404", "409", "413", "422", "429", "500")
        for fault in look(f"/{name}/", render_to_string(f"{name}.html", said, request))
    ]

    assert not faults, "\n".join(faults)


def test_everybody_can_furnish_the_house_and_sign_in_by_a_code(client, db, una, look):
    code = client.post("/accounts/login/", {"email": "una@example.org"}, follow=True)
    House.objects.all().delete()
    key = Path(settings.HOME) / KEY_FILE
    key.write_text(hashlib.sha256(b"once").hexdigest())
    empty = client.get("/setup/", {"key": "once"})
    refused = client.post("/setup/", {"key": "once"})
    key.unlink()

    assert [each.status_code for each in (code, empty, refused)] == [200, 200, 422]
    faults = [fault for each in (code, empty, refused) for fault in look("/", each.text)]
    assert not faults, "\n".join(faults)
