"""My services: what I may use and why, what waits for me; asking, answering, rating."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tricorn.agreements import tried
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.knowledge import reads as knowledge
from tricorn.knowledge.models import Article
from tricorn.parties.models import Place
from tricorn.standing.portrait import Portrait
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import my
from tricorn.tickets.reads import search as searching
from tricorn.tickets.reads.aids import is_following
from tricorn.tickets.reads.articles import linked_for
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.outages import working_now
from tricorn.tickets.reads.page import page, with_page
from tricorn.tickets.reviewers import is_reviewed
from tricorn.web.articles import is_looking, looked, readable, reader_of
from tricorn.web.asked import AskedForm, answered, questions_for, typed_in
from tricorn.web.mailed import file_of
from tricorn.web.my.forms import AskForm
from tricorn.web.opening import said_hours, said_opening
from tricorn.web.photos import photo_of
from tricorn.web.report import trust
from tricorn.web.report.forms import AnswerForm, RateForm
from tricorn.web.report.views import open_services
from tricorn.web.requests import TricornRequest
from tricorn.web.status import line_of, status_of

PER_PAGE = 25
Step = Callable[..., Ticket]


@require_safe
def front(request: TricornRequest) -> HttpResponse:
    """What waits for me, what is open with its answer-by, what I may use and why."""
    read = my.front(_portrait(request))
    zone = request.who.zone
    open_ones = [each.service.pk for each in read.services if each.service.is_open_to_reports]
    working = working_now(open_ones, at=request.at)
    services = [
        {
            "name": each.service.name,
            "because": each.because,
            "evidence": each.evidence,
            "hours": said_hours(each.schedule.hours, zone),
            "opening": said_opening(each.schedule, at=request.at, zone=zone),
            "status": line_of(
                each.service.name,
                working[each.service.pk],
                each.schedule,
                at=request.at,
                zone=zone,
            )
            if each.service.pk in working
            else None,
        }
        for each in read.services
    ]
    trials = tried.mine(_portrait(request).person_id, request.at)
    context = {"read": read, "services": services, "trials": trials}
    return render(request, "my/front.html", context)


@require_safe
def all_(request: TricornRequest) -> HttpResponse:
    """Everything I asked for, page by page: open, or done."""
    is_done = request.GET.get("state") == "done"
    rows = Paginator(my.listed(_portrait(request).person_id, is_done=is_done), PER_PAGE)
    shown = rows.get_page(request.GET.get("page"))
    context = {"page": shown, "matters": my.matters(shown.object_list), "is_done": is_done}
    return render(request, "my/all.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: TricornRequest) -> HttpResponse:
    """Ask, complain, suggest or praise, under my name."""
    services = _askable(request)
    if not services:
        return render(request, "report/closed.html")
    places = list(Place.objects.filter(is_open_to_reports=True)[:200])
    offered: dict[str, Any] = {
        "services": services,
        "places": places,
        "reviewed": is_reviewed(request.at),
    }
    more: dict[str, object] = {}
    if request.method == "POST" and is_looking(request):
        typed = {name: request.POST.get(name, "") for name in ("text", "service", "kind", "place")}
        word = trust.new_word(request.at)
        form = AskForm(**offered, initial={**typed, "word": word})
        chosen = next((s for s in services if str(s.pk) == typed["service"]), None)
        questions = _questions(chosen, typed=request.POST)
        more = looked(request)
    elif request.method == "POST":
        form = AskForm(request.POST, request.FILES, **offered)
        chosen = next((s for s in services if str(s.pk) == request.POST.get("service")), None)
        questions = _questions(chosen, request.POST)
        is_valid = form.is_valid() & questions.is_valid()
        if is_valid and (ticket := _asked(request, form, questions)):
            return redirect("my:ticket", ticket.ref)
    else:
        initial = {"word": trust.new_word(request.at), "kind": request.GET.get("kind", "incident")}
        form = AskForm(**offered, initial=initial)
        questions = _questions(services[0])
    status = status_of(services, at=request.at, zone=request.who.zone)
    context = {"form": form, "asked_form": questions, "status": status, **more}
    is_wrong = bool(form.errors or questions.errors)
    return render(request, "my/ask.html", context, status=422 if is_wrong else 200)


def _questions(service: Service | None, data: Any = None, *, typed: Any = None) -> AskedForm:
    questions = questions_for(service, "named")
    return AskedForm(data, questions=questions, asked="named", values=typed_in(typed))


@require_safe
def articles(request: TricornRequest) -> HttpResponse:
    """Help for the services that I may use, or have used."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = readable(request).prefetch_related("services")
    served = reader_of(request).served
    if served is not None:
        of = Article.services.through.objects.filter(service__in=served)
        found = found.filter(pk__in=of.values("article"))
    if words:
        return render(
            request, "my/help.html", {"words": words, "found": knowledge.found(found, words)}
        )
    groups = [
        group
        for group in knowledge.grouped(found.order_by("title", "id"))
        if served is None or (group.service and group.service.pk in served)
    ]
    return render(request, "my/help.html", {"words": "", "groups": groups})


@require_POST
def alike(request: TricornRequest) -> HttpResponse:
    """What I asked before, like what is being typed; what is typed stays out of addresses."""
    text = request.POST.get("text", "")[:2000]
    mine = my.mine(_portrait(request).person_id)
    return render(request, "my/_alike.html", {"alike": searching.alike_of_mine(mine, text)})


