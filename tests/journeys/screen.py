"""A window in which page after page is shown from memory, and looked at on every screen."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route

from tests.journeys.eyes import COLOURS, EVERYTHING, SIZES, look

Scheme = Literal["light", "dark"]
Look = tuple[Scheme, tuple[int, int], list[str]]
DESKTOP = (1280, 800)
PHONE = (390, 844)
SMALL_PHONE = (320, 844)
SHEET = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"[^>]*>')
SCRIPT = re.compile(r'<script src="/static/([^"]+)"[^>]*>')
# Of many alike, some: the list of every address of the API has two hundred.
WRITE = """([path, html]) => new Promise(done => {
    const unfold = () => {
        [...document.querySelectorAll("details")].slice(0, 25).forEach(each => { each.open = true; });
        done();
    };
    history.replaceState(null, "", path);
    document.open();
    document.write(html);
    document.close();
    if (document.readyState === "complete") unfold(); else addEventListener("load", unfold);
})"""
LOOK = """async only => {
    const wide = document.documentElement.scrollWidth, faults = only.length ? await eyes(only) : [];
    const beyond = wide > innerWidth && [...document.body.querySelectorAll("*")].filter(each =>
        each.getBoundingClientRect().right > innerWidth + 1 && !each.closest("svg"));
    if (beyond) faults.push(`it is ${wide} wide: ${beyond.at(-1)?.outerHTML.slice(0, 120)}`);
    return faults;
}"""


def with_static_files(html: str) -> str:
    """Return the page with its style sheets and scripts written into it."""
    html = SHEET.sub(lambda sheet: f"<style>{_static(sheet[1])}</style>", html)
    return SCRIPT.sub(lambda script: f"<script>{_static(script[1])}", html)


@cache
def _static(path: str) -> str:
    return Path(finders.find(path)).read_text(encoding="utf-8")


def _answer(route: Route) -> None:
    """There is one page, which is empty, and no picture."""
    if route.request.is_navigation_request():
        route.fulfill(body="<!doctype html><title>Empty</title>", content_type="text/html")
    else:
        route.fulfill(status=204)


class Screen:
    """A browser window in which page after page is looked at, without going anywhere.

    What a page asks for is already in it. The window keeps axe and what axe has decided. The looks
    come in turns, so that each page begins on the screen on which the last one ended.
    """

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page(color_scheme="light", reduced_motion="reduce", bypass_csp=True)
        self.page.route("**/*", _answer)
        self.page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        self.faults: list[str] = []
        self.scheme: Scheme = "light"
        self.looks: list[Look] = [
            ("light", DESKTOP, EVERYTHING),
            ("dark", PHONE, COLOURS + SIZES),
            ("dark", SMALL_PHONE, []),
        ]
        self.page.goto("http://testserver/")
        look(self.page)  # brings axe into the window

    def faults_of(self, path: str, html: str) -> list[str]:
        """Show a page in light on a desk and in dark on phones; return what is wrong for somebody."""
        self.faults.clear()
        self.page.evaluate(WRITE, [path, with_static_files(html)])
        for scheme, (width, height), only in self.looks:
            if scheme != self.scheme:
                self.page.emulate_media(color_scheme=scheme)
                self.scheme = scheme
            self.page.set_viewport_size({"width": width, "height": height})
            found = self.page.evaluate(LOOK, only)
            self.faults += [f"{scheme}, {width}: {fault}" for fault in found]
        self.looks.reverse()
        return [f"{path}: {fault}" for fault in self.faults]
