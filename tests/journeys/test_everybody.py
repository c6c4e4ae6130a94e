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
# What another screen and other colours can change; all other rules read the page alone.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SIZES = {"type": "rule", "values": ["target-size"]}
ALONE = "[data-alone]"
NARROW = (320, 390)
# Of many alike, some: the list of every address of the API has two hundred.
UNFOLD = "[...document.querySelectorAll('details')].slice(0, 25).forEach(d => { d.open = true })"
ASK = """([only, rules, selector]) => axe.run(selector ? {include: selector} : document,
    {runOnly: only, rules: rules, resultTypes: ['violations']}).then(found =>
    found.violations.flatMap(each => each.nodes.map(node =>
        `${each.id}: ${each.help}: ${node.html.slice(0, 200)}`)))"""
# Of what is written in the same colours, size and weight on the same ground, one is enough.
MARK = """() => {
    const seen = new Set(), clear = 'rgba(0, 0, 0, 0)'
    for (const each of document.body.querySelectorAll('*')) {
        delete each.dataset.alone
        const says = [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim())
        if (!says && !each.matches('input, select, textarea, a, button')) continue
        const own = getComputedStyle(each), grounds = []
        for (let up = each; up; up = up.parentElement) {
            const style = getComputedStyle(up)
            grounds.push(style.backgroundColor, style.backgroundImage, style.opacity)
            if (style.backgroundColor !== clear) break
        }
        const looks = [each.tagName, own.color, own.fontSize, own.fontWeight, ...grounds].join()
        if (!seen.has(looks)) { seen.add(looks); each.dataset.alone = '' }
    }
}"""
WIDEST = """() => [...document.body.querySelectorAll('*')].filter(each =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('svg'))
    .map(each => each.outerHTML.slice(0, 120)).at(-1)"""


def off(rules):
    return {name: {"enabled": False} for name in rules["values"]}


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
        page.evaluate(MARK)
        found = page.evaluate(ASK, [WCAG, off(COLOURS), None])
        found += page.evaluate(ASK, [COLOURS, {}, ALONE])
        page.emulate_media(color_scheme="dark")
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 844})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{wide} wide on a screen of {width}: {page.evaluate(WIDEST)}")
        page.evaluate(MARK)
        found += [f"dark: {fault}" for fault in page.evaluate(ASK, [COLOURS, {}, ALONE])]
        found += [f"phone: {fault}" for fault in page.evaluate(ASK, [SIZES, {}, None])]
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
