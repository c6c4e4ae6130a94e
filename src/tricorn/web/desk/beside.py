"""Articles beside a ticket: put into the reply, linked to it, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.knowledge.markdown import plain_of
from tricorn.knowledge.models import Article
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.queue import served_ticket
from tricorn.web.address import address
from tricorn.web.articles import readable, reader_of
from tricorn.web.desk.queue import agent_of
from tricorn.web.requests import TricornRequest


def link_text(request: TricornRequest, article: Article) -> str:
    """Return what goes into a reply to point to an article."""
    return f"{article.title}: {address(request, reverse('report:article', args=[article.slug]))}"


def inserted(request: TricornRequest) -> str:
    """Return what `?insert=7&as=link` (or `as=text`) puts into the reply, without JavaScript."""
    number = request.GET.get("insert", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return ""
    article = readable(request).filter(pk=int(number)).first()
    if article is None or article.published is None:
        return ""
    if request.GET.get("as") == "text":
        return plain_of(article.published.text)
    return link_text(request, article)


@require_POST
def link_article(request: TricornRequest, ref: str) -> HttpResponse:
    """This article helps with this ticket."""
    return _step(request, ref, verbs.link_article, gettext("“%(title)s” is linked to %(ref)s."))


@require_POST
def unlink_article(request: TricornRequest, ref: str) -> HttpResponse:
    """It does not."""
    said = gettext("“%(title)s” does not belong to %(ref)s any more.")
    return _step(request, ref, verbs.unlink_article, said)


def _step(request: TricornRequest, ref: str, verb: Callable[..., None], said: str) -> HttpResponse:
    ticket: Ticket | None = served_ticket(agent_of(request), ref).first()
    given: Any = request.POST.get("article", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
    article = Article.objects.written_by_duty(reader_of(request)).filter(pk=number).first()
    article = article or readable(request).filter(pk=number).first()
    if ticket is None or article is None:
        raise Http404("No such ticket or article at this desk.")
    verb(ticket, article, by=request.actor, at=request.at)
    messages.success(request, said % {"title": article.title, "ref": ticket.ref})
    return redirect(reverse("desk:ticket", args=[ticket.ref]) + "#articles")
