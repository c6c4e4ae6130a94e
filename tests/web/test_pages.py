"""What holds for every page: nothing from elsewhere, nothing inline, one h1, every id once."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.test import override_settings

from tests.web import gallery

FOREIGN = re.compile(r"""(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+""", re.IGNORECASE)
VOCABULARY = "http://www.w3.org/2000/svg"
# The report of a replay carries its own style: it is one file that needs nothing else.
REPORT = "report.html"
INLINE = re.compile(
    r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|hx-on|javascript:|<script(?![^>]*\ssrc=)", re.I
)
FILES = sorted(
    path
    for folder in ("templates", "static")
    for path in (gallery.SOURCE / folder).rglob("*")
    if path.suffix in {".html", ".css", ".js", ".svg"}
)


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(params=sorted(gallery.DOORS))
def page(request):
    with override_settings(ROOT_URLCONF="tests.web.gallery"):
        return Page(gallery.draw(request.param))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_look_names_another_site(path):
    text = path.read_text(encoding="utf-8").replace(VOCABULARY, "")

    assert FOREIGN.findall(text) == []


PAGES = [p for p in FILES if p.suffix == ".html" and p.name != REPORT]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_no_template_carries_style_or_script_inline(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


def test_the_search_for_inline_code_finds_it():
    for bad in ('<p style="x">', "<script>", '<a onclick="x">', '<a href="javascript:x">'):
        assert INLINE.search(bad), bad
    assert not INLINE.search('<script src="a.js"></script>')


def test_every_page_has_one_heading_one_main_and_a_language(page):
    counts = Counter(tag for tag, _ in page.tags)

    assert counts["h1"] <= 1
    assert counts["main"] == 1
    assert dict(page.tags)["html"]["lang"] == "en"


def test_every_id_stands_once_and_every_reference_leads_somewhere(page):
    ids = Counter(attrs["id"] for _, attrs in page.tags if attrs.get("id"))
    wanted = {
        one
        for _, attrs in page.tags
        for name in ("for", "aria-describedby", "aria-labelledby")
        for one in (attrs.get(name) or "").split()
    }

    assert [one for one, count in ids.items() if count > 1] == []
    assert wanted - set(ids) == set()


def test_every_box_and_icon_is_named_or_hidden(page):
    labelled = {attrs.get("for") for tag, attrs in page.tags if tag == "label"}
    boxes = [
        attrs
        for tag, attrs in page.tags
        if tag in {"input", "textarea"} and attrs.get("type") not in {"hidden", "radio"}
    ]
    pictures = [attrs for tag, attrs in page.tags if tag == "svg"]

    assert [box for box in boxes if box.get("id") not in labelled and "aria-label" not in box] == []
    assert [p for p in pictures if "aria-hidden" not in p and "aria-label" not in p] == []


def test_a_wrong_field_is_tied_to_its_error():
    with override_settings(ROOT_URLCONF="tests.web.gallery"):
        page = Page(gallery.draw("manage"))

    name = next(attrs for _, attrs in page.tags if attrs.get("name") == "name")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "id_name_error"


def test_the_danger_line_stands_before_the_box_that_takes_a_report():
    with override_settings(ROOT_URLCONF="tests.web.gallery"):
        text = gallery.draw("report")

    assert text.index("Danger or injury?") < text.index("<textarea")
    assert 'href="tel:5555"' in text


def test_who_has_one_door_sees_no_bar():
    with override_settings(ROOT_URLCONF="tests.web.gallery"):
        assert 'class="doors"' not in gallery.draw("my")
        assert 'class="doors"' in gallery.draw("desk")
