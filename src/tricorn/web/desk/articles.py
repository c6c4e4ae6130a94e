"""Articles at the desk: the list with what readers said, write, change, look at versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tricorn.catalogue.models import Service
from tricorn.engine.errors import Refusal
from tricorn.files.models import File
from tricorn.knowledge import reads, verbs
from tricorn.knowledge.difference import lines_of
from tricorn.knowledge.markdown import rendered
from tricorn.knowledge.models import STATES, Article, ArticleVersion
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import desk as offers
from tricorn.tickets.reads.queue import served_ticket
from tricorn.tickets.verbs.drafts import Of, discard_draft
from tricorn.web.articles import reader_of, text_of
from tricorn.web.desk.article_forms import AUDIENCES, ArticleForm, filled
from tricorn.web.desk.article_forms import STATES as STATE_LABELS
from tricorn.web.desk.begun import Begun
from tricorn.web.desk.queue import agent_of
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

PER_PAGE = 25


@require_safe
def listed(request: TricornRequest) -> HttpResponse:
    """Show what this desk has written, the newest change first."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows = Paginator(reads.at_desk(reader_of(request), state=state, text=words), PER_PAGE)
    context = {
        "page": rows.get_page(request.GET.get("page")),
        "words": words,
        "state": state,
        "states": STATE_LABELS,
        "audiences": AUDIENCES,
    }
    return render(request, "desk/articles/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: TricornRequest) -> HttpResponse:
    """Write a new one; `?ticket=T-7` asked for it."""
    ticket = served_ticket(agent_of(request), str(request.GET.get("ticket", ""))).first()
    form = _form(request, ticket)
    if request.method != "POST" or "preview" in request.POST or not form.is_valid():
        return _drawn(request, form, ticket)
    return _kept(request, form, ticket)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TricornRequest, article: int) -> HttpResponse:
    """Write its next version, with the newest one to begin with."""
    found = found_article(request, article)
    form = _form(request, found)
    if request.method != "POST" or "preview" in request.POST or not form.is_valid():
        return _drawn(request, form, found)
    return _kept(request, form, found)


@require_POST
def preview(request: TricornRequest) -> HttpResponse:
    """Show how a text will read; nothing is kept."""
    return render(request, "desk/articles/_preview.html", _previewed(request))


@require_safe
def article(request: TricornRequest, article: int) -> HttpResponse:
    """One article: how it reads, what readers said, every version."""
    return shown(request, found_article(request, article))


@require_safe
def version(request: TricornRequest, article: int, number: int) -> HttpResponse:
    """One version, and what is different from another: the one before, or `?against=2`."""
    found = found_article(request, article)
    against = request.GET.get("against", "")
    is_number = against.isascii() and against.isdigit() and len(against) < 9
    newer = _version(found, number)
    older = reads.version_of(found, int(against) if is_number else number - 1)
    context = {
        "article": found,
        "version": newer,
        "older": older,
        "text": text_of(found, newer.text),
        "lines": lines_of(older.text, newer.text) if older else [],
        "versions": reads.versions_of(found),
    }
    return render(request, "desk/articles/version.html", context)


def found_article(request: TricornRequest, number: int) -> Article:
    """Return the article if the reader works for one of its services; 404 for any other."""
    found = reads.one_at_desk(reader_of(request), number)
    if found is None:
        raise Http404("No such article at this desk.")
    return found


def _version(article: Article, number: int) -> ArticleVersion:
    found = reads.version_of(article, number) if number < 2**31 else None
    if found is None:
        raise Http404("No such version.")
    return found


def shown(
    request: TricornRequest, article: Article, refusal: str = "", status: int = 200
) -> HttpResponse:
    """Render the article's page, with why something was refused if it was."""
    newest = _version(article, article.newest)
    is_read = article.state == "published" and article.published is not None
    text = article.published.text if is_read and article.published else newest.text
    context = {
        "article": article,
        "newest": newest,
        "text": text_of(article, text),
        "versions": reads.versions_of(article),
        "comments": reads.comments_on(article),
        "has_more": article.published_id != newest.pk,
        "state": STATE_LABELS[article.state],
        "audience": AUDIENCES[article.audience],
        "refusal": refusal,
    }
    return render(request, "desk/articles/article.html", context, status=status)


