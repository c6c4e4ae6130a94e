"""Where the search is told what an article says: when one is published, and when it goes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tricorn.knowledge.models import Article

KIND = "article"
BATCH = 200


def put(article: Article) -> None:
    """Let the published text be found; called inside the transaction of the change."""
    if (verbs := _search("verbs")) is not None and article.published is not None:
        verbs.put(KIND, article.pk, title=article.title, body=article.published.text)


def forget(article: Article) -> None:
    if (verbs := _search("verbs")) is not None:
        verbs.forget(KIND, article.pk)


def similar(text: str, *, most: int) -> list[int] | None:
    """Return articles that say the like, best first; None while there is no search to ask."""
    reads = _search("reads")
    return None if reads is None else reads.similar(KIND, text, most=most)


def find(text: str, *, most: int) -> list[int] | None:
    """Return articles that hold these words, best first; None while there is no search to ask."""
    reads = _search("reads")
    return None if reads is None else reads.find(KIND, text, most=most)


def register() -> None:
    """Say where the texts come from when the index is built anew."""
    if (kinds := _search("kinds")) is not None:
        kinds.register(KIND, kinds.Source(Article.objects.filter(state="published").count, _all))


def _all() -> Iterator[list[Any]]:
    kinds = _search("kinds")
    rows = Article.objects.filter(state="published").select_related("published").order_by("pk")
    batch = []
    for article in rows.iterator(chunk_size=BATCH):
        text = article.published.text if article.published else ""
        batch.append(kinds.Document(article.pk, article.title, text))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@cache
def _search(part: str) -> Any:
    name = f"tricorn.search.{part}"
    return import_module(name) if find_spec(name) else None
