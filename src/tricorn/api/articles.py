"""Articles: what may be read by whom; whether it helped; written and published by who may."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field, StrictInt

from tricorn.api.door import serve
from tricorn.api.fields import Flag, Given, Line, Slug, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import reader_of
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.knowledge import reads, verbs
from tricorn.knowledge.models import Article, ArticleQuerySet
from tricorn.parties.models import Place
from tricorn.tickets.reads import desk as offers

router = Router(tags=["articles"])
State = Literal["draft", "published", "retired"]
Audience = Literal["desk", "entitled", "everybody", "signed_in"]
RELATED = ("services", "places")
# What a search returns at most, the best first.
MOST_FOUND = 30
Title = Annotated[str, Line(120, "Mail on a new phone", 1)]
Markdown = Annotated[str, Line(50_000, "1. Open *Settings*", 1)]


class ArticleRow(Told):
    """An article as its readers know it; `state` is `published` for everybody but the desk."""

    slug: str = Field(examples=["mail-on-a-new-phone"])
    title: str
    state: State
    audience: Audience
    language: str
    services: list[str]
    places: list[str]
    published_at: datetime | None
    changed_at: datetime


class ArticleOne(ArticleRow):
    """An article with its text: the published one, else (at the desk) the newest."""

    text: str = Field(description="Markdown.")
    version: int = Field(description="The number of the version that `text` is.")
    newest: int = Field(description="The number of the newest version.")


class ArticlePage(Told):
    """A page of articles; `next` is the cursor of the page behind it, null on the last."""

    items: list[ArticleRow]
    next: str | None


class ArticleFilters(Paged):
    """Which articles. With `q` the best 30, without further pages."""

    q: Annotated[str, Line(200, "phone")] = ""
    service: Slug | None = None
    place: Slug | None = None
    state: State | None = Field(None, description="At the desk: what it wrote in this state.")


class Written(Given):
    """What an author writes. No services: about the house as a whole."""

    title: Title
    text: Markdown
    summary: Annotated[str, Line(200, "The new menu")] = ""
    services: list[Slug] = Field([], max_length=100)
    places: list[Slug] = Field([], max_length=100)
    audience: Audience = "everybody"
    language: Annotated[str, Line(10, "en", 2)] = "en"
    slug: Slug | None = Field(None, description="Left out: made of the title. It never changes.")


class Rewritten(Given):
    """What is to be different; what is left out stays. `after` is the version that you read."""

    title: Title | None = None
    text: Markdown | None = None
    summary: Annotated[str, Line(200, "The new menu")] = ""
    services: list[Slug] | None = Field(None, max_length=100)
    places: list[Slug] | None = Field(None, max_length=100)
    audience: Audience | None = None
    language: Annotated[str, Line(10, "en", 2)] | None = None
    after: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = 0


class Which(Given):
    version: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = Field(0, description="0: newest.")


class Helped(Given):
    solved: Flag
    comment: Annotated[str, Line(2_000, "The menu is elsewhere now.")] = ""


class HelpedTold(Told):
    """What you said about an article; saying otherwise changes it."""

    solved: bool
    comment: str


@serve(router, "GET", "/articles", gives=ArticlePage, scope="articles:read")
def list_articles(request: HttpRequest, filters: Query[ArticleFilters]) -> ArticlePage:
    """Articles that you may read now; at the desk with `state` those that it wrote."""
    reader = reader_of(request)
    found = _readable(reader)
    if filters.state:
        found = Article.objects.written_by_duty(_staff(reader)).filter(state=filters.state)
    if filters.service:
        found = found.filter(services__slug=filters.service)
    if filters.place:
        found = found.filter(places__slug=filters.place)
    found = found.prefetch_related(*RELATED)
    if filters.q.strip():
        best = reads.found(found, filters.q, most=min(filters.limit, MOST_FOUND))
        return ArticlePage(items=[ArticleRow(**_row(each)) for each in best], next=None)
    shown, after = leaf(found, filters)
    return ArticlePage(items=[ArticleRow(**_row(each)) for each in shown], next=after)


@serve(router, "GET", "/articles/{slug}", gives=ArticleOne, scope="articles:read", is_one=True)
def read_article(request: HttpRequest, slug: Slug) -> ArticleOne:
    """One article with its text."""
    return _one(_found(reader_of(request), slug))


@serve(router, "POST", "/articles", gives=ArticleOne, scope="articles:write", status=201)
def write_article(request: HttpRequest, given: Body[Written]) -> tuple[ArticleOne, str]:
    """Write an article, as a draft that the desk alone reads."""
    reader = reader_of(request)
    _staff(reader)
    written = verbs.Written(
        title=given.title,
        text=given.text,
        summary=given.summary,
        services=services_meant(reader, given.services),
        places=_places(given.places),
        audience=given.audience,
        language=given.language,
        slug=given.slug or "",
    )
    made = verbs.write(written, by=reader.actor, at=reader.at)
    return _one(made), f"/api/v1/articles/{made.slug}"


@serve(router, "PATCH", "/articles/{slug}", gives=ArticleOne, scope="articles:write")
def change_article(request: HttpRequest, slug: Slug, given: Body[Rewritten]) -> ArticleOne:
    """Write its next version; nothing is published by it."""
    reader = reader_of(request)
    article = article_at_desk(reader, slug)
    newest = reads.version_of(article, article.newest)
    assert newest is not None, "an article without the version that it calls newest"
    written = verbs.Written(
        title=newest.title if given.title is None else given.title,
        text=newest.text if given.text is None else given.text,
        summary=given.summary,
        services=tuple(article.services.all())
        if given.services is None
        else services_meant(reader, given.services),
        places=tuple(article.places.all()) if given.places is None else _places(given.places),
        audience=given.audience or article.audience,
        language=given.language or article.language,
        after=given.after,
    )
    return _one(verbs.change(article, written, by=reader.actor, at=reader.at))


@serve(router, "POST", "/articles/{slug}/publish", gives=ArticleOne, scope="articles:write")
def publish_article(request: HttpRequest, slug: Slug, given: Body[Which]) -> ArticleOne:
    """Let its audience read a version. Twice is once."""
    reader = reader_of(request)
    article = article_at_desk(reader, slug)
    return _one(verbs.publish(article, by=reader.actor, at=reader.at, number=given.version))


@serve(router, "POST", "/articles/{slug}/retire", gives=ArticleOne, scope="articles:write")
def retire_article(request: HttpRequest, slug: Slug) -> ArticleOne:
    """Take it away from its readers. Twice is once."""
    reader = reader_of(request)
    return _one(verbs.retire(article_at_desk(reader, slug), by=reader.actor, at=reader.at))


@serve(router, "POST", "/articles/{slug}/feedback", gives=HelpedTold, scope="articles:write")
def give_feedback(request: HttpRequest, slug: Slug, given: Body[Helped]) -> HelpedTold:
    """Say whether it solved it, once; saying otherwise changes it."""
    reader = reader_of(request)
    article = _readable(reader).filter(slug=slug).first()
    if article is None:
        raise Http404("No such article.")
    said = verbs.give_feedback(
        article, by=reader.actor, at=reader.at, solved=given.solved, comment=given.comment
    )
    return HelpedTold(solved=said.solved, comment=said.comment)


def article_meant(reader: Reader, slug: str) -> Article:
    """Return an article that is named in a request; BadInput when there is none for them."""
    try:
        return _found(reader, slug)
    except Http404:
        raise BadInput(f"There is no article {slug} for you.", field="article") from None


def _readable(reader: Reader) -> ArticleQuerySet:
    return reads.readable(None, reader.at, reader=reader.reads)


def _staff(reader: Reader) -> Any:
    if reader.agent is None:
        raise StandingRefused("Only the desk writes articles. Everybody may say what helped.")
    return reader.reads


def _found(reader: Reader, slug: str) -> Article:
    """Return an article that they may read, or that their desk wrote; 404 else."""
    found = _readable(reader).filter(slug=slug).prefetch_related(*RELATED).first()
    return found or article_at_desk(reader, slug)


def article_at_desk(reader: Reader, slug: str) -> Article:
    if reader.agent is not None:
        rows = Article.objects.written_by_duty(reader.reads).filter(slug=slug)
        if found := rows.select_related("published").first():
            return found
    raise Http404("No such article.")


def services_meant(reader: Reader, slugs: list[str]) -> tuple[Service, ...]:
    services = reader.agent.services if reader.agent else ()
    found = {each.slug: each for each in offers.services_on_offer(services)}
    if missing := [slug for slug in slugs if slug not in found]:
        raise BadInput(f"Your desk serves no service {missing[0]}.", field="services")
    return tuple(found[slug] for slug in dict.fromkeys(slugs))


def _places(slugs: list[str]) -> tuple[Place, ...]:
    found = {each.slug: each for each in offers.places().filter(slug__in=slugs)}
    if missing := [slug for slug in slugs if slug not in found]:
        raise BadInput(f"There is no place {missing[0]}.", field="places")
    return tuple(found[slug] for slug in dict.fromkeys(slugs))


def _row(article: Article) -> dict[str, Any]:
    return {
        "slug": article.slug,
        "title": article.title,
        "state": article.state,
        "audience": article.audience,
        "language": article.language,
        "services": [each.slug for each in article.services.all()],
        "places": [each.slug for each in article.places.all()],
        "published_at": article.published_at,
        "changed_at": article.changed_at,
    }


def _one(article: Article) -> ArticleOne:
    shown = article.published if article.state == "published" else None
    if shown is None:
        shown = reads.version_of(article, article.newest)
    assert shown is not None, "an article without the version that it calls newest"
    return ArticleOne(**_row(article), text=shown.text, version=shown.number, newest=article.newest)
