"""The walk over all pages (test_everybody.py) finds what makes a page bad for somebody."""

import pytest

from tests.journeys.screen import Screen

PLAIN = "html { color: CanvasText; background: Canvas }"
GOOD = "<p>All is well, and one can <a href='/'>go on</a>.</p>"


@pytest.fixture(scope="module")
def screen(browser):
    screen = Screen(browser)
    yield screen
    screen.page.close()


def page(main: str, head: str = "<title>A page</title>", html: str = "<html lang='en'>") -> str:
    return (
        f"<!doctype html>{html}<head><meta name='viewport' content='width=device-width'>"
        f"<meta name='color-scheme' content='light dark'><style>{PLAIN}</style>{head}</head>"
        f"<body><main><h1>Here</h1>{main}</main></body></html>"
    )


def style(rules: str) -> str:
    return f"<title>A page</title><style>{rules}</style>"


PALE = "p { color: #bbb; background: #fff }"
SMALL = (
    "button { display: block; padding: 0; border: 0; height: 12px; width: 12px; font-size: 8px }"
)
BUTTONS = "<button>a</button><button>b</button>"
IN_DARK = "@media (prefers-color-scheme: dark)"
BAD = {
    "a picture that nobody describes": (page("<img src='/x.png'>"), "image-alt"),
    "a box without a label": (page("<input name='text'>"), "label"),
    "a choice without a name": (page("<select><option>One</option></select>"), "select-name"),
    "a button that says nothing": (page("<button></button>"), "button-name"),
    "a link that says nothing": (page("<a href='/'></a>"), "link-name"),
    "a page without a title": (page(GOOD, head=""), "document-title"),
    "a page in no language": (page(GOOD, html="<html>"), "html-has-lang"),
    "a list of what is none": (page("<ul><div>One</div></ul>"), "list"),
    "a role that is none": (page("<p role='boss'>Here</p>"), "aria-roles"),
    "a role that says too little": (page("<p role='checkbox'>Here</p>"), "aria-required-attr"),
    "a page that cannot be made larger": (
        page(GOOD, head="<title>A</title><meta name='viewport' content='user-scalable=no'>"),
        "meta-viewport",
    ),
    "folded away": (page("<details><summary>More</summary><img src='/x'></details>"), "image-alt"),
    "pale": (page(GOOD, head=style(PALE)), "light, 1280: color-contrast"),
    "pale in the dark alone": (
        page(GOOD, head=style(f"{IN_DARK} {{ p {{ color: #555; background: #222 }} }}")),
        "dark, 390: color-contrast",
    ),
    "a link told by its colour alone": (
        page(GOOD, head=style("p { color: #000 } a { color: #00a; text-decoration: none }")),
        "light, 1280: link-in-text-block",
    ),
    "the same in the dark alone": (
        page(
            GOOD,
            head=style(
                f"{IN_DARK} {{ p {{ color: #fff }} a {{ color: #fc9; text-decoration: none }} }}"
            ),
        ),
        "dark, 390: link-in-text-block",
    ),
    "small to press": (page(BUTTONS, head=style(SMALL)), "light, 1280: target-size"),
    "small to press on a phone alone": (
        page(BUTTONS, head=style(f"@media (max-width: 40rem) {{ {SMALL} }}")),
        "dark, 390: target-size",
    ),
    "wider than the smallest phone": (
        page("<div style='width: 340px'>Wide</div>"),
        "dark, 320: it is",
    ),
    "wider than any phone": (page("<div style='width: 500px'>Wide</div>"), "dark, 390: it is"),
    "wider than a desk": (page("<div style='width: 1400px'>Wide</div>"), "light, 1280: it is"),
    "a script that breaks": (page("<script>nothing.at.all()</script>"), "exception"),
}


def test_a_good_page_has_no_fault(screen):
    for _ in range(3):
        assert screen.faults_of("/", page(GOOD)) == []


@pytest.mark.parametrize("name", BAD)
def test_what_makes_a_page_bad_is_found(screen, name):
    html, fault = BAD[name]

    found = screen.faults_of("/bad/", html)

    assert [one for one in found if one.startswith("/bad/: ") and fault in one], found
    assert screen.faults_of("/", page(GOOD)) == []


def test_what_was_readable_on_one_page_is_asked_again_on_another_ground(screen):
    ground = "p {{ color: #666; font-size: 20px }} main {{ background: {} }}"
    first, second = (page(GOOD, head=style(ground.format(each))) for each in ("#fff", "#999"))

    assert not [one for one in screen.faults_of("/", first) if "light" in one and "<p>" in one]
    assert [one for one in screen.faults_of("/", second) if "light" in one and "<p>" in one]


def test_what_axe_could_not_decide_is_asked_again(screen):
    pale = style("button { color: #bbb; background: #fff; font-size: 21px; min-height: 44px }")
    off, on = (page(f"<button {state}>Go</button>", head=pale) for state in ("disabled", ""))

    assert screen.faults_of("/", off) == []
    assert "color-contrast" in " ".join(screen.faults_of("/", on))
