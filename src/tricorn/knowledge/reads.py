"""What is readable by whom, what may help, and what the desk knows of its articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet

from tricorn.catalogue.models import Service
from tricorn.knowledge import index
from tricorn.knowledge.models import Article, ArticleQuerySet, ArticleVersion, Feedback, Reader
from tricorn.parties.models import Person, Place
from tricorn.prepared import Prepared
from tricorn.standing.portrait import Portrait, portrait

VISITOR = Reader()
# A few words say what somebody means; more only cost time.
MOST_WORDS = 10
FEWEST_LETTERS = 4
LONGEST_ASKED = 2_000
MOST_COMMENTS = 50
# So many more are asked of the search, since some of them may not be this reader's.
ROOM = 40
WORD = re.compile(r"\w+")
# They stand in every report and in every article, so they say nothing about either.
SILENT = frozenset(
    re.findall(
        r"\w+",
        "about after again also been before cannot could does doesn from have help into just need "
        "only please problem since some something that their them then there they this very want "
        "were what when where which will with work working would your",
    )
)


@dataclass(frozen=True)
class Group:
    """The articles of one service; without one those of the house as a whole."""

    service: Service | None
    articles: tuple[Article, ...]


def reader_of(known: Portrait | None) -> Reader:
    """Return who reads, from everything that is known of them. No query."""
    if known is None:
        return VISITOR
    entitled = {each.service_id for each in known.facts_known if each.kind == "entitled"}
    duties = {each.service_id for each in known.duties}
    served = entitled | set(known.uses)
    return Reader(
        person_id=known.person_id,
        served=None if None in entitled else frozenset(each for each in served if each),
        works_for=None if None in duties else frozenset(each for each in duties if each),
    )


def readable(
    person: Person | None,
    at: datetime,
    *,
    ids: Collection[int] | None = None,
    service: Service | None = None,
    place: Place | None = None,
    reader: Reader | None = None,
) -> ArticleQuerySet:
    """Return the published articles that somebody may read at an instant: the one way to them.

    `reader` saves the reads when the caller knows already who that is.
    """
    if reader is None:
        reader = reader_of(portrait(person.pk, at)) if person else VISITOR
    found = Article.objects.readable_by(reader).select_related("published")
    if ids is not None:
        found = found.filter(pk__in=ids)
    if service is not None:
        found = found.filter(services=service)
    if place is not None:
        found = found.filter(places=place)
    return found


def grouped(articles: Iterable[Article]) -> list[Group]:
    """Return articles by service, by name; those of none come first. Needs prefetched services."""
    groups: dict[int, list[Article]] = defaultdict(list)
    services: dict[int, Service] = {}
    house: list[Article] = []
    for article in articles:
        of = [each for each in article.services.all() if not each.is_retired]
        if not of:
            house.append(article)
        for service in of:
            services[service.pk] = service
            groups[service.pk].append(article)
    found = [Group(None, tuple(house))] if house else []
    names = sorted(services.values(), key=lambda each: each.name.casefold())
    return found + [Group(each, tuple(groups[each.pk])) for each in names]


def found(articles: ArticleQuerySet, text: str, *, most: int = 30) -> list[Article]:
    """Return those of some articles that hold these words, best first."""
    return _ranked(articles, index.find(text, most=most + ROOM), most)


def found_by(reader: Reader, text: str, *, most: int) -> list[Article]:
    """Return what this reader may read and holds these words, best first. Two queries."""
    order = {number: rank for rank, number in enumerate(index.find(text, most=most + ROOM))}
    if not order:
        return []
    return sorted(_readable_among(reader, list(order)), key=lambda each: order[each.pk])[:most]


def suggested(
    reader: Reader,
    text: str,
    *,
    service: int | None = None,
    place: int | None = None,
    most: int = 3,
    but: Collection[int] = (),
) -> list[Article]:
    """Return what this reader may read and may help whoever wrote this; at most five queries.

    What is about the chosen service or place comes first. Too few words suggest nothing.
    """
    text = text[:LONGEST_ASKED]
    words = [word for word in _words(text, FEWEST_LETTERS) if word not in SILENT][:MOST_WORDS]
    if not words:
        return []
    ids = [each for each in index.similar(" ".join(words), most=ROOM) if each not in but]
    if not ids:
        return []
    order = {number: rank for rank, number in enumerate(ids)}
    shown = sorted(_readable_among(reader, ids), key=lambda each: order[each.pk])
    ranked = [each for each in shown if _speaks_of(each, words)]
    near: dict[int, int] = defaultdict(int)
    for about, number in ((ABOUT_SERVICE, service), (ABOUT_PLACE, place)):
        if number is not None and ranked:
            for article in about.column(articles=[each.pk for each in ranked], of=number):
                near[article] += 1
    ranked.sort(key=lambda each: -near[each.pk])
    return ranked[:most]


def _readable_among(reader: Reader, ids: Collection[int]) -> list[Article]:
    """Return which of these articles somebody may read, with their texts. One query."""
    shape = (
        reader.person_id is not None,
        None if reader.served is None else bool(reader.served),
        None if reader.works_for is None else bool(reader.works_for),
    )
    return _readable(*shape).objects(
        ids=ids, served=reader.served or (), works_for=reader.works_for or ()
    )


@cache
def _readable(is_named: bool, has_served: bool | None, has_duty: bool | None) -> Prepared:
    """Return the query for readers of one shape: None is every service, False not one."""

    def make(ids: list[int], served: list[int], works_for: list[int]) -> QuerySet[Article]:
        reader = Reader(
            person_id=1 if is_named else None,
            served=None if has_served is None else frozenset(served if has_served else ()),
            works_for=None if has_duty is None else frozenset(works_for if has_duty else ()),
        )
        shown = Article.objects.readable_by(reader).filter(pk__in=ids)
        return shown.select_related("published")

    return Prepared(make, "ids", "served", "works_for")


def _about(through: Any, name: str) -> Prepared:
    return Prepared(
        lambda articles, of: through.objects.filter(
            article__in=articles, **{f"{name}__in": of}
        ).values_list("article"),
        *("articles", "of"),
    )


ABOUT_SERVICE = _about(Article.services.through, "service")
ABOUT_PLACE = _about(Article.places.through, "place")


def _words(text: str, fewest: int = 2) -> list[str]:
    words = (word for word in WORD.findall(text[:LONGEST_ASKED].casefold()) if len(word) >= fewest)
    return list(dict.fromkeys(words))


def _ranked(articles: ArticleQuerySet, ids: list[int], most: int) -> list[Article]:
    """Return those articles that are among these, in the order of the search."""
    order = {number: place for place, number in enumerate(ids)}
    return sorted(articles.filter(pk__in=ids), key=lambda each: order[each.pk])[:most]


def _speaks_of(article: Article, words: list[str]) -> bool:
    """Whether a word is in the title or two in the text: one alone stands there by chance."""
    title, text = (
        article.title.casefold(),
        (article.published.text if article.published else "").casefold(),
    )
    return any(word in title for word in words) or sum(word in text for word in words) > 1


def at_desk(
    reader: Reader, *, state: str = "", text: str = "", service: int | None = None
) -> QuerySet[Article]:
    """Return the rows of the desk's list, newest change first, each with its figures.

    solved, unsolved  what readers said; spared: reports that were not needed.
    """
    rows = Article.objects.written_by_duty(reader).prefetch_related("services")
    if state:
        rows = rows.filter(state=state)
    if service is not None:
        rows = rows.filter(services=service)
    for word in text.split()[:MOST_WORDS]:
        rows = rows.filter(Q(title__icontains=word) | Q(published__text__icontains=word))
    return rows.annotate(**_FIGURES).order_by("-changed_at", "-id")


_FIGURES = {
    "solved": Count("feedback", filter=Q(feedback__solved=True), distinct=True),
    "unsolved": Count("feedback", filter=Q(feedback__solved=False), distinct=True),
    "spared": Count(
        "feedback",
        filter=Q(feedback__solved=True, feedback__where__in=["intake", "desk"]),
        distinct=True,
    ),
}


def one_at_desk(reader: Reader, number: int) -> Article | None:
    """Return one article that this member of the desk works for, with its figures; two queries."""
    rows = Article.objects.written_by_duty(reader).filter(pk=number)
    rows = rows.select_related("published").prefetch_related("services", "places")
    return rows.annotate(**_FIGURES).first()


def versions_of(article: Article) -> list[ArticleVersion]:
    """Return all versions, newest first, without their texts. One query."""
    return list(article.versions.select_related("author").defer("text").order_by("-number"))


def version_of(article: Article, number: int) -> ArticleVersion | None:
    return article.versions.select_related("author").filter(number=number).first()


def comments_on(article: Article) -> list[Feedback]:
    """Return what people wrote, newest first; who wrote it is nobody's business. One query."""
    rows = article.feedback.exclude(comment="").select_related("version").defer("person", "once")
    return list(rows.order_by("-at", "-id")[:MOST_COMMENTS])
