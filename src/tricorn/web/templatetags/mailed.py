"""The part of a page that shows one message as it came: words or HTML, quoted text, files."""

from __future__ import annotations

from typing import Any

from django import template

from tricorn.web.mailed import folded, shown

register = template.Library()


@register.inclusion_tag("_letter.html")
def letter(said: Any, page: str) -> dict[str, object]:
    """{% letter each page_url %}: `page_url` is where the ticket is read; files lie below it."""
    body = shown(said.html, said.files, lambda pk: f"{page}files/{pk}/")
    text, rest = folded(said.text)
    more = rest.count("\n") + 1
    return {
        "said": said,
        "html": body.html,
        "files": body.files,
        "text": text,
        "rest": rest,
        "more": more,
    }
