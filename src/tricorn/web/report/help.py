"""Help for everybody: articles by service, one article, whether it solved it, what may help.

Who reads is not written down. Whether it solved it is said without a cookie: the page carries a
signed word of its own, so these addresses are exempt from Django's token, as reports are.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import VISITOR, Actor
from tricorn.knowledge import reads
from tricorn.knowledge import verbs as knowledge
from tricorn.knowledge.markdown import pictures_in
from tricorn.knowledge.models import Article
from tricorn.parties.models import Place
from tricorn.tickets.verbs.intake import LONGEST
from tricorn.web.articles import readable, reader_of, suggestions, text_of
from tricorn.web.photos import photo_of
from tricorn.web.report import trust
from tricorn.web.requests import TricornRequest

DOORS = ("desk", "my", "report")
# What somebody had typed at intake before an article came up; it is carried along.
TYPED = ("text", "service", "place", "kind", "email", "named")
# A person reads long before they say whether it helped.
HARMLESS = ("", "too quick")


@require_safe
def articles(request: TricornRequest) -> HttpResponse:
    """Everything that the reader may read, by service; at a place, or for some words, less."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    place = Place.objects.filter(slug=request.GET.get("at", "").replace("\0", "")[:80]).first()
    found = readable(request).prefetch_related("services")
    if place is not None:
        found = found.filter(places=place)
    context: dict[str, Any] = {"words": words, "place": place}
    if words:
        context["found"] = reads.found(found, words)
    else:
        context["groups"] = reads.grouped(found.order_by("title", "id"))
    return render(request, "help/list.html", context)


@require_safe
def article(request: TricornRequest, slug: str) -> HttpResponse:
    return _page(request, _found(request, slug))


@require_safe
def picture(request: TricornRequest, slug: str, number: int) -> FileResponse:
    """A picture that the published text shows; who works on the article sees the others too."""
    found = readable(request).filter(slug=slug).first()
    if found is None or found.published is None or number not in pictures_in(found.published.text):
        found = Article.objects.written_by_duty(reader_of(request)).filter(slug=slug).first()
    if found is None:
        raise Http404("No such picture.")
    return photo_of(found, number)


@csrf_exempt
@require_POST
def suggest(request: TricornRequest) -> HttpResponse:
    """What may help, for what somebody has typed so far; nothing of it is kept."""
    context = {"suggested": suggestions(request, request.POST.dict()), "door": _door(request)}
    return render(request, "help/_suggested.html", context)


@csrf_exempt
@require_POST
def feedback(request: TricornRequest, slug: str) -> HttpResponse:
    """Did this solve it? At intake "yes" ends it well, and "no" leads on with what was typed."""
    found = _found(request, slug)
    typed = request.POST
    if typed.get("solved") not in ("yes", "no"):
        return _page(request, found, problem=gettext("Say yes or no."), status=422)
    word = trust.read_word(typed.get("word", ""))
    doubt = trust.doubt(
        request,
        trap=typed.get("website", ""),
        word=word,
        text=typed.get("comment", ""),
        at=request.at,
        what="feedback",
    )
    if doubt not in HARMLESS or word is None:
        said = gettext("That could not be counted. Please say it once more on this page.")
        return _page(request, found, problem=said, status=422)
    where = "intake" if typed.get("where") == "intake" else "page"
    solved = typed["solved"] == "yes"
    try:
        given = knowledge.give_feedback(
            found,
            by=_who(request),
            at=request.at,
            solved=solved,
            comment=typed.get("comment", "").replace("\0", "") if where == "page" else "",
            once=word.nonce,
            where=where,
        )
    except BadInput as refusal:
        return _page(request, found, problem=str(refusal), status=422)
    if where == "intake":
        template = "help/_not_solved.html" if request.htmx and not solved else "help/answered.html"
        return render(request, template, _intake(request, found, solved=solved))
    return _page(request, found, answer="yes" if solved else "no", is_said=bool(given.comment))


def _found(request: TricornRequest, slug: str) -> Article:
    found = readable(request).filter(slug=slug).prefetch_related("services", "places").first()
    if found is None:
        raise Http404("No such article for you.")
    return found


def _page(
    request: TricornRequest,
    article: Article,
    *,
    answer: str = "",
    is_said: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    old = request.POST.get("word", "")
    context = {
        "article": article,
        "text": text_of(article),
        "word": old if trust.read_word(old) and not problem else trust.new_word(request.at),
        "answer": answer,
        "is_said": is_said,
        "problem": problem,
        "comment": request.POST.get("comment", "")[: 2 * LONGEST],
        "service": next(iter(article.services.all()), None),
    }
    template = (
        "help/_feedback.html" if request.htmx and request.method == "POST" else "help/article.html"
    )
    return render(request, template, context, status=status)


def _intake(request: TricornRequest, article: Article, *, solved: bool) -> dict[str, Any]:
    typed = {name: request.POST.get(name, "")[: 2 * LONGEST] for name in TYPED}
    at = request.POST.get("at", "").replace("\0", "")
    place = Place.objects.filter(slug=at[:80]).first() if at else None
    back = reverse("report:front")
    if _door(request) == "my":
        back = reverse("my:ask")
    elif place is not None:
        back = reverse("report:place", args=[place.slug])
    return {
        "article": article,
        "solved": solved,
        "typed": {name: value for name, value in typed.items() if value},
        "back": back,
    }


def _door(request: TricornRequest) -> str:
    door = request.POST.get("door", "")
    return door if door in request.who.doors and door in DOORS else "report"


def _who(request: TricornRequest) -> Actor:
    """Return who says so: the person, from our own page; else nobody in particular."""
    if request.who.person is None:
        return VISITOR
    refused = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(
        request, lambda _: HttpResponse(), (), {}
    )
    return VISITOR if refused is not None else request.who.person.actor