def blank(request: TricornRequest, of: Of) -> list[forms.Form]:
    """Return the form as it is before anybody types, with what was typed."""
    return [_form(request, of)]


def _form(request: TricornRequest, of: Of) -> ArticleForm:
    """Return the form of an article that is changed, or of a new one that a ticket may ask for."""
    agent = agent_of(request)
    article = of if isinstance(of, Article) else None
    initial: dict[str, Any] = {"services": [of.service_id]} if isinstance(of, Ticket) else {}
    if article is not None:
        newest = reads.version_of(article, article.newest)
        assert newest is not None, "an article without the version that it calls newest"
        initial = filled(article, newest)
    on_offer = Q(is_retired=False)
    if agent.services is not None:
        on_offer &= Q(pk__in=agent.services)
    if article is not None:
        on_offer |= Q(pk__in=[each.pk for each in article.services.all()])
    is_sent = request.method == "POST"
    return ArticleForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        services=Service.objects.filter(on_offer).order_by("name"),
        places=offers.places(),
        initial=initial,
    )


def _kept(request: TricornRequest, form: ArticleForm, of: Of) -> HttpResponse:
    """Keep it, publish it if that was pressed, and go on; a refusal comes back in the form."""
    who: dict[str, Any] = {"by": request.actor, "at": request.at}
    try:
        with transaction.atomic():
            kept = (
                verbs.write(form.written(), **who)
                if not isinstance(of, Article)
                else verbs.change(of, form.written(), **who)
            )
            discard_draft(of, kind="article", **who)
            if "publish" in request.POST:
                verbs.publish(kept, **who)
            photo = form.cleaned_data["photo"]
            picture = verbs.add_picture(kept, photo, **who) if photo else None
    except Refusal as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(refusal))
        if newest := refusal.facts.get("newest"):
            # Seen now: keeping it again is meant.
            seen = request.POST.copy()
            seen["after"] = str(newest)
            form.data = seen
        return _drawn(request, form, of, status=STATUS.get(type(refusal), 422))
    if picture is not None:
        said = gettext("The picture is kept. Say below where it stands in the text.")
        messages.success(request, said)
        return redirect(reverse("desk:article-change", args=[kept.pk]) + "#pictures")
    if "publish" in request.POST:
        messages.success(request, gettext("It is published."))
    else:
        messages.success(request, gettext("It is kept."))
    return redirect("desk:article", kept.pk)


def _drawn(request: TricornRequest, form: ArticleForm, of: Of, status: int = 0) -> HttpResponse:
    is_preview = "preview" in request.POST
    article = of if isinstance(of, Article) else None
    begun = Begun.of(request, "article", of)
    if not form.is_bound:
        begun.fill(form)
    if is_preview:
        form.is_valid()
        form.errors.clear()
    elif form.is_bound and not status:
        status = 422
    pictures = File.objects.filter(subject="article", subject_id=article.pk) if article else ()
    context = {
        "form": form,
        "begun": begun,
        "article": article,
        "pictures": pictures,
        **_previewed(request, article, str(form["text"].value() or "")),
    }
    return render(request, "desk/articles/write.html", context, status=status or 200)


def _previewed(
    request: TricornRequest, article: Article | None = None, text: str | None = None
) -> dict[str, Any]:
    if text is None:
        text = request.POST.get("text", "")
    if len(text) > verbs.LONGEST_TEXT:
        return {"text": None}
    if article is not None:
        return {"text": text_of(article, text)}
    number = request.POST.get("article", "")
    if number.isascii() and number.isdigit() and len(number) < 18:
        article = reads.one_at_desk(reader_of(request), int(number))
    return {"text": text_of(article, text) if article else rendered(text.replace("\0", ""))}
