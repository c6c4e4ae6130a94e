"""Problems at the desk: the list, one with its tickets; note, change, solve, tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tricorn.engine.errors import Refusal
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem, Ticket
from tricorn.tickets.reads import desk as offers
from tricorn.tickets.reads import problems as reads
from tricorn.tickets.reads.queue import served_ticket
from tricorn.tickets.verbs.drafts import Of
from tricorn.web.desk.begun import Begun, say_begun
from tricorn.web.desk.problem_forms import (
    MOST_NAMED,
    CausedForm,
    ProblemForm,
    ProblemOfTicketForm,
    SolveForm,
    TellForm,
)
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.ticket import found as found_ticket
from tricorn.web.desk.ticket import show as show_ticket
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

PER_PAGE = 25
TABS = {"open": _("Unsolved"), "known": _("Known errors"), "solved": _("Solved")}


@require_safe
def problems(request: TricornRequest) -> HttpResponse:
    """The problems of the services that this agent serves."""
    show = request.GET.get("show", "open")
    show = show if show in TABS else "open"
    words = request.GET.get("q", "").replace("\0", "")[:100]
    rows = Paginator(reads.listed(agent_of(request), show=show, words=words), PER_PAGE)
    context = {
        "page": rows.get_page(request.GET.get("page")),
        "tabs": [(key, name, key == show) for key, name in TABS.items()],
        "show": show,
        "q": words,
    }
    template = "desk/problems/_problems.html" if request.htmx else "desk/problems/list.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: TricornRequest) -> HttpResponse:
    """Note a problem; `?ticket=T-7` happened because of it."""
    ref = str((request.POST if request.method == "POST" else request.GET).get("ticket", ""))
    ticket = found_ticket(request, ref) if ref else None
    form = _form(request, request.POST if request.method == "POST" else None, _initial(ticket))
    begun = Begun.of(request, "problem", ticket)
    context = {"form": form, "ticket": ticket, "begun": begun}
    if request.method != "POST":
        begun.fill(form)
        return render(request, "desk/problems/add.html", context)
    if form.is_valid():
        try:
            with transaction.atomic():
                problem = verbs.add_problem(
                    form.described(), by=request.actor, at=request.at, ticket=ticket
                )
                verbs.discard_draft(ticket, by=request.actor, at=request.at, kind="problem")
        except Refusal as refusal:
            status = _refused(form, refusal)
            return render(request, "desk/problems/add.html", context, status=status)
        messages.success(request, gettext("%(ref)s is noted.") % {"ref": problem.ref})
        return (
            redirect("desk:ticket", ticket.ref) if ticket else redirect("desk:problem", problem.pk)
        )
    return render(request, "desk/problems/add.html", context, status=422)


def blank(request: TricornRequest, of: Of) -> list[forms.Form]:
    """Return the form as it is before anybody types, with what was typed."""
    if isinstance(of, Problem):
        return [_form(request, request.POST, ProblemForm.filled(of), of)]
    return [_form(request, request.POST, _initial(of if isinstance(of, Ticket) else None))]


def _initial(ticket: Ticket | None) -> dict[str, Any]:
    return {"services": [ticket.service_id], "ticket": ticket.ref} if ticket else {}


def _form(
    request: TricornRequest,
    data: QueryDict | None,
    initial: dict[str, Any] | None = None,
    problem: Problem | None = None,
) -> ProblemForm:
    services = offers.services_on_offer(agent_of(request).services)
    if problem is not None:
        services = services | problem.services.all()
    return ProblemForm(data, services=services.distinct(), initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TricornRequest, problem: int) -> HttpResponse:
    """One problem: what is known of it, and the tickets that it caused."""
    found = found_problem(request, problem)
    if request.method != "POST":
        return _shown(request, found)
    form = _form(request, request.POST, ProblemForm.filled(found), found)
    if not form.is_valid():
        return _shown(request, found, {"form": form}, 422)
    try:
        with transaction.atomic():
            verbs.change_problem(found, form.described(), by=request.actor, at=request.at)
            verbs.discard_draft(found, by=request.actor, at=request.at, kind="problem")
    except Refusal as refusal:
        return _shown(request, found, {"form": form}, _refused(form, refusal))
    messages.success(request, gettext("%(ref)s is changed.") % {"ref": found.ref})
    return redirect("desk:problem", found.pk)


@require_POST
def solve(request: TricornRequest, problem: int) -> HttpResponse:
    """It is gone, and why."""
    found = found_problem(request, problem)
    form = SolveForm(request.POST, auto_id="solve_%s")
    if not form.is_valid():
        return _shown(request, found, {"solve": form}, 422)
    try:
        verbs.solve_problem(
            found, by=request.actor, at=request.at, solution=form.cleaned_data["text"]
        )
    except Refusal as refusal:
        return _shown(request, found, {"solve": form}, _refused(form, refusal))
    messages.success(request, gettext("%(ref)s is solved.") % {"ref": found.ref})
    return redirect("desk:problem", found.pk)


@require_POST
def reopen(request: TricornRequest, problem: int) -> HttpResponse:
    """It is back."""
    found = found_problem(request, problem)
    verbs.reopen_problem(found, by=request.actor, at=request.at)
    messages.success(request, gettext("%(ref)s is open again.") % {"ref": found.ref})
    return redirect("desk:problem", found.pk)


@require_POST
def tell(request: TricornRequest, problem: int) -> HttpResponse:
    """Resolve the chosen tickets with the same words; what is refused is said, one by one."""
    found = found_problem(request, problem)
    tickets = [each for each in reads.tickets_of(found, agent_of(request)) if not each.is_done]
    form = TellForm(request.POST, tickets=tickets, auto_id="tell_%s")
    if not form.is_valid():
        return _shown(request, found, {"tell": form}, 422)
    chosen = [each for each in tickets if each.pk in form.cleaned_data["tickets"]]
    became = verbs.resolve_each(
        chosen, by=request.actor, at=request.at, note=form.cleaned_data["text"]
    )
    for ticket, why in became.refused:
        messages.error(
            request, gettext("%(ref)s is not: %(why)s") % {"ref": ticket.ref, "why": why}
        )
    say_begun(request, became.done)
    if count := len(became.done):
        said = ngettext("%(count)d ticket is resolved.", "%(count)d tickets are resolved.", count)
        messages.success(request, said % {"count": count})
    return redirect("desk:problem", found.pk)


@require_POST
def link(request: TricornRequest, problem: int) -> HttpResponse:
    """This ticket happened because of it."""
    said = gettext("%(ref)s is linked to %(problem)s.")
    return _link(request, problem, verbs.link_to_problem, said)


@require_POST
def unlink(request: TricornRequest, problem: int) -> HttpResponse:
    """This ticket has another cause."""
    said = gettext("%(ref)s does not belong to %(problem)s any more.")
    return _link(request, problem, verbs.unlink_from_problem, said)


def _link(
    request: TricornRequest, problem: int, verb: Callable[..., None], said: str
) -> HttpResponse:
    found = found_problem(request, problem)
    form = CausedForm(request.POST, auto_id="link_%s")
    if not form.is_valid():
        return _shown(request, found, {"link": form}, 422)
    ref = form.cleaned_data["ref"]
    ticket = served_ticket(agent_of(request), ref).first()
    if ticket is None:
        missing = gettext("There is no ticket %(ref)s at this desk.") % {"ref": ref[:20]}
        form.add_error("ref", missing)
        return _shown(request, found, {"link": form}, 422)
    try:
        verb(found, ticket, by=request.actor, at=request.at)
    except Refusal as refusal:
        return _shown(request, found, {"link": form}, _refused(form, refusal))
    messages.success(request, said % {"ref": ticket.ref, "problem": found.ref})
    if request.POST.get("from") == "ticket":
        return redirect("desk:ticket", ticket.ref)
    return redirect("desk:problem", found.pk)


@require_safe
def names(request: TricornRequest) -> HttpResponse:
    """Offer unsolved problems whose title or workaround has the typed words."""
    typed = request.GET.get("problem", "").replace("\0", "")[:100].strip()
    found = reads.listed(agent_of(request), show="open", words=typed)
    offered = found[:MOST_NAMED] if len(typed) > 2 else []
    return render(request, "desk/problems/_names.html", {"problems": offered})


@require_POST
def link_from_ticket(request: TricornRequest, ref: str) -> HttpResponse:
    """On the ticket's page: this problem lies behind it."""
    ticket = found_ticket(request, ref)
    form = ProblemOfTicketForm(request.POST, auto_id="problem_%s")
    status = 422
    problem = form.found(agent_of(request)) if form.is_valid() else None
    if problem is not None:
        try:
            verbs.link_to_problem(problem, ticket, by=request.actor, at=request.at)
        except Refusal as refusal:
            status = _refused(form, refusal)
        else:
            said = gettext("%(ref)s is linked to %(problem)s.")
            messages.success(request, said % {"ref": ticket.ref, "problem": problem.ref})
            return redirect("desk:ticket", ticket.ref)
    return show_ticket(request, ticket, {"problem": form}, status=status)


