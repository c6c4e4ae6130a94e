"""What you have begun to write at the desk and not sent: nobody else reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from tricorn.api.articles import article_at_desk
from tricorn.api.door import serve
from tricorn.api.fields import Given, Line, PathNumber, Ref, Slug, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import other_ticket, who
from tricorn.api.tickets.problems import ProblemRef, found_problem
from tricorn.api.tickets.reading import reader_of
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.knowledge.models import Article
from tricorn.tickets import verbs
from tricorn.tickets.models import Draft
from tricorn.tickets.reads import problems
from tricorn.tickets.verbs.drafts import MOST_BOXES, Of

router = Router(tags=["drafts"])
Kind = Literal["answer", "article", "note", "problem", "report"]
Box = Annotated[str, Field(pattern=r"^[-a-z0-9_]{1,60}$", examples=["title"])]
Typed = Annotated[str, Line(100_000, "Mail on a new phone")]


class DraftOne(Told):
    """An answer or a note has a `text`; of a form its boxes, by name, as the desk's page has them."""

    id: int
    kind: Kind
    ticket: str | None = Field(description="What it is of, or was begun from.", examples=["T-2041"])
    article: str | None = Field(description="The article that is changed.")
    problem: str | None = Field(description="The problem that is changed.", examples=["P-3"])
    text: str
    boxes: dict[str, list[str]]
    saved_at: datetime


class DraftPage(Told):
    """A page of drafts; `next` is the cursor of the page behind it, null on the last."""

    items: list[DraftOne]
    next: str | None


class KeptDraft(Told):
    """Null: nothing was typed, or it was just sent, so nothing is kept."""

    draft: DraftOne | None


class Begun(Given):
    """What you have typed so far. It takes the place of what you had begun of the same."""

    kind: Kind
    ticket: Ref | None = None
    article: Slug | None = None
    problem: ProblemRef | None = None
    text: Typed = ""
    boxes: dict[Box, Annotated[list[Typed], Field(max_length=200)]] = Field(
        {}, max_length=MOST_BOXES
    )


@serve(router, "GET", "/drafts", gives=DraftPage, scope="tickets:read")
def list_drafts(request: HttpRequest, paged: Query[Paged]) -> DraftPage:
    """What you have begun to write and not sent."""
    shown, after = leaf(_own(reader_of(request)), paged)
    return DraftPage(items=[_one(each) for each in shown], next=after)


@serve(router, "GET", "/drafts/{draft}", gives=DraftOne, scope="tickets:read", is_one=True)
def read_draft(request: HttpRequest, draft: PathNumber) -> DraftOne:
    """One of your drafts."""
    return _one(_found(reader_of(request), draft))


@serve(router, "POST", "/drafts", gives=KeptDraft, scope="tickets:write")
def keep_draft(request: HttpRequest, given: Body[Begun]) -> KeptDraft:
    """Keep what you have typed so far; what is empty is discarded."""
    reader = reader_of(request)
    _must_hold(reader, given.kind, "articles:write")
    kept = verbs.keep_draft(
        _meant(reader, given), kind=given.kind, text=given.text, boxes=given.boxes, **who(reader)
    )
    return KeptDraft(draft=_one(kept) if kept else None)


@serve(router, "POST", "/drafts/{draft}/discard", gives=DraftOne, scope="tickets:write")
def discard_draft(request: HttpRequest, draft: PathNumber) -> DraftOne:
    """Forget it; the answer is the last that tells it."""
    reader = reader_of(request)
    found = _found(reader, draft)
    _must_hold(reader, found.kind, "articles:write")
    told = _one(found)
    of = found.ticket or found.article or found.problem
    verbs.discard_draft(of, kind=found.kind, **who(reader))
    return told


def _must_hold(reader: Reader, kind: str, scope: str) -> None:
    if kind == "article" and scope not in reader.token.scopes:
        raise StandingRefused(
            f"This token does not hold the scope {scope}. Make one that does.", scope=scope
        )


def _own(reader: Reader) -> QuerySet[Draft]:
    """Return one's own drafts, of what one serves at this moment."""
    if reader.agent is None:
        return Draft.objects.none()
    articles = Article.objects.written_by_duty(reader.reads)
    found = Draft.objects.filter(
        Q(ticket=None) | Q(ticket__in=reader.served().values("pk")),
        Q(article=None) | Q(article__in=articles.values("pk")),
        Q(problem=None) | Q(problem__in=problems.served(reader.agent).values("pk")),
        person=reader.person,
    )
    if "articles:read" not in reader.token.scopes:
        found = found.exclude(kind="article")
    return found.select_related("ticket", "article", "problem")


def _found(reader: Reader, number: int) -> Draft:
    found = _own(reader).filter(pk=number).first()
    if found is None:
        raise Http404("No such draft of yours.")
    return found


def _meant(reader: Reader, given: Begun) -> Of:
    if sum(each is not None for each in (given.ticket, given.article, given.problem)) > 1:
        raise BadInput("A draft is of one thing: a ticket, an article or a problem.", field="kind")
    if given.ticket is not None:
        return other_ticket(reader, given.ticket, "ticket")
    try:
        if given.article is not None:
            return article_at_desk(reader, given.article)
        return found_problem(reader, given.problem) if given.problem is not None else None
    except Http404:
        field = "article" if given.article is not None else "problem"
        name = given.article or given.problem
        raise BadInput(f"There is no {field} {name} at your desk.", field=field) from None


def _one(draft: Draft) -> DraftOne:
    told: dict[str, Any] = {
        "id": draft.pk,
        "kind": draft.kind,
        "ticket": draft.ticket.ref if draft.ticket else None,
        "article": draft.article.slug if draft.article else None,
        "problem": draft.problem.ref if draft.problem else None,
        "text": draft.text,
        "boxes": draft.boxes,
        "saved_at": draft.saved_at,
    }
    return DraftOne.model_validate(told)