@require_safe
def search(request: TricornRequest) -> HttpResponse:
    """Find what I asked for, by what was said on it; with `like`, what is like one of them."""
    mine = my.mine(_portrait(request).person_id)
    if ref := request.GET.get("like", ""):
        ticket = _found(request, ref)
        context = {"ticket": ticket, "alike": searching.like_mine(mine, ticket)}
        return render(request, "my/search.html", context)
    text = Filters.from_query(request.GET).text
    hits = searching.own_results(mine, text)
    return render(request, "my/search.html", {"text": text, "hits": hits})


def _askable(request: TricornRequest) -> list[Service]:
    """Return the services one can ask about: first those that I may use, then those I have used."""
    known = _portrait(request)
    covered = {fact.service_id for fact in known.facts_known if fact.kind == "entitled"}

    def order(each: Service) -> tuple[bool, bool, str]:
        return each.pk not in covered, each.pk not in known.uses, each.name

    return sorted(open_services(None, known), key=order)


def _asked(request: TricornRequest, form: AskForm, questions: AskedForm) -> Ticket | None:
    """Return the ticket of a valid form; None when a rule said no, which the form then says."""
    given = form.cleaned_data
    report = verbs.Report(
        service=given["service"],
        text=given["text"],
        kind=given["kind"],
        place=given.get("place"),
        requester=request.who.person,
        photo=given["photo"],
        about_staff=given.get("about_staff", False),
        once=trust.once(trust.read_word(given["word"]), given["text"]),
        fields=questions.given,
    )
    try:
        ticket = verbs.report(report, by=request.actor, at=request.at)
    except BadInput as problem:
        field = str(problem.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(problem))
        return None
    said = gettext("Thank you. Your reference is %(ref)s.") % {"ref": ticket.ref}
    messages.success(request, said)
    return ticket


@require_safe
def ticket(request: TricornRequest, ref: str) -> HttpResponse:
    """One matter of mine: what was said, how it stands, what I can do."""
    return _drawn(request, _found(request, ref))


@require_safe
def photo(request: TricornRequest, ref: str, number: int) -> FileResponse:
    return photo_of(_found(request, ref), number)


@require_safe
def file(request: TricornRequest, ref: str, number: int) -> FileResponse:
    """One file that came by mail with words that I may read."""
    return file_of(_found(request, ref), number)


@require_POST
def answer(request: TricornRequest, ref: str) -> HttpResponse:
    """Say something more."""
    ticket = _found(request, ref)
    form = AnswerForm(request.POST, ticket=ticket)
    if not form.is_valid():
        return _drawn(request, ticket, answer=form, status=422)
    try:
        verbs.answer(ticket, by=request.actor, at=request.at, text=form.cleaned_data["text"])
    except BadInput as problem:
        form.add_error("text", str(problem))
        return _drawn(request, ticket, answer=form, status=422)
    return redirect("my:ticket", ticket.ref)


@require_POST
def rate(request: TricornRequest, ref: str) -> HttpResponse:
    """Say once how it was."""
    ticket = _found(request, ref)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _drawn(request, ticket, rate=form, status=422)
    form.rate(ticket, by=request.actor, at=request.at)
    return redirect("my:ticket", ticket.ref)


@require_POST
def follow(request: TricornRequest, ref: str) -> HttpResponse:
    """Hear of everything that happens to it, not of the answers alone."""
    return _following(request, ref, verbs.follow)


@require_POST
def unfollow(request: TricornRequest, ref: str) -> HttpResponse:
    return _following(request, ref, verbs.unfollow)


def _following(request: TricornRequest, ref: str, step: Step) -> HttpResponse:
    ticket = step(_found(request, ref), by=request.actor, at=request.at)
    if not request.htmx:
        return redirect("my:ticket", ticket.ref)
    context = {"ticket": ticket, "is_following": is_following(ticket, request.actor)}
    return render(request, "my/_follow.html", context)


def _step(request: TricornRequest, ref: str, step: Step) -> HttpResponse:
    ticket = _found(request, ref)
    step(ticket, by=request.actor, at=request.at)
    return redirect("my:ticket", ticket.ref)


@require_POST
def reopen(request: TricornRequest, ref: str) -> HttpResponse:
    return _step(request, ref, verbs.reopen)


@require_POST
def close(request: TricornRequest, ref: str) -> HttpResponse:
    return _step(request, ref, verbs.close)


@require_POST
def cancel(request: TricornRequest, ref: str) -> HttpResponse:
    return _step(request, ref, verbs.cancel)


def _portrait(request: TricornRequest) -> Portrait:
    found = request.who.portrait
    if found is None:
        raise Http404("Nobody is signed in.")
    return found


def _found(request: TricornRequest, ref: str) -> Ticket:
    """Return a ticket of one's own; 404 for anybody else's, also for who sees it at the desk."""
    own = Ticket.objects.visible_to(request.actor).own(request.actor.id)
    found = with_page(own.with_ref(ref)).first()
    if found is None:
        raise Http404("No such matter of yours.")
    return found


def _drawn(
    request: TricornRequest,
    ticket: Ticket,
    *,
    answer: AnswerForm | None = None,
    rate: RateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = page(ticket, request.actor)
    deeds = ("answer", "rate", "reopen", "close", "cancel")
    context = {
        "page": shown,
        "ticket": ticket,
        "answered": answered(ticket),
        "opening": said_opening(shown.schedule, at=request.at, zone=request.who.zone),
        "hours": said_hours(shown.schedule.hours, request.who.zone),
        "answer": answer or AnswerForm(ticket=ticket),
        "rate": rate or RateForm(),
        "is_following": is_following(ticket, request.actor),
        "articles": linked_for(ticket, reader_of(request), request.at),
        **{f"{deed}_url": reverse(f"my:{deed}", args=[ticket.ref]) for deed in deeds},
    }
    return render(request, "my/ticket.html", context, status=status)
