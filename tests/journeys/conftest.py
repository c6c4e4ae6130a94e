"""A real Chromium before a real server: pages, phones, accessibility, pictures.

Every page watches itself: an error in the console, an exception in a script or one request to a
foreign host fails the test, unless the test said before that it expects it:
`watch(page).expect("422")`.

A click returns while the next page is still empty, so a journey never looks once
(`is_visible()`, `count()`): it expects, and `expect` waits (tests/house/test_journeys.py).
"""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.cast import NOON
from tests.journeys.eyes import COLOURS, EVERYTHING, look
from tricorn.parties.models import Person
from tricorn.web import middleware

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",  # as root there is none; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1280, 800)
PHONE = (390, 844)
SCHEMES = ("light", "dark")
PATIENCE = 10_000  # milliseconds for one step in a page
HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


def find_browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            f"No browser was found: none of {', '.join(NAMES)} is on the PATH. "
            "Run scripts/needs: it installs Chromium, or says how to.",
            pytrace=False,
        )
    return found


@dataclass
class Watch:
    """What went wrong in one page, apart from what the test expects."""

    host: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, words: str) -> None:
        """Allow console errors that contain these words: a 422 is one, when a form is refused."""
        self.expected.append(words)

    def over(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("request", self.request)

    def console(self, message: Any) -> None:
        text = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not any(words in text for words in self.expected):
            self.faults.append(f"console: {text}")

    def request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.host:
            self.faults.append(f"foreign host: {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per process. Playwright's own loop makes Django think that code is async."""
    path = find_browser()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watches() -> dict[Page, Watch]:
    """The pages that the test has opened, each with its watch."""
    return {}


@pytest.fixture
def watch(watches: dict[Page, Watch]) -> Callable[[Page], Watch]:
    """The watch over a page: `watch(page).expect("422")`."""
    return watches.__getitem__


@pytest.fixture
def open_page(
    browser: Browser, live_server: Any, watches: dict[Page, Watch]
) -> Iterator[Callable[..., Page]]:
    """Open a page for one more person, who shares no cookies with any other.

    `open_page(size=PHONE, colour_scheme="dark", javascript=False)`; addresses begin with "/".
    """

    def open_one(
        size: tuple[int, int] = DESKTOP, colour_scheme: str = "light", javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=colour_scheme,
            has_touch=size == PHONE,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watches[page] = Watch(urlsplit(live_server.url).netloc)
        watches[page].over(page)
        return page

    yield open_one
    faults = [fault for watch in watches.values() for fault in watch.faults]
    for page in watches:
        page.context.close()
    assert not faults, "\n".join(["The browser complained:", *faults])


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A desktop screen, 1280 pixels wide, light."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A phone, 390 pixels wide, light."""
    return open_page(size=PHONE)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what time the doors read: `clock(TUESDAY)`. At first it is Monday noon in Berlin."""

    def read(moment: datetime) -> None:
        monkeypatch.setattr(middleware, "now", lambda: moment)

    read(NOON)
    return read


@pytest.fixture
def enter(live_server: Any, clock: Any) -> Callable[[Page, Person], None]:
    """Let a person in at a page, as signing in would; who was in before is out."""

    def let_in(page: Page, person: Person) -> None:
        browser = Client()
        browser.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": browser.cookies[name].value, "url": live_server.url}
        page.context.clear_cookies()
        page.context.add_cookies([cookie])

    return let_in


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """Fail with every breach of WCAG 2.2 AA that axe finds on this page as it stands.

    `assert_accessible(page, COLOURS)` asks only what other colours could have changed.
    """

    def check(page: Page, only: list[str] = EVERYTHING) -> None:
        breaches = look(page, only)
        assert not breaches, "\n".join([f"{page.url} cannot be used by everybody:", *breaches])

    return check


def keep(page: Page, path: Path) -> None:
    """Save the page as a small picture."""
    _small(page.screenshot(full_page=True), path)


AIR = 24  # pixels


def keep_part(part: Locator, path: Path) -> None:
    """Save a part of a page as a small picture, with some air round it."""
    box = part.bounding_box()
    assert box is not None
    clip = {
        "x": box["x"] - AIR,
        "y": box["y"] - AIR,
        "width": box["width"] + 2 * AIR,
        "height": box["height"] + 2 * AIR,
    }
    _small(part.page.screenshot(full_page=True, clip=clip), path)


def _small(shot: bytes, path: Path) -> None:
    """Flat colours need no more than a palette."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(shot)) as picture:
        picture.convert("RGB").quantize(96).save(path, optimize=True)


@pytest.fixture
def picture(assert_accessible: Callable[..., None]) -> Callable[[Page, str], None]:
    """Look at a page in both sizes and both schemes: accessible, and nothing beyond the edge.

    With TRICORN_PICTURES=FOLDER (`make pictures`) the four looks are kept there as
    NAME-1280-light.png and so on. The page is given back in the look that it had.
    """
    folder = os.environ.get("TRICORN_PICTURES")

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state()  # a click returns while the next page is still empty
        before = page.viewport_size
        for width, height in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{page.url} is {wide} wide on a screen of {width}"
                assert_accessible(page, EVERYTHING if scheme == "light" else COLOURS)
                if folder and not name.startswith("gallery"):
                    keep(page, Path(folder) / f"{name}-{width}-{scheme}.png")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(before)

    return take
