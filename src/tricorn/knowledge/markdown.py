"""Markdown as safe HTML: no HTML of the author's, no address that runs anything, no foreign pictures.

Cleaned twice: markdown-it lets no HTML through, and nh3 keeps only what stands on its list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

PICTURE = re.compile(r"picture:(\d{1,18})", re.ASCII)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre"),
    *("blockquote", "ul", "ol", "li", "a", "img", "table", "thead", "tbody", "tr", "th", "td"),
    "div",
}
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "div": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
CONTENTS_FROM = 3
MOST_DOTS = 4_000


@dataclass(frozen=True)
class Heading:
    """One heading: its anchor, its words, how deep it stands (2 right below the title)."""

    anchor: str
    words: str
    level: int


@dataclass(frozen=True)
class Rendered:
    """An article's text as a page shows it. `contents` only where there is something to find."""

    html: SafeString
    headings: tuple[Heading, ...]

    @property
    def contents(self) -> tuple[Heading, ...]:
        top = tuple(each for each in self.headings if each.level == 2)
        return top if len(top) >= CONTENTS_FROM else ()


def pictures_in(text: str) -> set[int]:
    """Return the numbers of the pictures that a text shows."""
    return {int(number) for number in PICTURE.findall(text)}


def plain_of(text: str) -> str:
    """Return a text to put into a reply: as it was typed, without its pictures."""
    return re.sub(r"!\[[^\]\n]*\]\([^)\n]*\)\n?", "", text).strip()


@lru_cache(maxsize=128)
def rendered(text: str, pictures_at: str = "") -> Rendered:
    """Return a text as safe HTML; `![lamp](picture:7)` is the picture at PICTURES_AT7/.

    The first heading of an article is its title, so the author's begin one level below.
    """
    markdown = _markdown(text)
    tokens = markdown.parse(text)
    headings = _headed(tokens)
    for token in _all(tokens):
        if token.type == "link_open" and OUTSIDE.match(str(token.attrGet("href") or "")):
            token.attrSet("rel", "external nofollow noopener noreferrer")
        elif token.type == "image":
            _pictured(token, pictures_at)
    html = markdown.renderer.render(tokens, markdown.options, {})
    html = html.replace("<table>", '<div class="scroll"><table>').replace(
        "</table>", "</table></div>"
    )
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        attribute_filter=_only_scroll,
    )
    return Rendered(mark_safe(cleaned), headings)


def _markdown(text: str) -> MarkdownIt:
    # Finding addresses takes the longer the more there may be; nobody writes that many.
    few = text.count(".") + text.count("/") < MOST_DOTS
    options = {"html": False, "linkify": few, "maxNesting": 20}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough", "linkify"])


def _only_scroll(tag: str, name: str, value: str) -> str | None:
    return None if (tag, name) == ("div", "class") and value != "scroll" else value


def _all(tokens: Sequence[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or ()))]


def _headed(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Let headings begin right below the title and skip no level; give each an anchor of its own."""
    headings: list[Heading] = []
    taken: set[str] = set()
    top = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    level = 1
    for index, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        if token.type == "heading_open":
            level = min(int(token.tag[1]) - top + 2, level + 1, 6)
            words = _words(tokens[index + 1])
            anchor = _free(slugify(words)[:60] or "part", taken.__contains__)
            taken.add(anchor)
            token.attrSet("id", anchor)
            headings.append(Heading(anchor, words, level))
        token.tag = f"h{level}"
    return tuple(headings)


def _words(inline: Token) -> str:
    parts = (each.content for each in inline.children or () if each.type in ("text", "code_inline"))
    return "".join(parts)


def _free(anchor: str, is_taken: Callable[[str], bool]) -> str:
    """Return an anchor that no part of the page has: those of the page itself begin otherwise."""
    anchor = f"part-{anchor}"
    number, found = 1, anchor
    while is_taken(found):
        number += 1
        found = f"{anchor}-{number}"
    return found


def _pictured(token: Token, pictures_at: str) -> None:
    """Let one of our pictures be shown; any other becomes its words, so that nobody is followed."""
    found = PICTURE.fullmatch(str(token.attrGet("src") or ""))
    if found and pictures_at:
        token.attrSet("src", f"{pictures_at}{int(found[1])}/")
        token.attrSet("loading", "lazy")
        return
    token.type, token.tag, token.children = "text", "", None
