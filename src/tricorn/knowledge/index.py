"""Where the search is told what an article says: when one is published, and when it goes."""

from __future__ import annotations

from collections.abc import Iterator

from tricorn.knowledge.models import Article
from tricorn.search import kinds, reads, verbs

KIND = "article"
BATCH = 200


def put(article: Article) -> None:
    """Let the published text be found; called inside the transaction of the change."""
    if article.published is not None:
        verbs.put(KIND, article.pk, title=article.title, body=article.published.text)


def forget(article: Article) -> None:
    verbs.forget(KIND, article.pk)


def similar(text: str, *, most: int) -> list[int]:
    """Return articles that say the like, best first."""
    return reads.similar(KIND, text, most=most)


def find(text: str, *, most: int) -> list[int]:
    """Return articles that hold these words, best first."""
    return reads.find(KIND, text, most=most)


def register() -> None:
    """Say where the texts come from when the index is built anew."""
    kinds.register(KIND, kinds.Source(Article.objects.filter(state="published").count, _all))


def _all() -> Iterator[list[kinds.Document]]:
    rows = Article.objects.filter(state="published").select_related("published").order_by("pk")
    batch: list[kinds.Document] = []
    for article in rows.iterator(chunk_size=BATCH):
        text = article.published.text if article.published else ""
        batch.append(kinds.Document(article.pk, article.title, text))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