def found_problem(request: TricornRequest, number: int) -> Problem:
    """Return the problem if the reader serves one of its services; 404 for any other."""
    problem = reads.served(agent_of(request)).filter(pk=number).first()
    if problem is None:
        raise Http404("No such problem at this desk.")
    return problem


def _refused(form: forms.Form, refusal: Refusal) -> int:
    field = str(refusal.facts.get("field", ""))
    form.add_error(field if field in form.fields else None, str(refusal))
    return STATUS.get(type(refusal), 422)


def _shown(
    request: TricornRequest,
    problem: Problem,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    tickets: list[Ticket] = reads.tickets_of(problem, agent_of(request))
    unfinished = [each for each in tickets if not each.is_done]
    begun = Begun.of(request, "problem", problem)
    form = _form(request, None, ProblemForm.filled(problem), problem)
    begun.fill(form)
    everyone = {"tickets": [each.pk for each in unfinished], "text": problem.solution}
    context = {
        "problem": problem,
        "tickets": tickets,
        "unfinished": unfinished,
        "form": form,
        "begun": begun,
        "solve": SolveForm(auto_id="solve_%s", initial={"text": problem.solution}),
        "tell": TellForm(tickets=unfinished, initial=everyone, auto_id="tell_%s"),
        "link": CausedForm(auto_id="link_%s"),
        **(bound or {}),
    }
    return render(request, "desk/problems/problem.html", context, status=status)
