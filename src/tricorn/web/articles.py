"""Articles as every door shows them: for whoever reads now, and beside a box that takes a report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from tricorn.knowledge import reads
from tricorn.knowledge.markdown import Rendered, plain_of, rendered
from tricorn.knowledge.models import Article, ArticleQuerySet, Reader
from tricorn.parties.models import Place
from tricorn.web.requests import TricornRequest

# What is longer is read on its own page, not beside the box.
SHORT = 3_000
EXCERPT = 220


def reader_of(request: TricornRequest) -> Reader:
    """Return who reads, from the portrait that opened the doors."""
    return reads.reader_of(request.who.portrait)


def readable(request: TricornRequest) -> ArticleQuerySet:
    """Return what whoever asks may read now."""
    return reads.readable(request.who.person, request.at, reader=reader_of(request))


def text_of(article: Article, text: str | None = None) -> Rendered:
    """Return the published text of an article, or another of its texts, as safe HTML."""
    if text is None:
        text = article.published.text if article.published else ""
    return rendered(text, reverse("report:article", args=[article.slug]) + "picture/")


def is_looking(request: TricornRequest) -> bool:
    """Whether the form shall come back as it was typed: to look for an answer, or to go on."""
    return bool({"look", "go_on"} & request.POST.keys())


def looked(request: TricornRequest) -> dict[str, object]:
    """Return what such a form shows beside what was typed."""
    if "look" not in request.POST:
        return {}
    return {"suggested": suggestions(request, request.POST.dict()), "looked": True}


@dataclass(frozen=True)
class Suggestion:
    """One article that may help: whole if it is short, else how it begins."""

    article: Article
    html: SafeString | str
    beginning: str


def suggestions(request: TricornRequest, given: Mapping[str, str]) -> list[Suggestion]:
    """Return what may help whoever typed this so far: `text`, `service`, `place` or `at`."""
    found = reads.suggested(
        reader_of(request),
        str(given.get("text", "")),
        service=_number(given.get("service", "")),
        place=_place(given),
    )
    return [_suggestion(each) for each in found]


def _suggestion(article: Article) -> Suggestion:
    text = article.published.text if article.published else ""
    if len(text) <= SHORT:
        # Beside one another two articles may have the same parts, and an anchor stands once.
        html = re.sub(r' id="part-[^"]*"', "", text_of(article).html)
        return Suggestion(article, mark_safe(html), "")
    start = " ".join(plain_of(text[: 4 * EXCERPT]).split())[:EXCERPT]
    return Suggestion(article, "", f"{start}…")


def _number(given: object) -> int | None:
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _place(given: Mapping[str, str]) -> int | None:
    if slug := str(given.get("at", "")):
        return (
            Place.objects.filter(slug=slug[:80].replace("\0", ""))
            .values_list("pk", flat=True)
            .first()
        )
    return _number(given.get("place", ""))
