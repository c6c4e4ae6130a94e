"""The HTML of a letter, made of the same words as its plain text. It loads nothing from anywhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Emphasis, lists, quotes, code and links. No headings, no pictures, no HTML of anybody's own.
RULES = (
    "autolink",
    "backticks",
    "blockquote",
    "code",
    "emphasis",
    "fence",
    "link",
    "linkify",
    "list",
    "newline",
)
# Looking for links reads on to the end from each one that may be: that is left out for so many.
MOST_LINKS = 200
SCHEMES = {"http", "https", "mailto"}


def html_of(words: str, *, subject: str, language: str) -> str:
    """Return the whole page of a letter; readers show it in their own type, light or dark."""
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{escape(language)}" dir="auto">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(subject)}</title>\n</head>\n<body>\n<main>\n{inner(words)}</main>\n"
        "</body>\n</html>\n"
    )


def inner(words: str) -> SafeString:
    """Return the words alone as HTML, as the preview shows them."""
    is_usual = words.count(":/") <= MOST_LINKS
    return mark_safe((_MARKDOWN if is_usual else _UNLINKED).render(words))


class _Renderer(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name that MarkdownIt calls
        try:
            return urlsplit(url.strip()).scheme.lower() in SCHEMES
        except ValueError:
            return False


def _renderer(*, links: bool = True) -> MarkdownIt:
    found = _Renderer("zero", {"html": False, "linkify": links, "breaks": True})
    found.enable(list(RULES))
    assert found.linkify is not None
    found.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return found


_MARKDOWN, _UNLINKED = _renderer(), _renderer(links=False)
