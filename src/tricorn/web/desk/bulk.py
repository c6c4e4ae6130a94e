"""Many at once: choose rows in the queue, say what is done, see what became of each, undo it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine.errors import BadInput, Refusal
from tricorn.engine.steps import DEEDS, Step, checked
from tricorn.tickets import verbs
from tricorn.tickets.models import Bulk, Macro, Ticket
from tricorn.tickets.reads.aids import kept_by
from tricorn.tickets.reads.bulk import bulk_shown, numbers_of_view
from tricorn.tickets.reads.desk import agents_anywhere, services_to_reach, teams
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.verbs.bulk import MOST
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import HOLDER_CHOICES, PRIORITIES, TextField
from tricorn.web.desk.queue import address, agent_of
from tricorn.web.desk.words import BULK
from tricorn.web.kept import Choices
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

NEEDS: dict[str, Any] = {
    "person": _("Who takes them?"),
    "priority": _("Priority"),
    "holder": _("Who holds them up?"),
    "where": _("Where do they go?"),
    "macro": _("Which macro?"),
}
WORDS: dict[str, Any] = {
    "tag": _("The tag"),
    "untag": _("The tag"),
    "resolve": _("What fixed them, for each person to read"),
    "hand_over": _("What must the others know?"),
}


class DeedForm(forms.Form):
    """What a deed still needs: somebody, a priority, words. Only what it needs is asked."""

    what = forms.ChoiceField(required=False)
    text = TextField(required=False)

    def __init__(self, *args: Any, do: str, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deed = DEEDS.get(do)
        needs = deed.needs if deed else "macro"
        if needs:
            fill_choices(self, what=choices)
            self.fields["what"].label = NEEDS[needs]
            self.fields["what"].required = True
        else:
            del self.fields["what"]
        if deed and deed.words:
            is_tag = do in ("tag", "untag")
            box = forms.TextInput(attrs={"size": 24}) if is_tag else forms.Textarea({"rows": 4})
            self.fields["text"].widget = box
            self.fields["text"].label = WORDS[do]
            self.fields["text"].required = True
        else:
            del self.fields["text"]


@require_POST
def choose(request: TricornRequest) -> HttpResponse:
    """Ask what the chosen deed needs, before it is done."""
    return _confirm(request, None)


@require_POST
def begin(request: TricornRequest) -> HttpResponse:
    """Do it: the first at once, the rest by the worker."""
    do = _deed(request)
    form = DeedForm(request.POST, do=do, choices=_choices(request, do))
    if not form.is_valid():
        return _confirm(request, form, status=422)
    given = form.cleaned_data
    try:
        step: Step | Macro
        if do == "macro":
            step = _macro(request, given["what"])
        else:
            step = checked(Step(do, given.get("text", ""), given.get("what", "")))
        bulk = verbs.begin_bulk(_numbers(request), step, by=request.actor, at=request.at)
    except Refusal as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(refusal))
        return _confirm(request, form, status=STATUS.get(type(refusal), 422))
    verbs.bulk_some(bulk, at=request.at)
    return redirect("desk:bulk", bulk.pk)


@require_safe
def bulk(request: TricornRequest, bulk: int) -> HttpResponse:
    """What became of each: how far it is, what was refused and why, and undoing it."""
    found = _own(request, bulk)
    deed = found.deed.get("do", "macro")
    context = {
        "bulk": found,
        "shown": bulk_shown(found),
        "deed": dict(BULK).get(deed, deed),
        "can_undo": found.undone_at is None and request.at <= found.undo_until,
    }
    template = "desk/bulk/_progress.html" if request.htmx else "desk/bulk/show.html"
    return render(request, template, context)


@require_POST
def undo(request: TricornRequest, bulk: int) -> HttpResponse:
    """Set each back, as far as nobody has changed it since."""
    found = _own(request, bulk)
    try:
        verbs.undo_bulk(found, by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        verbs.bulk_some(found, at=request.at)
    return redirect("desk:bulk", found.pk)


def _own(request: TricornRequest, number: int) -> Bulk:
    found = Bulk.objects.filter(pk=number, person=request.actor.id).first()
    if found is None:
        raise Http404("Not yours.")
    return found


def _confirm(request: TricornRequest, form: DeedForm | None, status: int = 200) -> HttpResponse:
    do = _deed(request)
    numbers = _numbers(request)
    view = _view(request)
    if not do or not numbers:
        messages.error(
            request,
            gettext("Choose what is to be done.") if numbers else gettext("Tick a matter first."),
        )
        return redirect(address(view))
    context = {
        "form": form or DeedForm(do=do, choices=_choices(request, do)),
        "do": do,
        "deed": dict(BULK)[do],
        "numbers": numbers,
        "refs": [f"T-{number}" for number in numbers[:12]],
        "more": max(len(numbers) - 12, 0),
        "most": MOST,
        "back_url": address(view),
    }
    return render(request, "desk/bulk/confirm.html", context, status=status)


def _deed(request: TricornRequest) -> str:
    do = request.POST.get("do", "")
    return do if do in dict(BULK) else ""


def _numbers(request: TricornRequest) -> list[int]:
    """Return the tickets that are chosen and served: those ticked, or all of the view."""
    agent = agent_of(request)
    if request.POST.get("all") == "yes":
        return numbers_of_view(agent, _view(request), request.at, MOST, zone=request.who.zone)
    refs = request.POST.getlist("ref")[:MOST]
    digits = [ref.removeprefix("T-") for ref in refs]
    numbers = [int(n) for n in digits if n.isascii() and n.isdigit() and len(n) < 16]
    served = Ticket.objects.of_services(agent.services).filter(pk__in=numbers)
    known = set(served.filter(held_for="").values_list("pk", flat=True))
    return [number for number in numbers if number in known]


def _view(request: TricornRequest) -> Filters:
    return Filters.from_query(QueryDict(request.POST.get("view", "")[:1000]))


def _choices(request: TricornRequest, do: str) -> Choices:
    needs = DEEDS[do].needs if do in DEEDS else "macro"
    if needs == "person":
        people = [(f"person:{p.pk}", p.name) for p in agents_anywhere(request.at)]
        return [("nobody", _("nobody")), *people]
    if needs == "priority":
        return list(PRIORITIES)
    if needs == "holder":
        return list(HOLDER_CHOICES)
    if needs == "where":
        services = services_to_reach(agent_of(request).services)
        return [
            (_("To the service"), [(f"service:{s.pk}", s.name) for s in services]),
            (_("To the team"), [(f"team:{t.pk}", t.name) for t in teams()]),
        ]
    return [(str(m.pk), m.name) for m in kept_by(agent_of(request), Macro)]


def _macro(request: TricornRequest, number: str) -> Macro:
    for each in kept_by(agent_of(request), Macro):
        if str(each.pk) == number:
            found: Macro = each
            return found
    raise BadInput(gettext("This macro is not there any more. Choose another."), field="what")
